package com.cognitionos.gateway.boundary;

import com.cognitionos.gateway.control.KeyMaterial;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Scope;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns a presented key into a {@link Caller}. Runs for the platform, since the tenant is what it finds out. */
@Stateless
@TenantWall
public class KeyAuthentication {

    private static final String TOUCH_API_KEY = "UPDATE api_keys SET last_used_at = ? WHERE id = ?";
    private static final String TOUCH_PLATFORM_KEY = "UPDATE platform_keys SET last_used_at = ? WHERE id = ?";

    private static final Duration LAST_USED_GRAIN = Duration.ofMinutes(1);

    @Inject
    private Sql sql;

    @Inject
    private KeyMaterial material;

    @Inject
    private BusinessClock clock;

    /** @return empty for a key that is malformed, unknown, revoked or expired (GAT-3) */
    public Optional<Caller> verify(String key) {
        if (!material.hasForm(key)) {
            return Optional.empty();
        }
        byte[] hmac = material.hmac(key);
        Instant now = clock.system();
        Optional<Caller> tenantKey = sql.queryOne(
                """
                SELECT tenant_id, id, prefix, scopes, last_used_at FROM api_keys
                WHERE key_hmac = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)""",
                row -> {
                    touch(TOUCH_API_KEY, row.getObject("id", UUID.class), Sql.instant(row, "last_used_at"), now);
                    return new Caller(
                            "key:" + row.getString("prefix"),
                            false,
                            row.getObject("tenant_id", UUID.class),
                            Scope.parse(row.getString("scopes")));
                },
                hmac,
                now);
        return tenantKey.isPresent() ? tenantKey : platformKey(hmac, now);
    }

    /** Enters an operator key when there is none yet. @return whether it was entered */
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

    private Optional<Caller> platformKey(byte[] hmac, Instant now) {
        return sql.queryOne(
                """
                SELECT id, prefix, scopes, last_used_at FROM platform_keys
                WHERE key_hmac = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)""",
                row -> {
                    touch(TOUCH_PLATFORM_KEY, row.getObject("id", UUID.class), Sql.instant(row, "last_used_at"), now);
                    return new Caller(
                            "key:" + row.getString("prefix"), true, null, Scope.parse(row.getString("scopes")));
                },
                hmac,
                now);
    }

    private void touch(String statement, UUID id, @Nullable Instant lastUsed, Instant now) {
        if (lastUsed == null || lastUsed.plus(LAST_USED_GRAIN).isBefore(now)) {
            sql.update(statement, now, id);
        }
    }
}
