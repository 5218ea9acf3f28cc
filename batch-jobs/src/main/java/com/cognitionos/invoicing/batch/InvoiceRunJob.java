package com.cognitionos.invoicing.batch;

import com.cognitionos.invoicing.boundary.InvoiceRunStarter;
import com.cognitionos.invoicing.boundary.InvoiceRuns;
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
import java.util.logging.Logger;

/**
 * Starts invoice runs: when asked to, by timer when something is due, and again on whichever node comes first after the
 * one that worked on it has fallen silent. The job repository would leave the execution of a dead server as started.
 */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class InvoiceRunJob implements InvoiceRunStarter {

    static final Caller CALLER = Caller.job("invoice-run");

    private static final Logger LOG = Logger.getLogger(InvoiceRunJob.class.getName());

    @EJB
    private InvoiceRuns runs;

    @EJB
    private LeaseKeeper keeper;

    @Inject
    private AfterCommit afterCommit;

    /** By which a job with these parameters works. */
    static Lease lease(String run, String fence) {
        return new Lease(InvoiceRuns.leaseOf(UUID.fromString(run)), Long.parseLong(fence));
    }

    @Override
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public void start(UUID run) {
        // Should the server die in between, the run is queued and whoever comes first goes on with it.
        afterCommit.run(() -> startNow(run));
    }

    private boolean startNow(UUID run) {
        Lease lease = CALLER.call(() -> runs.take(run)).orElse(null);
        if (lease == null) {
            return false;
        }
        try {
            keeper.start("invoice-run", lease, Map.of("run", run.toString()));
            return true;
        } catch (RuntimeException e) {
            brokeOff(run, lease);
            throw e;
        }
    }

    /** For the job itself, as it ends. */
    public void ended(UUID run, Lease lease, InvoiceRuns.Status status) {
        keeper.letGo(lease);
        lease.run(() -> CALLER.run(() -> runs.ended(run, status, lease)));
    }

    /** As {@link #ended}, where it did not come to its end. */
    public void brokeOff(UUID run, Lease lease) {
        keeper.letGo(lease);
        lease.run(() -> CALLER.run(() -> runs.brokeOff(run, lease)));
    }

    /** Every five minutes: a run for the live tenants with something due, if there are any. */
    @Schedule(hour = "*", minute = "*/5", persistent = false)
    void whenDue() {
        CALLER.call(runs::createWhenDue).ifPresent(run -> startNow(run.id()));
    }

    /** What nobody works on: the node that did is gone, or its job broke off. */
    @Schedule(hour = "*", minute = "*", second = "1/3", persistent = false)
    void takeOver() {
        for (UUID run : CALLER.call(runs::unfinished)) {
            if (startNow(run)) {
                LOG.info(() -> "Takes up invoice run " + run);
            }
        }
    }
}
