package com.cognitionos.identity.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.tenancy.boundary.TenantSettings;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How many people the caller's tenant may have (IDE-9). */
@ApplicationScoped
public class Seats {

    @Inject
    private Sql sql;

    @EJB
    private TenantSettings settings;

    /**
     * Until the transaction ends nobody else decides about this tenant's people: neither the last seat nor the last owner
     * goes twice. Rows that only refer to the tenant are not held up.
     */
    public void lock() {
        sql.query("SELECT 1 FROM tenants WHERE id = ? FOR NO KEY UPDATE", row -> row.getInt(1), Caller.currentTenant());
    }

    /** For one more invitation. @throws Problem PAYMENT_REQUIRED when members and open invitations fill the seats */
    public void requireRoomToInvite(Instant now) {
        requireRoom(members() + openInvitations(now, ""));
    }

    /** For one more member, whose seat the invitation has held. @throws Problem PAYMENT_REQUIRED when members fill them */
    public void requireRoomToJoin() {
        requireRoom(members());
    }

    /** Whether one more fits in. @param email whose own open invitation has held a seat for them, in lower case */
    public boolean hasRoomFor(String email, Instant now) {
        Long limit = limit();
        return limit == null || members() + openInvitations(now, email) < limit;
    }

    private @Nullable Long limit() {
        return settings.current().maxUsers();
    }

    private void requireRoom(long taken) {
        Long limit = limit();
        if (limit != null && taken >= limit) {
            throw new Problem(
                    Problem.Kind.PAYMENT_REQUIRED,
                    "entitlement_exceeded",
                    "All " + limit
                            + " seats are taken, open invitations included; remove somebody or change the plan.");
        }
    }

    long members() {
        return sql.queryOne(
                        "SELECT count(*) FROM memberships WHERE tenant_id = ?",
                        row -> row.getLong(1),
                        Caller.currentTenant())
                .orElse(0L);
    }

    private long openInvitations(Instant now, String exceptFor) {
        return sql.queryOne(
                        "SELECT count(*) FROM invitations WHERE tenant_id = ? AND expires_at > ? AND email <> ?",
                        row -> row.getLong(1),
                        Caller.currentTenant(),
                        now,
                        exceptFor)
                .orElse(0L);
    }
}
