package com.cognitionos.identity.control;

import com.cognitionos.entitlement.boundary.FeatureUse;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Counts the members of the caller's tenant. */
@ApplicationScoped
public class SeatsInUse implements FeatureUse {

    @Inject
    private Sql sql;

    @Override
    public String feature() {
        return "seats";
    }

    @Override
    public long current() {
        return sql.queryOne(
                        "SELECT count(*) FROM memberships WHERE tenant_id = ?",
                        row -> row.getLong(1),
                        Caller.currentTenant())
                .orElse(0L);
    }
}
