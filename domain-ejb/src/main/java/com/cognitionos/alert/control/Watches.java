package com.cognitionos.alert.control;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.rating.entity.Period;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whom to look at. Statements over the tables of several components, as the choice is made among all tenants at once: those
 * whose usage has not changed cost nothing, and of the others most are found below their next share by an index.
 */
@ApplicationScoped
public class Watches {

    /** What limits come from, as far as it is not in the counters. */
    private static final String BASIS = """
            concat_ws(' ', s.id, s.version, coalesce(t.max_executions_per_month, -1), coalesce(t.max_storage_gb, -1))""";

    private static final String SUBSCRIBED = """
            FROM subscriptions s
            LEFT JOIN tenant_settings t ON t.tenant_id = s.tenant_id
            LEFT JOIN test_clocks k ON k.tenant_id = s.tenant_id
            LEFT JOIN alert_watches w ON w.tenant_id = s.tenant_id
            """;

    // The used part is empty where nothing ever was.
    private static final String STATE = "SELECT " + BASIS + " AS basis, w.basis AS seen_basis," + """
                concat(
                    (SELECT string_agg(c.meter || ' ' || c.used, ',' ORDER BY c.meter, c.period_start) FROM usage_counters c
                     WHERE c.tenant_id = s.tenant_id AND c.period_end > s.usage_period_start AND c.used > 0),
                    (SELECT ' ' || count(*) || ' ' || max(u.received_at) FROM meters m
                     JOIN usage_records u ON u.tenant_id = s.tenant_id AND u.meter = m.code
                        AND u.counted_at >= s.usage_period_start
                     WHERE m.aggregation <> 'sum' AND k.tenant_id IS NOT NULL HAVING count(*) > 0)) AS fingerprint,
                w.fingerprint AS seen_fingerprint, w.look_at,
                EXISTS (SELECT FROM api_call_tail q WHERE q.tenant_id = s.tenant_id) AS calls_waiting,
                EXISTS (SELECT FROM budgets b WHERE b.tenant_id = s.tenant_id) AS budgeted
            """ + SUBSCRIBED
            + "WHERE s.tenant_id = ? AND s.status <> 'canceled'";

    // One snapshot for all of it: a mark that comes while this runs is neither seen nor taken away. Tenant by tenant
    // through
    // the indexes, so that its time grows with those whose usage has changed and not with those that there are.
    private static final String CANDIDATES = """
            WITH marked AS MATERIALIZED (
                SELECT tenant_id, meter, marked_at FROM alert_marks
            ), changed AS MATERIALIZED (
                SELECT tenant_id, meter FROM usage_pending UNION SELECT tenant_id, meter FROM marked
            ), candidates AS MATERIALIZED (
                SELECT n.tenant_id FROM changed n
                CROSS JOIN LATERAL (
                    SELECT 1
            """ + SUBSCRIBED + """
                    LEFT JOIN usage_counters c ON c.tenant_id = w.tenant_id AND c.meter = n.meter
                        AND c.period_start = w.period_start AND c.period_end = w.period_end
                    WHERE s.tenant_id = n.tenant_id AND s.status <> 'canceled' AND (
                        w.tenant_id IS NULL OR w.always OR w.period_end <= coalesce(k.now, ?::timestamptz)
            """ + "OR w.basis <> " + BASIS + """
                        OR w.next_quantities ->> n.meter IS NOT NULL
                            AND coalesce(c.used >= (w.next_quantities ->> n.meter)::numeric, true))
                    LIMIT 1) AS reached
                UNION
                SELECT w.tenant_id FROM alert_watches w WHERE w.look_at <= ?::timestamptz
                    AND NOT EXISTS (SELECT FROM test_clocks k WHERE k.tenant_id = w.tenant_id)
            ), idle AS (
                DELETE FROM alert_marks m USING marked o
                WHERE m.tenant_id = o.tenant_id AND m.meter = o.meter AND m.marked_at = o.marked_at
                    AND NOT EXISTS (SELECT FROM candidates c WHERE c.tenant_id = m.tenant_id)
            )
            SELECT tenant_id FROM candidates ORDER BY tenant_id LIMIT ?""";

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    /**
     * The tenant as it is, and as it was when somebody looked.
     *
     * @param fingerprint of its usage; empty where there never was any
     */
    public record State(
            String basis,
            @Nullable String seenBasis,
            String fingerprint,
            @Nullable String seenFingerprint,
            @Nullable Instant lookAt,
            boolean callsWaiting,
            boolean budgeted) {

        /** Whether there may be something that nobody has looked at. */
        public boolean isUnseen() {
            if (seenBasis == null) {
                return !fingerprint.isEmpty() || callsWaiting || budgeted;
            }
            return callsWaiting || !basis.equals(seenBasis) || !fingerprint.equals(seenFingerprint);
        }
    }

    /** Which meter's rollup was noted when. */
    public record Mark(String meter, Instant at) {}

    /** Of the caller's tenant; empty without a live subscription. */
    public Optional<State> state() {
        return sql.queryOne(
                STATE,
                row -> new State(
                        row.getString("basis"),
                        row.getString("seen_basis"),
                        row.getString("fingerprint"),
                        row.getString("seen_fingerprint"),
                        Sql.instant(row, "look_at"),
                        row.getBoolean("calls_waiting"),
                        row.getBoolean("budgeted")),
                Caller.currentTenant());
    }

    public List<Mark> marks() {
        return sql.query(
                "SELECT meter, marked_at FROM alert_marks WHERE tenant_id = ? ORDER BY meter",
                row -> new Mark(row.getString("meter"), Sql.instant(row, "marked_at")),
                Caller.currentTenant());
    }

    /** What was noted since stays, and so does what somebody holds: whoever waited here could be waited for there. */
    public void unmark(List<Mark> seen) {
        if (!seen.isEmpty()) {
            sql.update(
                    """
                    DELETE FROM alert_marks WHERE ctid IN (
                        SELECT m.ctid FROM alert_marks m
                        JOIN unnest(?::text[], ?::text[]) AS s (meter, at)
                            ON m.meter = s.meter AND m.marked_at = s.at::timestamptz
                        WHERE m.tenant_id = ? FOR UPDATE OF m SKIP LOCKED)""",
                    new Sql.Array("text", seen.stream().map(Mark::meter).toArray()),
                    new Sql.Array(
                            "text",
                            seen.stream().map(mark -> mark.at().toString()).toArray()),
                    Caller.currentTenant());
        }
    }

    /**
     * When the days are to be looked at again.
     *
     * @param quantities by meter what its month must come to before {@code at} comes
     * @param at null for not before that
     */
    public record Days(
            Map<String, BigDecimal> quantities, @Nullable Instant at) {

        /** Before anybody looked, or of another month. */
        public static final Days UNKNOWN = new Days(Map.of(), Instant.EPOCH);

        /** @param used by meter what its month has come to */
        public boolean areDue(Instant now, Map<String, BigDecimal> used) {
            return at != null && !at.isAfter(now)
                    || quantities.entrySet().stream()
                            .anyMatch(one -> used.getOrDefault(one.getKey(), BigDecimal.ZERO)
                                            .compareTo(one.getValue())
                                    >= 0);
        }
    }

    /** What the last look in that month left. */
    public Days days(Period month) {
        List<Days> watch = sql.query(
                "SELECT days_at FROM alert_watches WHERE tenant_id = ? AND period_start = ?",
                row -> new Days(quantities(), Sql.instant(row, "days_at")),
                Caller.currentTenant(),
                month.start());
        return watch.isEmpty() ? Days.UNKNOWN : watch.get(0);
    }

    private Map<String, BigDecimal> quantities() {
        return sql
                .query("""
                        SELECT d.key, d.value::numeric AS value FROM alert_watches w, jsonb_each_text(w.day_quantities) AS d
                        WHERE w.tenant_id = ?""", row -> Map.entry(row.getString("key"), row.getBigDecimal("value")), Caller.currentTenant())
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Nobody need look before something changes. */
    public void rest() {
        sql.update("DELETE FROM alert_watches WHERE tenant_id = ?", Caller.currentTenant());
    }

    /** Somebody is to look soon, whatever was seen. */
    public void markAnew() {
        rest();
        sql.update("""
                INSERT INTO alert_marks (tenant_id, meter, marked_at) VALUES (?, '', clock_timestamp())
                ON CONFLICT (tenant_id, meter) DO UPDATE SET marked_at = excluded.marked_at""", Caller.currentTenant());
    }

    /**
     * @param always whether any use may matter
     * @param next by meter what it must come to
     * @param lookAt null where nothing comes without a further event
     */
    public void save(
            State state,
            Period month,
            boolean always,
            Map<String, BigDecimal> next,
            @Nullable Instant lookAt,
            Days days) {
        sql.update(
                """
                INSERT INTO alert_watches (tenant_id, basis, fingerprint, period_start, period_end, always, next_quantities,
                    look_at, looked_at, days_at, day_quantities)
                VALUES (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?::jsonb)
                ON CONFLICT (tenant_id) DO UPDATE SET basis = excluded.basis, fingerprint = excluded.fingerprint,
                    period_start = excluded.period_start, period_end = excluded.period_end, always = excluded.always,
                    next_quantities = excluded.next_quantities, look_at = excluded.look_at,
                    looked_at = excluded.looked_at, days_at = excluded.days_at, day_quantities = excluded.day_quantities""",
                Caller.currentTenant(),
                state.basis(),
                state.fingerprint(),
                month.start(),
                month.end(),
                always,
                json(next),
                lookAt,
                clock.system(),
                days.at(),
                json(days.quantities()));
    }

    private static String json(Map<String, BigDecimal> quantities) {
        return quantities.entrySet().stream()
                .map(entry -> '"' + entry.getKey() + "\": " + entry.getValue().toPlainString())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** The tenants of which something may be reached; what is known to be below is not marked any more. For the platform. */
    public List<UUID> candidates(int limit) {
        Instant now = clock.system();
        return sql.query(CANDIDATES, row -> row.getObject("tenant_id", UUID.class), now, now, limit);
    }
}
