package com.cognitionos.gateway.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.gateway.boundary.ApiKeys.IssuedKey;
import com.cognitionos.gateway.boundary.ApiKeys.KeyView;
import com.cognitionos.gateway.control.KeyEnded;
import com.cognitionos.gateway.control.KeyMaterial;
import com.cognitionos.gateway.control.KeyTerms;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Scope;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The keys of the platform's own programs: the operator's, finance's (GAT-6, GAT-10). */
@Stateless
@TenantWall
public class PlatformKeys {

    /** Requests a minute of a key that names no limit of its own. */
    public static final int DEFAULT_LIMIT = 10_000;

    private static final String OPERATE = "operator:write";

    @Inject
    private Sql sql;

    @Inject
    private KeyMaterial material;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @Inject
    private Event<KeyEnded> ended;

    /** Newest first; revoked ones too. */
    public List<KeyView> list() {
        return sql.query("SELECT * FROM platform_keys ORDER BY created_at DESC, id DESC", ApiKeys::view);
    }

    /**
     * Makes a key.
     *
     * @param scopes the platform's, and the tenants' that it needs when it acts for them
     * @param expiresAt in the future, or null for never
     * @param rateLimitPerMinute from 1, or null for {@link #DEFAULT_LIMIT}
     * @throws Problem INVALID for a bad field, FORBIDDEN for scopes that the caller lacks
     */
    public IssuedKey issue(
            String name, Collection<String> scopes, @Nullable Instant expiresAt, @Nullable Integer rateLimitPerMinute) {
        Instant now = clock.system();
        KeyTerms terms = new KeyTerms(name, known(scopes), expiresAt, rateLimitPerMinute).checked(now);
        IssuedKey issued = insert(terms, now);
        record(
                "platform_key.issued",
                issued.view().id(),
                null,
                terms.facts(issued.view().prefix()));
        return issued;
    }

    /**
     * Makes a successor with the same rights; the old key goes on working for the overlap.
     *
     * @param overlap from 0 to {@link KeyTerms#MAX_OVERLAP}
     * @throws Problem NOT_FOUND, or CONFLICT when the key is revoked, has expired or was rotated already
     */
    public IssuedKey rotate(UUID id, Duration overlap) {
        KeyTerms.checkOverlap(overlap);
        Instant now = clock.system();
        KeyView old = lock(id);
        KeyTerms.requireOwn(old.scopes());
        old.requireRotatable(now);
        IssuedKey successor =
                insert(new KeyTerms(old.name(), old.scopes(), old.expiresAt(), old.rateLimitPerMinute()), now);
        Instant end = now.plus(overlap);
        sql.update("""
                UPDATE platform_keys SET expires_at = least(coalesce(expires_at, ?), ?), replaced_by = ?
                WHERE id = ?""", end, end, successor.view().id(), id);
        ended.fire(new KeyEnded(id));
        record(
                "platform_key.rotated",
                id,
                Map.of("prefix", old.prefix()),
                Map.of("prefix", successor.view().prefix(), "old_key_until", end.toString()));
        return successor;
    }

    /**
     * From the next request on it is refused. A second time changes nothing.
     *
     * @throws Problem NOT_FOUND, or CONFLICT for the last live key that may {@code operator:write}: nobody could make
     *     another one
     */
    public void revoke(UUID id) {
        Instant now = clock.system();
        // All at once and in one order, so that two who revoke each other's last key do not both succeed.
        List<KeyView> all = sql.query("SELECT * FROM platform_keys ORDER BY id FOR UPDATE", ApiKeys::view);
        KeyView key = all.stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("platform key"));
        if (key.revokedAt() != null) {
            return;
        }
        if (operates(key)
                && key.isLive(now)
                && all.stream().noneMatch(one -> one != key && operates(one) && one.isLive(now))) {
            throw Problem.conflict("last_operator_key", "It is the last key that can make others; make one first.");
        }
        sql.update("UPDATE platform_keys SET revoked_at = ? WHERE id = ?", now, id);
        ended.fire(new KeyEnded(id));
        record(
                "platform_key.revoked",
                id,
                Map.of("name", key.name(), "prefix", key.prefix()),
                Map.of("revoked_at", now.toString()));
    }

    private static boolean operates(KeyView key) {
        return key.scopes().contains(OPERATE);
    }

    /** Enters an operator key that comes from the configuration or a file. @return whether it is new */
    public boolean bootstrapOperator(String key) {
        if (!material.hasForm(key)) {
            throw new IllegalStateException("The operator key must be cog_ and 32 lower-case hex digits.");
        }
        Set<String> scopes = new HashSet<>(Scope.ofPlatform());
        scopes.addAll(Scope.ofTenants());
        return sql.update(
                        """
                        INSERT INTO platform_keys (id, name, key_hmac, prefix, scopes, created_at)
                        VALUES (?, 'operator', ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                        Ids.next(),
                        material.hmac(key),
                        material.prefix(key),
                        Scope.format(scopes.stream().sorted().toList()),
                        clock.system())
                > 0;
    }

    public boolean anyPlatformKey() {
        return sql.queryOne("SELECT 1 FROM platform_keys LIMIT 1", row -> row.getInt(1))
                .isPresent();
    }

    public String newKey() {
        return material.newKey();
    }

    private static Set<String> known(Collection<String> scopes) {
        if (scopes.isEmpty()) {
            throw Problem.invalid("scopes", "required", "name at least one scope");
        }
        for (String scope : scopes) {
            if (!Scope.ofPlatform().contains(scope) && !Scope.ofTenants().contains(scope)) {
                throw Problem.invalid(
                        "scopes",
                        "unknown_scope",
                        "there is no scope " + scope + "; there are " + String.join(", ", Scope.ofPlatform()) + ", "
                                + String.join(", ", Scope.ofTenants()));
            }
        }
        return new LinkedHashSet<>(scopes);
    }

    private IssuedKey insert(KeyTerms terms, Instant now) {
        String key = material.newKey();
        UUID id = Ids.next();
        Integer limit = terms.rateLimitPerMinute();
        sql.update(
                """
                INSERT INTO platform_keys (id, name, key_hmac, prefix, scopes, rate_limit_per_minute, created_at,
                    created_by, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                id,
                terms.name().strip(),
                material.hmac(key),
                material.prefix(key),
                Scope.format(terms.scopes()),
                limit == null ? DEFAULT_LIMIT : limit,
                now,
                Caller.current().subject(),
                terms.expiresAt());
        return new IssuedKey(lock(id), key);
    }

    private KeyView lock(UUID id) {
        return sql.queryOne("SELECT * FROM platform_keys WHERE id = ? FOR UPDATE", ApiKeys::view, id)
                .orElseThrow(() -> Problem.notFound("platform key"));
    }

    /** Into the platform's log. */
    private void record(String action, UUID id, @Nullable Map<String, ?> before, @Nullable Map<String, ?> after) {
        audit.record(null, action, id.toString(), before, after);
    }
}
