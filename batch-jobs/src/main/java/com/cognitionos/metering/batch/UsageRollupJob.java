package com.cognitionos.metering.batch;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Lease;
import com.cognitionos.kernel.Leases;
import com.cognitionos.kernel.batch.LeaseKeeper;
import com.cognitionos.metering.boundary.RollupStarter;
import com.cognitionos.metering.boundary.Rollups;
import jakarta.batch.operations.JobOperator;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.batch.runtime.JobExecution;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.Map;
import java.util.UUID;

/**
 * Starts the rollup four times a minute when there is something to roll up; on one node at a time. The timer leaves running
 * hours alone while events come; whoever starts it by hand has them too.
 */
@Singleton
@LocalBean
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class UsageRollupJob implements RollupStarter {

    private static final String JOB = "usage-rollup";

    static final Caller CALLER = Caller.job(JOB);

    @EJB
    private Rollups rollups;

    @EJB
    private Leases leases;

    @EJB
    private LeaseKeeper keeper;

    @Schedule(hour = "*", minute = "*", second = "*/15", persistent = false)
    void whenBehind() {
        boolean behind = CALLER.call(
                () -> !rollups.tenantsBehind(new UUID(0, 0), false, 1).isEmpty());
        if (behind) {
            start(false);
        }
    }

    @Override
    public long start() {
        return start(true);
    }

    private long start(boolean all) {
        // Two at once would only wait for each other's marks.
        Lease lease = CALLER.call(() -> leases.take(JOB)).orElse(null);
        if (lease == null) {
            return latest();
        }
        try {
            return keeper.start(JOB, lease, Map.of("all", Boolean.toString(all)));
        } catch (RuntimeException e) {
            ended(lease);
            throw e;
        }
    }

    /** Whether a job with this parameter makes running hours too. */
    static boolean isAll(String all) {
        return Boolean.parseBoolean(all);
    }

    /** By which a job with this parameter works. */
    static Lease lease(String fence) {
        return new Lease(JOB, Long.parseLong(fence));
    }

    public void ended(Lease lease) {
        keeper.letGo(lease);
        CALLER.run(() -> leases.release(lease));
    }

    /** The execution that somebody else has started; 0 where that is only about to. */
    private static long latest() {
        JobOperator operator = BatchRuntime.getJobOperator();
        return operator.getJobNames().contains(JOB)
                ? operator.getJobInstances(JOB, 0, 1).stream()
                        .flatMap(instance -> operator.getJobExecutions(instance).stream())
                        .mapToLong(JobExecution::getExecutionId)
                        .max()
                        .orElse(0L)
                : 0L;
    }
}
