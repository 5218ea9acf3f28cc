package com.cognitionos.integrity.batch;

import com.cognitionos.integrity.boundary.IntegrityCheck;
import com.cognitionos.integrity.boundary.IntegrityChecks;
import com.cognitionos.integrity.boundary.IntegrityOrders;
import com.cognitionos.integrity.boundary.IntegrityStarter;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Lease;
import com.cognitionos.kernel.batch.AfterCommit;
import com.cognitionos.kernel.batch.LeaseKeeper;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;

/** Starts checks: each night, when asked to, and again where one fell silent. */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class IntegrityJob implements IntegrityStarter {

    private static final String JOB = "integrity-check";

    private static final Caller CALLER = Caller.job(JOB);

    @EJB
    private IntegrityChecks checks;

    @EJB
    private IntegrityCheck check;

    @EJB
    private LeaseKeeper keeper;

    @Inject
    private IntegrityOrders orders;

    @Inject
    private AfterCommit afterCommit;

    @Override
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public void start(UUID id) {
        afterCommit.run(() -> submit(id));
    }

    private void submit(UUID id) {
        CALLER.call(() -> checks.take(id)).ifPresent(lease -> keeper.start(JOB, lease, Map.of("check", id.toString())));
    }

    /** Does one, by the lease with that fence. */
    public void check(UUID id, long fence) {
        keeper.work(new Lease(IntegrityChecks.LEASE, fence), CALLER, () -> check.run(id));
    }

    @Schedule(hour = "*", minute = "*", second = "*/3", persistent = false)
    void takeOver() {
        CALLER.call(checks::unfinished).forEach(this::submit);
    }

    @Schedule(hour = "3", minute = "50", persistent = false)
    void daily() {
        CALLER.run(() -> orders.start("timer"));
    }
}
