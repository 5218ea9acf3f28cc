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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
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

    /**
     * The days of the span: the hours of each that are to be read from the records, and whether its rollup tells it whole.
     */
    private static final String DAYS = """
            WITH days AS MATERIALIZED (
                SELECT d.day, coalesce(p.hours, 0) AS hours, p.day IS NULL AND d.day >= ? AND d.day < ? AS whole
                FROM (SELECT day::date AS day FROM generate_series(?::date, ?::date, interval '1 day') AS day) AS d
                LEFT JOIN usage_pending p ON p.tenant_id = ? AND p.meter = ? AND p.day = d.day
            )""";

    /** All of them from the records. */
    private static final String RECORDED_DAYS = """
            WITH days AS MATERIALIZED (
                SELECT day::date AS day, 16777215 AS hours, false AS whole
                FROM generate_series(?::date, ?::date, interval '1 day') AS day
            )""";

    private static final String TAIL = """
            , tail AS (
                SELECT h.at, h.at AT TIME ZONE 'UTC' AS since FROM days CROSS JOIN generate_series(0, 23) AS n
                CROSS JOIN LATERAL (SELECT day::timestamp + make_interval(hours => n)) AS h (at)
                WHERE hours <> 0 AND (hours >> n) & 1 = 1
                  AND h.at >= ?::timestamptz AT TIME ZONE 'UTC' AND h.at < ?::timestamptz AT TIME ZONE 'UTC'
            ), elements AS (""";

    private static final String TOTALS = """
                SELECT ''::text AS value, r.day::timestamp AS at, r.quantity
                FROM days d JOIN usage_rollups r ON r.tenant_id = ? AND r.meter = ? AND r.day = d.day
                WHERE d.whole AND r.events > 0
                UNION ALL
                SELECT '', r.day::timestamp + make_interval(hours => n), r.hours[n + 1]
                FROM days d JOIN usage_rollups r ON r.tenant_id = ? AND r.meter = ? AND r.day = d.day
                CROSS JOIN generate_series(0, 23) AS n
                WHERE NOT d.whole AND (d.hours >> n) & 1 = 0 AND r.hours[n + 1] IS NOT NULL
                UNION ALL
                SELECT '', t.at, u.quantity FROM tail t
                CROSS JOIN LATERAL (SELECT\s""";

    private static final String WHOLE_GROUPS = """
                SELECT g.value, g.day::timestamp AS at, g.quantity
                FROM days d JOIN usage_group_rollups g
                    ON g.tenant_id = ? AND g.meter = ? AND g.dimension = ? AND g.day = d.day
                WHERE d.whole AND g.filled <> 0 AND\s""";

    private static final String GROUPS_BY_HOUR = """

                UNION ALL
                SELECT g.value, g.day::timestamp + make_interval(hours => n), g.hours[n + 1]
                FROM days d JOIN usage_group_rollups g
                    ON g.tenant_id = ? AND g.meter = ? AND g.dimension = ? AND g.day = d.day
                CROSS JOIN generate_series(0, 23) AS n
                WHERE NOT d.whole AND (g.filled >> n) & 1 = 1 AND (d.hours >> n) & 1 = 0 AND\s""";

    private static final String GROUPS_OF_RECORDS = """

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
                FROM days d JOIN usage_distinct v ON v.tenant_id = ? AND v.meter = ? AND v.dimension = ? AND v.day = d.day
                WHERE v.hours & ~d.hours <> 0 AND\s""";

    private static final String THINGS_BY_HOUR = """
                SELECT v.value, v.day::timestamp + make_interval(hours => n) AS at, v.thing
                FROM days d JOIN usage_distinct v ON v.tenant_id = ? AND v.meter = ? AND v.dimension = ? AND v.day = d.day
                CROSS JOIN generate_series(0, 23) AS n
                WHERE ((v.hours & ~d.hours) >> n) & 1 = 1 AND\s""";

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

    private static final String STEP = "step AT TIME ZONE 'UTC' AS step, ";

    private static final String IN_SPAN = """

            ) SELECT e.*, date_trunc(?, at) AS step FROM elements e
            WHERE at >= ?::timestamptz AT TIME ZONE 'UTC' AND at < ?::timestamptz AT TIME ZONE 'UTC'""";

    @Inject
    private Sql sql;

    @Inject
    private PeriodUsage periods;

    /** Of one group, or of all usage; steps without events are left out. */
    public List<Element> series(Query query) {
        Reading reading =
                reading(query, query.dimension(), only(query), !query.step().equals("hour"));
        return sql.query(
                "SELECT value, " + STEP + merged(query.meter(), reading.things()) + " AS quantity FROM ("
                        + reading.statement() + ") AS e GROUP BY 1, step ORDER BY step",
                SeriesLog::element,
                reading.parameters());
    }

    /** By group, and of all groups that are not {@code wanted} as one, except of the latest quantity. */
    public List<Element> grouped(Query query, List<String> wanted) {
        Aggregation kind = query.meter().aggregation();
        if (query.value() != null || query.within() != null || !kind.adds() && kind != Aggregation.LATEST) {
            return allGrouped(query, wanted);
        }
        Reading reading =
                reading(query, query.dimension(), wanted, !query.step().equals("hour"));
        String groups = "SELECT value, " + STEP + merged(query.meter(), false) + " AS quantity FROM ("
                + reading.statement() + ") AS e GROUP BY 1, step";
        if (kind == Aggregation.LATEST) {
            return sql.query(groups + " ORDER BY step", SeriesLog::element, reading.parameters());
        }
        // What adds up has its others in the total of all, so theirs need not be read. One statement, one snapshot.
        Reading total = reading(query, null, null, !query.step().equals("hour"));
        List<Element> found = sql.query(
                "SELECT * FROM (" + groups + " UNION ALL SELECT NULL, " + STEP + merged(query.meter(), false)
                        + " AS quantity FROM (" + total.statement() + ") AS e GROUP BY step) AS s ORDER BY step",
                SeriesLog::element,
                with(reading.parameters(), total.parameters()));
        Map<Instant, BigDecimal> shown = new HashMap<>();
        found.stream()
                .filter(one -> one.group() != null)
                .forEach(one -> shown.merge(one.at(), one.quantity(), BigDecimal::add));
        return found.stream()
                .map(one -> one.group() != null
                        ? one
                        : new Element(
                                one.at(), null, one.quantity().subtract(shown.getOrDefault(one.at(), BigDecimal.ZERO))))
                .filter(one -> one.group() != null || one.quantity().signum() != 0)
                .toList();
    }

    private List<Element> allGrouped(Query query, List<String> wanted) {
        Reading reading =
                reading(query, query.dimension(), only(query), !query.step().equals("hour"));
        return sql.query(
                "SELECT CASE WHEN value = ANY (?::text[]) THEN value END AS value, " + STEP
                        + merged(query.meter(), reading.things()) + " AS quantity FROM (" + reading.statement()
                        + ") AS e GROUP BY 1, step ORDER BY step",
                SeriesLog::element,
                with(new Object[] {new Sql.Array("text", wanted.toArray())}, reading.parameters()));
    }

    /** The groups with the most in the span. */
    public List<String> largest(Query query, int most) {
        Reading reading = reading(query, query.dimension(), only(query), true);
        return sql.query(
                "SELECT value FROM (" + reading.statement() + ") AS e GROUP BY value ORDER BY "
                        + merged(query.meter(), reading.things()) + " DESC, value LIMIT ?",
                row -> row.getString("value"),
                with(reading.parameters(), most));
    }

    /** Of a meter that is a mean level, up to an instant. */
    public @Nullable LevelLine levels(Meter meter, Period span) {
        Map<String, LevelLine> lines = periods.levels(span, meter.code());
        return lines.get(meter.code());
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

    private static @Nullable List<String> only(Query query) {
        return query.value() == null ? null : List.of(query.value());
    }

    private static Element element(ResultSet row) throws SQLException {
        return new Element(Sql.instant(row, "step"), row.getString("value"), row.getBigDecimal("quantity"));
    }

    /** @param things whether it tells distinct values one by one, rather than quantities */
    private record Reading(String statement, @Nullable Object[] parameters, boolean things) {}

    /**
     * Reads a span in parts: of each what group it is of, when it begins, the step that it lies in, and its quantity or one
     * distinct value.
     *
     * @param dimension null for all usage as one group
     * @param groups the only ones; null for all
     * @param byDay whether whole days need not be told by hour
     */
    private static Reading reading(
            Query query, @Nullable String dimension, @Nullable List<String> groups, boolean byDay) {
        Object tenant = Caller.currentTenant();
        String meter = query.meter().code();
        Period span = query.span();
        LocalDate first = LocalDate.ofInstant(span.start(), ZoneOffset.UTC);
        LocalDate last = LocalDate.ofInstant(span.end().minusNanos(1), ZoneOffset.UTC);
        Hours hours = Hours.of(span);
        Within within = query.within();
        List<@Nullable Object> all = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        if (within == null) {
            text.append(DAYS);
            all.addAll(List.of(
                    byDay ? hours.firstDay() : first, byDay ? hours.lastDay() : first, first, last, tenant, meter));
        } else {
            text.append(RECORDED_DAYS);
            all.addAll(List.of(first, last));
        }
        text.append(TAIL);
        all.addAll(List.of(span.start(), span.end()));
        Sql.Array some = groups == null ? null : new Sql.Array("text", groups.toArray());
        // Distinct values of more than an hour cannot be had of their numbers.
        boolean things = query.meter().aggregation() == Aggregation.UNIQUE_COUNT
                && (dimension != null || !query.step().equals("hour"));
        if (things) {
            String by = dimension == null ? "" : dimension;
            text.append(query.step().equals("hour") ? THINGS_BY_HOUR : THINGS_BY_DAY)
                    .append(among("v", some));
            Collections.addAll(all, tenant, meter, by, some);
            text.append(THINGS_OF_RECORDS);
            Collections.addAll(all, by, by, query.meter().uniqueBy(), tenant, meter);
        } else if (dimension == null) {
            text.append(TOTALS).append(recorded(query.meter().aggregation())).append(OF_RECORDS);
            Collections.addAll(all, tenant, meter, tenant, meter, tenant, meter);
        } else {
            text.append(WHOLE_GROUPS)
                    .append(among("g", some))
                    .append(GROUPS_BY_HOUR)
                    .append(among("g", some));
            Collections.addAll(all, tenant, meter, dimension, some, tenant, meter, dimension, some);
            text.append(GROUPS_OF_RECORDS)
                    .append(recorded(query.meter().aggregation()))
                    .append(OF_RECORDS);
            Collections.addAll(all, dimension, tenant, meter);
        }
        if (within != null) {
            text.append(WITHIN);
            Collections.addAll(all, within.dimension(), within.value());
        }
        if (!things && dimension == null) {
            text.append(") AS u WHERE u.quantity IS NOT NULL");
        } else {
            text.append(things ? " OFFSET 0) AS u WHERE " : " GROUP BY 1) AS u WHERE ")
                    .append(among("u", some));
            all.add(some);
        }
        text.append(IN_SPAN);
        Collections.addAll(all, query.step(), span.start(), span.end());
        return new Reading(text.toString(), all.toArray(), things);
    }

    private static String among(String table, @Nullable Object some) {
        return some == null ? "?::text[] IS NULL" : table + ".value = ANY (?::text[])";
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
    private static String merged(Meter meter, boolean things) {
        return switch (meter.aggregation()) {
            case MAX -> "max(quantity)";
            case LATEST -> "(array_agg(quantity ORDER BY at DESC))[1]";
            case UNIQUE_COUNT -> things ? "count(DISTINCT thing)::numeric" : "sum(quantity)::numeric";
            case SUM, COUNT, TIME_WEIGHTED -> "sum(quantity)::numeric";
        };
    }

    private static @Nullable Object[] with(@Nullable Object[] some, @Nullable Object... more) {
        @Nullable Object[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }
}
