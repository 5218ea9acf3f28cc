package com.cognitionos.invoicing.batch;

import jakarta.batch.api.partition.PartitionMapper;
import jakarta.batch.api.partition.PartitionPlan;
import jakarta.batch.api.partition.PartitionPlanImpl;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Properties;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Cuts a run into equal shares of its tenants (INV-28). What is done of a share is in the database, so a run may go on
 * with another number of them.
 */
@Named
@Dependent
public class InvoiceRunPartitions implements PartitionMapper {

    private static final int MOST = 16;

    @Inject
    @ConfigProperty(name = "cognitionos.invoice-run.partitions", defaultValue = "4")
    private int partitions;

    @Inject
    @ConfigProperty(name = "cognitionos.invoice-run.threads", defaultValue = "2")
    private int threads;

    @Override
    public PartitionPlan mapPartitions() {
        return plan(within(partitions), within(threads));
    }

    /** What lies outside of 1 to {@value #MOST} is taken for the nearest of them: no invoice waits for a setting. */
    private static int within(int wanted) {
        return Math.max(1, Math.min(MOST, wanted));
    }

    private static PartitionPlan plan(int partitions, int threads) {
        PartitionPlanImpl plan = new PartitionPlanImpl();
        plan.setPartitions(partitions);
        plan.setThreads(Math.min(threads, partitions));
        Properties[] shares = new Properties[partitions];
        for (int i = 0; i < partitions; i++) {
            shares[i] = new Properties();
            shares[i].setProperty("partition", Integer.toString(i));
            shares[i].setProperty("partitions", Integer.toString(partitions));
        }
        plan.setPartitionProperties(shares);
        return plan;
    }
}
