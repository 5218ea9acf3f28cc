package com.cognitionos.payment.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.payment.control.StripeEvent;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The inbox of what providers tell by themselves (PAY-14, PAY-15); for the platform. */
@Stateless
@TenantWall
public class ProviderEvents {

    public static final List<String> STATUSES = List.of("pending", "processed", "ignored", "parked");

    private static final String SUMMARY = """
            SELECT id, provider, event_ref, type, object_ref, happened_at, received_at, status, attempts, next_attempt_at,
                note, settled_at, replays FROM provider_events\s""";

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    @Inject
    private Event<Kept> kept;

    /** An event waits to be worked on. */
    public record Kept() {}

    /**
     * An event.
     *
     * @param ref what the provider calls it
     * @param object what it is about, as the provider calls it
     * @param status pending, processed, ignored or parked
     * @param nextAttemptAt null unless it is pending
     * @param note what came of it, or why it is not done yet
     */
    public record EventView(
            UUID id,
            String provider,
            String ref,
            String type,
            String object,
            Instant happenedAt,
            Instant receivedAt,
            String status,
            int attempts,
            @Nullable Instant nextAttemptAt,
            @Nullable String note,
            @Nullable Instant settledAt,
            int replays) {

        private static EventView of(ResultSet row) throws SQLException {
            String status = row.getString("status");
            return new EventView(
                    row.getObject("id", UUID.class),
                    row.getString("provider"),
                    row.getString("event_ref"),
                    row.getString("type"),
                    row.getString("object_ref"),
                    Sql.instant(row, "happened_at"),
                    Sql.instant(row, "received_at"),
                    status,
                    row.getInt("attempts"),
                    status.equals("pending") ? Sql.instant(row, "next_attempt_at") : null,
                    row.getString("note"),
                    Sql.instant(row, "settled_at"),
                    row.getInt("replays"));
        }
    }

    /**
     * Keeps an event; when this returns it is committed, whatever transaction the caller has.
     *
     * @param provider who has shown that it sends it
     * @return whether it was news; one that is kept already changes nothing
     */
    @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
    public boolean keep(String provider, StripeEvent event, byte[] body) {
        Instant now = clock.system();
        int news = sql.update(
                """
                INSERT INTO provider_events (id, provider, event_ref, type, object_ref, subject, payload, happened_at,
                    received_at, status, next_attempt_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?) ON CONFLICT (provider, event_ref) DO NOTHING""",
                Ids.next(),
                provider,
                event.id(),
                event.type(),
                event.object(),
                event.subject(),
                body,
                event.happenedAt(),
                now,
                now);
        if (news > 0) {
            kept.fire(new Kept());
        }
        return news > 0;
    }

    /** The newest first. @param status null for any */
    public Page<EventView> list(@Nullable String status, Page.Request page) {
        long total = sql.queryOne(
                        "SELECT count(*) FROM provider_events WHERE status = coalesce(?, status)",
                        row -> row.getLong(1),
                        status)
                .orElseThrow();
        return new Page<>(
                sql.query(
                        SUMMARY + "WHERE status = coalesce(?, status) ORDER BY id DESC LIMIT ? OFFSET ?",
                        EventView::of,
                        status,
                        page.pageSize(),
                        page.offset()),
                total,
                page.page(),
                page.pageSize());
    }

    /** @throws Problem NOT_FOUND */
    public EventView get(UUID id) {
        return sql.queryOne(SUMMARY + "WHERE id = ?", EventView::of, id).orElseThrow(ProviderEvents::none);
    }

    /** What was sent, as JSON without its secrets. @throws Problem NOT_FOUND */
    public String payload(UUID id) {
        return sql.queryOne(
                        "SELECT payload FROM provider_events WHERE id = ?",
                        row -> StripeEvent.shown(row.getBytes("payload")),
                        id)
                .orElseThrow(ProviderEvents::none);
    }

    /**
     * Has an event worked on once more, as if it had just come. That is harmless, since the provider's present state
     * counts.
     *
     * @throws Problem NOT_FOUND
     */
    public EventView replay(UUID id) {
        EventView before = get(id);
        sql.update("""
                UPDATE provider_events SET status = 'pending', attempts = 0, claims = claims + 1, next_attempt_at = ?,
                    settled_at = NULL, replays = replays + 1
                WHERE id = ?""", clock.system(), id);
        audit.record(
                "provider_event.replayed",
                id.toString(),
                Map.of("status", before.status()),
                Map.of("status", "pending", "event", before.ref(), "type", before.type()));
        kept.fire(new Kept());
        return get(id);
    }

    private static Problem none() {
        return Problem.notFound("event");
    }
}
