package com.cognitionos.metering.control;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Meter.Aggregation;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.entity.Level;
import com.cognitionos.metering.entity.LevelLine;
import com.cognitionos.rating.entity.Period;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The quantity of every meter in a span of time, exact to the microsecond at its edges: whole days and hours come from
 * the rollups, what is left at the ends and the hours whose rollup is behind from the records, in one snapshot for each
 * meter.
 */
@ApplicationScoped
public class PeriodUsage {

    /**
     * What is to be read from the records: the ends of the span, and the marked hours in it. The kinds of meters are hidden
     * from the planner: where it sees how few they are, it finds each new plan better than the one that would serve again, and
     * planning takes forty times what the statement does.
     */
    private static final String RANGES = """
            WITH ranges AS (
                SELECT m.code AS meter, m.aggregation, m.unique_by, e.since, e.until
                FROM meters m CROSS JOIN (VALUES (?::timestamptz, ?::timestamptz), (?::timestamptz, ?::timestamptz))
                    AS e (since, until)
                WHERE m.aggregation = ANY ((SELECT ?::text[])::text[]) AND e.since < e.until
                UNION ALL
                SELECT p.meter, m.aggregation, m.unique_by, h.since, h.since + interval '1 hour'
                FROM usage_pending p JOIN meters m ON m.code = p.meter AND m.aggregation = ANY ((SELECT ?::text[])::text[])
                CROSS JOIN generate_series(0, 23) AS n
                CROSS JOIN LATERAL (SELECT (p.day::timestamp + make_interval(hours => n)) AT TIME ZONE 'UTC') AS h (since)
                WHERE p.tenant_id = ? AND p.day >= ? AND p.day <= ? AND (p.hours >> n) & 1 = 1
                  AND h.since >= ? AND h.since < ?
            )""";

    private static final String QUANTITIES = RANGES + """
            , parts AS (
                SELECT r.meter, m.aggregation, r.quantity FROM usage_rollups r
                JOIN meters m ON m.code = r.meter AND m.aggregation = ANY ((SELECT ?::text[])::text[])
                WHERE r.tenant_id = ? AND r.day >= ? AND r.day < ? AND r.events > 0
                  AND NOT EXISTS (SELECT FROM usage_pending p
                                  WHERE p.tenant_id = r.tenant_id AND p.meter = r.meter AND p.day = r.day)
                UNION ALL
                SELECT r.meter, m.aggregation, h.quantity FROM usage_rollups r
                JOIN meters m ON m.code = r.meter AND m.aggregation = ANY ((SELECT ?::text[])::text[])
                LEFT JOIN usage_pending p ON p.tenant_id = r.tenant_id AND p.meter = r.meter AND p.day = r.day
                CROSS JOIN LATERAL unnest(r.hours) WITH ORDINALITY AS h (quantity, n)
                WHERE r.tenant_id = ? AND r.day >= ? AND r.day <= ?
                  AND (p.day IS NOT NULL OR r.day < ? OR r.day >= ?)
                  AND (coalesce(p.hours, 0) >> (h.n - 1)::integer) & 1 = 0
                  AND (r.day::timestamp + make_interval(hours => (h.n - 1)::integer)) AT TIME ZONE 'UTC' >= ?
                  AND (r.day::timestamp + make_interval(hours => (h.n - 1)::integer)) AT TIME ZONE 'UTC' < ?
                UNION ALL
                SELECT r.meter, r.aggregation, u.quantity FROM ranges r
                CROSS JOIN LATERAL (
                    SELECT CASE r.aggregation WHEN 'sum' THEN sum(u.quantity) WHEN 'count' THEN nullif(count(*), 0)
                        ELSE max(u.quantity) END AS quantity
                    FROM usage_records u
                    WHERE u.tenant_id = ? AND u.meter = r.meter AND u.counted_at >= r.since AND u.counted_at < r.until) AS u
            )
            SELECT meter, aggregation, CASE aggregation WHEN 'max' THEN max(quantity) ELSE sum(quantity) END AS quantity
            FROM parts WHERE quantity IS NOT NULL GROUP BY meter, aggregation
            UNION ALL
            SELECT code, aggregation, NULL FROM meters WHERE NOT aggregation = ANY ((SELECT ?::text[])::text[])""";

    private static final String UNIQUE = RANGES + """
            , things AS (
                SELECT v.meter, v.thing FROM usage_distinct v
                LEFT JOIN usage_pending p ON p.tenant_id = v.tenant_id AND p.meter = v.meter AND p.day = v.day
                WHERE v.tenant_id = ? AND v.dimension = '' AND v.day >= ? AND v.day < ?
                  AND v.hours & ~coalesce(p.hours, 0) <> 0
                UNION
                SELECT v.meter, v.thing FROM usage_distinct v
                LEFT JOIN usage_pending p ON p.tenant_id = v.tenant_id AND p.meter = v.meter AND p.day = v.day
                CROSS JOIN generate_series(0, 23) AS n
                WHERE v.tenant_id = ? AND v.dimension = '' AND v.day >= ? AND v.day <= ? AND (v.day < ? OR v.day >= ?)
                  AND ((v.hours & ~coalesce(p.hours, 0)) >> n) & 1 = 1
                  AND (v.day::timestamp + make_interval(hours => n)) AT TIME ZONE 'UTC' >= ?
                  AND (v.day::timestamp + make_interval(hours => n)) AT TIME ZONE 'UTC' < ?
                UNION
                SELECT r.meter, u.thing FROM ranges r
                CROSS JOIN LATERAL (
                    SELECT usage_dimension(r.unique_by, r.meter, u.subject, u.key_prefix, u.properties) AS thing
                    FROM usage_records u
                    WHERE u.tenant_id = ? AND u.meter = r.meter AND u.counted_at >= r.since AND u.counted_at < r.until
                    OFFSET 0) AS u
            )
            SELECT meter, count(thing)::numeric AS quantity FROM things GROUP BY meter""";

    private static final String LATEST = """
            SELECT m.code AS meter, u.quantity FROM meters m
            CROSS JOIN LATERAL (
                SELECT quantity FROM usage_records
                WHERE tenant_id = ? AND meter = m.code AND counted_at >= ? AND counted_at < ?
                ORDER BY counted_at DESC, received_at DESC, event_id DESC LIMIT 1) AS u
            WHERE m.aggregation = 'latest'""";

    private static final String LEVELS = RANGES + """
            SELECT r.meter, r.since, (extract(epoch FROM r.until - r.since) * 1000000)::bigint AS micros, l.first,
                l.integral, l.last
            FROM ranges r CROSS JOIN LATERAL usage_level(?, r.meter, r.since, r.until) AS l
            WHERE l.first IS NOT NULL AND r.meter = coalesce(?::text, r.meter)
            UNION ALL
            SELECT r.meter, h.since, 3600000000, r.firsts[n + 1], r.integrals[n + 1], r.hours[n + 1]
            FROM usage_rollups r
            JOIN meters m ON m.code = r.meter AND m.aggregation = ANY (?)
            LEFT JOIN usage_pending p ON p.tenant_id = r.tenant_id AND p.meter = r.meter AND p.day = r.day
            CROSS JOIN generate_series(0, 23) AS n
            CROSS JOIN LATERAL (SELECT (r.day::timestamp + make_interval(hours => n)) AT TIME ZONE 'UTC') AS h (since)
            WHERE r.tenant_id = ? AND r.meter = coalesce(?::text, r.meter) AND r.day >= ? AND r.day <= ?
              AND r.firsts[n + 1] IS NOT NULL AND (coalesce(p.hours, 0) >> n) & 1 = 0 AND h.since >= ? AND h.since < ?
            UNION ALL
            SELECT m.code, NULL, 0, NULL, NULL, coalesce(
                (SELECT u.quantity FROM usage_records u WHERE u.tenant_id = ? AND u.meter = m.code AND u.counted_at < ?
                 ORDER BY u.counted_at DESC, u.received_at DESC, u.event_id DESC LIMIT 1),
                (SELECT r.quantity FROM usage_rollups r
                 WHERE r.tenant_id = ? AND r.meter = m.code AND r.day < ? AND r.events > 0
                   AND NOT EXISTS (SELECT FROM usage_pending p
                                  WHERE p.tenant_id = r.tenant_id AND p.meter = r.meter AND p.day = r.day)
                 ORDER BY r.day DESC LIMIT 1))
            FROM meters m WHERE m.aggregation = ANY (?) AND m.code = coalesce(?::text, m.code)""";

    // A level holds on for longer than records are kept; the rollups of their days stay. One that is behind may tell of
    // a
    // level that was taken back, and has its records still.
    private static final String LEVEL = """
            SELECT coalesce(
                (SELECT u.quantity FROM usage_records u WHERE u.tenant_id = ? AND u.meter = ? AND u.counted_at <= ?
                 ORDER BY u.counted_at DESC, u.received_at DESC, u.event_id DESC LIMIT 1),
                (SELECT r.quantity FROM usage_rollups r
                 WHERE r.tenant_id = ? AND r.meter = ? AND r.day < ? AND r.events > 0
                   AND NOT EXISTS (SELECT FROM usage_pending p
                                  WHERE p.tenant_id = r.tenant_id AND p.meter = r.meter AND p.day = r.day)
                 ORDER BY r.day DESC LIMIT 1), 0)
                AS quantity""";

    private static final Set<Aggregation> MERGED = EnumSet.of(Aggregation.SUM, Aggregation.COUNT, Aggregation.MAX);

    @Inject
    private Sql sql;

    @EJB
    private Plans plans;

    /**
     * @param now the tenant's present; a level is averaged over the part of the span that has passed
     * @return by meter; a meter without events is absent
     */
    public Map<String, BigDecimal> of(Period span, Instant now) {
        return of(span, now, EnumSet.allOf(Aggregation.class));
    }

    /**
     * What a part of a period adds to the quantities of the whole, so that the parts together make the whole: of a sum its
     * own, of a mean level its weighted share, of a largest quantity and of distinct values by how much it raises them, and
     * the last quantity where the part is the last.
     */
    public Map<String, BigDecimal> share(Period part, Period whole, Instant now) {
        Map<String, BigDecimal> quantities =
                new HashMap<>(of(part, now, EnumSet.of(Aggregation.SUM, Aggregation.COUNT, Aggregation.TIME_WEIGHTED)));
        BigDecimal some = BigDecimal.valueOf(part.length().toNanos());
        BigDecimal all = BigDecimal.valueOf(whole.length().toNanos());
        Map<String, BigDecimal> before = null;
        Map<String, BigDecimal> after = null;
        for (Meter meter : plans.meters()) {
            String code = meter.code();
            switch (meter.aggregation()) {
                case SUM, COUNT -> {}
                case TIME_WEIGHTED ->
                    quantities.computeIfPresent(
                            code, (same, mean) -> mean.multiply(some).divide(all, 6, RoundingMode.HALF_UP));
                case LATEST -> {
                    if (part.end().equals(whole.end())) {
                        after = after == null ? raised(whole.start(), part.end()) : after;
                        put(quantities, code, after.get(code));
                    }
                }
                case MAX, UNIQUE_COUNT -> {
                    before = before == null ? raised(whole.start(), part.start()) : before;
                    after = after == null ? raised(whole.start(), part.end()) : after;
                    BigDecimal risen = after.getOrDefault(code, BigDecimal.ZERO)
                            .subtract(before.getOrDefault(code, BigDecimal.ZERO));
                    put(quantities, code, risen.signum() == 0 ? null : risen);
                }
            }
        }
        return quantities;
    }

    private static void put(Map<String, BigDecimal> quantities, String meter, @Nullable BigDecimal quantity) {
        if (quantity != null) {
            quantities.put(meter, quantity);
        }
    }

    private Map<String, BigDecimal> raised(Instant from, Instant to) {
        return from.isBefore(to)
                ? of(
                        new Period(from, to),
                        to,
                        EnumSet.of(Aggregation.MAX, Aggregation.UNIQUE_COUNT, Aggregation.LATEST))
                : Map.of();
    }

    /** Of the meters that have counters, also for a span that is not over. */
    Map<String, BigDecimal> counted(Period span) {
        return of(span, span.end(), EnumSet.of(Aggregation.SUM, Aggregation.COUNT, Aggregation.UNIQUE_COUNT));
    }

    /** Of all others over the whole span, the last level holding to its end. */
    Map<String, BigDecimal> uncounted(Period span) {
        return of(span, span.end(), EnumSet.of(Aggregation.MAX, Aggregation.LATEST, Aggregation.TIME_WEIGHTED));
    }

    private Map<String, BigDecimal> of(Period span, Instant now, Set<Aggregation> wanted) {
        Hours hours = Hours.of(span);
        Map<String, BigDecimal> found = new HashMap<>();
        EnumSet<Aggregation> others = EnumSet.noneOf(Aggregation.class);
        EnumSet<Aggregation> merged = EnumSet.copyOf(MERGED);
        merged.retainAll(wanted);
        Object tenant = Caller.currentTenant();
        Sql.Array kinds = kinds(merged);
        sql.query(
                        QUANTITIES,
                        row -> new Row(
                                row.getString("meter"),
                                Aggregation.valueOf(row.getString("aggregation").toUpperCase(Locale.ROOT)),
                                row.getBigDecimal("quantity")),
                        ranges(
                                hours,
                                kinds,
                                kinds,
                                tenant,
                                hours.firstDay(),
                                hours.lastDay(),
                                kinds,
                                tenant,
                                hours.earliest(),
                                hours.latest(),
                                hours.firstDay(),
                                hours.lastDay(),
                                hours.wholeFrom(),
                                hours.wholeTo(),
                                tenant,
                                kinds))
                .forEach(row -> {
                    if (row.quantity() == null) {
                        others.add(row.aggregation());
                    } else {
                        found.put(row.meter(), row.quantity());
                    }
                });
        others.retainAll(wanted);
        if (others.contains(Aggregation.UNIQUE_COUNT)) {
            found.putAll(unique(hours));
        }
        if (others.contains(Aggregation.LATEST)) {
            found.putAll(rows(LATEST, tenant, span.start(), span.end()));
        }
        Instant passed = now.isBefore(span.end()) ? now : span.end();
        if (others.contains(Aggregation.TIME_WEIGHTED) && span.start().isBefore(passed)) {
            Period past = new Period(span.start(), passed);
            levels(past, null)
                    .forEach((meter, line) -> found.put(meter, line.mean(past).setScale(6, RoundingMode.HALF_UP)));
        }
        return found;
    }

    private record Row(
            String meter, Aggregation aggregation, @Nullable BigDecimal quantity) {}

    private Map<String, BigDecimal> unique(Hours hours) {
        Object tenant = Caller.currentTenant();
        return rows(
                UNIQUE,
                ranges(
                        hours,
                        kinds(EnumSet.of(Aggregation.UNIQUE_COUNT)),
                        tenant,
                        hours.firstDay(),
                        hours.lastDay(),
                        tenant,
                        hours.earliest(),
                        hours.latest(),
                        hours.firstDay(),
                        hours.lastDay(),
                        hours.wholeFrom(),
                        hours.wholeTo(),
                        tenant));
    }

    /**
     * The levels over a span, cut at the hours in it.
     *
     * @param meter null for all
     * @return by meter; one that had no reading yet is absent
     */
    Map<String, LevelLine> levels(Period span, @Nullable String meter) {
        Hours hours = Hours.of(span);
        Object tenant = Caller.currentTenant();
        Sql.Array kinds = kinds(EnumSet.of(Aggregation.TIME_WEIGHTED));
        Map<String, List<LevelLine.Piece>> pieces = new LinkedHashMap<>();
        Map<String, BigDecimal> before = new HashMap<>();
        sql.query(
                LEVELS,
                row -> {
                    String code = row.getString("meter");
                    Instant since = Sql.instant(row, "since");
                    BigDecimal last = row.getBigDecimal("last");
                    if (since == null) {
                        if (last != null) {
                            before.put(code, last);
                            pieces.computeIfAbsent(code, none -> new ArrayList<>());
                        }
                    } else {
                        pieces.computeIfAbsent(code, none -> new ArrayList<>())
                                .add(new LevelLine.Piece(
                                        since,
                                        new Level(
                                                row.getLong("micros"),
                                                row.getLong("first"),
                                                row.getBigDecimal("integral"),
                                                last)));
                    }
                    return code;
                },
                ranges(
                        hours,
                        kinds,
                        tenant,
                        meter,
                        kinds,
                        tenant,
                        meter,
                        hours.earliest(),
                        hours.latest(),
                        hours.wholeFrom(),
                        hours.wholeTo(),
                        tenant,
                        span.start(),
                        tenant,
                        LocalDate.ofInstant(span.start(), ZoneOffset.UTC),
                        kinds,
                        meter));
        Map<String, LevelLine> lines = new HashMap<>();
        pieces.forEach((code, line) -> {
            line.sort(Comparator.comparing(LevelLine.Piece::since));
            lines.put(code, new LevelLine(span.start(), before.getOrDefault(code, BigDecimal.ZERO), line));
        });
        return lines;
    }

    /** The quantity that the last event up to an instant gave; 0 before the first. */
    public BigDecimal level(String meter, Instant at) {
        return sql.queryOne(
                        LEVEL,
                        row -> row.getBigDecimal("quantity"),
                        Caller.currentTenant(),
                        meter,
                        at,
                        Caller.currentTenant(),
                        meter,
                        LocalDate.ofInstant(at, ZoneOffset.UTC))
                .orElse(BigDecimal.ZERO);
    }

    /** When the last event of a span counts; empty without any. */
    Optional<Instant> last(String meter, Period span) {
        return sql.queryOne(
                        """
                        SELECT max(counted_at) AS at FROM usage_records
                        WHERE tenant_id = ? AND meter = ? AND counted_at >= ? AND counted_at < ?""",
                        row -> Optional.ofNullable(Sql.instant(row, "at")),
                        Caller.currentTenant(),
                        meter,
                        span.start(),
                        span.end())
                .flatMap(at -> at);
    }

    private static Sql.Array kinds(Set<Aggregation> kinds) {
        return new Sql.Array("text", kinds.stream().map(Aggregation::code).toArray());
    }

    /** The parameters of {@link #RANGES}, and those of what follows it. */
    private static @Nullable Object[] ranges(Hours hours, Sql.Array kinds, @Nullable Object... others) {
        List<@Nullable Object> all = new ArrayList<>(List.of(
                hours.span().start(),
                hours.wholeFrom(),
                hours.wholeTo(),
                hours.span().end(),
                kinds,
                kinds,
                Caller.currentTenant(),
                hours.earliest(),
                hours.latest(),
                hours.wholeFrom(),
                hours.wholeTo()));
        for (Object other : others) {
            all.add(other);
        }
        return all.toArray();
    }

    private Map<String, BigDecimal> rows(String statement, @Nullable Object... parameters) {
        Map<String, BigDecimal> found = new HashMap<>();
        sql.query(statement, row -> Map.entry(row.getString("meter"), row.getBigDecimal("quantity")), parameters)
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }
}
