package com.cognitionos.identity.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.identity.control.InvitationLinks;
import com.cognitionos.identity.control.InvitationTurns;
import com.cognitionos.identity.control.Letters;
import com.cognitionos.identity.control.People;
import com.cognitionos.identity.control.Seats;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.kernel.Tokens;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who belongs to the caller's tenant, and as what; who is invited. */
@Stateless
@TenantWall
public class Members {

    /** The tenants' role may not look at people; what it may know of its own it is told by the platform's. */
    private static final Caller READER = Caller.job("members");

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @Inject
    private Seats seats;

    @Inject
    private Letters letters;

    @Inject
    private InvitationLinks links;

    @Inject
    private InvitationTurns turns;

    @EJB
    private People people;

    @EJB
    private Tenants tenants;

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

    /**
     * Where mails for people of these roles go, in lower case and each once. An owner without an account is known by the
     * address that the tenant was made with.
     *
     * @param billing whether the billing address is one of them
     */
    public SortedSet<String> addresses(Collection<Role> roles, boolean billing) {
        SortedSet<String> addresses = new TreeSet<>();
        List<MemberView> people = roles.isEmpty() ? List.of() : list();
        people.stream()
                .filter(member -> roles.contains(member.role()))
                .forEach(member -> addresses.add(member.email().toLowerCase(Locale.ROOT)));
        TenantView tenant = tenants.current();
        if (roles.contains(Role.OWNER) && people.stream().noneMatch(member -> member.role() == Role.OWNER)) {
            addresses.add(tenant.ownerEmail().toLowerCase(Locale.ROOT));
        }
        if (billing) {
            addresses.add(tenant.billingEmail().toLowerCase(Locale.ROOT));
        }
        return addresses;
    }

    /** Open ones, newest first. */
    public List<InvitationView> invitations() {
        return sql.query(
                "SELECT * FROM invitations WHERE tenant_id = ? AND expires_at > ? ORDER BY created_at DESC, id DESC",
                Members::invitation,
                Caller.currentTenant(),
                clock.system());
    }

    /**
     * Sends a mail with a link that is good for 7 days. Inviting the same address again replaces the open invitation.
     *
     * @throws Problem INVALID, CONFLICT ({@code already_member}), PAYMENT_REQUIRED
     *     ({@code entitlement_exceeded}) when members and open invitations fill the seats, FORBIDDEN when somebody else
     *     than an owner or the platform invites an owner, TOO_MANY_REQUESTS
     */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public InvitationView invite(String email, Role role) {
        String address = Users.checkEmail("email", email).toLowerCase(Locale.ROOT);
        requireTenantRole(role);
        return turns.take(Caller.currentTenant().toString(), address, () -> send(address, role));
    }

    private InvitationView send(String address, Role role) {
        UUID tenant = Caller.currentTenant();
        Instant now = clock.system();
        seats.lock();
        requireOwnerIf(role == Role.OWNER);
        if (READER.call(() -> people.byEmail(address))
                .flatMap(known -> roleOf(known.id()))
                .isPresent()) {
            throw Problem.conflict("already_member", "Somebody with this address is a member already.");
        }
        List<Role> replaced = sql.query(
                "DELETE FROM invitations WHERE tenant_id = ? AND email = ? RETURNING role",
                row -> Role.stored(row.getString("role")),
                tenant,
                address);
        requireOwnerIf(replaced.contains(Role.OWNER));
        seats.requireRoomToInvite(now);
        String token = Tokens.next();
        InvitationView invitation =
                new InvitationView(Ids.next(), address, role, inviter(), now, now.plus(Invitations.GOOD_FOR));
        sql.update(
                """
                INSERT INTO invitations (tenant_id, id, email, role, token_mac, invited_by, created_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                tenant,
                invitation.id(),
                address,
                role.code(),
                links.mac(token),
                invitation.invitedBy(),
                now,
                invitation.expiresAt());
        audit.record(
                "invitation.sent", invitation.id().toString(), null, Map.of("email", address, "role", role.code()));
        letters.invited(tenant, tenants.current().name(), address, role, invitation.invitedBy(), token);
        return invitation;
    }

    /** @throws Problem NOT_FOUND */
    public void withdraw(UUID invitation) {
        UUID tenant = Caller.currentTenant();
        seats.lock();
        InvitationView found = sql.queryOne(
                        "DELETE FROM invitations WHERE tenant_id = ? AND id = ? RETURNING *",
                        Members::invitation,
                        tenant,
                        invitation)
                .orElseThrow(() -> Problem.notFound("invitation"));
        audit.record(
                "invitation.withdrawn",
                invitation.toString(),
                Map.of("email", found.email(), "role", found.role().code()),
                null);
    }

    /**
     * @throws Problem NOT_FOUND; CONFLICT ({@code last_owner}); FORBIDDEN when somebody else than
     *     an owner or the platform changes an owner or makes one
     */
    public MemberView changeRole(UUID user, Role role) {
        requireTenantRole(role);
        UUID tenant = Caller.currentTenant();
        seats.lock();
        Role before = roleOf(user).orElseThrow(() -> Problem.notFound("member"));
        requireOwnerIf(before == Role.OWNER || role == Role.OWNER);
        if (before != role) {
            requireAnotherOwner(before, user);
            sql.update(
                    "UPDATE memberships SET role = ? WHERE tenant_id = ? AND user_id = ?", role.code(), tenant, user);
            audit.record(
                    "member.role_changed", user.toString(), Map.of("role", before.code()), Map.of("role", role.code()));
        }
        return READER.call(() -> people.members(tenant, user)).get(0);
    }

    /** As {@link #changeRole}; a member may always leave. Their sessions lose the tenant at once, keys stay. */
    public void remove(UUID user) {
        UUID tenant = Caller.currentTenant();
        seats.lock();
        Role before = roleOf(user).orElseThrow(() -> Problem.notFound("member"));
        requireOwnerIf(before == Role.OWNER && !isCaller(user));
        requireAnotherOwner(before, user);
        sql.update("DELETE FROM memberships WHERE tenant_id = ? AND user_id = ?", tenant, user);
        audit.record("member.removed", user.toString(), Map.of("role", before.code()), null);
        READER.run(() -> people.endSessionsOf(user, tenant));
    }

    /** Until the transaction ends nobody else decides about this tenant's people, neither invitations nor roles. */
    public void lock() {
        seats.lock();
    }

    /** Whether one more fits in; {@link #lock} keeps it true. @param email whose own open invitation has held a seat */
    public boolean hasSeatFor(String email) {
        return seats.hasRoomFor(email.toLowerCase(Locale.ROOT), clock.system());
    }

    private static void requireTenantRole(Role role) {
        if (role.isPlatform()) {
            throw Problem.invalid("role", "unknown_role", "That is not a role in a tenant.");
        }
    }

    /** A key is nobody's, so it is no owner whatever its scopes. */
    private void requireOwnerIf(boolean ownersAlone) {
        Caller caller = Caller.current();
        if (ownersAlone
                && !caller.platform()
                && People.userOf(caller).flatMap(this::roleOf).orElse(Role.VIEWER) != Role.OWNER) {
            throw new Problem(
                    Problem.Kind.FORBIDDEN, "owner_required", "Only an owner makes, changes or removes owners.");
        }
    }

    private void requireAnotherOwner(Role before, UUID user) {
        if (before == Role.OWNER
                && sql.queryOne(
                                "SELECT 1 FROM memberships WHERE tenant_id = ? AND role = 'owner' AND user_id <> ? LIMIT 1",
                                row -> true,
                                Caller.currentTenant(),
                                user)
                        .isEmpty()) {
            throw Problem.conflict("last_owner", "A tenant keeps an owner; make somebody else one first.");
        }
    }

    private static boolean isCaller(UUID user) {
        return People.userOf(Caller.current()).filter(user::equals).isPresent();
    }

    private Optional<Role> roleOf(UUID user) {
        return sql.queryOne(
                "SELECT role FROM memberships WHERE tenant_id = ? AND user_id = ?",
                row -> Role.stored(row.getString("role")),
                Caller.currentTenant(),
                user);
    }

    private String inviter() {
        Caller caller = Caller.current();
        return READER.call(() -> people.nameOf(caller));
    }

    static InvitationView invitation(ResultSet row) throws SQLException {
        return new InvitationView(
                row.getObject("id", UUID.class),
                row.getString("email"),
                Role.stored(row.getString("role")),
                row.getString("invited_by"),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "expires_at"));
    }
}
