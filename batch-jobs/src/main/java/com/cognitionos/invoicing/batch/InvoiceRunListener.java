package com.cognitionos.invoicing.batch;

import com.cognitionos.invoicing.boundary.InvoiceRuns;
import com.cognitionos.kernel.Lease;
import com.cognitionos.kernel.LeaseLost;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.listener.JobListener;
import jakarta.batch.runtime.BatchStatus;
import jakarta.batch.runtime.context.JobContext;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.UUID;
import java.util.logging.Logger;

/** Keeps the run's status in step with its job's. */
@Named
@Dependent
public class InvoiceRunListener implements JobListener {

    private static final Logger LOG = Logger.getLogger(InvoiceRunListener.class.getName());

    @Inject
    @BatchProperty
    private String run;

    @Inject
    @BatchProperty
    private String fence;

    @Inject
    private JobContext job;

    @EJB
    private InvoiceRuns runs;

    @EJB
    private InvoiceRunJob jobs;

    @Override
    public void beforeJob() {
        InvoiceRunJob.lease(run, fence)
                .run(() -> InvoiceRunJob.CALLER.run(() -> runs.started(UUID.fromString(run), job.getExecutionId())));
    }

    @Override
    public void afterJob() {
        UUID id = UUID.fromString(run);
        Lease lease = InvoiceRunJob.lease(run, fence);
        try {
            if (job.getBatchStatus() == BatchStatus.FAILED) {
                jobs.brokeOff(id, lease);
            } else {
                jobs.ended(id, lease, lastStatus(id));
            }
        } catch (LeaseLost overtaken) {
            LOG.info(() -> overtaken.getMessage() + ": another node goes on with it");
        }
    }

    private InvoiceRuns.Status lastStatus(UUID id) {
        BatchStatus status = job.getBatchStatus();
        boolean stopped = status == BatchStatus.STOPPING
                || status == BatchStatus.STOPPED
                || InvoiceRunJob.CALLER.call(() -> runs.stopRequested(id));
        return stopped ? InvoiceRuns.Status.STOPPED : InvoiceRuns.Status.COMPLETED;
    }
}
