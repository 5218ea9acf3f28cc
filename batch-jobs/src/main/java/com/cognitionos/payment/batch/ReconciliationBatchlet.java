package com.cognitionos.payment.batch;

import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.UUID;

/** Compares; the run's own row says how it went. */
@Named
@Dependent
public class ReconciliationBatchlet extends AbstractBatchlet {

    @Inject
    @BatchProperty
    private String run;

    @Inject
    @BatchProperty
    private String fence;

    @EJB
    private ReconciliationJob job;

    @Override
    public String process() {
        job.compare(UUID.fromString(run), Long.parseLong(fence));
        return "COMPLETED";
    }
}
