package com.cognitionos.metering.batch;

import com.cognitionos.metering.boundary.UsageUploads.Due;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.UUID;

/** Takes an upload in; its own row says how far it is. */
@Named
@Dependent
public class UsageUploadBatchlet extends AbstractBatchlet {

    @Inject
    @BatchProperty
    private String tenant;

    @Inject
    @BatchProperty
    private String upload;

    @Inject
    @BatchProperty
    private String fence;

    @EJB
    private UsageUploadJob job;

    @Override
    public String process() {
        job.take(new Due(UUID.fromString(tenant), UUID.fromString(upload)), Long.parseLong(fence));
        return "COMPLETED";
    }
}
