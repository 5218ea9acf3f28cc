package com.cognitionos.integrity.batch;

import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.UUID;

/** Checks; the check's own row says how it went. */
@Named
@Dependent
public class IntegrityBatchlet extends AbstractBatchlet {

    @Inject
    @BatchProperty
    private String check;

    @Inject
    @BatchProperty
    private String fence;

    @EJB
    private IntegrityJob job;

    @Override
    public String process() {
        job.check(UUID.fromString(check), Long.parseLong(fence));
        return "COMPLETED";
    }
}
