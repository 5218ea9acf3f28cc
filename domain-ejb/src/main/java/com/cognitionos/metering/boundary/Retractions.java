package com.cognitionos.metering.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.control.ApiCallTail;
import com.cognitionos.metering.control.Standings;
import com.cognitionos.metering.entity.Standing;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Takes reported usage back (MET-13). */
@Stateless
@TenantWall
public class Retractions {

    // The record goes, what it said stays; counter, rollup mark and late register follow as when it was stored.
    private static final String RETRACT = """
            WITH gone AS (
                DELETE FROM usage_records r USING meters m
                WHERE r.tenant_id = ? AND r.meter = m.code AND r.counted_at >= ? AND r.event_id = ?
                RETURNING r.*, m.aggregation, m.unique_by
            ), pending AS (
                INSERT INTO usage_pending (tenant_id, meter, day, changed_at, hours)
                SELECT tenant_id, meter, (counted_at AT TIME ZONE 'UTC')::date, now(),
                    1 << extract(hour FROM counted_at AT TIME ZONE 'UTC')::integer
                FROM gone
                ON CONFLICT (tenant_id, meter, day)
                    DO UPDATE SET changed_at = excluded.changed_at, hours = usage_pending.hours | excluded.hours,
                        fresh = usage_pending.fresh | excluded.hours
            ), things AS (
                UPDATE usage_counter_values v SET events = v.events - 1
                FROM gone g JOIN usage_counters c ON c.tenant_id = g.tenant_id AND c.meter = g.meter
                    AND c.period_start <= g.counted_at AND c.period_end > g.counted_at
                WHERE g.aggregation = 'unique_count' AND v.tenant_id = c.tenant_id AND v.counter_id = c.id
                  AND v.value = usage_dimension(g.unique_by, g.meter, g.subject, g.key_prefix, g.properties)
                RETURNING v.counter_id, v.events
            ), counted AS (
                UPDATE usage_counters c
                SET used = c.used - CASE g.aggregation WHEN 'sum' THEN g.quantity WHEN 'count' THEN 1
                    ELSE (SELECT count(*) FROM things t WHERE t.counter_id = c.id AND t.events = 0) END
                FROM gone g
                WHERE c.tenant_id = g.tenant_id AND c.meter = g.meter
                  AND c.period_start <= g.counted_at AND c.period_end > g.counted_at
            ), late AS (
                INSERT INTO late_usage
                    (tenant_id, event_id, subscription_id, meter, quantity, counted_at, received_at, kind)
                SELECT tenant_id, event_id, ?::uuid, meter, -quantity, counted_at, ?::timestamptz, 'retracted'
                FROM gone WHERE counted_at < ?::timestamptz
            )
            INSERT INTO usage_retractions (tenant_id, event_id, meter, quantity, occurred_at, counted_at, received_at,
                subject, properties, key_prefix, retracted_at, retracted_by, late)
            SELECT tenant_id, event_id, meter, quantity, occurred_at, counted_at, received_at, subject, properties, key_prefix,
                ?::timestamptz, ?, counted_at < ?::timestamptz
            FROM gone
            RETURNING *""";

    @Inject
    private Sql sql;

    @Inject
    private TenantLock locks;

    @Inject
    private Standings standings;

    @Inject
    private AuditLog audit;

    /**
     * An event that was taken back.
     *
     * @param at when it had counted
     * @param late whether its month was invoiced already, so that the next invoice makes up for it
     */
    public record Retraction(
            String eventId, String meter, BigDecimal quantity, Instant at, Instant retractedAt, boolean late) {}

    /**
     * Takes an event back, as if it had never been reported; its id stays taken. A second time changes nothing.
     *
     * @throws Problem NOT_FOUND for an event that was not reported, CONFLICT for one that is too old or belongs to a
     *     subscription that has ended
     */
    public Retraction retract(String eventId) {
        // Billing takes the same lock alone: the month is either invoiced without the event or known to be late.
        locks.share(TenantLock.Purpose.BILLING);
        locks.take(TenantLock.Purpose.ALLOWANCE);
        Optional<Retraction> before = find(eventId);
        if (before.isPresent()) {
            return before.get();
        }
        if (eventId.startsWith(ApiCallTail.PREFIX) || !isKnown(eventId)) {
            throw Problem.notFound("event");
        }
        Standing standing = standings
                .current()
                .orElseThrow(() -> Problem.conflict("no_subscription", "The tenant has no live subscription."));
        Instant now = standing.now();
        Instant earliest = now.minus(UsageEvents.MAX_LATE);
        Instant from = earliest.isBefore(standing.startedAt()) ? standing.startedAt() : earliest;
        Instant invoiced = standing.usagePeriod().start();
        Retraction retraction = sql.queryOne(
                        RETRACT,
                        Retractions::retraction,
                        Caller.currentTenant(),
                        from,
                        eventId,
                        standing.subscriptionId(),
                        now,
                        invoiced,
                        now,
                        Caller.current().subject(),
                        invoiced)
                .orElseThrow(() -> Problem.conflict(
                        "too_late",
                        "The event lies more than " + UsageEvents.MAX_LATE.toDays()
                                + " days back, or before the present subscription; a credit note can make up for it."));
        audit.record(
                "usage.retracted",
                eventId,
                Map.of(
                        "meter", retraction.meter(),
                        "quantity", retraction.quantity(),
                        "counted_at", retraction.at()),
                null);
        return retraction;
    }

    private Optional<Retraction> find(String eventId) {
        return sql.queryOne(
                "SELECT * FROM usage_retractions WHERE tenant_id = ? AND event_id = ?",
                Retractions::retraction,
                Caller.currentTenant(),
                eventId);
    }

    private boolean isKnown(String eventId) {
        return sql.queryOne(
                        "SELECT 1 FROM usage_keys WHERE tenant_id = ? AND event_id = ?",
                        row -> true,
                        Caller.currentTenant(),
                        eventId)
                .isPresent();
    }

    private static Retraction retraction(ResultSet row) throws SQLException {
        return new Retraction(
                row.getString("event_id"),
                row.getString("meter"),
                Sql.plain(row.getBigDecimal("quantity")),
                Sql.instant(row, "counted_at"),
                Sql.instant(row, "retracted_at"),
                row.getBoolean("late"));
    }
}
