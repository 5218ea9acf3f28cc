package com.cognitionos.tenancy.batch;

import com.cognitionos.kernel.Caller;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.tenancy.boundary.ClockMover;
import com.cognitionos.tenancy.boundary.TestClocks;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Moves test clocks. Where a clock is on its way stands in the database, so one that was cut off goes on. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ClockMovement implements ClockMover {

    private static final Caller CALLER = Caller.job("test-clock");
    private static final Logger LOG = Logger.getLogger(ClockMovement.class.getName());

    private final Set<UUID> underWay = ConcurrentHashMap.newKeySet();

    @Resource
    private ManagedExecutorService executor;

    @EJB
    private TestClocks clocks;

    @EJB
    private Settlement settlement;

    @Override
    public void move(UUID tenant) {
        if (underWay.add(tenant)) {
            executor.execute(() -> CALLER.in(tenant).run(() -> carry(tenant)));
        }
    }

    /** Clocks that a crash, or a fault on the way, left standing short of their target. */
    @Schedule(hour = "*", minute = "*", second = "5/15", persistent = false)
    void goOn() {
        CALLER.call(() -> clocks.advancing()).forEach(this::move);
    }

    private void carry(UUID tenant) {
        try {
            for (Instant target = clocks.current().target();
                    target != null;
                    target = clocks.current().target()) {
                settlement.carryTo(target, null);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, e, () -> "The test clock of tenant " + tenant + " stands; it is tried again");
        } finally {
            underWay.remove(tenant);
        }
    }
}
