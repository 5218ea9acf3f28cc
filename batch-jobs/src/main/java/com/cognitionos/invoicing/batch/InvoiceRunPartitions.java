package com.cognitionos.invoicing.batch;

import jakarta.batch.api.partition.PartitionMapper;
import jakarta.batch.api.partition.PartitionPlan;
import jakarta.batch.api.partition.PartitionPlanImpl;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Named;
import java.util.Properties;

/** Cuts a run into equal shares of its tenants. The number stays the same on a restart, so that shares do not move. */
@Named
@Dependent
public class InvoiceRunPartitions implements PartitionMapper {

    static final int PARTITIONS = 4;
    private static final int THREADS = 2;

    @Override
    public PartitionPlan mapPartitions() {
        PartitionPlanImpl plan = new PartitionPlanImpl();
        plan.setPartitions(PARTITIONS);
        plan.setThreads(THREADS);
        Properties[] shares = new Properties[PARTITIONS];
        for (int i = 0; i < PARTITIONS; i++) {
            shares[i] = new Properties();
            shares[i].setProperty("partition", Integer.toString(i));
            shares[i].setProperty("partitions", Integer.toString(PARTITIONS));
        }
        plan.setPartitionProperties(shares);
        return plan;
    }
}
