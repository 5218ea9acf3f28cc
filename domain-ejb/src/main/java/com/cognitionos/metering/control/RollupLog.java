package com.cognitionos.metering.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * Makes rollups of records, an hour as the smallest part (ADR 16). An hour is always made anew from its records, so it
 * does not matter in which order, how late or how often they came, or how often it is made.
 */
@ApplicationScoped
public class RollupLog {

    /** Hours of a day that are to be made, as bits from the first hour on. */
    public record Day(String meter, LocalDate date, int hours) {}

    /** What the hours of a day {@code d} come to; of distinct values, those that are kept of it. */
    static final String OF_HOURS = """
            CASE d.aggregation
                WHEN 'max' THEN (SELECT max(q) FROM unnest(d.hours) AS q)
                WHEN 'unique_count' THEN (
                    SELECT count(*) FROM usage_distinct v
                    WHERE v.tenant_id = ? AND v.meter = d.meter AND v.dimension = '' AND v.day = d.day)
                WHEN 'latest' THEN (
                    SELECT q FROM unnest(d.hours) WITH ORDINALITY AS a (q, n) WHERE q IS NOT NULL ORDER BY n DESC LIMIT 1)
                WHEN 'time_weighted' THEN (
                    SELECT q FROM unnest(d.hours) WITH ORDINALITY AS a (q, n) WHERE q IS NOT NULL ORDER BY n DESC LIMIT 1)
                ELSE (SELECT sum(q) FROM unnest(d.hours) AS q) END""";

    /** The hours of a day {@code d} that have something, a bit each. */
    static final String FILLED = """
            (SELECT coalesce(bit_or(1 << (a.n - 1)::integer) FILTER (WHERE a.q IS NOT NULL), 0)
             FROM unnest(d.hours) WITH ORDINALITY AS a (q, n))""";

    static final String HOURS = """
            , hour AS (
                SELECT d.*, h.n, (d.day::timestamp + make_interval(hours => h.n)) AT TIME ZONE 'UTC' AS since
                FROM marked d CROSS JOIN generate_series(0, 23) AS h (n) WHERE (d.hours >> h.n) & 1 = 1
            )""";

    private static final String MARKED = """
            WITH marked AS (
                SELECT d.meter, d.day, d.hours, m.aggregation, m.unique_by,
                    '{subject,key,plugin,model}'::text[] || m.dimensions AS dimensions
                FROM unnest(?::text[], ?::date[], ?::integer[]) AS d (meter, day, hours) JOIN meters m ON m.code = d.meter
            )""" + HOURS;

    /**
     * What counts as one in the hours of a unique_count, of all of a meter and of each dimension's value; of one tenant.
     * OFFSET 0 keeps each hour a range of the index, whatever the planner believes of the number of hours.
     */
    static final String THINGS = """
                    CASE x.dimension WHEN '' THEN ''
                        ELSE coalesce(usage_dimension(x.dimension, h.meter, u.subject, u.key_prefix, u.properties), '')
                        END AS value
                FROM hour h
                CROSS JOIN LATERAL (
                    SELECT r.subject, r.key_prefix, r.properties,
                        usage_dimension(h.unique_by, h.meter, r.subject, r.key_prefix, r.properties) AS thing
                    FROM usage_records r
                    WHERE h.aggregation = 'unique_count' AND r.tenant_id = ? AND r.meter = h.meter
                      AND r.counted_at >= h.since AND r.counted_at < h.since + interval '1 hour' OFFSET 0) AS u
                CROSS JOIN LATERAL unnest(ARRAY[''] || h.dimensions) AS x (dimension)
                WHERE u.thing IS NOT NULL
            """;

    private static final String DISTINCT = """
            , fresh AS (
                SELECT h.meter, x.dimension, h.day, u.thing, bit_or(1 << h.n) AS hours,
""" + THINGS + """
                GROUP BY h.meter, x.dimension, h.day, 6, u.thing
            ), touched AS (
                SELECT meter, dimension, day, value, thing FROM fresh
                UNION
                SELECT v.meter, v.dimension, v.day, v.value, v.thing
                FROM marked d JOIN usage_distinct v ON v.tenant_id = ? AND v.meter = d.meter AND v.day = d.day
                WHERE v.hours & d.hours <> 0
            )
            INSERT INTO usage_distinct (tenant_id, meter, dimension, day, value, thing, hours)
            SELECT ?, t.meter, t.dimension, t.day, t.value, t.thing,
                coalesce(v.hours & ~d.hours, 0) | coalesce(f.hours, 0)
            FROM touched t JOIN marked d USING (meter, day)
            LEFT JOIN fresh f USING (meter, dimension, day, value, thing)
            LEFT JOIN usage_distinct v ON v.tenant_id = ? AND v.meter = t.meter AND v.dimension = t.dimension
                AND v.day = t.day AND v.value = t.value AND v.thing = t.thing
            ON CONFLICT (tenant_id, meter, dimension, day, value, thing) DO UPDATE SET hours = excluded.hours""";

    private static final String ANY_DISTINCT =
            "SELECT 1 FROM meters WHERE aggregation = 'unique_count' AND code = ANY (?) LIMIT 1";

    private static final String DISTINCT_GONE = """
            DELETE FROM usage_distinct v USING unnest(?::text[], ?::date[]) AS d (meter, day)
            WHERE v.tenant_id = ? AND v.meter = d.meter AND v.day = d.day AND v.hours = 0""";

    static final String FIGURES = """
            , figures AS (
                SELECT h.meter, h.day, h.n, s.events, l.first, l.integral,
                    CASE h.aggregation WHEN 'sum' THEN s.total WHEN 'count' THEN nullif(s.events, 0)
                        WHEN 'max' THEN s.most WHEN 'unique_count' THEN v.things WHEN 'latest' THEN t.last
                        ELSE l.last END AS quantity
                FROM hour h
                CROSS JOIN LATERAL (
                    SELECT count(*) AS events, sum(u.quantity) AS total, max(u.quantity) AS most FROM usage_records u
                    WHERE u.tenant_id = ? AND u.meter = h.meter
                      AND u.counted_at >= h.since AND u.counted_at < h.since + interval '1 hour') AS s
                LEFT JOIN LATERAL (
                    SELECT u.quantity AS last FROM usage_records u
                    WHERE h.aggregation = 'latest' AND u.tenant_id = ? AND u.meter = h.meter
                      AND u.counted_at >= h.since AND u.counted_at < h.since + interval '1 hour'
                    ORDER BY u.counted_at DESC, u.received_at DESC, u.event_id DESC LIMIT 1) AS t ON true
                CROSS JOIN LATERAL (
                    SELECT nullif(count(DISTINCT usage_dimension(h.unique_by, h.meter, u.subject, u.key_prefix,
                        u.properties)), 0) AS things FROM usage_records u
                    WHERE h.aggregation = 'unique_count' AND u.tenant_id = ? AND u.meter = h.meter
                      AND u.counted_at >= h.since AND u.counted_at < h.since + interval '1 hour') AS v
                CROSS JOIN LATERAL usage_level(?, CASE h.aggregation WHEN 'time_weighted' THEN h.meter END, h.since,
                    h.since + interval '1 hour') AS l
            )""";

    private static final String TOTALS = """
            , days AS (
                SELECT d.meter, d.day, d.aggregation,
                    array_agg(CASE WHEN f.n IS NULL THEN r.hours[h.n + 1] ELSE f.quantity END ORDER BY h.n) AS hours,
                    array_agg(CASE WHEN f.n IS NULL THEN r.hour_events[h.n + 1] ELSE f.events END ORDER BY h.n)
                        AS hour_events,
                    array_agg(CASE WHEN f.n IS NULL THEN r.firsts[h.n + 1] ELSE f.first END ORDER BY h.n) AS firsts,
                    array_agg(CASE WHEN f.n IS NULL THEN r.integrals[h.n + 1] ELSE f.integral END ORDER BY h.n)
                        AS integrals
                FROM marked d CROSS JOIN generate_series(0, 23) AS h (n)
                LEFT JOIN figures f ON f.meter = d.meter AND f.day = d.day AND f.n = h.n
                LEFT JOIN usage_rollups r ON r.tenant_id = ? AND r.meter = d.meter AND r.day = d.day
                GROUP BY d.meter, d.day, d.aggregation
            )
            INSERT INTO usage_rollups (tenant_id, meter, day, quantity, events, rolled_up_at, hours, hour_events, firsts,
                integrals)
            SELECT ?, d.meter, d.day,
                coalesce(""" + OF_HOURS + """
                , 0),
                (SELECT coalesce(sum(e), 0) FROM unnest(d.hour_events) AS e), ?, d.hours, d.hour_events,
                CASE d.aggregation WHEN 'time_weighted' THEN d.firsts END,
                CASE d.aggregation WHEN 'time_weighted' THEN d.integrals END
            FROM days d
            ON CONFLICT (tenant_id, meter, day) DO UPDATE
            SET quantity = excluded.quantity, events = excluded.events, rolled_up_at = excluded.rolled_up_at,
                hours = excluded.hours, hour_events = excluded.hour_events, firsts = excluded.firsts,
                integrals = excluded.integrals""";

    static final String GROUPED = """
            , fresh AS (
                SELECT h.meter, x.dimension, h.day, h.n,
                    coalesce(usage_dimension(x.dimension, h.meter, u.subject, u.key_prefix, u.properties), '') AS value,
                    CASE h.aggregation WHEN 'count' THEN count(*) WHEN 'max' THEN max(u.quantity) ELSE sum(u.quantity) END
                        AS quantity
                FROM hour h
                CROSS JOIN LATERAL (
                    SELECT r.quantity, r.subject, r.key_prefix, r.properties FROM usage_records r
                    WHERE h.aggregation IN ('sum', 'count', 'max') AND r.tenant_id = ? AND r.meter = h.meter
                      AND r.counted_at >= h.since AND r.counted_at < h.since + interval '1 hour' OFFSET 0) AS u
                CROSS JOIN LATERAL unnest(h.dimensions) AS x (dimension)
                GROUP BY h.meter, x.dimension, h.day, h.n, 5, h.aggregation
                UNION ALL
                SELECT h.meter, x.dimension, h.day, h.n, u.value, u.quantity
                FROM hour h
                CROSS JOIN LATERAL unnest(h.dimensions) AS x (dimension)
                CROSS JOIN LATERAL (
                    SELECT DISTINCT ON (value)
                        coalesce(usage_dimension(x.dimension, h.meter, r.subject, r.key_prefix, r.properties), '') AS value,
                        r.quantity
                    FROM usage_records r
                    WHERE h.aggregation = 'latest' AND r.tenant_id = ? AND r.meter = h.meter
                      AND r.counted_at >= h.since AND r.counted_at < h.since + interval '1 hour'
                    ORDER BY value, r.counted_at DESC, r.received_at DESC, r.event_id DESC) AS u
            )""";

    private static final String GROUPS = """
            , touched AS (
                SELECT meter, dimension, day, value FROM fresh
                UNION
                SELECT g.meter, g.dimension, g.day, g.value
                FROM marked d JOIN usage_group_rollups g ON g.tenant_id = ? AND g.meter = d.meter AND g.day = d.day
                WHERE g.filled & d.hours <> 0
            ), days AS (
                SELECT d.aggregation, t.meter, t.dimension, t.day, t.value,
                    array_agg(CASE WHEN (d.hours >> h.n) & 1 = 1 THEN f.quantity ELSE g.hours[h.n + 1] END ORDER BY h.n)
                        AS hours
                FROM touched t JOIN marked d USING (meter, day) CROSS JOIN generate_series(0, 23) AS h (n)
                LEFT JOIN fresh f ON f.meter = t.meter AND f.dimension = t.dimension AND f.day = t.day
                    AND f.value = t.value AND f.n = h.n
                LEFT JOIN usage_group_rollups g ON g.tenant_id = ? AND g.meter = t.meter AND g.dimension = t.dimension
                    AND g.day = t.day AND g.value = t.value
                GROUP BY d.aggregation, t.meter, t.dimension, t.day, t.value
            )
            INSERT INTO usage_group_rollups (tenant_id, meter, dimension, day, value, hours, filled, quantity)
            SELECT ?, d.meter, d.dimension, d.day, d.value, d.hours,
""" + FILLED + ", " + OF_HOURS + """

            FROM days d
            ON CONFLICT (tenant_id, meter, dimension, day, value) DO UPDATE
            SET hours = excluded.hours, filled = excluded.filled, quantity = excluded.quantity""";

    @Inject
    private Sql sql;

    /** Makes those hours anew; whoever calls has taken the marks of them. @param now of the system */
    public void make(List<Day> days, Instant now) {
        Object tenant = Caller.currentTenant();
        Sql.Array meters = RollupMarks.meters(days);
        Sql.Array dates = RollupMarks.dates(days);
        Sql.Array hours = RollupMarks.hours(days);
        if (sql.queryOne(ANY_DISTINCT, row -> true, meters).isPresent()) {
            sql.update(MARKED + DISTINCT, meters, dates, hours, tenant, tenant, tenant, tenant);
            sql.update(DISTINCT_GONE, meters, dates, tenant);
        }
        sql.update(
                MARKED + FIGURES + TOTALS,
                meters,
                dates,
                hours,
                tenant,
                tenant,
                tenant,
                tenant,
                tenant,
                tenant,
                tenant,
                now);
        sql.update(MARKED + GROUPED + GROUPS, meters, dates, hours, tenant, tenant, tenant, tenant, tenant, tenant);
    }
}
