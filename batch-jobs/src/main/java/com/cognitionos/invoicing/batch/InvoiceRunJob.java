package com.cognitionos.invoicing.batch;

import com.cognitionos.invoicing.boundary.InvoiceRunStarter;
import com.cognitionos.invoicing.boundary.InvoiceRuns;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.batch.AfterCommit;
import jakarta.batch.operations.JobOperator;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Logger;

/** Starts invoice runs: when asked to, by timer when something is due, and again after the server was cut off. */
@Singleton
@Startup
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class InvoiceRunJob implements InvoiceRunStarter {

    static final Caller CALLER = Caller.job("invoice-run");

    private static final Logger LOG = Logger.getLogger(InvoiceRunJob.class.getName());

    // The job repository leaves the execution of a dead server as started, so what runs here is known only here.
    private final Set<UUID> underWay = new HashSet<>();

    private volatile boolean resumed;

    @EJB
    private InvoiceRuns runs;

    @Inject
    private BusinessClock clock;

    @Inject
    private AfterCommit afterCommit;

    @Override
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public void start(UUID run) {
        // Should the server die in between, the run is queued and goes on at the next start.
        afterCommit.run(() -> startNow(run));
    }

    private void startNow(UUID run) {
        synchronized (underWay) {
            if (underWay.add(run)) {
                submit(run);
            }
        }
    }

    private void submit(UUID run) {
        Properties parameters = new Properties();
        parameters.setProperty("run", run.toString());
        JobOperator operator = BatchRuntime.getJobOperator();
        try {
            operator.start("invoice-run", parameters);
        } catch (RuntimeException e) {
            underWay.remove(run);
            CALLER.run(() -> runs.ended(run, InvoiceRuns.Status.FAILED));
            throw e;
        }
    }

    /** For the job itself, as it ends: whoever sees the run's last status can start it again. */
    public void ended(UUID run, Runnable enterStatus) {
        synchronized (underWay) {
            try {
                enterStatus.run();
            } finally {
                underWay.remove(run);
            }
        }
    }

    /** Every five minutes: a run for the live tenants with something due, if there are any. */
    @Schedule(hour = "*", minute = "*/5", persistent = false)
    void whenDue() {
        Instant now = clock.system();
        if (!anyUnderWay() && CALLER.call(() -> runs.anyLiveDue(now))) {
            startNow(CALLER.call(() -> runs.create(now, false, null, false, "timer"))
                    .id());
        }
    }

    private boolean anyUnderWay() {
        synchronized (underWay) {
            return !underWay.isEmpty();
        }
    }

    /** Soon after the start: what the last server left unfinished goes on. A fault on the way is tried again. */
    @Schedule(hour = "*", minute = "*", second = "*/10", persistent = false)
    void resume() {
        if (!resumed) {
            CALLER.call(() -> runs.unfinished()).forEach(run -> {
                LOG.info(() -> "Going on with invoice run " + run);
                startNow(run);
            });
            resumed = true;
        }
    }
}
