package com.cognitionos.identity.control;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** The tenant's half of accepting an invitation; works in that tenant. */
@Stateless
@TenantWall
public class Joining {

    @Inject
    private Sql sql;

    @Inject
    private Seats seats;

    @Inject
    private AuditLog audit;

    /** Uses the invitation up. @throws Problem NOT_FOUND when somebody was quicker, PAYMENT_REQUIRED without a seat */
    public void take(UUID invitation, UUID user, Role role, Instant now) {
        UUID tenant = Caller.currentTenant();
        seats.lock();
        if (sql.update("DELETE FROM invitations WHERE tenant_id = ? AND id = ?", tenant, invitation) == 0) {
            throw Problem.notFound("invitation");
        }
        boolean member = sql.queryOne(
                        "SELECT 1 FROM memberships WHERE tenant_id = ? AND user_id = ?", row -> true, tenant, user)
                .isPresent();
        if (!member) {
            seats.requireRoomToJoin();
            sql.update(
                    "INSERT INTO memberships (tenant_id, user_id, role, created_at) VALUES (?, ?, ?, ?)",
                    tenant,
                    user,
                    role.code(),
                    now);
            audit.record("member.joined", user.toString(), null, Map.of("role", role.code()));
        }
    }
}
