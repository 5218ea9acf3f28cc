package com.cognitionos.kernel.batch;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Lease;
import com.cognitionos.kernel.LeaseLost;
import com.cognitionos.kernel.Leases;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the leases by which this node works. They end with it, however it ends. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class LeaseKeeper {

    private static final Logger LOG = Logger.getLogger(LeaseKeeper.class.getName());
    private static final Caller CALLER = Caller.job("lease-keeper");

    private final Set<Lease> kept = ConcurrentHashMap.newKeySet();

    @EJB
    private Leases leases;

    /**
     * Keeps the lease from now on and starts a job by it, which gets its fence as the parameter {@code fence}.
     *
     * @return the job's execution
     */
    public long start(String job, Lease lease, Map<String, String> parameters) {
        kept.add(lease);
        try {
            Properties all = new Properties();
            all.putAll(parameters);
            all.setProperty("fence", Long.toString(lease.fence()));
            return BatchRuntime.getJobOperator().start(job, all);
        } catch (RuntimeException e) {
            kept.remove(lease);
            throw e;
        }
    }

    /** Does all that the lease is for, and gives it back; where it breaks off, others go on once the lease has run out. */
    public void work(Lease lease, Caller caller, Runnable work) {
        try {
            lease.run(() -> caller.run(work));
            CALLER.run(() -> leases.release(lease));
        } catch (LeaseLost overtaken) {
            LOG.info(() -> overtaken.getMessage() + ": another node goes on with it");
        } finally {
            kept.remove(lease);
        }
    }

    /** Lets it run out. */
    public void letGo(Lease lease) {
        kept.remove(lease);
    }

    @Schedule(hour = "*", minute = "*", second = "*/3", persistent = false)
    void beat() {
        kept.forEach(lease -> {
            try {
                if (!CALLER.call(() -> leases.keep(lease)) && kept.remove(lease)) {
                    LOG.warning(() -> "Lost " + lease);
                }
            } catch (RuntimeException e) {
                // It may yet be kept at the next beat; if not, somebody takes it.
                LOG.log(Level.WARNING, e, () -> "Could not keep " + lease);
            }
        });
    }
}
