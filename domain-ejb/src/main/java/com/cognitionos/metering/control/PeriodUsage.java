package com.cognitionos.metering.control;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.rating.entity.Period;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/**
 * The quantity of every meter in a span of time, exact to the microsecond at its edges: whole days come from the
 * rollups, the edges and the days whose rollup is behind from the records, all in one snapshot.
 */
@ApplicationScoped
public class PeriodUsage {

    private static final String SUMS = """
            SELECT meter, sum(quantity) AS quantity FROM (
                SELECT r.meter, r.quantity FROM usage_rollups r
                WHERE r.tenant_id = ? AND r.day >= ? AND r.day < ?
                  AND NOT EXISTS (SELECT FROM usage_pending p
                                  WHERE p.tenant_id = r.tenant_id AND p.meter = r.meter AND p.day = r.day)
                UNION ALL
                SELECT u.meter, u.quantity FROM usage_pending p
                JOIN usage_records u ON u.tenant_id = p.tenant_id AND u.meter = p.meter
                    AND u.counted_at >= p.day::timestamp AT TIME ZONE 'UTC'
                    AND u.counted_at < (p.day + 1)::timestamp AT TIME ZONE 'UTC'
                WHERE p.tenant_id = ? AND p.day >= ? AND p.day < ?
                UNION ALL
                SELECT u.meter, u.quantity FROM meters m
                JOIN usage_records u ON u.meter = m.code AND u.tenant_id = ? AND u.counted_at >= ? AND u.counted_at < ?
                WHERE m.aggregation = 'sum'
                UNION ALL
                SELECT u.meter, u.quantity FROM meters m
                JOIN usage_records u ON u.meter = m.code AND u.tenant_id = ? AND u.counted_at >= ? AND u.counted_at < ?
                WHERE m.aggregation = 'sum'
            ) AS parts GROUP BY meter""";

    private static final String MEANS = """
            SELECT m.code AS meter, level.mean FROM meters m
            CROSS JOIN LATERAL (
                SELECT sum(quantity * extract(epoch FROM until - since)) / extract(epoch FROM ?::timestamptz - ?::timestamptz)
                    AS mean
                FROM (
                    SELECT quantity, since, lead(since, 1, ?::timestamptz) OVER (ORDER BY since, received_at, event_id) AS until
                    FROM (
                        (SELECT quantity, ?::timestamptz AS since, received_at, event_id FROM usage_records
                         WHERE tenant_id = ? AND meter = m.code AND counted_at <= ?
                         ORDER BY counted_at DESC, received_at DESC, event_id DESC LIMIT 1)
                        UNION ALL
                        SELECT quantity, counted_at, received_at, event_id FROM usage_records
                        WHERE tenant_id = ? AND meter = m.code AND counted_at > ? AND counted_at < ?
                    ) AS readings
                ) AS levels
            ) AS level
            WHERE m.aggregation = 'time_weighted' AND level.mean IS NOT NULL""";

    @Inject
    private Sql sql;

    @EJB
    private Plans plans;

    /**
     * @param now the tenant's present; a level is averaged over the part of the span that has passed
     * @return by meter; a meter without events is absent
     */
    public Map<String, BigDecimal> of(Period span, Instant now) {
        Map<String, BigDecimal> quantities = new HashMap<>(sums(span));
        Instant passed = now.isBefore(span.end()) ? now : span.end();
        if (span.start().isBefore(passed)) {
            quantities.putAll(means(new Period(span.start(), passed)));
        }
        return quantities;
    }

    /** What a part of a period adds to the quantities of the whole: of a sum its own, of a mean level its weighted share. */
    public Map<String, BigDecimal> share(Period part, Period whole, Instant now) {
        Map<String, BigDecimal> quantities = new HashMap<>(of(part, now));
        BigDecimal some = BigDecimal.valueOf(part.length().toNanos());
        BigDecimal all = BigDecimal.valueOf(whole.length().toNanos());
        for (Meter meter : plans.meters()) {
            if (meter.aggregation() == Meter.Aggregation.TIME_WEIGHTED) {
                quantities.computeIfPresent(
                        meter.code(), (code, mean) -> mean.multiply(some).divide(all, 6, RoundingMode.HALF_UP));
            }
        }
        return quantities;
    }

    /** Of the sum meters alone, also for a span that is not over. */
    Map<String, BigDecimal> sums(Period span) {
        LocalDate first = ceiling(span.start());
        LocalDate last = floor(span.end());
        Instant wholeFrom = first.isBefore(last) ? start(first) : span.end();
        Instant wholeTo = first.isBefore(last) ? start(last) : span.end();
        Object tenant = Caller.currentTenant();
        return rows(
                SUMS,
                "quantity",
                tenant,
                first,
                last,
                tenant,
                first,
                last,
                tenant,
                span.start(),
                wholeFrom,
                tenant,
                wholeTo,
                span.end());
    }

    /** The level that the last event up to an instant gave; 0 before the first. */
    public BigDecimal level(String meter, Instant at) {
        return sql.queryOne("""
                        SELECT quantity FROM usage_records WHERE tenant_id = ? AND meter = ? AND counted_at <= ?
                        ORDER BY counted_at DESC, received_at DESC, event_id DESC LIMIT 1""", row -> row.getBigDecimal("quantity"), Caller.currentTenant(), meter, at)
                .orElse(BigDecimal.ZERO);
    }

    /** Of the levels over the whole span, the last one holding to its end. */
    Map<String, BigDecimal> means(Period span) {
        Object tenant = Caller.currentTenant();
        Map<String, BigDecimal> means = rows(
                MEANS,
                "mean",
                span.end(),
                span.start(),
                span.end(),
                span.start(),
                tenant,
                span.start(),
                tenant,
                span.start(),
                span.end());
        means.replaceAll((meter, mean) -> mean.setScale(6, RoundingMode.HALF_UP));
        return means;
    }

    private Map<String, BigDecimal> rows(String statement, String column, Object... parameters) {
        Map<String, BigDecimal> found = new HashMap<>();
        sql.query(statement, row -> Map.entry(row.getString("meter"), row.getBigDecimal(column)), parameters)
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    private static LocalDate floor(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }

    private static LocalDate ceiling(Instant instant) {
        LocalDate day = floor(instant);
        return start(day).equals(instant) ? day : day.plusDays(1);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
