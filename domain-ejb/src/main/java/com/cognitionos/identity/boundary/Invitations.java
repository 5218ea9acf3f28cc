package com.cognitionos.identity.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.identity.control.InvitationLinks;
import com.cognitionos.identity.control.Joining;
import com.cognitionos.identity.control.People;
import com.cognitionos.identity.control.People.Known;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The other end of an invitation: whoever holds the link from the mail. Runs for the platform. */
@Stateless
@TenantWall
public class Invitations {

    static final Duration GOOD_FOR = Duration.ofDays(7);

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private InvitationLinks links;

    @Inject
    private AuditLog audit;

    @EJB
    private Users users;

    @EJB
    private People people;

    @EJB
    private Joining joining;

    /** @param tenant null for an invitation to the platform */
    private record Open(
            UUID id,
            String email,
            Role role,
            @Nullable UUID tenant,
            @Nullable String tenantName) {}

    /**
     * @param tenantName null for an invitation to the platform
     * @param known whether there is an account with the address, so that the person signs in rather than up
     */
    public record Offer(String email, @Nullable String tenantName, Role role, boolean known) {}

    /** @return empty for a link that never was, was used, withdrawn or has expired */
    public Optional<Offer> offer(String token) {
        return open(token)
                .map(open -> new Offer(
                        open.email(),
                        open.tenantName(),
                        open.role(),
                        people.byEmail(open.email()).isPresent()));
    }

    /**
     * A new person takes it: the account is made, its address is proven by the link.
     *
     * @return the user. @throws Problem NOT_FOUND for a bad link, INVALID, CONFLICT
     *     ({@code email_taken}) when there is an account already, PAYMENT_REQUIRED when the seats are full
     */
    public UUID acceptAsNew(String token, String name, String password) {
        Open open = open(token).orElseThrow(() -> Problem.notFound("invitation"));
        Instant now = clock.system();
        UUID user = users.create(open.email(), name, password, now);
        take(open, user, now);
        return user;
    }

    /** A signed-in person takes it. @throws Problem NOT_FOUND also when it is for another address */
    public void acceptAs(UUID user, String token) {
        Known known = people.byId(user);
        Open open = open(token)
                .filter(found -> found.email().equals(known.email()))
                .orElseThrow(() -> Problem.notFound("invitation"));
        take(open, user, clock.system());
    }

    private void take(Open open, UUID user, Instant now) {
        sql.update("UPDATE users SET email_verified_at = coalesce(email_verified_at, ?) WHERE id = ?", now, user);
        Caller person = new Caller(
                "user:" + user, true, null, Caller.ALL, Caller.current().origin());
        if (open.tenant() == null) {
            if (sql.update("DELETE FROM platform_invitations WHERE id = ?", open.id()) == 0) {
                throw Problem.notFound("invitation");
            }
            sql.update(
                    "INSERT INTO platform_roles (user_id, role, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    user,
                    open.role().code(),
                    now);
            person.run(() -> audit.record(
                    null,
                    "staff.joined",
                    user.toString(),
                    null,
                    Map.of("role", open.role().code())));
        } else {
            person.in(open.tenant()).run(() -> joining.take(open.id(), user, open.role(), now));
        }
    }

    private Optional<Open> open(String token) {
        byte[] mac = links.mac(token);
        Instant now = clock.system();
        return sql.queryOne(
                """
                SELECT i.id, i.email, i.role, i.tenant_id, t.name FROM invitations i JOIN tenants t ON t.id = i.tenant_id
                WHERE i.token_mac = ? AND i.expires_at > ?
                UNION ALL
                SELECT id, email, role, NULL::uuid, NULL FROM platform_invitations WHERE token_mac = ? AND expires_at > ?""",
                row -> new Open(
                        row.getObject("id", UUID.class),
                        row.getString("email"),
                        Role.stored(row.getString("role")),
                        row.getObject("tenant_id", UUID.class),
                        row.getString("name")),
                mac,
                now,
                mac,
                now);
    }
}
