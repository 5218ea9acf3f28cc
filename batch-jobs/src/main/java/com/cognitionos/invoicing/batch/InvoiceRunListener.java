package com.cognitionos.invoicing.batch;

import com.cognitionos.invoicing.boundary.InvoiceRuns;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.listener.JobListener;
import jakarta.batch.runtime.BatchStatus;
import jakarta.batch.runtime.context.JobContext;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.UUID;

/** Keeps the run's status in step with its job's. */
@Named
@Dependent
public class InvoiceRunListener implements JobListener {

    @Inject
    @BatchProperty
    private String run;

    @Inject
    private JobContext job;

    @EJB
    private InvoiceRuns runs;

    @EJB
    private InvoiceRunJob jobs;

    @Override
    public void beforeJob() {
        InvoiceRunJob.CALLER.run(() -> runs.started(UUID.fromString(run), job.getExecutionId()));
    }

    @Override
    public void afterJob() {
        UUID id = UUID.fromString(run);
        jobs.ended(id, () -> InvoiceRunJob.CALLER.run(() -> runs.ended(id, lastStatus(id))));
    }

    private InvoiceRuns.Status lastStatus(UUID id) {
        BatchStatus status = job.getBatchStatus();
        if (status == BatchStatus.FAILED) {
            return InvoiceRuns.Status.FAILED;
        }
        return status == BatchStatus.STOPPING || status == BatchStatus.STOPPED || runs.stopRequested(id)
                ? InvoiceRuns.Status.STOPPED
                : InvoiceRuns.Status.COMPLETED;
    }
}
