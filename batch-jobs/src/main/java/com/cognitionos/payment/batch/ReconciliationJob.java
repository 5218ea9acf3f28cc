package com.cognitionos.payment.batch;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Lease;
import com.cognitionos.kernel.LeaseLost;
import com.cognitionos.kernel.Leases;
import com.cognitionos.kernel.batch.AfterCommit;
import com.cognitionos.kernel.batch.LeaseKeeper;
import com.cognitionos.payment.boundary.Reconciliation;
import com.cognitionos.payment.boundary.ReconciliationOrders;
import com.cognitionos.payment.boundary.ReconciliationStarter;
import com.cognitionos.payment.boundary.Reconciliations;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.Properties;
import java.util.UUID;
import java.util.logging.Logger;

/** Starts the comparison of providers' books with ours: each night, when asked to, and again where one fell silent. */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ReconciliationJob implements ReconciliationStarter {

    private static final String JOB = "reconciliation";

    private static final Caller CALLER = Caller.job(JOB);

    private static final Logger LOG = Logger.getLogger(ReconciliationJob.class.getName());

    @EJB
    private Reconciliations runs;

    @EJB
    private Reconciliation reconciliation;

    @EJB
    private Leases leases;

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
        Lease lease = CALLER.call(() -> runs.take(run)).orElse(null);
        if (lease == null) {
            return;
        }
        keeper.keep(lease);
        Properties parameters = new Properties();
        parameters.setProperty("run", run.toString());
        parameters.setProperty("fence", Long.toString(lease.fence()));
        try {
            BatchRuntime.getJobOperator().start(JOB, parameters);
        } catch (RuntimeException e) {
            keeper.letGo(lease);
            throw e;
        }
    }

    /** Does one, by the lease with that fence. */
    void compare(UUID run, long fence) {
        Lease lease = new Lease(Reconciliations.LEASE, fence);
        try {
            lease.run(() -> CALLER.run(() -> reconciliation.run(run)));
            CALLER.run(() -> leases.release(lease));
        } catch (LeaseLost overtaken) {
            LOG.info(() -> overtaken.getMessage() + ": another node goes on with it");
        } finally {
            // Where it broke off, it is taken up again once the lease has run out.
            keeper.letGo(lease);
        }
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
