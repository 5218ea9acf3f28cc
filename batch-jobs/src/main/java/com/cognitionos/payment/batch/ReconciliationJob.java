package com.cognitionos.payment.batch;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Lease;
import com.cognitionos.kernel.batch.AfterCommit;
import com.cognitionos.kernel.batch.LeaseKeeper;
import com.cognitionos.payment.boundary.Reconciliation;
import com.cognitionos.payment.boundary.ReconciliationOrders;
import com.cognitionos.payment.boundary.ReconciliationStarter;
import com.cognitionos.payment.boundary.Reconciliations;
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

/** Starts the comparison of providers' books with ours: each night, when asked to, and again where one fell silent. */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ReconciliationJob implements ReconciliationStarter {

    private static final String JOB = "reconciliation";

    private static final Caller CALLER = Caller.job(JOB);

    @EJB
    private Reconciliations runs;

    @EJB
    private Reconciliation reconciliation;

    @EJB
    private LeaseKeeper keeper;

    @Inject
    private ReconciliationOrders orders;

    @Inject
    private AfterCommit afterCommit;

    @Override
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public void start(UUID run) {
        afterCommit.run(() -> submit(run));
    }

    private void submit(UUID run) {
        CALLER.call(() -> runs.take(run)).ifPresent(lease -> keeper.start(JOB, lease, Map.of("run", run.toString())));
    }

    /** Does one, by the lease with that fence. */
    public void compare(UUID run, long fence) {
        keeper.work(new Lease(Reconciliations.LEASE, fence), CALLER, () -> reconciliation.run(run));
    }

    @Schedule(hour = "*", minute = "*", second = "2/3", persistent = false)
    void takeOver() {
        CALLER.call(runs::unfinished).forEach(this::submit);
    }

    @Schedule(hour = "4", minute = "40", persistent = false)
    void daily() {
        CALLER.run(() -> orders.start("timer"));
    }
}
