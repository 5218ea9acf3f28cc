package com.cognitionos.gateway.boundary;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.gateway.control.KeyMaterial;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Scope;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The API keys of the caller's tenant. Keys live in real time, also for a test tenant. */
@Stateless
@TenantWall
public class ApiKeys {

    public static final Duration MAX_OVERLAP = Duration.ofDays(7);

    private static final String LIVE = "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)";

    @Inject
    private Sql sql;

    @Inject
    private KeyMaterial material;

    @Inject
    private BusinessClock clock;

    @EJB
    private Tenants tenants;

    @EJB
    private Plans plans;

    /** A key as it may be shown. */
    public record KeyView(
            UUID id,
            String name,
            String prefix,
            Set<String> scopes,
            @Nullable Integer rateLimitPerMinute,
            Instant createdAt,
            String createdBy,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt,
            @Nullable Instant lastUsedAt) {}

    /** A new key: the only time that {@code key} is known. */
    public record IssuedKey(KeyView view, String key) {}

    /** Newest first; revoked ones too, so that their use can still be seen. */
    public List<KeyView> list() {
        return sql.query(
                "SELECT * FROM api_keys WHERE tenant_id = ? ORDER BY created_at DESC, id DESC",
                ApiKeys::view,
                Caller.currentTenant());
    }

    /**
     * Makes a key.
     *
     * @param expiresAt in the future, or null for never
     * @param rateLimitPerMinute from 1, or null for the plan's
     * @throws Problem INVALID for a bad field, FORBIDDEN for scopes that the caller lacks, PAYMENT_REQUIRED when the
     *     plan has no more keys
     */
    public IssuedKey issue(
            String name, Collection<String> scopes, @Nullable Instant expiresAt, @Nullable Integer rateLimitPerMinute) {
        Set<String> checked = Scope.checkForTenant(scopes);
        requireOwnScopes(checked);
        if (name.isBlank() || name.length() > 100) {
            throw Problem.invalid("name", "length", "name must have 1 to 100 characters");
        }
        Instant now = clock.system();
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            throw Problem.invalid("expires_at", "in_the_past", "expires_at must lie in the future");
        }
        if (rateLimitPerMinute != null && rateLimitPerMinute < 1) {
            throw Problem.invalid("rate_limit_per_minute", "out_of_range", "rate_limit_per_minute must be at least 1");
        }
        requireRoom(now);
        return insert(name, checked, expiresAt, rateLimitPerMinute, now);
    }

    /**
     * Makes a successor with the same rights; the old key goes on working for the overlap.
     *
     * @param overlap from 0 to {@link #MAX_OVERLAP}
     * @throws Problem NOT_FOUND, or CONFLICT when the key is revoked, has expired or was rotated already
     */
    public IssuedKey rotate(UUID id, Duration overlap) {
        if (overlap.isNegative() || overlap.compareTo(MAX_OVERLAP) > 0) {
            throw Problem.invalid(
                    "overlap_seconds", "out_of_range", "overlap_seconds must be from 0 to " + MAX_OVERLAP.toSeconds());
        }
        KeyView old = find(id);
        requireOwnScopes(old.scopes());
        Instant now = clock.system();
        if (old.revokedAt() != null
                || (old.expiresAt() != null && !old.expiresAt().isAfter(now))) {
            throw Problem.conflict("wrong_state", "The key is no longer valid; make a new one.");
        }
        if (sql.queryOne(
                        "SELECT 1 FROM api_keys WHERE tenant_id = ? AND id = ? AND replaced_by IS NULL FOR UPDATE",
                        row -> true,
                        Caller.currentTenant(),
                        id)
                .isEmpty()) {
            throw Problem.conflict("wrong_state", "The key was rotated already; rotate its successor.");
        }
        IssuedKey successor = insert(old.name(), old.scopes(), old.expiresAt(), old.rateLimitPerMinute(), now);
        Instant end = now.plus(overlap);
        sql.update("""
                UPDATE api_keys SET expires_at = least(coalesce(expires_at, ?), ?), replaced_by = ?
                WHERE tenant_id = ? AND id = ?""", end, end, successor.view().id(), Caller.currentTenant(), id);
        return successor;
    }

    /** From the next request on it is refused. A second time changes nothing. @throws Problem NOT_FOUND */
    public void revoke(UUID id) {
        find(id);
        sql.update(
                "UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?) WHERE tenant_id = ? AND id = ?",
                clock.system(),
                Caller.currentTenant(),
                id);
    }

    private static void requireOwnScopes(Set<String> scopes) {
        for (String scope : scopes) {
            if (!Caller.current().platform() && !Caller.current().may(scope)) {
                throw new Problem(
                        Problem.Kind.FORBIDDEN,
                        "insufficient_scope",
                        "A key cannot make one with the scope " + scope + ", which it lacks.");
            }
        }
    }

    private IssuedKey insert(
            String name, Set<String> scopes, @Nullable Instant expiresAt, @Nullable Integer rateLimit, Instant now) {
        String key = material.newKey();
        UUID id = Ids.next();
        sql.update(
                """
                INSERT INTO api_keys (tenant_id, id, name, key_hmac, prefix, scopes, rate_limit_per_minute, created_at,
                    created_by, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                Caller.currentTenant(),
                id,
                name.strip(),
                material.hmac(key),
                material.prefix(key),
                Scope.format(scopes),
                rateLimit,
                now,
                Caller.current().subject(),
                expiresAt);
        return new IssuedKey(find(id), key);
    }

    private void requireRoom(Instant now) {
        TenantView tenant = tenants.current();
        // Two requests at once must not both take the last place.
        sql.query("SELECT 1 FROM tenants WHERE id = ? FOR UPDATE", row -> row.getInt(1), tenant.id());
        Long limit = plans.version(Tier.of(tenant.tier()), tenant.planVersion()).amount("api_keys");
        long live = sql.queryOne(
                        "SELECT count(*) FROM api_keys WHERE tenant_id = ? AND replaced_by IS NULL AND " + LIVE,
                        row -> row.getLong(1),
                        tenant.id(),
                        now)
                .orElse(0L);
        if (limit != null && live >= limit) {
            throw new Problem(
                    Problem.Kind.PAYMENT_REQUIRED,
                    "entitlement_exceeded",
                    "The plan " + tenant.tier() + " has " + limit + " API keys; revoke one or change the plan.");
        }
    }

    private KeyView find(UUID id) {
        return sql.queryOne(
                        "SELECT * FROM api_keys WHERE tenant_id = ? AND id = ?",
                        ApiKeys::view,
                        Caller.currentTenant(),
                        id)
                .orElseThrow(() -> Problem.notFound("API key"));
    }

    private static KeyView view(ResultSet row) throws SQLException {
        return new KeyView(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("prefix"),
                Scope.parse(row.getString("scopes")),
                row.getObject("rate_limit_per_minute", Integer.class),
                Sql.instant(row, "created_at"),
                row.getString("created_by"),
                Sql.instant(row, "expires_at"),
                Sql.instant(row, "revoked_at"),
                Sql.instant(row, "last_used_at"));
    }
}
