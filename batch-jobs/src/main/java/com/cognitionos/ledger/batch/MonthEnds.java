package com.cognitionos.ledger.batch;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.ledger.boundary.RevenueRecognition;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Recognises the revenue of live tenants soon after an accounting month or a period has ended. Each node may do it: rows
 * that somebody else is at are left to them, and what they should leave undone is due again in a minute. A test tenant's
 * comes with its clock.
 */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class MonthEnds {

    private static final Logger LOG = Logger.getLogger(MonthEnds.class.getName());
    private static final Caller CALLER = Caller.job("revenue-recognition");
    private static final int PAGE = 100;

    @EJB
    private RevenueRecognition recognition;

    @Inject
    private BusinessClock clock;

    @Schedule(hour = "*", minute = "*", second = "20", persistent = false)
    void recognise() {
        Instant now = clock.system();
        UUID last = new UUID(0, 0);
        while (true) {
            UUID after = last;
            List<UUID> page = CALLER.call(() -> recognition.tenantsDue(now, after, PAGE));
            if (page.isEmpty()) {
                return;
            }
            recognise(page, now);
            last = page.get(page.size() - 1);
        }
    }

    /** All at once; where one of them is at fault, each by itself. */
    private void recognise(List<UUID> tenants, Instant now) {
        try {
            CALLER.run(() -> recognition.recogniseAll(tenants, now));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "Revenue is recognised tenant by tenant");
            tenants.forEach(tenant -> recognise(tenant, now));
        }
    }

    private void recognise(UUID tenant, Instant now) {
        try {
            CALLER.in(tenant).run(() -> recognition.recognise(now));
        } catch (RuntimeException e) {
            // The others' turn comes all the same, and this one's again in a minute.
            LOG.log(Level.WARNING, e, () -> "The revenue of tenant " + tenant + " is recognised later");
        }
    }
}
