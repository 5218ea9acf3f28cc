package com.cognitionos.metering.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.entity.RollupDifference;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Compares what readers would take from the rollups with the records (MET-21), by the statements that make rollups. */
@ApplicationScoped
public class RollupAudit {

    // The hours of these days that are not marked: those that readers take from the rollups.
    private static final String SETTLED = """
            WITH marked AS (
                SELECT d.meter, d.day, 16777215 & ~coalesce(p.hours, 0) AS hours, m.aggregation, m.unique_by,
                    '{subject,key,plugin,model}'::text[] || m.dimensions AS dimensions
                FROM (SELECT meter, day FROM usage_rollups WHERE tenant_id = ? AND day >= ? AND day < ?
                      UNION
                      SELECT meter, (counted_at AT TIME ZONE 'UTC')::date FROM usage_records
                      WHERE tenant_id = ? AND counted_at >= ?::timestamptz AND counted_at < ?::timestamptz) AS d
                JOIN meters m ON m.code = d.meter
                LEFT JOIN usage_pending p ON p.tenant_id = ? AND p.meter = d.meter AND p.day = d.day
            )""" + RollupLog.HOURS;

    private static final String TOTALS_DIFFER = """
            SELECT f.meter, '' AS dimension, '' AS value, f.day, f.n, r.hours[f.n + 1] AS rolled_up, f.quantity AS recorded
            FROM figures f LEFT JOIN usage_rollups r ON r.tenant_id = ? AND r.meter = f.meter AND r.day = f.day
            WHERE r.hours[f.n + 1] IS DISTINCT FROM f.quantity
               OR coalesce(r.hour_events[f.n + 1], 0) <> f.events
               OR r.firsts[f.n + 1] IS DISTINCT FROM f.first OR r.integrals[f.n + 1] IS DISTINCT FROM f.integral
            ORDER BY 1, 4, 5 LIMIT ?""";

    private static final String GROUPS_DIFFER = """
            , kept AS (
                SELECT h.meter, g.dimension, h.day, h.n, g.value, g.hours[h.n + 1] AS quantity
                FROM hour h JOIN usage_group_rollups g ON g.tenant_id = ? AND g.meter = h.meter AND g.day = h.day
                    AND (g.filled >> h.n) & 1 = 1
            )
            SELECT meter, dimension, value, day, n, k.quantity AS rolled_up, f.quantity AS recorded
            FROM fresh f FULL JOIN kept k USING (meter, dimension, day, n, value)
            WHERE f.quantity IS DISTINCT FROM k.quantity
            ORDER BY 1, 2, 3, 4, 5 LIMIT ?""";

    // Days that are read whole, which none is that is marked. Their hours are compared with the records by the others.
    private static final String DAYS_DIFFER = """
            WITH days AS (
                SELECT r.meter, '' AS dimension, '' AS value, r.day, m.aggregation, r.hours, r.quantity,
                    r.events = (SELECT coalesce(sum(e), 0) FROM unnest(r.hour_events) AS e) AS sound
                FROM usage_rollups r JOIN meters m ON m.code = r.meter
                WHERE r.tenant_id = ? AND r.day >= ? AND r.day < ?
                UNION ALL
                SELECT d.meter, d.dimension, d.value, d.day, m.aggregation, d.hours, d.quantity,
                    d.filled =
            """ + RollupLog.FILLED + """

                FROM meters m
                CROSS JOIN LATERAL (SELECT DISTINCT unnest('{subject,key,plugin,model}'::text[] || m.dimensions)) AS x (dimension)
                JOIN usage_group_rollups d ON d.tenant_id = ? AND d.meter = m.code AND d.dimension = x.dimension
                    AND d.day >= ? AND d.day < ?
            )
            SELECT * FROM (
                SELECT d.meter, d.dimension, d.value, d.day, NULL::integer AS n, d.quantity AS rolled_up, d.sound,
            """ + RollupLog.OF_HOURS + """
                 AS recorded
                FROM days d
                WHERE NOT EXISTS (
                    SELECT FROM usage_pending p WHERE p.tenant_id = ? AND p.meter = d.meter AND p.day = d.day)
            ) AS compared
            WHERE NOT sound OR coalesce(rolled_up, 0) <> coalesce(recorded, 0)
            ORDER BY 1, 2, 3, 4 LIMIT ?""";

    private static final String ANY_DISTINCT = """
            SELECT 1 FROM meters m WHERE m.aggregation = 'unique_count' AND (
                EXISTS (SELECT FROM usage_distinct v WHERE v.tenant_id = ? AND v.meter = m.code AND v.day >= ? AND v.day < ?)
                OR EXISTS (SELECT FROM usage_rollups r WHERE r.tenant_id = ? AND r.meter = m.code AND r.day >= ? AND r.day < ?))
            LIMIT 1""";

    private static final String DISTINCT_DIFFER = """
            , recorded AS (
                SELECT DISTINCT h.meter, x.dimension, h.day, h.n, u.thing,
""" + RollupLog.THINGS + """
            ), kept AS (
                SELECT h.meter, v.dimension, h.day, h.n, v.thing, v.value
                FROM hour h JOIN usage_distinct v ON v.tenant_id = ? AND v.meter = h.meter AND v.day = h.day
                    AND (v.hours >> h.n) & 1 = 1
                WHERE h.aggregation = 'unique_count'
            )
            SELECT meter, dimension, value, day, n, count(k.known) AS rolled_up, count(r.known) AS recorded
            FROM (SELECT *, true AS known FROM recorded) AS r
            FULL JOIN (SELECT *, true AS known FROM kept) AS k USING (meter, dimension, day, n, value, thing)
            GROUP BY meter, dimension, value, day, n
            HAVING count(k.known) <> count(*) OR count(r.known) <> count(*)
            ORDER BY 1, 2, 3, 4, 5 LIMIT ?""";

    @Inject
    private Sql sql;

    /**
     * @param from the first day, {@code to} the day after the last
     * @param most of each kind: hours of all usage, hours of its groups, days of both, hours of distinct values
     */
    public List<RollupDifference> differences(LocalDate from, LocalDate to, int most) {
        Object tenant = Caller.currentTenant();
        Instant since = from.atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant until = to.atStartOfDay(ZoneOffset.UTC).toInstant();
        List<Object> settled = List.of(tenant, from, to, tenant, since, until, tenant);
        List<RollupDifference> all = new ArrayList<>();
        all.addAll(found(
                SETTLED + RollupLog.FIGURES + TOTALS_DIFFER, settled, tenant, tenant, tenant, tenant, tenant, most));
        all.addAll(found(SETTLED + RollupLog.GROUPED + GROUPS_DIFFER, settled, tenant, tenant, tenant, most));
        all.addAll(found(DAYS_DIFFER, List.of(), tenant, from, to, tenant, from, to, tenant, tenant, most));
        if (sql.queryOne(ANY_DISTINCT, row -> true, tenant, from, to, tenant, from, to)
                .isPresent()) {
            all.addAll(found(SETTLED + DISTINCT_DIFFER, settled, tenant, tenant, most));
        }
        return all;
    }

    private List<RollupDifference> found(String statement, List<Object> first, Object... further) {
        return sql.query(
                statement,
                RollupAudit::difference,
                Stream.concat(first.stream(), Stream.of(further)).toArray());
    }

    private static RollupDifference difference(ResultSet row) throws SQLException {
        return new RollupDifference(
                row.getString("meter"),
                row.getString("dimension"),
                row.getString("value"),
                row.getDate("day").toLocalDate(),
                row.getObject("n", Integer.class),
                row.getBigDecimal("rolled_up"),
                row.getBigDecimal("recorded"));
    }
}
