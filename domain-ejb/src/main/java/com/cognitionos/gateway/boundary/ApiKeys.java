package com.cognitionos.gateway.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.gateway.control.KeyEnded;
import com.cognitionos.gateway.control.KeyMaterial;
import com.cognitionos.gateway.control.KeyTerms;
import com.cognitionos.gateway.control.KeysInUse;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Scope;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The API keys of the caller's tenant. Keys live in real time, also for a test tenant. */
@Stateless
@TenantWall
public class ApiKeys {

    public static final Duration MAX_OVERLAP = KeyTerms.MAX_OVERLAP;

    private static final String CALLS = "api_calls";

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

    @EJB
    private Usage usage;

    @Inject
    private KeysInUse inUse;

    @Inject
    private AuditLog audit;

    @Inject
    private Event<KeyEnded> ended;

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
            @Nullable Instant lastUsedAt,
            @Nullable UUID replacedBy) {

        boolean isLive(Instant now) {
            return revokedAt == null && (expiresAt == null || expiresAt.isAfter(now));
        }

        /** @throws Problem CONFLICT when it is not live, or has a successor already */
        void requireRotatable(Instant now) {
            if (!isLive(now)) {
                throw Problem.conflict("wrong_state", "The key is no longer valid; make a new one.");
            }
            if (replacedBy != null) {
                throw Problem.conflict("wrong_state", "The key was rotated already; rotate its successor.");
            }
        }
    }

    /** A new key: the only time that {@code key} is known. */
    public record IssuedKey(KeyView view, String key) {}

    /** What came with a key: {@code total} over the whole span. */
    public record KeyUsage(String prefix, Usage.Series series, BigDecimal total) {}

    /** The counted calls that came with a key on the running day and in the running calendar month. */
    public record KeyCalls(BigDecimal today, BigDecimal month) {

        private KeyCalls plus(Usage.Point point, Instant day) {
            return new KeyCalls(
                    point.start().isBefore(day) ? today : today.add(point.quantity()), month.add(point.quantity()));
        }
    }

    /** The calls of all keys that had any in the month, by prefix. Day and month are UTC's, by the tenant's clock. */
    public Map<String, KeyCalls> calls() {
        Instant now = tenants.present();
        Instant day = now.truncatedTo(ChronoUnit.DAYS);
        Instant month = now.atZone(ZoneOffset.UTC).withDayOfMonth(1).toInstant().truncatedTo(ChronoUnit.DAYS);
        Map<String, KeyCalls> calls = new HashMap<>();
        // To a moment after now, or the first instant of a month would be an empty span.
        for (Usage.Point point : usage.series(CALLS, month, now.plusMillis(1), Usage.Granularity.DAY, "subject")
                .points()) {
            if (point.group() != null) {
                calls.merge(
                        point.group(),
                        new KeyCalls(BigDecimal.ZERO, BigDecimal.ZERO).plus(point, day),
                        (before, more) -> before.plus(point, day));
            }
        }
        return calls;
    }

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
     * @param rateLimitPerMinute from 1, or null for none but the tenant's
     * @throws Problem INVALID for a bad field, FORBIDDEN for scopes that the caller lacks, PAYMENT_REQUIRED when the
     *     plan has no more keys
     */
    public IssuedKey issue(
            String name, Collection<String> scopes, @Nullable Instant expiresAt, @Nullable Integer rateLimitPerMinute) {
        Instant now = clock.system();
        KeyTerms terms = new KeyTerms(name, Scope.checkForTenant(scopes), expiresAt, rateLimitPerMinute).checked(now);
        requireRoom();
        IssuedKey issued = insert(terms, now);
        audit.record(
                "api_key.issued",
                issued.view().id().toString(),
                null,
                terms.facts(issued.view().prefix()));
        return issued;
    }

    /**
     * Makes a successor with the same rights; the old key goes on working for the overlap.
     *
     * @param overlap from 0 to {@link #MAX_OVERLAP}
     * @throws Problem NOT_FOUND, or CONFLICT when the key is revoked, has expired or was rotated already
     */
    public IssuedKey rotate(UUID id, Duration overlap) {
        KeyTerms.checkOverlap(overlap);
        Instant now = clock.system();
        KeyView old = lock(id);
        KeyTerms.requireOwn(old.scopes());
        old.requireRotatable(now);
        KeyTerms terms = new KeyTerms(old.name(), old.scopes(), old.expiresAt(), old.rateLimitPerMinute());
        IssuedKey successor = insert(terms, now);
        Instant end = now.plus(overlap);
        sql.update("""
                UPDATE api_keys SET expires_at = least(coalesce(expires_at, ?), ?), replaced_by = ?
                WHERE tenant_id = ? AND id = ?""", end, end, successor.view().id(), Caller.currentTenant(), id);
        ended.fire(new KeyEnded(id));
        audit.record(
                "api_key.rotated",
                id.toString(),
                Map.of("prefix", old.prefix()),
                Map.of(
                        "prefix",
                        successor.view().prefix(),
                        "successor",
                        successor.view().id().toString(),
                        "old_key_until",
                        end.toString()));
        return successor;
    }

    /** From the next request on it is refused. A second time changes nothing. @throws Problem NOT_FOUND */
    public void revoke(UUID id) {
        KeyView key = lock(id);
        if (key.revokedAt() != null) {
            return;
        }
        Instant now = clock.system();
        sql.update(
                "UPDATE api_keys SET revoked_at = ? WHERE tenant_id = ? AND id = ?", now, Caller.currentTenant(), id);
        ended.fire(new KeyEnded(id));
        audit.record(
                "api_key.revoked",
                id.toString(),
                Map.of("name", key.name(), "prefix", key.prefix()),
                Map.of("revoked_at", now.toString()));
    }

    /**
     * The counted calls that came with a key, over time, a point for each step.
     *
     * @throws Problem NOT_FOUND, or INVALID as {@link Usage#series}
     */
    public KeyUsage usage(UUID id, Instant from, Instant to, Usage.Granularity granularity) {
        String prefix = find(id).prefix();
        Usage.Series calls = usage.series(new Usage.Wanted(
                CALLS, from, to, granularity, null, Usage.DEFAULT_GROUPS, new Usage.Filter("subject", prefix)));
        return new KeyUsage(
                prefix,
                calls,
                calls.points().stream().map(Usage.Point::quantity).reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    private IssuedKey insert(KeyTerms terms, Instant now) {
        String key = material.newKey();
        UUID id = Ids.next();
        sql.update(
                """
                INSERT INTO api_keys (tenant_id, id, name, key_hmac, prefix, scopes, rate_limit_per_minute, created_at,
                    created_by, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                Caller.currentTenant(),
                id,
                terms.name().strip(),
                material.hmac(key),
                material.prefix(key),
                Scope.format(terms.scopes()),
                terms.rateLimitPerMinute(),
                now,
                Caller.current().subject(),
                terms.expiresAt());
        return new IssuedKey(find(id), key);
    }

    private void requireRoom() {
        TenantView tenant = tenants.current();
        // Two requests at once must not both take the last place.
        sql.query("SELECT 1 FROM tenants WHERE id = ? FOR UPDATE", row -> row.getInt(1), tenant.id());
        Long limit = plans.version(Tier.of(tenant.tier()), tenant.planVersion()).amount("api_keys");
        if (limit != null && inUse.current() >= limit) {
            throw new Problem(
                    Problem.Kind.PAYMENT_REQUIRED,
                    "entitlement_exceeded",
                    "The plan " + tenant.tier() + " has " + limit + " API keys; revoke one or change the plan.");
        }
    }

    private KeyView find(UUID id) {
        return find("SELECT * FROM api_keys WHERE tenant_id = ? AND id = ?", id);
    }

    /** So that two changes of a key come one after the other. */
    private KeyView lock(UUID id) {
        return find("SELECT * FROM api_keys WHERE tenant_id = ? AND id = ? FOR UPDATE", id);
    }

    private KeyView find(String statement, UUID id) {
        return sql.queryOne(statement, ApiKeys::view, Caller.currentTenant(), id)
                .orElseThrow(() -> Problem.notFound("API key"));
    }

    static KeyView view(ResultSet row) throws SQLException {
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
                Sql.instant(row, "last_used_at"),
                row.getObject("replaced_by", UUID.class));
    }
}
