package com.cognitionos.sso.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.tenancy.boundary.TenantSettings;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/** Whether one more fits into the caller's tenant; an open invitation holds its seat. */
@Stateless
@TenantWall
public class FreeSeats {

    @Inject
    private Sql sql;

    @EJB
    private TenantSettings settings;

    /** Until the transaction ends nobody else decides about this tenant's people; invitations take the same lock. */
    public void lock() {
        sql.query("SELECT 1 FROM tenants WHERE id = ? FOR NO KEY UPDATE", row -> row.getInt(1), Caller.currentTenant());
    }

    /** @param email who would come in, whose own open invitation has held a seat for them */
    public boolean anyFor(String email, Instant now) {
        Long seats = settings.current().maxUsers();
        UUID tenant = Caller.currentTenant();
        String address = email.toLowerCase(Locale.ROOT);
        long taken = sql.queryOne("""
                        SELECT (SELECT count(*) FROM memberships WHERE tenant_id = ?)
                             + (SELECT count(*) FROM invitations WHERE tenant_id = ? AND expires_at > ? AND email <> ?)""", row -> row.getLong(1), tenant, tenant, now, address)
                .orElse(0L);
        return seats == null || taken < seats;
    }
}
