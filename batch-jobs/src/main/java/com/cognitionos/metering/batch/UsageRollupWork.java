package com.cognitionos.metering.batch;

import com.cognitionos.metering.boundary.Rollups;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.List;
import java.util.UUID;

/**
 * What the rollup does to our data. Outside the chunk's transaction: that one belongs to the job repository's database
 * connection, and a rollup is made of many small transactions.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class UsageRollupWork {

    @EJB
    private Rollups rollups;

    /** The next tenants whose rollups are behind, from {@code after} on. */
    public List<UUID> next(UUID after, boolean all, int limit) {
        return UsageRollupJob.CALLER.call(() -> rollups.tenantsBehind(after, all, limit));
    }

    public void rollUp(UUID tenant, boolean all) {
        UsageRollupJob.CALLER.in(tenant).run(() -> rollups.rollUp(all));
    }
}
