package com.cognitionos.kernel.batch;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Lease;
import com.cognitionos.kernel.Leases;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
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

    /** From now on, until it is let go or lost. */
    public void keep(Lease lease) {
        kept.add(lease);
    }

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
