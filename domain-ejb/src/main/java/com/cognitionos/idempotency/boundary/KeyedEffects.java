package com.cognitionos.idempotency.boundary;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.DatabaseRole;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.kernel.Vault;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the current request has done before its reply is committed (IDP-2). For boundaries whose steps are transactions
 * of their own; all others need nothing, since their effect and the reply are one transaction.
 */
@Stateless
@TenantWall
public class KeyedEffects {

    @Inject
    private Sql sql;

    @Inject
    private DatabaseRole role;

    @Inject
    private BusinessClock clock;

    private record Effect(byte[] requestMac, UUID target) {}

    /**
     * Notes an effect in its transaction; does nothing when the request has no key.
     *
     * @param what such as {@code payment}; a later one of the same request takes its place
     * @param target the id of what came of it
     */
    public void note(String what, UUID target) {
        RequestKey.current().ifPresent(key -> {
            Instant end = clock.system().plus(KeptReplies.RETENTION);
            role.asPlatform(() ->
                    sql.update("""
                    INSERT INTO idempotency_effects (owner, principal, key_mac, what, request_mac, target, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (owner, principal, key_mac, what) DO UPDATE SET request_mac = excluded.request_mac,
                        target = excluded.target, expires_at = excluded.expires_at""", key.owner(), key.principal(), key.keyMac(), what, key.requestMac(), target, end));
        });
    }

    /** What an earlier try of the same request came to, when it did not live to reply. */
    public Optional<UUID> noted(String what) {
        List<Effect> found = new ArrayList<>();
        RequestKey.current()
                .ifPresent(key -> role.asPlatform(() -> found.addAll(sql.query(
                        """
                        SELECT request_mac, target FROM idempotency_effects
                        WHERE owner = ? AND principal = ? AND key_mac = ? AND what = ? AND expires_at > ?""",
                        row -> new Effect(row.getBytes("request_mac"), row.getObject("target", UUID.class)),
                        key.owner(),
                        key.principal(),
                        key.keyMac(),
                        what,
                        clock.system()))));
        return found.stream()
                .filter(effect -> Vault.same(
                        effect.requestMac(), RequestKey.current().orElseThrow().requestMac()))
                .map(Effect::target)
                .findFirst();
    }
}
