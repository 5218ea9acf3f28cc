package com.cognitionos.identity.boundary;

import com.cognitionos.identity.control.People;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who belongs to the caller's tenant, and as what; who is invited. */
@Stateless
@TenantWall
public class Members {

    /** The tenants' role may not look at people; what it may know of its own it is told by the platform's. */
    private static final Caller READER = Caller.job("members");

    @EJB
    private People people;

    /** @param lastSeenAt when a session of theirs was last used */
    public record MemberView(
            UUID userId,
            String email,
            String name,
            Role role,
            boolean secondFactor,
            Instant since,
            @Nullable Instant lastSeenAt) {}

    public record InvitationView(
            UUID id, String email, Role role, String invitedBy, Instant invitedAt, Instant expiresAt) {}

    /** By name. */
    public List<MemberView> list() {
        UUID tenant = Caller.currentTenant();
        return READER.call(() -> people.members(tenant, null));
    }

    /** Open ones, newest first. */
    public List<InvitationView> invitations() {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends a mail with a link that is good for 7 days. Inviting the same address again replaces the open invitation.
     *
     * @throws com.cognitionos.kernel.Problem INVALID, CONFLICT ({@code already_member}), PAYMENT_REQUIRED
     *     ({@code entitlement_exceeded}) when members and open invitations fill the seats, FORBIDDEN when somebody else
     *     than an owner or the platform invites an owner
     */
    public InvitationView invite(String email, Role role) {
        throw new UnsupportedOperationException();
    }

    /** @throws com.cognitionos.kernel.Problem NOT_FOUND */
    public void withdraw(UUID invitation) {
        throw new UnsupportedOperationException();
    }

    /**
     * @throws com.cognitionos.kernel.Problem NOT_FOUND; CONFLICT ({@code last_owner}); FORBIDDEN when somebody else than
     *     an owner or the platform changes an owner or makes one
     */
    public MemberView changeRole(UUID user, Role role) {
        throw new UnsupportedOperationException();
    }

    /** As {@link #changeRole}; a member may always leave. Their sessions lose the tenant at once, keys stay. */
    public void remove(UUID user) {
        throw new UnsupportedOperationException();
    }
}
