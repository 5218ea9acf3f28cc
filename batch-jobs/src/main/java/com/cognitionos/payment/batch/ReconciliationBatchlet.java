package com.cognitionos.payment.batch;

import com.cognitionos.payment.boundary.Reconciliation;
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

    @EJB
    private Reconciliation reconciliation;

    @Override
    public String process() {
        ReconciliationJob.CALLER.run(() -> reconciliation.run(UUID.fromString(run)));
        return "COMPLETED";
    }
}
