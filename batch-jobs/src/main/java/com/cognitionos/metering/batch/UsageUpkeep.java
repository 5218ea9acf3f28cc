package com.cognitionos.metering.batch;

import com.cognitionos.kernel.Caller;
import com.cognitionos.metering.boundary.Allowances;
import com.cognitionos.metering.boundary.ApiCalls;
import com.cognitionos.metering.boundary.Rollups;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Makes usage records of API calls and gives expired reservations back every few seconds. Readers and checks do both
 * for themselves: this only keeps the tail short, and tenants that nobody asks about in order. Each node may do it.
 */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class UsageUpkeep {

    private static final Logger LOG = Logger.getLogger(UsageUpkeep.class.getName());
    private static final Caller CALLER = Caller.job("usage-upkeep");
    private static final int PAGE = 100;

    @EJB
    private ApiCalls calls;

    @EJB
    private Allowances allowances;

    @EJB
    private Rollups rollups;

    @Schedule(hour = "*", minute = "*", second = "*/5", persistent = false)
    void keepUp() {
        each(calls::tenantsBehind, calls::flush);
        each(allowances::tenantsWithExpired, allowances::expire);
    }

    /** Old records go, once a day; a month that is in use just then goes the next day. */
    @Schedule(hour = "3", minute = "20", persistent = false)
    void tidyUp() {
        CALLER.run(() -> {
            rollups.astray()
                    .ifPresent(found -> LOG.warning(
                            "Usage records in months without a partition, which are never dropped: " + found));
            try {
                int dropped = rollups.dropOld();
                if (dropped > 0) {
                    LOG.info("Months of usage records dropped: " + dropped);
                }
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "old usage records stay for now", e);
            }
        });
    }

    private void each(BiFunction<UUID, Integer, List<UUID>> next, Runnable work) {
        UUID last = new UUID(0, 0);
        while (true) {
            UUID after = last;
            List<UUID> page = CALLER.call(() -> next.apply(after, PAGE));
            if (page.isEmpty()) {
                return;
            }
            for (UUID tenant : page) {
                try {
                    CALLER.in(tenant).run(work);
                } catch (RuntimeException e) {
                    // The others' turn comes all the same, and this one's again in a few seconds.
                    LOG.log(Level.WARNING, "usage upkeep of tenant " + tenant, e);
                }
            }
            last = page.get(page.size() - 1);
        }
    }
}
