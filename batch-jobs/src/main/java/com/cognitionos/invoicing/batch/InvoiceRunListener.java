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
        BatchStatus status = job.getBatchStatus();
        InvoiceRunJob.CALLER.run(() -> {
            if (status == BatchStatus.FAILED) {
                runs.ended(id, InvoiceRuns.Status.FAILED);
            } else if (status == BatchStatus.STOPPING || status == BatchStatus.STOPPED || runs.stopRequested(id)) {
                runs.ended(id, InvoiceRuns.Status.STOPPED);
            } else {
                runs.ended(id, InvoiceRuns.Status.COMPLETED);
            }
        });
        jobs.ended(id);
    }
}
