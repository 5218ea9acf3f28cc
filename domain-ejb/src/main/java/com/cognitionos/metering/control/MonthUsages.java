package com.cognitionos.metering.control;

import com.cognitionos.kernel.Sql;
import com.cognitionos.rating.entity.Period;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** As {@link PeriodUsage}, of many tenants at once, each over a span of its own that is over. */
@ApplicationScoped
public class MonthUsages {

    private static final String SPANS = """
            WITH spans AS (SELECT * FROM unnest(?::uuid[], ?::timestamptz[], ?::timestamptz[], ?::date[], ?::date[],
                ?::timestamptz[], ?::timestamptz[])
                AS s (tenant_id, starts, ends, first_day, end_day, whole_from, whole_to))
            """;

    private static final String SUMS = SPANS + """
            SELECT tenant_id, meter, sum(quantity) AS quantity FROM (
                SELECT s.tenant_id, r.meter, r.quantity FROM spans s
                JOIN usage_rollups r ON r.tenant_id = s.tenant_id AND r.day >= s.first_day AND r.day < s.end_day
                WHERE NOT EXISTS (SELECT FROM usage_pending p
                                  WHERE p.tenant_id = r.tenant_id AND p.meter = r.meter AND p.day = r.day)
                UNION ALL
                SELECT s.tenant_id, u.meter, u.quantity FROM spans s
                JOIN usage_pending p ON p.tenant_id = s.tenant_id AND p.day >= s.first_day AND p.day < s.end_day
                JOIN usage_records u ON u.tenant_id = p.tenant_id AND u.meter = p.meter
                    AND u.counted_at >= p.day::timestamp AT TIME ZONE 'UTC'
                    AND u.counted_at < (p.day + 1)::timestamp AT TIME ZONE 'UTC'
                UNION ALL
                SELECT s.tenant_id, u.meter, u.quantity FROM spans s CROSS JOIN meters m
                JOIN usage_records u ON u.tenant_id = s.tenant_id AND u.meter = m.code
                    AND u.counted_at >= s.starts AND u.counted_at < s.whole_from
                WHERE m.aggregation = 'sum' AND s.starts < s.whole_from
                UNION ALL
                SELECT s.tenant_id, u.meter, u.quantity FROM spans s CROSS JOIN meters m
                JOIN usage_records u ON u.tenant_id = s.tenant_id AND u.meter = m.code
                    AND u.counted_at >= s.whole_to AND u.counted_at < s.ends
                WHERE m.aggregation = 'sum' AND s.whole_to < s.ends
            ) AS parts GROUP BY tenant_id, meter""";

    private static final String MEANS = SPANS + """
            SELECT s.tenant_id, m.code AS meter, level.mean FROM spans s CROSS JOIN meters m
            CROSS JOIN LATERAL (
                SELECT sum(quantity * extract(epoch FROM until - since)) / extract(epoch FROM s.ends - s.starts) AS mean
                FROM (
                    SELECT quantity, since, lead(since, 1, s.ends) OVER (ORDER BY since, received_at, event_id) AS until
                    FROM (
                        (SELECT quantity, s.starts AS since, received_at, event_id FROM usage_records
                         WHERE tenant_id = s.tenant_id AND meter = m.code AND counted_at <= s.starts
                         ORDER BY counted_at DESC, received_at DESC, event_id DESC LIMIT 1)
                        UNION ALL
                        SELECT quantity, counted_at, received_at, event_id FROM usage_records
                        WHERE tenant_id = s.tenant_id AND meter = m.code AND counted_at > s.starts AND counted_at < s.ends
                    ) AS readings
                ) AS levels
            ) AS level
            WHERE m.aggregation = 'time_weighted' AND level.mean IS NOT NULL""";

    private static final String OTHERS = SPANS + """
            SELECT s.tenant_id FROM spans s WHERE EXISTS (
                SELECT FROM meters m JOIN usage_records u ON u.tenant_id = s.tenant_id AND u.meter = m.code
                    AND u.counted_at >= s.starts AND u.counted_at < s.ends
                WHERE m.aggregation NOT IN ('sum', 'time_weighted'))
            OR EXISTS (SELECT FROM api_call_tail c WHERE c.tenant_id = s.tenant_id)""";

    @Inject
    private Sql sql;

    private record Span(UUID tenant, Period period, LocalDate first, LocalDate end) {

        static Span of(UUID tenant, Period period) {
            LocalDate day = LocalDate.ofInstant(period.start(), ZoneOffset.UTC);
            return new Span(
                    tenant,
                    period,
                    start(day).equals(period.start()) ? day : day.plusDays(1),
                    LocalDate.ofInstant(period.end(), ZoneOffset.UTC));
        }

        private static Instant start(LocalDate day) {
            return day.atStartOfDay(ZoneOffset.UTC).toInstant();
        }

        Instant wholeFrom() {
            return first.isBefore(end) ? start(first) : period.end();
        }

        Instant wholeTo() {
            return first.isBefore(end) ? start(end) : period.end();
        }
    }

    /**
     * @return by tenant and meter, a meter without events being absent; a tenant is absent whose quantities are not all
     *     sums and means, or that has API calls which are no records yet
     */
    public Map<UUID, Map<String, BigDecimal>> of(Map<UUID, Period> periods) {
        List<Span> spans = periods.entrySet().stream()
                .map(one -> Span.of(one.getKey(), one.getValue()))
                .toList();
        Object[] columns = {
            column(spans, "uuid", Span::tenant),
            column(spans, "timestamptz", span -> span.period().start().toString()),
            column(spans, "timestamptz", span -> span.period().end().toString()),
            column(spans, "date", span -> span.first().toString()),
            column(spans, "date", span -> span.end().toString()),
            column(spans, "timestamptz", span -> span.wholeFrom().toString()),
            column(spans, "timestamptz", span -> span.wholeTo().toString())
        };
        Set<UUID> others =
                new HashSet<>(sql.query(OTHERS, row -> row.getObject("tenant_id", UUID.class), columns));
        Map<UUID, Map<String, BigDecimal>> quantities = new HashMap<>();
        periods.keySet().stream()
                .filter(tenant -> !others.contains(tenant))
                .forEach(tenant -> quantities.put(tenant, new HashMap<>()));
        for (Quantity one : rows(SUMS, "quantity", columns)) {
            quantities.computeIfPresent(one.tenant(), (tenant, all) -> one.in(all, one.quantity()));
        }
        for (Quantity one : rows(MEANS, "mean", columns)) {
            BigDecimal mean = one.quantity().setScale(6, RoundingMode.HALF_UP);
            quantities.computeIfPresent(one.tenant(), (tenant, all) -> one.in(all, mean));
        }
        return quantities;
    }

    private record Quantity(UUID tenant, String meter, BigDecimal quantity) {
        Map<String, BigDecimal> in(Map<String, BigDecimal> all, BigDecimal value) {
            all.put(meter, value);
            return all;
        }
    }

    private List<Quantity> rows(String statement, String column, Object... parameters) {
        return new ArrayList<>(sql.query(
                statement,
                row -> new Quantity(
                        row.getObject("tenant_id", UUID.class), row.getString("meter"), row.getBigDecimal(column)),
                parameters));
    }

    private static Sql.Array column(List<Span> spans, String type, Function<Span, Object> value) {
        return new Sql.Array(type, spans.stream().map(value).toArray());
    }
}
