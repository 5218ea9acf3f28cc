package com.cognitionos.metering.batch;

import com.cognitionos.metering.boundary.Rollups;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Named;

/** Makes the partitions of the months to come. */
@Named
@Dependent
public class UsagePartitionsBatchlet extends AbstractBatchlet {

    @EJB
    private Rollups rollups;

    @Override
    public String process() {
        int made = UsageRollupJob.CALLER.call(() -> rollups.partitionsAhead());
        return "COMPLETED, " + made + " partitions made";
    }
}
