package com.cognitionos.metering.control;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Meter.Aggregation;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.entity.LevelLine;
import com.cognitionos.rating.entity.Period;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A meter over time, of rollups and of the records of marked hours, in one snapshot. Hours that are not marked are never
 * read from their records.
 */
@ApplicationScoped
public class SeriesLog {

    /**
     * What to read.
     *
     * @param step {@code hour}, {@code day} or {@code month}; {@code span} begins and ends with one
     * @param dimension null for all usage
     * @param value the only one of the dimension that is wanted; null for all
     * @param within the only events that are looked at, by another dimension; null for all. Rollups do not know the two
     *     together, so each event of the span is read
     */
    public record Query(
            Meter meter,
            Period span,
            String step,
            @Nullable String dimension,
            @Nullable String value,
            @Nullable Within within) {}

    /** @param value empty for the events that have none */
    public record Within(String dimension, String value) {}

    /** The quantity of a step. @param group empty for what has no value; null for all others than those wanted */
    public record Element(Instant at, @Nullable String group, BigDecimal quantity) {}

    private static final String MARKS = """
            WITH marks AS (
                SELECT day, hours FROM usage_pending WHERE tenant_id = ? AND meter = ? AND day >= ? AND day <= ?
            )""";

    /** As if all hours were marked. */
    private static final String ALL = """
            WITH marks AS (
                SELECT day::date, 16777215 AS hours FROM generate_series(?::date, ?::date, interval '1 day') AS day
            )""";

    private static final String TAIL = """
            , tail AS (
                SELECT h.at, h.at AT TIME ZONE 'UTC' AS since FROM marks CROSS JOIN generate_series(0, 23) AS n
                CROSS JOIN LATERAL (SELECT day::timestamp + make_interval(hours => n)) AS h (at)
                WHERE (hours >> n) & 1 = 1
                  AND h.at >= ?::timestamptz AT TIME ZONE 'UTC' AND h.at < ?::timestamptz AT TIME ZONE 'UTC'
            ), elements AS (""";

    private static final String TOTALS = """
                SELECT ''::text AS value, r.day::timestamp AS at, r.quantity
                FROM usage_rollups r LEFT JOIN marks k ON k.day = r.day
                WHERE r.tenant_id = ? AND r.meter = ? AND r.day >= ? AND r.day <= ?
                  AND ? <> 'hour' AND k.day IS NULL AND r.events > 0
                UNION ALL
                SELECT '', r.day::timestamp + make_interval(hours => n), r.hours[n + 1]
                FROM usage_rollups r LEFT JOIN marks k ON k.day = r.day CROSS JOIN generate_series(0, 23) AS n
                WHERE r.tenant_id = ? AND r.meter = ? AND r.day >= ? AND r.day <= ?
                  AND (? = 'hour' OR k.day IS NOT NULL)
                  AND (coalesce(k.hours, 0) >> n) & 1 = 0 AND r.hours[n + 1] IS NOT NULL
                UNION ALL
                SELECT '', t.at, u.quantity FROM tail t
                CROSS JOIN LATERAL (SELECT\s""";

    private static final String GROUPS = """
                SELECT g.value, g.day::timestamp AS at, g.quantity
                FROM usage_group_rollups g LEFT JOIN marks k ON k.day = g.day
                WHERE g.tenant_id = ? AND g.meter = ? AND g.day >= ? AND g.day <= ? AND ? <> 'hour' AND k.day IS NULL
                  AND g.filled <> 0 AND g.dimension = ? AND g.value = coalesce(?::text, g.value)
                UNION ALL
                SELECT g.value, g.day::timestamp + make_interval(hours => n), g.hours[n + 1]
                FROM usage_group_rollups g LEFT JOIN marks k ON k.day = g.day CROSS JOIN generate_series(0, 23) AS n
                WHERE g.tenant_id = ? AND g.meter = ? AND g.day >= ? AND g.day <= ? AND (? = 'hour' OR k.day IS NOT NULL)
                  AND g.dimension = ? AND g.value = coalesce(?::text, g.value)
                  AND (g.filled >> n) & 1 = 1 AND (coalesce(k.hours, 0) >> n) & 1 = 0
                UNION ALL
                SELECT u.value, t.at, u.quantity FROM tail t
                CROSS JOIN LATERAL (
                    SELECT coalesce(usage_dimension(?, u.meter, u.subject, u.key_prefix, u.properties), '') AS value,\s""";

    private static final String OF_RECORDS = """
             AS quantity FROM usage_records u
                    WHERE u.tenant_id = ? AND u.meter = ?
                      AND u.counted_at >= t.since AND u.counted_at < t.since + interval '1 hour'""";

    private static final String WITHIN =
            " AND coalesce(usage_dimension(?, u.meter, u.subject, u.key_prefix, u.properties), '') = ?";

    private static final String THINGS_BY_DAY = """
                SELECT v.value, v.day::timestamp AS at, v.thing
                FROM usage_distinct v LEFT JOIN marks k ON k.day = v.day
                WHERE v.tenant_id = ? AND v.meter = ? AND v.day >= ? AND v.day <= ? AND v.dimension = ?
                  AND v.value = coalesce(?::text, v.value) AND v.hours & ~coalesce(k.hours, 0) <> 0""";

    private static final String THINGS_BY_HOUR = """
                SELECT v.value, v.day::timestamp + make_interval(hours => n) AS at, v.thing
                FROM usage_distinct v LEFT JOIN marks k ON k.day = v.day CROSS JOIN generate_series(0, 23) AS n
                WHERE v.tenant_id = ? AND v.meter = ? AND v.day >= ? AND v.day <= ? AND v.dimension = ?
                  AND v.value = coalesce(?::text, v.value) AND ((v.hours & ~coalesce(k.hours, 0)) >> n) & 1 = 1""";

    private static final String THINGS_OF_RECORDS = """

                UNION ALL
                SELECT u.value, t.at, u.thing FROM tail t
                CROSS JOIN LATERAL (
                    SELECT CASE ? WHEN '' THEN ''
                            ELSE coalesce(usage_dimension(?, u.meter, u.subject, u.key_prefix, u.properties), '') END AS value,
                        usage_dimension(?, u.meter, u.subject, u.key_prefix, u.properties) AS thing
                    FROM usage_records u
                    WHERE u.tenant_id = ? AND u.meter = ?
                      AND u.counted_at >= t.since AND u.counted_at < t.since + interval '1 hour'""";

    private static final String OF_THINGS = " OFFSET 0) AS u WHERE u.value = coalesce(?::text, u.value)";

    private static final String IN_SPAN = """

            ) SELECT e.*, date_trunc(?, at) AS step FROM elements e
            WHERE at >= ?::timestamptz AT TIME ZONE 'UTC' AND at < ?::timestamptz AT TIME ZONE 'UTC'""";

    @Inject
    private Sql sql;

    @Inject
    private PeriodUsage periods;

    /** Of one group, or of all usage; steps without events are left out. */
    public List<Element> series(Query query) {
        return steps(query, null);
    }

    /** By group, and of all groups that are not {@code wanted} as one. */
    public List<Element> grouped(Query query, List<String> wanted) {
        return steps(query, wanted);
    }

    /** The groups with the most in the span. */
    public List<String> largest(Query query, int most) {
        return sql.query(
                "SELECT value FROM (" + elements(query) + ") AS e GROUP BY value ORDER BY " + merged(query)
                        + " DESC, value LIMIT ?",
                row -> row.getString("value"),
                with(parameters(query), most));
    }

    /** Of a meter that is a mean level, up to an instant. */
    public @Nullable LevelLine levels(Meter meter, Period span) {
        Map<String, LevelLine> lines = periods.levels(span, meter.code());
        return lines.get(meter.code());
    }

    private List<Element> steps(Query query, @Nullable List<String> wanted) {
        return sql.query(
                "SELECT CASE WHEN ?::text[] IS NULL OR value = ANY (?::text[]) THEN value END AS value,"
                        + " step AT TIME ZONE 'UTC' AS step, "
                        + merged(query) + " AS quantity FROM (" + elements(query)
                        + ") AS e GROUP BY 1, step ORDER BY step",
                row -> new Element(Sql.instant(row, "step"), row.getString("value"), row.getBigDecimal("quantity")),
                with(wanted(wanted), parameters(query)));
    }

    private static @Nullable Object[] wanted(@Nullable List<String> groups) {
        Sql.Array array = groups == null ? null : new Sql.Array("text", groups.toArray());
        return new @Nullable Object[] {array, array};
    }

    /** How many events there are in the span, and no more than {@code most}. */
    public int events(Query query, int most) {
        return sql.queryOne(
                        """
                        SELECT count(*) FROM (
                            SELECT FROM usage_records
                            WHERE tenant_id = ? AND meter = ? AND counted_at >= ? AND counted_at < ? LIMIT ?) AS found""",
                        row -> row.getInt(1),
                        Caller.currentTenant(),
                        query.meter().code(),
                        query.span().start(),
                        query.span().end(),
                        most)
                .orElseThrow();
    }

    private static String elements(Query query) {
        String tail = (query.within() == null ? MARKS : ALL) + TAIL;
        String within = query.within() == null ? "" : WITHIN;
        if (tellsThings(query)) {
            return tail + (query.step().equals("hour") ? THINGS_BY_HOUR : THINGS_BY_DAY) + THINGS_OF_RECORDS + within
                    + OF_THINGS + IN_SPAN;
        }
        String recorded = recorded(query.meter().aggregation()) + OF_RECORDS + within;
        return tail
                + (query.dimension() == null
                        ? TOTALS + recorded + ") AS u WHERE u.quantity IS NOT NULL"
                        : GROUPS + recorded + " GROUP BY 1) AS u WHERE u.value = coalesce(?::text, u.value)")
                + IN_SPAN;
    }

    /** Distinct values of more than an hour cannot be had of their numbers. */
    private static boolean tellsThings(Query query) {
        return query.meter().aggregation() == Aggregation.UNIQUE_COUNT
                && (query.dimension() != null || !query.step().equals("hour"));
    }

    /** What records come to. */
    private static String recorded(Aggregation aggregation) {
        return switch (aggregation) {
            case COUNT -> "nullif(count(*), 0)";
            case MAX -> "max(u.quantity)";
            case LATEST -> "(array_agg(u.quantity ORDER BY u.counted_at DESC, u.received_at DESC, u.event_id DESC))[1]";
            case UNIQUE_COUNT ->
                "nullif(count(DISTINCT usage_dimension((SELECT unique_by FROM meters WHERE code = u.meter), u.meter,"
                        + " u.subject, u.key_prefix, u.properties)), 0)";
            case SUM, TIME_WEIGHTED -> "sum(u.quantity)";
        };
    }

    /** What the parts of a step come to. */
    private static String merged(Query query) {
        return switch (query.meter().aggregation()) {
            case MAX -> "max(quantity)";
            case LATEST -> "(array_agg(quantity ORDER BY at DESC))[1]";
            case UNIQUE_COUNT -> tellsThings(query) ? "count(DISTINCT thing)::numeric" : "sum(quantity)::numeric";
            case SUM, COUNT, TIME_WEIGHTED -> "sum(quantity)::numeric";
        };
    }

    private static @Nullable Object[] parameters(Query query) {
        Object tenant = Caller.currentTenant();
        String meter = query.meter().code();
        Period span = query.span();
        LocalDate first = LocalDate.ofInstant(span.start(), ZoneOffset.UTC);
        LocalDate last = LocalDate.ofInstant(span.end().minusNanos(1), ZoneOffset.UTC);
        String step = query.step();
        String dimension = query.dimension();
        String value = query.value();
        Within within = query.within();
        @Nullable Object[] marks = within == null ? new Object[] {tenant, meter, first, last} : new Object[] {first, last};
        @Nullable Object[] tail = with(marks, span.start(), span.end());
        @Nullable Object[] only = within == null ? new Object[0] : new Object[] {within.dimension(), within.value()};
        @Nullable Object[] inSpan = {step, span.start(), span.end()};
        if (tellsThings(query)) {
            String by = dimension == null ? "" : dimension;
            @Nullable Object[] things = {
                tenant, meter, first, last, by, value, by, by, query.meter().uniqueBy(), tenant, meter
            };
            return with(with(with(with(tail, things), only), value), inSpan);
        }
        @Nullable Object[] days = {tenant, meter, first, last, step};
        @Nullable Object[] records = with(new Object[] {tenant, meter}, only);
        if (dimension == null) {
            return with(with(with(with(tail, days), days), records), inSpan);
        }
        @Nullable Object[] group = {dimension, value};
        return with(
                with(with(with(with(with(with(with(tail, days), group), days), group), dimension), records), value),
                inSpan);
    }

    private static @Nullable Object[] with(@Nullable Object[] some, @Nullable Object... more) {
        @Nullable Object[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }
}
