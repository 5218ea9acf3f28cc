package com.cognitionos.webhook.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.webhook.control.Outbox;
import com.cognitionos.webhook.entity.DeliveryStatus;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the caller's tenant was told, and what became of it. */
@Stateless
@TenantWall
public class WebhookDeliveries {

    private static final String SELECT = """
            SELECT d.id, d.endpoint_id, d.event_id, m.type, d.status, d.attempts, d.next_attempt_at, d.created_at,
                d.settled_at, a.status_code, a.error
            FROM webhook_deliveries d
            JOIN webhook_events m ON m.tenant_id = d.tenant_id AND m.id = d.event_id
            LEFT JOIN webhook_attempts a ON a.tenant_id = d.tenant_id AND a.delivery_id = d.id AND a.number = (
                SELECT max(number) FROM webhook_attempts l WHERE l.tenant_id = d.tenant_id AND l.delivery_id = d.id)
            """;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @Inject
    private Outbox outbox;

    @EJB
    private WebhookEndpoints endpoints;

    /**
     * An event on its way to an endpoint.
     *
     * @param eventId what the receiver knows it by, in {@code webhook-id}
     * @param nextAttemptAt null once it is settled
     * @param statusCode of the last reply; null where the last attempt had none
     * @param error why the last attempt had no reply
     */
    public record DeliveryView(
            UUID id,
            UUID endpointId,
            UUID eventId,
            String eventType,
            DeliveryStatus status,
            int attempts,
            @Nullable Instant nextAttemptAt,
            Instant createdAt,
            @Nullable Instant settledAt,
            @Nullable Integer statusCode,
            @Nullable String error) {}

    /** @param reply the first 1,000 characters of what came back */
    public record AttemptView(
            int number,
            Instant at,
            int durationMs,
            @Nullable Integer statusCode,
            String reply,
            @Nullable String error) {}

    /** @param payload as it is sent, JSON */
    public record DeliveryDetails(DeliveryView delivery, String payload, List<AttemptView> attempts) {
        public DeliveryDetails {
            attempts = List.copyOf(attempts);
        }
    }

    /** Newest first. @param status only these; null for all @throws Problem NOT_FOUND */
    public Page<DeliveryView> list(UUID endpoint, @Nullable DeliveryStatus status, Page.Request page) {
        endpoints.get(endpoint);
        String wanted = status == null ? "" : status.code();
        List<DeliveryView> found = sql.query(
                SELECT + """
                        WHERE d.tenant_id = ? AND d.endpoint_id = ? AND (? = '' OR d.status = ?)
                        ORDER BY d.created_at DESC, d.id DESC LIMIT ? OFFSET ?""",
                WebhookDeliveries::view,
                Caller.currentTenant(),
                endpoint,
                wanted,
                wanted,
                page.pageSize(),
                page.offset());
        long total = sql.queryOne("""
                        SELECT count(*) FROM webhook_deliveries d
                        WHERE d.tenant_id = ? AND d.endpoint_id = ? AND (? = '' OR d.status = ?)""", row -> row.getLong(1), Caller.currentTenant(), endpoint, wanted, wanted)
                .orElse(0L);
        return new Page<>(found, total, page.page(), page.pageSize());
    }

    /** @throws Problem NOT_FOUND */
    public DeliveryDetails get(UUID id) {
        DeliveryView delivery = find(id);
        String payload = sql.queryOne(
                        "SELECT payload FROM webhook_events WHERE tenant_id = ? AND id = ?",
                        row -> row.getString("payload"),
                        Caller.currentTenant(),
                        delivery.eventId())
                .orElseThrow();
        List<AttemptView> attempts = sql.query(
                "SELECT * FROM webhook_attempts WHERE tenant_id = ? AND delivery_id = ? ORDER BY number",
                row -> new AttemptView(
                        row.getInt("number"),
                        Sql.instant(row, "at"),
                        row.getInt("duration_ms"),
                        row.getObject("status_code", Integer.class),
                        row.getString("reply"),
                        row.getString("error")),
                Caller.currentTenant(),
                id);
        return new DeliveryDetails(delivery, payload, attempts);
    }

    /**
     * Sends it now, with the same id, whether it was delivered, has failed or waits; with all its retries.
     *
     * @throws Problem NOT_FOUND, CONFLICT when the endpoint is disabled
     */
    public DeliveryView resend(UUID id) {
        DeliveryView before = find(id);
        WebhookEndpoints.requireEnabled(endpoints.get(before.endpointId()));
        Instant now = clock.system();
        sql.update("""
                UPDATE webhook_deliveries
                SET status = 'pending', settled_at = NULL, next_attempt_at = ?, began_at = ?, tries = 0
                WHERE tenant_id = ? AND id = ?""", now, now, Caller.currentTenant(), id);
        audit.record(
                "webhook_delivery.resent",
                id.toString(),
                Map.of("status", before.status().code()),
                Map.of("status", DeliveryStatus.PENDING.code(), "event_type", before.eventType()));
        outbox.wake();
        return find(id);
    }

    private DeliveryView find(UUID id) {
        return sql.queryOne(
                        SELECT + " WHERE d.tenant_id = ? AND d.id = ?",
                        WebhookDeliveries::view,
                        Caller.currentTenant(),
                        id)
                .orElseThrow(() -> Problem.notFound("webhook delivery"));
    }

    private static DeliveryView view(ResultSet row) throws SQLException {
        return new DeliveryView(
                row.getObject("id", UUID.class),
                row.getObject("endpoint_id", UUID.class),
                row.getObject("event_id", UUID.class),
                row.getString("type"),
                DeliveryStatus.of(row.getString("status")),
                row.getInt("attempts"),
                Sql.instant(row, "next_attempt_at"),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "settled_at"),
                row.getObject("status_code", Integer.class),
                row.getString("error"));
    }
}
