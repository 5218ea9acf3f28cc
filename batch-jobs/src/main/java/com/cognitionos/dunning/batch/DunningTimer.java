package com.cognitionos.dunning.batch;

import com.cognitionos.dunning.boundary.DunningCases;
import com.cognitionos.kernel.Caller;
import com.cognitionos.payment.boundary.Settlement;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Takes live tenants' steps when they fall due, and tries everybody's new cards. One tenant's fault keeps nobody else, and is tried again. */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class DunningTimer {

    private static final Caller CALLER = Caller.job("dunning");
    private static final Logger LOG = Logger.getLogger(DunningTimer.class.getName());

    @EJB
    private DunningCases cases;

    @EJB
    private Settlement settlement;

    @Schedule(hour = "*", minute = "*", second = "25", persistent = false)
    void steps() {
        CALLER.call(() -> cases.tenantsDue()).forEach(this::chase);
    }

    @Schedule(hour = "*", minute = "35", persistent = false)
    void endingCards() {
        CALLER.call(() -> cases.tenantsWithEndingCards()).forEach(this::chase);
    }

    private void chase(UUID tenant) {
        try {
            CALLER.in(tenant).run(() -> settlement.chase());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "The dunning of tenant " + tenant + " is tried again");
        }
    }
}
