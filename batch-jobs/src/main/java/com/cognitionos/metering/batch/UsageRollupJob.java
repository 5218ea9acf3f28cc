package com.cognitionos.metering.batch;

import com.cognitionos.kernel.Caller;
import com.cognitionos.metering.boundary.RollupStarter;
import com.cognitionos.metering.boundary.Rollups;
import jakarta.batch.operations.JobOperator;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.List;
import java.util.Properties;
import java.util.UUID;

/** Starts the rollup once a minute when there is something to roll up. */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class UsageRollupJob implements RollupStarter {

    private static final String JOB = "usage-rollup";

    static final Caller CALLER = Caller.job(JOB);

    @EJB
    private Rollups rollups;

    @Schedule(hour = "*", minute = "*", second = "30", persistent = false)
    void whenBehind() {
        boolean behind =
                CALLER.call(() -> !rollups.tenantsBehind(new UUID(0, 0), 1).isEmpty());
        if (behind) {
            start();
        }
    }

    @Override
    public long start() {
        JobOperator operator = BatchRuntime.getJobOperator();
        if (operator.getJobNames().contains(JOB)) {
            // Two at once would only wait for each other's marks.
            List<Long> running = operator.getRunningExecutions(JOB);
            if (!running.isEmpty()) {
                return running.get(0);
            }
        }
        return operator.start(JOB, new Properties());
    }
}
