package com.cognitionos.sso.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.identity.boundary.Members;
import com.cognitionos.identity.boundary.Users;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.sso.control.Seal;
import com.cognitionos.sso.entity.Client;
import com.cognitionos.sso.entity.Identity;
import com.cognitionos.sso.entity.SsoSettings;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Who is behind what a provider says, and whether they come in (SSO-4, SSO-5). Runs for the platform. */
@Stateless
@TenantWall
public class SsoAdmission {

    @Inject
    private Sql sql;

    @Inject
    private Seal seal;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @EJB
    private Plans plans;

    @EJB
    private Members members;

    @EJB
    private Users users;

    /** A tenant that has single sign-on now: configured, in the plan, not churned; its secret is for the provider alone. */
    public Optional<Client> client(String slug) {
        return sql.queryOne(
                        """
                        SELECT s.*, t.tier, t.plan_version FROM tenants t JOIN sso_settings s ON s.tenant_id = t.id
                        WHERE t.slug = ? AND t.status <> 'churned'""",
                        row -> {
                            UUID tenant = row.getObject("tenant_id", UUID.class);
                            return plans.version(Tier.of(row.getString("tier")), row.getInt("plan_version"))
                                            .has("sso")
                                    ? Optional.of(new Client(
                                            tenant,
                                            Sso.settings(row),
                                            seal.open(tenant, row.getBytes("client_secret")),
                                            row.getBoolean("vouched")))
                                    : Optional.<Client>empty();
                        },
                        slug)
                .flatMap(found -> found);
    }

    /** As {@link #client(String)}, by its id. */
    public Optional<Client> client(UUID tenant) {
        return sql.queryOne("SELECT slug FROM tenants WHERE id = ?", row -> row.getString("slug"), tenant)
                .flatMap(this::client);
    }

    /**
     * Lets the person in, who from the first time on is known by the subject.
     *
     * @return the user
     * @throws Problem FORBIDDEN with the reason, in words for the person
     */
    public UUID admit(UUID tenant, Identity identity, Origin origin) {
        Client client = client(tenant)
                .filter(now -> now.settings().issuer().equals(identity.issuer()))
                .orElseThrow(() -> refused("changed", "Single sign-on was changed meanwhile; begin again."));
        // Two first sign-ins at once must neither make a person twice nor take the last seat together.
        within(tenant).run(members::lock);
        UUID user = linked(tenant, identity).orElseGet(() -> link(client, identity));
        Role role = roleIn(tenant, user)
                .orElseThrow(() -> refused("no_member", "You are not a member of this company's account."));
        if (role == Role.OWNER && !client.vouched()) {
            throw refused(
                    "not_vouched",
                    "An owner signs in by password until an owner has saved the single sign-on settings.");
        }
        record(user, tenant, "sign_in.sso", origin, Map.of("issuer", identity.issuer(), "subject", identity.subject()));
        return user;
    }

    private Optional<UUID> linked(UUID tenant, Identity identity) {
        return sql.queryOne(
                "SELECT user_id FROM sso_identities WHERE tenant_id = ? AND issuer = ? AND subject = ?",
                row -> row.getObject("user_id", UUID.class),
                tenant,
                identity.issuer(),
                identity.subject());
    }

    private UUID link(Client client, Identity identity) {
        SsoSettings settings = client.settings();
        String email = identity.email();
        if (email == null || !identity.emailVerified()) {
            throw refused(
                    "email_not_verified",
                    "Your identity provider does not say that your e-mail address is verified; ask your administrator.");
        }
        if (!settings.covers(email)) {
            throw refused("wrong_domain", "Your e-mail address does not belong to this company's domains.");
        }
        String address = Users.checkEmail("email", email);
        Optional<UUID> known = users.find(address);
        UUID user = known.filter(id -> roleIn(client.tenant(), id).isPresent())
                .orElseGet(() -> provision(client, known, address, identity));
        int linked = sql.update("""
                INSERT INTO sso_identities (tenant_id, issuer, subject, user_id, linked_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING""", client.tenant(), identity.issuer(), identity.subject(), user, clock.system());
        if (linked == 0) {
            // An address that was given to somebody else must not hand over the account of who had it before.
            throw refused(
                    "other_identity",
                    "This address belongs to a member who signs in by another identity; ask your administrator.");
        }
        return user;
    }

    private UUID provision(Client client, Optional<UUID> known, String email, Identity identity) {
        SsoSettings settings = client.settings();
        if (!settings.provision()) {
            throw refused("no_member", "You are not a member of this company's account; ask for an invitation.");
        }
        if (!within(client.tenant()).call(() -> members.hasSeatFor(email))) {
            throw refused("no_seat", "All seats of this company's plan are taken; ask your administrator.");
        }
        UUID user = known.orElseGet(() -> users.createWithoutPassword(email, name(identity, email), clock.system()));
        users.join(user, client.tenant(), settings.defaultRole(), clock.system());
        audit.record(
                client.tenant(),
                "member.provisioned",
                user.toString(),
                null,
                Map.of("email", email, "role", settings.defaultRole().code(), "issuer", identity.issuer()));
        return user;
    }

    private Optional<Role> roleIn(UUID tenant, UUID user) {
        return sql.queryOne(
                "SELECT role FROM memberships WHERE tenant_id = ? AND user_id = ?",
                row -> Role.stored(row.getString("role")),
                tenant,
                user);
    }

    private void record(UUID user, UUID tenant, String action, Origin origin, Map<String, ?> facts) {
        // The person did it, though it is the platform that enters it.
        new Caller("user:" + user, true, null, Caller.current().scopes(), origin)
                .run(() -> audit.record(tenant, action, user.toString(), null, facts));
    }

    private static Caller within(UUID tenant) {
        return Caller.job("sso").in(tenant);
    }

    private static String name(Identity identity, String email) {
        String name = identity.name() == null ? "" : identity.name().strip();
        String printable = name.replaceAll("\\p{Cntrl}", "");
        return printable.isEmpty() || printable.length() > 255 ? email.substring(0, email.indexOf('@')) : printable;
    }

    private static Problem refused(String code, String words) {
        return new Problem(Problem.Kind.FORBIDDEN, "sso_" + code, words);
    }
}
