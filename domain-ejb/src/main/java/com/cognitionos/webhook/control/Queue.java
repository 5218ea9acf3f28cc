package com.cognitionos.webhook.control;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.webhook.entity.Retries;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** What is to be sent; each step is a transaction of its own. */
@Stateless
@TenantWall
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class Queue {

    /** Longer than any attempt takes: until then nobody else tries, after that whoever tried has crashed. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    private static final int MOST_AT_ONCE = 4;
    private static final Duration LONGEST_FAILURE = Duration.ofDays(5);
    private static final Duration LONGEST_WAIT = Duration.ofDays(3);
    private static final Duration KEEP_SETTLED = Duration.ofDays(30);

    private static final String DUE = """
            FROM webhook_deliveries d
            JOIN webhook_endpoints e ON e.tenant_id = d.tenant_id AND e.id = d.endpoint_id AND e.enabled
            WHERE d.status = 'pending' AND d.next_attempt_at <= ?
                AND NOT EXISTS (SELECT FROM webhook_deliveries b WHERE b.tenant_id = d.tenant_id
                    AND b.endpoint_id = d.endpoint_id AND b.leased_until > ?)
                AND (SELECT count(*) FROM webhook_deliveries b
                    WHERE b.tenant_id = d.tenant_id AND b.leased_until > ?) < ?""";

    @Inject
    private Sql sql;

    @Inject
    private TenantLock locks;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @Inject
    private Notice notice;

    /** For the platform: whose delivery is the next one, of a tenant and an endpoint that have a place free (WHK-6). */
    public Optional<UUID> next() {
        Instant now = clock.system();
        return sql.queryOne(
                "SELECT d.tenant_id " + DUE + " ORDER BY d.next_attempt_at, d.id LIMIT 1",
                row -> row.getObject("tenant_id", UUID.class),
                now,
                now,
                now,
                MOST_AT_ONCE);
    }

    /**
     * In its tenant: takes the next delivery, so that nobody else sends it meanwhile. One after another, so that two who look
     * at the same instant do not take the last place both.
     */
    public Optional<Consignment> claim() {
        locks.take(TenantLock.Purpose.SENDING);
        Instant now = clock.system();
        return sql.queryOne(
                "WITH due AS (SELECT d.tenant_id, d.id " + DUE + """
                 AND d.tenant_id = ? ORDER BY d.next_attempt_at, d.id LIMIT 1 FOR UPDATE OF d SKIP LOCKED)
                UPDATE webhook_deliveries d SET leased_until = ?, attempts = d.attempts + 1, tries = d.tries + 1
                FROM due, webhook_endpoints e, webhook_events m
                WHERE d.tenant_id = due.tenant_id AND d.id = due.id
                  AND e.tenant_id = d.tenant_id AND e.id = d.endpoint_id
                  AND m.tenant_id = d.tenant_id AND m.id = d.event_id
                RETURNING d.tenant_id, d.id, d.endpoint_id, d.event_id, d.attempts, d.tries, e.url, m.payload, e.secret,
                    CASE WHEN e.former_secret_until > ? THEN e.former_secret END AS former_secret""",
                row -> new Consignment(
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("id", UUID.class),
                        row.getObject("endpoint_id", UUID.class),
                        row.getObject("event_id", UUID.class),
                        row.getInt("attempts"),
                        row.getInt("tries"),
                        row.getString("url"),
                        row.getString("payload"),
                        row.getBytes("secret"),
                        row.getBytes("former_secret")),
                now,
                now,
                now,
                MOST_AT_ONCE,
                Caller.currentTenant(),
                now.plus(LEASE),
                now);
    }

    /** In its tenant: enters what became of an attempt, and what follows from it. */
    public void settle(Consignment sent, Outcome outcome) {
        // First the endpoint, as whoever removes it does.
        sql.query(
                "SELECT 1 FROM webhook_endpoints WHERE tenant_id = ? AND id = ? FOR NO KEY UPDATE",
                row -> true,
                sent.tenant(),
                sent.endpoint());
        Optional<Instant> began = sql.queryOne(
                "SELECT began_at FROM webhook_deliveries WHERE tenant_id = ? AND id = ? FOR UPDATE",
                row -> Sql.instant(row, "began_at"),
                sent.tenant(),
                sent.delivery());
        if (began.isEmpty()) {
            // Its endpoint was removed meanwhile.
            return;
        }
        sql.update(
                """
                INSERT INTO webhook_attempts (tenant_id, delivery_id, number, at, duration_ms, status_code, reply, error)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                sent.tenant(),
                sent.delivery(),
                sent.number(),
                outcome.at(),
                outcome.durationMs(),
                outcome.statusCode(),
                outcome.reply(),
                outcome.error());
        if (outcome.isSuccess()) {
            succeeded(sent);
        } else {
            failed(sent, outcome, began.get());
        }
    }

    private void succeeded(Consignment sent) {
        Instant now = clock.system();
        sql.update("""
                UPDATE webhook_deliveries
                SET status = 'delivered', settled_at = ?, next_attempt_at = NULL, leased_until = NULL
                WHERE tenant_id = ? AND id = ?""", now, sent.tenant(), sent.delivery());
        sql.update(
                "UPDATE webhook_endpoints SET succeeded_at = ?, failing_since = NULL WHERE tenant_id = ? AND id = ?",
                now,
                sent.tenant(),
                sent.endpoint());
    }

    private void failed(Consignment sent, Outcome outcome, Instant began) {
        Instant now = clock.system();
        Optional<Instant> next = outcome.isGone()
                ? Optional.empty()
                : Retries.next(sent.tries(), now, ThreadLocalRandom.current().nextDouble(), outcome.retryAfter());
        // Whoever took it over after the lease decides about it, not who comes too late.
        sql.update(
                """
                UPDATE webhook_deliveries SET status = ?, settled_at = ?, next_attempt_at = ?, leased_until = NULL
                WHERE tenant_id = ? AND id = ? AND status = 'pending' AND attempts = ?""",
                next.isPresent() ? "pending" : "failed",
                next.isPresent() ? null : now,
                next.orElse(null),
                sent.tenant(),
                sent.delivery(),
                sent.number());
        Health health = sql.queryOne(
                        """
                        UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, ?)
                        WHERE tenant_id = ? AND id = ? RETURNING enabled, failing_since, succeeded_at""",
                        row -> new Health(
                                row.getBoolean("enabled"),
                                Sql.instant(row, "failing_since"),
                                Optional.ofNullable(Sql.instant(row, "succeeded_at"))),
                        outcome.at(),
                        sent.tenant(),
                        sent.endpoint())
                .orElseThrow();
        boolean nothingSince = health.succeededAt().filter(began::isBefore).isEmpty();
        boolean given = next.isEmpty() && nothingSince;
        if (health.enabled() && (outcome.isGone() || given || health.failsFor(LONGEST_FAILURE, now))) {
            disable(sent, outcome.isGone() ? "gone" : "failing", now);
        }
    }

    private record Health(boolean enabled, Instant failingSince, Optional<Instant> succeededAt) {
        boolean failsFor(Duration length, Instant now) {
            return !failingSince.plus(length).isAfter(now);
        }
    }

    private void disable(Consignment sent, String reason, Instant now) {
        sql.update("""
                UPDATE webhook_endpoints SET enabled = false, disabled_reason = ?, updated_at = ?
                WHERE tenant_id = ? AND id = ?""", reason, now, sent.tenant(), sent.endpoint());
        audit.record(
                "webhook_endpoint.disabled",
                sent.endpoint().toString(),
                Map.of("enabled", true),
                Map.of("enabled", false, "reason", reason, "url", sent.url()));
        notice.disabled(sent.endpoint(), sent.url(), reason);
    }

    /** For the platform: gives up what waits for disabled endpoints, and drops what was settled long ago. @return how many went */
    public int forget() {
        Instant now = clock.system();
        sql.update("""
                UPDATE webhook_deliveries d SET status = 'failed', settled_at = ?, next_attempt_at = NULL, leased_until = NULL
                FROM webhook_endpoints e
                WHERE e.tenant_id = d.tenant_id AND e.id = d.endpoint_id AND NOT e.enabled
                  AND d.status = 'pending' AND d.began_at < ?""", now, now.minus(LONGEST_WAIT));
        int gone = sql.update("DELETE FROM webhook_deliveries WHERE settled_at < ?", now.minus(KEEP_SETTLED));
        sql.update("""
                DELETE FROM webhook_events m WHERE created_at < ? AND NOT EXISTS (
                    SELECT FROM webhook_deliveries d WHERE d.tenant_id = m.tenant_id AND d.event_id = m.id)""", now.minus(KEEP_SETTLED));
        return gone;
    }
}
