package com.cognitionos.metering.batch;

import com.cognitionos.metering.boundary.Rollups;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.UUID;

/** One tenant's rollups, in transactions of their own: a mark that is held keeps the tenant's events waiting. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class TenantRollup {

    @EJB
    private Rollups rollups;

    public void rollUp(UUID tenant) {
        UsageRollupJob.CALLER.in(tenant).run(() -> {
            while (rollups.rollUp() > 0) {
                // until nothing is behind
            }
        });
    }
}
