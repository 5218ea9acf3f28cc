package com.cognitionos.gateway.control;

import com.cognitionos.entitlement.boundary.FeatureUse;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Counts the keys that take a place in the plan: live ones that were not replaced. */
@ApplicationScoped
public class KeysInUse implements FeatureUse {

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Override
    public String feature() {
        return "api_keys";
    }

    @Override
    public long current() {
        return sql.queryOne("""
                        SELECT count(*) FROM api_keys WHERE tenant_id = ? AND replaced_by IS NULL
                          AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)""", row -> row.getLong(1), Caller.currentTenant(), clock.system())
                .orElse(0L);
    }
}
