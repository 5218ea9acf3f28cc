package com.cognitionos.metering.control;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.entity.Level;
import com.cognitionos.metering.entity.LevelLine;
import com.cognitionos.rating.entity.Period;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** As {@link PeriodUsage}, of many tenants at once, each over a span of its own that is over. */
@ApplicationScoped
public class MonthUsages {

    private static final String SPANS = """
            WITH spans AS (SELECT * FROM unnest(?::uuid[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[],
                ?::timestamptz[], ?::date[], ?::date[], ?::date[], ?::date[], ?::date[])
                AS s (tenant_id, starts, ends, whole_from, whole_to, first_day, last_day, earliest, latest, start_day))
            """;

    /** As {@link PeriodUsage} has them. The second parameter after those of the spans is the kinds again. */
    private static final String RANGES = SPANS + """
            , ranges AS (
                SELECT s.tenant_id, m.code AS meter, m.aggregation, e.since, e.until
                FROM spans s CROSS JOIN meters m
                CROSS JOIN LATERAL (VALUES (s.starts, s.whole_from), (s.whole_to, s.ends)) AS e (since, until)
                WHERE m.aggregation = ANY (?) AND e.since < e.until
                UNION ALL
                SELECT s.tenant_id, p.meter, m.aggregation, h.since, h.since + interval '1 hour'
                FROM spans s
                JOIN usage_pending p ON p.tenant_id = s.tenant_id AND p.day >= s.earliest AND p.day <= s.latest
                JOIN meters m ON m.code = p.meter AND m.aggregation = ANY (?)
                CROSS JOIN generate_series(0, 23) AS n
                CROSS JOIN LATERAL (SELECT (p.day::timestamp + make_interval(hours => n)) AT TIME ZONE 'UTC') AS h (since)
                WHERE (p.hours >> n) & 1 = 1 AND h.since >= s.whole_from AND h.since < s.whole_to
            )
            """;

    /**
     * Whole days without marks are added up as they are found, tenant by tenant and meter by meter; hours are looked at of the
     * days at both ends of a span and of those with marks only.
     */
    private static final String SUMS = RANGES + """
            , cut AS (
                SELECT s.tenant_id, m.code AS meter, m.aggregation, e.day, s.whole_from, s.whole_to
                FROM spans s CROSS JOIN meters m CROSS JOIN LATERAL (
                    SELECT s.earliest WHERE s.earliest < s.first_day
                    UNION SELECT s.latest WHERE s.whole_to > s.latest::timestamp AT TIME ZONE 'UTC') AS e (day)
                WHERE m.aggregation = ANY (?)
                UNION ALL
                SELECT s.tenant_id, p.meter, m.aggregation, p.day, s.whole_from, s.whole_to
                FROM spans s
                JOIN usage_pending p ON p.tenant_id = s.tenant_id AND p.day >= s.first_day AND p.day < s.last_day
                JOIN meters m ON m.code = p.meter AND m.aggregation = ANY (?)
            )
            SELECT tenant_id, meter, CASE aggregation WHEN 'max' THEN max(quantity) ELSE sum(quantity) END AS quantity FROM (
                SELECT s.tenant_id, m.code AS meter, m.aggregation, d.quantity FROM spans s CROSS JOIN meters m
                CROSS JOIN LATERAL (
                    SELECT array_agg(p.day) AS days FROM usage_pending p
                    WHERE p.tenant_id = s.tenant_id AND p.meter = m.code AND p.day >= s.first_day AND p.day < s.last_day
                ) AS marked
                CROSS JOIN LATERAL (
                    SELECT CASE m.aggregation WHEN 'max' THEN max(r.quantity) ELSE sum(r.quantity) END AS quantity
                    FROM usage_rollups r
                    WHERE r.tenant_id = s.tenant_id AND r.meter = m.code AND r.day >= s.first_day AND r.day < s.last_day
                      AND r.events > 0 AND (marked.days IS NULL OR r.day <> ALL (marked.days))
                ) AS d
                WHERE m.aggregation = ANY (?)
                UNION ALL
                SELECT c.tenant_id, c.meter, c.aggregation, h.quantity FROM cut c
                JOIN usage_rollups r ON r.tenant_id = c.tenant_id AND r.meter = c.meter AND r.day = c.day
                LEFT JOIN usage_pending p ON p.tenant_id = c.tenant_id AND p.meter = c.meter AND p.day = c.day
                CROSS JOIN LATERAL unnest(r.hours) WITH ORDINALITY AS h (quantity, n)
                WHERE h.quantity IS NOT NULL AND (coalesce(p.hours, 0) >> (h.n - 1)::integer) & 1 = 0
                  AND (r.day::timestamp + make_interval(hours => (h.n - 1)::integer)) AT TIME ZONE 'UTC' >= c.whole_from
                  AND (r.day::timestamp + make_interval(hours => (h.n - 1)::integer)) AT TIME ZONE 'UTC' < c.whole_to
                UNION ALL
                SELECT r.tenant_id, r.meter, r.aggregation, u.quantity FROM ranges r
                CROSS JOIN LATERAL (
                    SELECT CASE r.aggregation WHEN 'sum' THEN sum(u.quantity) WHEN 'count' THEN nullif(count(*), 0)
                        ELSE max(u.quantity) END AS quantity
                    FROM usage_records u WHERE u.tenant_id = r.tenant_id AND u.meter = r.meter
                      AND u.counted_at >= r.since AND u.counted_at < r.until) AS u
            ) AS parts WHERE quantity IS NOT NULL GROUP BY tenant_id, meter, aggregation""";

    private static final String LEVELS = RANGES + """
            SELECT r.tenant_id, r.meter, r.since, (extract(epoch FROM r.until - r.since) * 1000000)::bigint AS micros, l.first,
                l.integral, l.last
            FROM ranges r CROSS JOIN LATERAL usage_level(r.tenant_id, r.meter, r.since, r.until) AS l
            WHERE l.first IS NOT NULL
            UNION ALL
            SELECT s.tenant_id, r.meter, h.since, 3600000000, f.first, r.integrals[f.n], r.hours[f.n]
            FROM spans s CROSS JOIN meters m
            JOIN usage_rollups r ON r.tenant_id = s.tenant_id AND r.meter = m.code
                AND r.day >= s.earliest AND r.day <= s.latest
            LEFT JOIN usage_pending p ON p.tenant_id = r.tenant_id AND p.meter = r.meter AND p.day = r.day
            CROSS JOIN LATERAL unnest(r.firsts) WITH ORDINALITY AS f (first, n)
            CROSS JOIN LATERAL (SELECT (r.day::timestamp + make_interval(hours => (f.n - 1)::integer)) AT TIME ZONE 'UTC')
                AS h (since)
            WHERE m.aggregation = ANY (?) AND f.first IS NOT NULL AND (coalesce(p.hours, 0) >> (f.n - 1)::integer) & 1 = 0
              AND h.since >= s.whole_from AND h.since < s.whole_to
            UNION ALL
            SELECT s.tenant_id, m.code, NULL, 0, NULL, NULL, coalesce(
                CASE WHEN k.behind THEN (
                    SELECT u.quantity FROM usage_records u
                    WHERE u.tenant_id = s.tenant_id AND u.meter = m.code AND u.counted_at < s.starts
                    ORDER BY u.counted_at DESC, u.received_at DESC, u.event_id DESC LIMIT 1) END,
                (SELECT r.quantity FROM usage_rollups r
                 WHERE r.tenant_id = s.tenant_id AND r.meter = m.code AND r.day < s.start_day AND r.events > 0
                   AND NOT EXISTS (SELECT FROM usage_pending p
                                  WHERE p.tenant_id = r.tenant_id AND p.meter = r.meter AND p.day = r.day)
                 ORDER BY r.day DESC LIMIT 1))
            FROM spans s CROSS JOIN meters m CROSS JOIN LATERAL (
                SELECT s.starts > s.start_day::timestamp AT TIME ZONE 'UTC' OR EXISTS (SELECT FROM usage_pending p
                    WHERE p.tenant_id = s.tenant_id AND p.meter = m.code AND p.day < s.start_day)) AS k (behind)
            WHERE m.aggregation = ANY (?)""";

    // Of one whose records are dropped, the rollups of its days tell.
    private static final String OTHERS = SPANS + """
            SELECT s.tenant_id FROM spans s WHERE EXISTS (
                SELECT FROM meters m JOIN usage_records u ON u.tenant_id = s.tenant_id AND u.meter = m.code
                    AND u.counted_at >= s.starts AND u.counted_at < s.ends
                WHERE NOT m.aggregation = ANY (?))
            OR EXISTS (
                SELECT FROM meters m JOIN usage_rollups r ON r.tenant_id = s.tenant_id AND r.meter = m.code
                    AND r.day >= s.start_day AND r.day <= s.latest
                WHERE NOT m.aggregation = ANY (?))
            OR EXISTS (SELECT FROM api_call_tail c WHERE c.tenant_id = s.tenant_id)""";

    private static final Sql.Array MERGED = new Sql.Array("text", new Object[] {"sum", "count", "max"});
    private static final Sql.Array LEVELLED = new Sql.Array("text", new Object[] {"time_weighted"});
    private static final Sql.Array TOLD = new Sql.Array("text", new Object[] {"sum", "count", "max", "time_weighted"});

    @Inject
    private Sql sql;

    private record Span(UUID tenant, Hours hours) {
        Instant start() {
            return hours.span().start();
        }
    }

    private record Quantity(UUID tenant, String meter, BigDecimal quantity) {}

    /** @param since null for the level as the span starts */
    private record Reading(
            UUID tenant,
            String meter,
            @Nullable Instant since,
            @Nullable Level level,
            @Nullable BigDecimal before) {}

    /**
     * @return by tenant and meter, a meter without events being absent; a tenant is absent that has used a meter of which
     *     distinct or last values count, or that has API calls which are no records yet
     */
    public Map<UUID, Map<String, BigDecimal>> of(Map<UUID, Period> periods) {
        List<Span> spans = new ArrayList<>();
        periods.forEach((tenant, period) -> spans.add(new Span(tenant, Hours.of(period))));
        Set<UUID> others = new HashSet<>(
                sql.query(OTHERS, row -> row.getObject("tenant_id", UUID.class), parameters(spans, TOLD, TOLD)));
        Map<UUID, Map<String, BigDecimal>> quantities = new HashMap<>();
        spans.removeIf(span -> others.contains(span.tenant()));
        spans.forEach(span -> quantities.put(span.tenant(), new HashMap<>()));
        if (spans.isEmpty()) {
            return quantities;
        }
        sql.query(
                        SUMS,
                        row -> new Quantity(
                                row.getObject("tenant_id", UUID.class),
                                row.getString("meter"),
                                row.getBigDecimal("quantity")),
                        parameters(spans, MERGED, MERGED, MERGED, MERGED, MERGED))
                .forEach(one -> put(quantities, one));
        means(periods, spans).forEach(one -> put(quantities, one));
        return quantities;
    }

    private static void put(Map<UUID, Map<String, BigDecimal>> quantities, Quantity one) {
        Objects.requireNonNull(quantities.get(one.tenant())).put(one.meter(), one.quantity());
    }

    private List<Quantity> means(Map<UUID, Period> periods, List<Span> spans) {
        record Line(UUID tenant, String meter) {}
        Map<Line, List<LevelLine.Piece>> pieces = new HashMap<>();
        Map<Line, BigDecimal> before = new HashMap<>();
        List<Reading> readings = sql.query(
                LEVELS,
                row -> {
                    Instant since = Sql.instant(row, "since");
                    return new Reading(
                            row.getObject("tenant_id", UUID.class),
                            row.getString("meter"),
                            since,
                            since == null
                                    ? null
                                    : new Level(
                                            row.getLong("micros"),
                                            row.getLong("first"),
                                            row.getBigDecimal("integral"),
                                            row.getBigDecimal("last")),
                            since == null ? row.getBigDecimal("last") : null);
                },
                parameters(spans, LEVELLED, LEVELLED, LEVELLED, LEVELLED));
        for (Reading reading : readings) {
            Line line = new Line(reading.tenant(), reading.meter());
            if (reading.since() != null) {
                pieces.computeIfAbsent(line, none -> new ArrayList<>())
                        .add(new LevelLine.Piece(reading.since(), Objects.requireNonNull(reading.level())));
            } else if (reading.before() != null) {
                before.put(line, reading.before());
                pieces.computeIfAbsent(line, none -> new ArrayList<>());
            }
        }
        List<Quantity> means = new ArrayList<>();
        pieces.forEach((line, ofLine) -> {
            ofLine.sort(Comparator.comparing(LevelLine.Piece::since));
            Period span = Objects.requireNonNull(periods.get(line.tenant()));
            BigDecimal mean =
                    new LevelLine(span.start(), before.getOrDefault(line, BigDecimal.ZERO), ofLine).mean(span);
            means.add(new Quantity(line.tenant(), line.meter(), mean.setScale(6, RoundingMode.HALF_UP)));
        });
        return means;
    }

    private static Object[] parameters(List<Span> spans, Object... more) {
        List<Object> all = new ArrayList<>(List.of(
                column(spans, "uuid", Span::tenant),
                column(spans, "timestamptz", span -> span.start().toString()),
                column(spans, "timestamptz", span -> span.hours().span().end().toString()),
                column(spans, "timestamptz", span -> span.hours().wholeFrom().toString()),
                column(spans, "timestamptz", span -> span.hours().wholeTo().toString()),
                column(spans, "date", span -> span.hours().firstDay().toString()),
                column(spans, "date", span -> span.hours().lastDay().toString()),
                column(spans, "date", span -> span.hours().earliest().toString()),
                column(spans, "date", span -> span.hours().latest().toString()),
                column(
                        spans,
                        "date",
                        span -> LocalDate.ofInstant(span.start(), ZoneOffset.UTC)
                                .toString())));
        all.addAll(List.of(more));
        return all.toArray();
    }
}
