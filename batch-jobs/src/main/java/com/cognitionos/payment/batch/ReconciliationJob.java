package com.cognitionos.payment.batch;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.batch.AfterCommit;
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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Starts the comparison of providers' books with ours: each night, and when asked to. */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ReconciliationJob implements ReconciliationStarter {

    private static final String JOB = "reconciliation";

    private static final Caller CALLER = Caller.job(JOB);

    private final Set<UUID> underWay = ConcurrentHashMap.newKeySet();

    @EJB
    private Reconciliations runs;

    @EJB
    private Reconciliation reconciliation;

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
        Properties parameters = new Properties();
        parameters.setProperty("run", run.toString());
        try {
            BatchRuntime.getJobOperator().start(JOB, parameters);
        } catch (RuntimeException e) {
            CALLER.run(() -> runs.ended(run, "the job could not be started"));
            throw e;
        }
    }

    /** Does one; while it lasts, others see that somebody does. */
    public void compare(UUID run) {
        underWay.add(run);
        try {
            CALLER.run(() -> reconciliation.run(run));
        } finally {
            underWay.remove(run);
        }
    }

    @Schedule(hour = "*", minute = "*", second = "*/15", persistent = false)
    void tellWhoLives() {
        CALLER.run(() -> {
            underWay.forEach(runs::alive);
            runs.cutOff();
        });
    }

    @Schedule(hour = "4", minute = "40", persistent = false)
    void daily() {
        CALLER.run(() -> orders.start("timer"));
    }
}
