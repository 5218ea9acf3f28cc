package com.cognitionos.identity.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.identity.control.InvitationLinks;
import com.cognitionos.identity.control.InvitationTurns;
import com.cognitionos.identity.control.Letters;
import com.cognitionos.identity.control.People;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.kernel.Tokens;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The people who run the platform, and as what. Runs for the platform; a person may have several roles. */
@Stateless
@TenantWall
public class Staff {

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @Inject
    private Letters letters;

    @Inject
    private InvitationLinks links;

    @Inject
    private InvitationTurns turns;

    @EJB
    private People people;

    public record StaffView(UUID userId, String email, String name, Set<Role> roles, boolean secondFactor) {}

    public List<StaffView> list() {
        return list(null);
    }

    public List<Members.InvitationView> invitations() {
        return sql.query(
                "SELECT * FROM platform_invitations WHERE expires_at > ? ORDER BY created_at DESC, id DESC",
                Members::invitation,
                clock.system());
    }

    /** As {@link Members#invite}, with one platform role; a person who has an account gets the role by the link too. */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public Members.InvitationView invite(String email, Role role) {
        String address = Users.checkEmail("email", email).toLowerCase(Locale.ROOT);
        requirePlatformRole(role);
        return turns.take("platform", address, () -> send(address, role));
    }

    private Members.InvitationView send(String address, Role role) {
        Instant now = clock.system();
        people.byEmail(address).map(known -> people.platformRoles(known.id())).ifPresent(roles -> {
            if (roles.contains(role)) {
                throw Problem.conflict("already_member", "Somebody with this address has that role already.");
            }
        });
        String token = Tokens.next();
        Members.InvitationView invitation = new Members.InvitationView(
                Ids.next(), address, role, people.nameOf(Caller.current()), now, now.plus(Invitations.GOOD_FOR));
        sql.update("DELETE FROM platform_invitations WHERE email = ?", address);
        sql.update(
                """
                INSERT INTO platform_invitations (id, email, role, token_mac, invited_by, created_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)""",
                invitation.id(),
                address,
                role.code(),
                links.mac(token),
                invitation.invitedBy(),
                now,
                invitation.expiresAt());
        audit.record(
                null,
                "staff_invitation.sent",
                invitation.id().toString(),
                null,
                Map.of("email", address, "role", role.code()));
        letters.invited(null, null, address, role, invitation.invitedBy(), token);
        return invitation;
    }

    public void withdraw(UUID invitation) {
        Members.InvitationView found = sql.queryOne(
                        "DELETE FROM platform_invitations WHERE id = ? RETURNING *", Members::invitation, invitation)
                .orElseThrow(() -> Problem.notFound("invitation"));
        audit.record(
                null,
                "staff_invitation.withdrawn",
                invitation.toString(),
                Map.of("email", found.email(), "role", found.role().code()),
                null);
    }

    /** No roles at all end it. @throws Problem NOT_FOUND, INVALID, CONFLICT ({@code last_operator}) */
    public StaffView changeRoles(UUID user, Set<Role> roles) {
        roles.forEach(Staff::requirePlatformRole);
        // Two operators who remove each other at once must not both succeed.
        sql.update("LOCK TABLE platform_roles IN SHARE ROW EXCLUSIVE MODE");
        StaffView before =
                list(user).stream().findFirst().orElseThrow(() -> Problem.notFound("member of the platform team"));
        if (before.roles().contains(Role.OPERATOR)
                && !roles.contains(Role.OPERATOR)
                && sql.queryOne(
                                "SELECT 1 FROM platform_roles WHERE role = 'operator' AND user_id <> ? LIMIT 1",
                                row -> true,
                                user)
                        .isEmpty()) {
            throw Problem.conflict("last_operator", "The platform keeps an operator; make somebody else one first.");
        }
        sql.update("DELETE FROM platform_roles WHERE user_id = ?", user);
        roles.forEach(role -> give(user, role));
        audit.record(
                null,
                "staff.roles_changed",
                user.toString(),
                Map.of("roles", codes(before.roles())),
                Map.of("roles", codes(roles)));
        return new StaffView(user, before.email(), before.name(), Set.copyOf(roles), before.secondFactor());
    }

    /** Gives a person that role without an invitation: at the first start. */
    public void appoint(UUID user, Role role) {
        requirePlatformRole(role);
        give(user, role);
        audit.record(null, "staff.joined", user.toString(), null, Map.of("role", role.code()));
    }

    private void give(UUID user, Role role) {
        sql.update(
                "INSERT INTO platform_roles (user_id, role, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                user,
                role.code(),
                clock.system());
    }

    private List<StaffView> list(@Nullable UUID user) {
        return sql.query(
                """
                SELECT u.id, u.email, u.name, bool_or(f.secret IS NOT NULL) AS second_factor,
                    string_agg(r.role, ' ' ORDER BY r.role) AS roles
                FROM platform_roles r JOIN users u ON u.id = r.user_id LEFT JOIN second_factors f ON f.user_id = u.id
                WHERE ?::uuid IS NULL OR u.id = ?::uuid
                GROUP BY u.id, u.email, u.name ORDER BY lower(u.name), u.email""",
                row -> new StaffView(
                        row.getObject("id", UUID.class),
                        row.getString("email"),
                        row.getString("name"),
                        Arrays.stream(row.getString("roles").split(" "))
                                .map(Role::stored)
                                .collect(Collectors.toCollection(LinkedHashSet::new)),
                        row.getBoolean("second_factor")),
                user,
                user);
    }

    private static List<String> codes(Set<Role> roles) {
        return roles.stream().map(Role::code).sorted().toList();
    }

    private static void requirePlatformRole(Role role) {
        if (!role.isPlatform()) {
            throw Problem.invalid("role", "unknown_role", "That is not a role on the platform.");
        }
    }
}
