package com.cognitionos.sso.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.sso.control.Provider;
import com.cognitionos.sso.control.Seal;
import com.cognitionos.sso.entity.SsoSettings;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the caller's tenant lets its people in by its own identity provider. */
@Stateless
@TenantWall
public class Sso {

    private static final String FEATURE = "sso";
    private static final int MAX_SECRET = 1024;

    @Inject
    private Sql sql;

    @Inject
    private Seal seal;

    @Inject
    private Provider provider;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @EJB
    private Plans plans;

    /** @param vouched whether owners may come in by it (SSO-7) */
    public record SsoView(SsoSettings settings, boolean vouched, Instant updatedAt) {}

    /** Whether the tenant's plan has it. */
    public boolean isOffered() {
        return isOffered(Caller.currentTenant());
    }

    /** What is configured, whether the plan still has it or not. */
    public Optional<SsoView> current() {
        return sql.queryOne("SELECT * FROM sso_settings WHERE tenant_id = ?", Sso::view, Caller.currentTenant());
    }

    /**
     * Names the provider, or changes what was named.
     *
     * @param secret null keeps the present one, which only the same issuer and client id may
     * @throws Problem PAYMENT_REQUIRED ({@code entitlement_exceeded}), INVALID
     */
    public SsoView configure(SsoSettings wanted, @Nullable String secret) {
        UUID tenant = Caller.currentTenant();
        if (!isOffered(tenant)) {
            throw notInThePlan();
        }
        provider.checkIssuer(wanted.issuer());
        Optional<SsoView> before = current();
        byte[] sealed =
                secret == null || secret.isEmpty() ? kept(tenant, wanted, before) : seal.close(tenant, checked(secret));
        boolean vouched = isVouched(tenant);
        sql.update(
                """
                INSERT INTO sso_settings (tenant_id, issuer, client_id, client_secret, domains, default_role, provision,
                    required, vouched, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant_id) DO UPDATE SET
                    issuer = excluded.issuer, client_id = excluded.client_id, client_secret = excluded.client_secret,
                    domains = excluded.domains, default_role = excluded.default_role, provision = excluded.provision,
                    required = excluded.required, vouched = excluded.vouched, updated_at = excluded.updated_at""",
                tenant,
                wanted.issuer(),
                wanted.clientId(),
                sealed,
                new Sql.Array("text", wanted.domains().toArray()),
                wanted.defaultRole().code(),
                wanted.provision(),
                wanted.required(),
                vouched,
                clock.system());
        SsoView after = current().orElseThrow();
        audit.record("sso.configured", tenant.toString(), before.map(Sso::facts).orElse(null), facts(after));
        return after;
    }

    /** Passwords open the tenant again; who was linked is forgotten. @throws Problem NOT_FOUND */
    public void remove() {
        UUID tenant = Caller.currentTenant();
        SsoView before = current().orElseThrow(() -> Problem.notFound("single sign-on"));
        sql.update("DELETE FROM sso_identities WHERE tenant_id = ?", tenant);
        sql.update("DELETE FROM sso_settings WHERE tenant_id = ?", tenant);
        audit.record("sso.removed", tenant.toString(), facts(before), null);
    }

    /** Those of the tenants that require single sign-on: a password opens them no longer, owners' aside (SSO-9). */
    public Set<UUID> requiredBy(Collection<UUID> tenants) {
        return sql
                .query(
                        """
                        SELECT t.id, t.tier, t.plan_version FROM sso_settings s JOIN tenants t ON t.id = s.tenant_id
                        WHERE s.tenant_id = ANY (?) AND s.required""",
                        row -> Map.entry(row.getObject("id", UUID.class), isOffered(row)),
                        new Sql.Array(
                                "uuid", tenants.stream().map(UUID::toString).toArray()))
                .stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    public static Problem notInThePlan() {
        return new Problem(
                Problem.Kind.PAYMENT_REQUIRED,
                "entitlement_exceeded",
                "Single sign-on is part of the plans team and enterprise.");
    }

    private boolean isOffered(UUID tenant) {
        return sql.queryOne("SELECT tier, plan_version FROM tenants WHERE id = ?", this::isOffered, tenant)
                .orElse(false);
    }

    private boolean isOffered(ResultSet tenant) throws SQLException {
        return plans.version(Tier.of(tenant.getString("tier")), tenant.getInt("plan_version"))
                .has(FEATURE);
    }

    private static String checked(String secret) {
        if (secret.length() > MAX_SECRET || secret.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
            throw Problem.invalid(
                    "client_secret", "length", "A client secret has 1 to " + MAX_SECRET + " printable characters.");
        }
        return secret;
    }

    /** A secret that went along to another provider would be given away. */
    private byte[] kept(UUID tenant, SsoSettings wanted, Optional<SsoView> before) {
        boolean same = before.isPresent()
                && before.get().settings().issuer().equals(wanted.issuer())
                && before.get().settings().clientId().equals(wanted.clientId());
        if (!same) {
            throw Problem.invalid("client_secret", "required", "Enter the client secret that the provider gave you.");
        }
        return sql.queryOne(
                        "SELECT client_secret FROM sso_settings WHERE tenant_id = ?",
                        row -> row.getBytes("client_secret"),
                        tenant)
                .orElseThrow();
    }

    /** A person who is an owner, or the platform; a key says nothing of who holds it. */
    private boolean isVouched(UUID tenant) {
        Caller caller = Caller.current();
        String prefix = "user:";
        return caller.platform()
                || caller.subject().startsWith(prefix)
                        && sql.queryOne(
                                        """
                                        SELECT 1 FROM memberships
                                        WHERE tenant_id = ? AND user_id = ?::uuid AND role = 'owner'""",
                                        row -> true,
                                        tenant,
                                        caller.subject().substring(prefix.length()))
                                .isPresent();
    }

    private static SsoView view(ResultSet row) throws SQLException {
        return new SsoView(settings(row), row.getBoolean("vouched"), Sql.instant(row, "updated_at"));
    }

    static SsoSettings settings(ResultSet row) throws SQLException {
        return new SsoSettings(
                row.getString("issuer"),
                row.getString("client_id"),
                List.of((String[]) row.getArray("domains").getArray()),
                Role.stored(row.getString("default_role")),
                row.getBoolean("provision"),
                row.getBoolean("required"));
    }

    private static Map<String, ?> facts(SsoView view) {
        SsoSettings settings = view.settings();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("issuer", settings.issuer());
        facts.put("client_id", settings.clientId());
        facts.put("domains", settings.domains());
        facts.put("default_role", settings.defaultRole().code());
        facts.put("provision", settings.provision());
        facts.put("required", settings.required());
        facts.put("vouched", view.vouched());
        return facts;
    }
}
