package com.cognitionos.metering.boundary;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.control.ApiCallTail;
import com.cognitionos.metering.control.MonthUsages;
import com.cognitionos.metering.control.PeriodUsage;
import com.cognitionos.rating.entity.Period;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a tenant has used, up to the last committed event. */
@Stateless
@TenantWall
public class Usage {

    /** The most points that one series may have. */
    public static final int MAX_POINTS = 2000;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private PeriodUsage periodUsage;

    @Inject
    private MonthUsages monthUsages;

    @Inject
    private TenantLock locks;

    @Inject
    private ApiCallTail apiCalls;

    @EJB
    private Plans plans;

    /** How wide one point of a series is; days and months are UTC's. */
    public enum Granularity {
        HOUR,
        DAY,
        MONTH;

        /** @throws Problem INVALID */
        public static Granularity of(String code) {
            for (Granularity granularity : values()) {
                if (granularity.name().toLowerCase(Locale.ROOT).equals(code)) {
                    return granularity;
                }
            }
            throw Problem.invalid("granularity", "unknown_granularity", "granularity must be hour, day or month");
        }

        Instant floor(Instant instant) {
            ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
            return switch (this) {
                case HOUR -> utc.truncatedTo(ChronoUnit.HOURS).toInstant();
                case DAY -> utc.truncatedTo(ChronoUnit.DAYS).toInstant();
                case MONTH -> utc.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).toInstant();
            };
        }

        Instant next(Instant instant) {
            ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
            return switch (this) {
                case HOUR -> utc.plusHours(1).toInstant();
                case DAY -> utc.plusDays(1).toInstant();
                case MONTH -> utc.plusMonths(1).toInstant();
            };
        }
    }

    /** One point: what was used from {@code start} to {@code end}; {@code group} only when grouped. */
    public record Point(
            Instant start,
            Instant end,
            BigDecimal quantity,
            @Nullable String group) {}

    /** A meter over time; {@code countedUpTo} is the instant that the figures are true for. */
    public record Series(
            Meter meter, Granularity granularity, Instant from, Instant to, Instant countedUpTo, List<Point> points) {}

    /** By meter; a meter without events is absent. */
    public Map<String, BigDecimal> inPeriod(Period period) {
        apiCalls.flush();
        return periodUsage.of(period, clock.now(Caller.currentTenant()));
    }

    /** What a part of a period adds to the quantities of the whole: of a sum its own, of a mean level its weighted share. */
    public Map<String, BigDecimal> share(Period part, Period whole) {
        apiCalls.flush();
        return periodUsage.share(part, whole, clock.now(Caller.currentTenant()));
    }

    /** For billing: as {@link #inPeriod}, with no event under way until the transaction ends. */
    public Map<String, BigDecimal> settled(Period period) {
        locks.take(TenantLock.Purpose.BILLING);
        apiCalls.flush();
        return periodUsage.of(period, period.end());
    }

    /**
     * For billing across tenants: as {@link #settled(Period)}, each tenant over its own month, which is over. Nobody is
     * waited for.
     *
     * @return by tenant and meter; without the tenants that just report usage, and those whose usage takes more than a sum
     *     to tell
     */
    public Map<UUID, Map<String, BigDecimal>> settled(Map<UUID, Period> months) {
        Set<UUID> free = locks.tryTake(TenantLock.Purpose.BILLING, months.keySet());
        Map<UUID, Period> ofFree = new TreeMap<>(months);
        ofFree.keySet().retainAll(free);
        return ofFree.isEmpty() ? Map.of() : monthUsages.of(ofFree);
    }

    /** The instants of the late events that no invoice has made up for yet. */
    public List<Instant> lateInstants(UUID subscriptionId) {
        return sql.query("""
                SELECT DISTINCT counted_at FROM late_usage
                WHERE tenant_id = ? AND subscription_id = ? AND invoice_id IS NULL ORDER BY counted_at""", row -> Sql.instant(row, "counted_at"), Caller.currentTenant(), subscriptionId);
    }

    /** The late events so far are made up for by this invoice, or by none when they changed no amount. */
    public void lateSettled(UUID subscriptionId, UUID invoiceId) {
        sql.update(
                "UPDATE late_usage SET invoice_id = ? WHERE tenant_id = ? AND subscription_id = ? AND invoice_id IS NULL",
                invoiceId,
                Caller.currentTenant(),
                subscriptionId);
    }

    /**
     * A meter over time, a point for each step, empty ones included.
     *
     * @param groupBy {@code subject}, or null for one series
     * @throws Problem INVALID for an unknown meter, an empty span or more than {@link #MAX_POINTS} points
     */
    public Series series(
            String meterCode, Instant from, Instant to, Granularity granularity, @Nullable String groupBy) {
        Meter meter = plans.meter(meterCode)
                .orElseThrow(() -> Problem.invalid("meter", "unknown_meter", "there is no meter " + meterCode));
        if (!from.isBefore(to)) {
            throw Problem.invalid("to", "empty_span", "to must lie after from");
        }
        if (groupBy != null && !groupBy.equals("subject")) {
            throw Problem.invalid("group_by", "unknown_group", "group_by must be subject");
        }
        List<Period> steps = steps(from, to, granularity);
        apiCalls.flush();
        Instant now = clock.now(Caller.currentTenant());
        List<Point> points = new ArrayList<>();
        if (meter.aggregation() == Meter.Aggregation.TIME_WEIGHTED) {
            for (Period step : steps) {
                BigDecimal mean = step.start().isBefore(now)
                        ? periodUsage.of(step, now).getOrDefault(meterCode, BigDecimal.ZERO)
                        : BigDecimal.ZERO;
                points.add(new Point(step.start(), step.end(), plain(mean), null));
            }
        } else if (groupBy != null) {
            grouped(meterCode, steps, granularity)
                    .forEach((key, quantity) -> points.add(
                            new Point(key.start(), granularity.next(key.start()), plain(quantity), key.group())));
        } else {
            Map<Instant, BigDecimal> sums =
                    granularity == Granularity.HOUR ? hours(meterCode, steps) : days(meterCode, steps, granularity);
            for (Period step : steps) {
                points.add(new Point(
                        step.start(), step.end(), plain(sums.getOrDefault(step.start(), BigDecimal.ZERO)), null));
            }
        }
        return new Series(meter, granularity, from, to, now, points);
    }

    private static List<Period> steps(Instant from, Instant to, Granularity granularity) {
        List<Period> steps = new ArrayList<>();
        for (Instant at = granularity.floor(from); at.isBefore(to); at = granularity.next(at)) {
            if (steps.size() == MAX_POINTS) {
                throw Problem.invalid(
                        "granularity",
                        "too_many_points",
                        "that would be more than " + MAX_POINTS + " points; ask for a wider step");
            }
            steps.add(new Period(at, granularity.next(at)));
        }
        return steps;
    }

    private Map<Instant, BigDecimal> days(String meter, List<Period> steps, Granularity granularity) {
        Map<Instant, BigDecimal> sums = new TreeMap<>();
        Object first = steps.get(0).start().atZone(ZoneOffset.UTC).toLocalDate();
        Object last = steps.get(steps.size() - 1).end().atZone(ZoneOffset.UTC).toLocalDate();
        Object tenant = Caller.currentTenant();
        sql.query(
                        """
                        SELECT r.day, r.quantity FROM usage_rollups r
                        WHERE r.tenant_id = ? AND r.meter = ? AND r.day >= ? AND r.day < ?
                          AND NOT EXISTS (SELECT FROM usage_pending p
                                          WHERE p.tenant_id = r.tenant_id AND p.meter = r.meter AND p.day = r.day)
                        UNION ALL
                        SELECT p.day, sum(u.quantity) FROM usage_pending p
                        JOIN usage_records u ON u.tenant_id = p.tenant_id AND u.meter = p.meter
                            AND u.counted_at >= p.day::timestamp AT TIME ZONE 'UTC'
                            AND u.counted_at < (p.day + 1)::timestamp AT TIME ZONE 'UTC'
                        WHERE p.tenant_id = ? AND p.meter = ? AND p.day >= ? AND p.day < ?
                        GROUP BY p.day""",
                        row -> Map.entry(
                                row.getDate("day")
                                        .toLocalDate()
                                        .atStartOfDay(ZoneOffset.UTC)
                                        .toInstant(),
                                row.getBigDecimal("quantity")),
                        tenant,
                        meter,
                        first,
                        last,
                        tenant,
                        meter,
                        first,
                        last)
                .forEach(day -> sums.merge(granularity.floor(day.getKey()), day.getValue(), BigDecimal::add));
        return sums;
    }

    private Map<Instant, BigDecimal> hours(String meter, List<Period> steps) {
        Map<Instant, BigDecimal> sums = new TreeMap<>();
        sql.query(
                        """
                        SELECT date_trunc('hour', counted_at, 'UTC') AS hour, sum(quantity) AS quantity FROM usage_records
                        WHERE tenant_id = ? AND meter = ? AND counted_at >= ? AND counted_at < ? GROUP BY 1""",
                        row -> Map.entry(Sql.instant(row, "hour"), row.getBigDecimal("quantity")),
                        Caller.currentTenant(),
                        meter,
                        steps.get(0).start(),
                        steps.get(steps.size() - 1).end())
                .forEach(hour -> sums.put(hour.getKey(), hour.getValue()));
        return sums;
    }

    private record Group(Instant start, String group) implements Comparable<Group> {
        @Override
        public int compareTo(Group other) {
            int byTime = start.compareTo(other.start);
            return byTime == 0 ? group.compareTo(other.group) : byTime;
        }
    }

    private Map<Group, BigDecimal> grouped(String meter, List<Period> steps, Granularity granularity) {
        Map<Group, BigDecimal> sums = new TreeMap<>();
        sql.query(
                        """
                        SELECT date_trunc('hour', counted_at, 'UTC') AS hour, coalesce(subject, '') AS subject,
                            sum(quantity) AS quantity
                        FROM usage_records
                        WHERE tenant_id = ? AND meter = ? AND counted_at >= ? AND counted_at < ? GROUP BY 1, 2""",
                        row -> Map.entry(
                                new Group(Sql.instant(row, "hour"), row.getString("subject")),
                                row.getBigDecimal("quantity")),
                        Caller.currentTenant(),
                        meter,
                        steps.get(0).start(),
                        steps.get(steps.size() - 1).end())
                .forEach(row -> sums.merge(
                        new Group(
                                granularity.floor(row.getKey().start()),
                                row.getKey().group()),
                        row.getValue(),
                        BigDecimal::add));
        return sums;
    }

    private static BigDecimal plain(BigDecimal value) {
        return Sql.plain(value.setScale(6, RoundingMode.HALF_UP));
    }
}
