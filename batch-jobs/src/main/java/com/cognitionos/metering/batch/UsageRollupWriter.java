package com.cognitionos.metering.batch;

import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.UUID;

/** Rolls up tenant after tenant. */
@Named
@Dependent
public class UsageRollupWriter extends AbstractItemWriter {

    @Inject
    @BatchProperty
    private String fence;

    @Inject
    @BatchProperty
    private String all;

    @EJB
    private UsageRollupWork work;

    @Override
    public void writeItems(List<Object> tenants) {
        UsageRollupJob.lease(fence)
                .run(() -> tenants.forEach(tenant -> work.rollUp((UUID) tenant, UsageRollupJob.isAll(all))));
    }
}
