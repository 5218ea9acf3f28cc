package com.cognitionos.metering.batch;

import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.listener.AbstractJobListener;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** Gives the rollup's lease back as its job ends. */
@Named
@Dependent
public class UsageRollupListener extends AbstractJobListener {

    @Inject
    @BatchProperty
    private String fence;

    @EJB
    private UsageRollupJob jobs;

    @Override
    public void afterJob() {
        jobs.ended(UsageRollupJob.lease(fence));
    }
}
