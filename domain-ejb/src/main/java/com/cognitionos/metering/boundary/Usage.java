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
import com.cognitionos.metering.control.SeriesLog;
import com.cognitionos.metering.entity.LevelLine;
import com.cognitionos.rating.entity.Period;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** What a tenant has used, up to the last committed event. */
@Stateless
@TenantWall
public class Usage {

    /** The most points that one series may have. */
    public static final int MAX_POINTS = 2000;

    /** The most events that a series may be read from where rollups cannot tell. */
    public static final int MAX_EVENTS = 500_000;

    public static final int DEFAULT_GROUPS = 20;
    public static final int MAX_GROUPS = 100;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    @ConfigProperty(name = "cognitionos.usage.months-kept", defaultValue = "24")
    private int monthsKept;

    @Inject
    private PeriodUsage periodUsage;

    @Inject
    private MonthUsages monthUsages;

    @Inject
    private SeriesLog log;

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

    /**
     * One point: what was used from {@code start} to {@code end}.
     *
     * @param group only when grouped; empty for events that have none, null for {@code others}
     * @param others whether it is of all groups that have no points of their own
     */
    public record Point(
            Instant start,
            Instant end,
            BigDecimal quantity,
            @Nullable String group,
            boolean others) {}

    /**
     * A meter over time; {@code countedUpTo} is the instant that the figures are true for.
     *
     * @param groups with points of their own, those with the most first; empty when not grouped
     */
    public record Series(
            Meter meter,
            Granularity granularity,
            Instant from,
            Instant to,
            Instant countedUpTo,
            List<String> groups,
            List<Point> points) {}

    /**
     * What a series is to show.
     *
     * @param groupBy {@code subject}, {@code key}, {@code plugin}, {@code model} or a dimension of the meter's own; null
     *     for one series
     * @param most how many groups have points of their own, from 1 to {@link #MAX_GROUPS}
     * @param filter the only events that are shown, by the dimension that it names; null for all usage. With another
     *     dimension than {@code groupBy} they are read one by one, at most {@link #MAX_EVENTS}
     */
    public record Wanted(
            String meter,
            Instant from,
            Instant to,
            Granularity granularity,
            @Nullable String groupBy,
            int most,
            @Nullable Filter filter) {}

    /** @param value empty for the events that have none */
    public record Filter(String dimension, String value) {}

    /** By meter; a meter without events is absent. */
    public Map<String, BigDecimal> inPeriod(Period period) {
        return inPeriod(period, clock.now(Caller.currentTenant()));
    }

    /** As {@link #inPeriod(Period)}, for who knows the tenant's present. */
    public Map<String, BigDecimal> inPeriod(Period period, Instant now) {
        apiCalls.flush();
        return periodUsage.of(period, now);
    }

    /** What a part of a period adds to the quantities of the whole, so that its parts together make them (MET-15). */
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

    /** As {@link #series(Wanted)}, with as many groups as there are by default. */
    public Series series(
            String meterCode, Instant from, Instant to, Granularity granularity, @Nullable String groupBy) {
        return series(new Wanted(meterCode, from, to, granularity, groupBy, DEFAULT_GROUPS, null));
    }

    /**
     * A meter over time: a point for each step, empty ones included; when grouped, a point for each step and group in
     * which something was used. Beyond the groups with the most, the others are one, except of a meter that takes the
     * latest quantity: that of several groups together would be that of one.
     *
     * @throws Problem INVALID for an unknown meter or dimension, an empty span, more than {@link #MAX_POINTS} steps, or two
     *     dimensions over more than {@link #MAX_EVENTS} events or a time whose events are no longer kept
     */
    public Series series(Wanted wanted) {
        Meter meter = plans.meter(wanted.meter())
                .orElseThrow(() -> Problem.invalid("meter", "unknown_meter", "there is no meter " + wanted.meter()));
        Instant from = wanted.from();
        Instant to = wanted.to();
        if (!from.isBefore(to)) {
            throw Problem.invalid("to", "empty_span", "to must lie after from");
        }
        String groupBy = wanted.groupBy();
        Filter filter = wanted.filter();
        if (groupBy != null) {
            requireDimension("group_by", meter, groupBy);
        }
        if (filter != null) {
            requireDimension("filter", meter, filter.dimension());
        }
        if (wanted.most() < 1 || wanted.most() > MAX_GROUPS) {
            throw Problem.invalid("limit", "out_of_range", "limit must be from 1 to " + MAX_GROUPS);
        }
        Granularity granularity = wanted.granularity();
        List<Period> steps = steps(from, to, granularity);
        apiCalls.flush();
        Instant now = clock.now(Caller.currentTenant());
        Period span =
                new Period(steps.get(0).start(), steps.get(steps.size() - 1).end());
        if (meter.aggregation() == Meter.Aggregation.TIME_WEIGHTED) {
            return new Series(meter, granularity, from, to, now, List.of(), means(meter, steps, span, now));
        }
        boolean across = groupBy != null && filter != null && !groupBy.equals(filter.dimension());
        SeriesLog.Query query = new SeriesLog.Query(
                meter,
                span,
                granularity.name().toLowerCase(Locale.ROOT),
                groupBy == null && filter != null ? filter.dimension() : groupBy,
                filter == null || across ? null : filter.value(),
                across ? new SeriesLog.Within(filter.dimension(), filter.value()) : null);
        if (across) {
            requireRecords(query);
        }
        if (groupBy != null) {
            List<String> groups = log.largest(query, wanted.most());
            boolean rest = meter.aggregation() != Meter.Aggregation.LATEST;
            List<Point> points = log.grouped(query, groups).stream()
                    .filter(one -> rest || one.group() != null)
                    .map(one -> new Point(
                            one.at(),
                            granularity.next(one.at()),
                            plain(one.quantity()),
                            one.group(),
                            one.group() == null))
                    .toList();
            return new Series(meter, granularity, from, to, now, groups, points);
        }
        Map<Instant, BigDecimal> quantities = new HashMap<>();
        log.series(query).forEach(one -> quantities.put(one.at(), one.quantity()));
        List<Point> points = steps.stream()
                .map(step -> new Point(
                        step.start(),
                        step.end(),
                        plain(quantities.getOrDefault(step.start(), BigDecimal.ZERO)),
                        null,
                        false))
                .toList();
        return new Series(meter, granularity, from, to, now, List.of(), points);
    }

    /** What rollups do not know is read from each event: where they are kept, and are not too many. */
    private void requireRecords(SeriesLog.Query query) {
        LocalDate kept = Rollups.kept(clock.system(), monthsKept);
        if (query.span().start().isBefore(kept.atStartOfDay(ZoneOffset.UTC).toInstant())) {
            throw Problem.invalid(
                    "from",
                    "too_early",
                    "filter and group_by of two dimensions are answered from single events, which are kept since "
                            + kept);
        }
        if (log.events(query, MAX_EVENTS + 1) > MAX_EVENTS) {
            throw Problem.invalid(
                    "to",
                    "too_many_events",
                    "filter and group_by of two dimensions are answered from single events, and these are more than "
                            + MAX_EVENTS + "; ask for a shorter span, or for one dimension");
        }
    }

    private static void requireDimension(String field, Meter meter, String dimension) {
        if (meter.groups().isEmpty()) {
            throw Problem.invalid(
                    field, "not_groupable", meter.code() + " is one level of the whole tenant, which has no groups");
        }
        if (!meter.groups().contains(dimension)) {
            throw Problem.invalid(
                    field, "unknown_group", meter.code() + " can be shown by " + String.join(", ", meter.groups()));
        }
    }

    /**
     * Of a level; what is still to come has none. Asked from the day's start on: where the month's records are dropped, that
     * day's rollup is all that knows the level as the first step starts (MET-18).
     */
    private List<Point> means(Meter meter, List<Period> steps, Period span, Instant now) {
        Instant end = now.isBefore(span.end()) ? now : span.end();
        LevelLine line = span.start().isBefore(end)
                ? log.levels(meter, new Period(Granularity.DAY.floor(span.start()), end))
                : null;
        List<Point> points = new ArrayList<>();
        for (Period step : steps) {
            Instant passed = step.end().isBefore(end) ? step.end() : end;
            BigDecimal mean = line != null && step.start().isBefore(passed)
                    ? line.mean(new Period(step.start(), passed))
                    : BigDecimal.ZERO;
            points.add(new Point(step.start(), step.end(), plain(mean), null, false));
        }
        return points;
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

    private static BigDecimal plain(BigDecimal value) {
        return Sql.plain(value.setScale(6, RoundingMode.HALF_UP));
    }
}
