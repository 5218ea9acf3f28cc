package com.cognitionos.alert.batch;

import com.cognitionos.alert.boundary.AlertWatch;
import com.cognitionos.kernel.Caller;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Looks at those tenants of which something may be reached. Each node may do it: what two find at once is told by one. One
 * tenant's fault keeps nobody else, and is tried again.
 */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class AlertTimer {

    private static final Caller CALLER = Caller.job("alerts");
    private static final Logger LOG = Logger.getLogger(AlertTimer.class.getName());

    /** As many as can be looked at before the next turn. */
    private static final int MOST = 2000;

    @EJB
    private AlertWatch watch;

    @Schedule(hour = "*", minute = "*", second = "7/20", persistent = false)
    void whoseUsageHasChanged() {
        for (UUID tenant : CALLER.call(() -> watch.candidates(MOST))) {
            try {
                CALLER.in(tenant).run(() -> watch.look());
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, e, () -> "What tenant " + tenant + " has reached is looked at again");
            }
        }
    }
}
