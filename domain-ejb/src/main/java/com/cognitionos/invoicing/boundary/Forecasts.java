package com.cognitionos.invoicing.boundary;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.boundary.Allowances;
import com.cognitionos.metering.boundary.MeterUse;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.metering.entity.UsageForecast;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.Subscription;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the running month is likely to come to, with a band (INV-25). */
@Stateless
@TenantWall
public class Forecasts {

    @Inject
    private BusinessClock clock;

    @EJB
    private Usage usage;

    @EJB
    private Allowances allowances;

    @EJB
    private RunningTotals runningTotals;

    @EJB
    private Subscriptions subscriptions;

    /**
     * Of one meter; quantities in its units.
     *
     * @param used of the month so far; of a level its mean
     * @param limit what is refused above, or included where nothing is; null is unlimited
     * @param low the 10 % quantile, from {@code used}
     * @param expected the median
     * @param high the 90 % quantile
     * @param reachesLimitAt when it comes to the limit as expected; null where that is not in this month, or was before
     * @param historyDays how many days it rests on
     */
    public record MeterForecast(
            Meter meter,
            BigDecimal used,
            @Nullable BigDecimal limit,
            BigDecimal low,
            BigDecimal expected,
            BigDecimal high,
            @Nullable Instant reachesLimitAt,
            int historyDays) {}

    /**
     * Of the month's invoice, with discounts and tax.
     *
     * @param lowCents what it comes to where every meter ends low, so that it is rarely less
     * @param highCents where every meter ends high, up to the spending cap
     */
    public record Forecast(
            Period period,
            Instant at,
            List<MeterForecast> meters,
            long totalCents,
            long lowCents,
            long expectedCents,
            long highCents,
            String currency) {}

    /** @throws Problem NOT_FOUND when the tenant never had a subscription */
    public Forecast current() {
        Subscription subscription = subscriptions.latest().orElseThrow(() -> Problem.notFound("subscription"));
        // What takes locks comes first.
        Map<String, MeterUse> uses = new HashMap<>();
        allowances
                .look(BigDecimal.ZERO)
                .forEach(use -> uses.put(use.allowance().meter().code(), use));
        Allowances.SpendingCap cap = allowances.spendingCap();
        RunningTotals.Totals totals = runningTotals.current();
        Instant now = clock.now(Caller.currentTenant());
        List<MeterForecast> meters = new ArrayList<>();
        for (RunningTotals.Metric metric : totals.metrics()) {
            MeterUse use = uses.get(metric.meter());
            if (use != null) {
                meters.add(forecast(metric, use, totals.period(), subscription.createdAt(), now));
            }
        }
        long overage = totals.metrics().stream()
                .mapToLong(RunningTotals.Metric::overageCents)
                .sum();
        List<Long> priced = runningTotals
                .projected(List.of(
                        more(meters, MeterForecast::low),
                        more(meters, MeterForecast::expected),
                        more(meters, MeterForecast::high)))
                .stream()
                .map(end -> bounded(end, cap.amountCents(), totals.totalCents(), overage))
                .toList();
        return new Forecast(
                totals.period(),
                now,
                meters,
                totals.totalCents(),
                priced.get(0),
                priced.get(1),
                priced.get(2),
                totals.currency());
    }

    private MeterForecast forecast(
            RunningTotals.Metric metric, MeterUse use, Period month, Instant began, Instant now) {
        Meter meter = use.allowance().meter();
        Instant today = now.truncatedTo(ChronoUnit.DAYS);
        Instant tomorrow = today.plus(1, ChronoUnit.DAYS);
        Instant end = month.end().isBefore(now) ? now : month.end();
        double todayLeft = days(now, end.isBefore(tomorrow) ? end : tomorrow);
        double daysLeft = end.isAfter(tomorrow) ? days(tomorrow, end) : 0;
        List<BigDecimal> days = days(meter, today, began, now);
        List<BigDecimal> history = days.subList(0, days.size() - 1);
        BigDecimal soFar = days.get(days.size() - 1);
        boolean level = meter.aggregation() == Meter.Aggregation.TIME_WEIGHTED;
        UsageForecast found;
        if (level) {
            found = UsageForecast.ofLevel(
                    history, metric.current(), days(month.start(), now), use.used(), todayLeft, daysLeft);
        } else if (meter.aggregation().adds()) {
            found = UsageForecast.of(history, metric.current(), todayLeft, daysLeft, soFar);
        } else {
            // Days of peaks or distinct values do not add up, so what there is stays the best guess.
            found = new UsageForecast(metric.current(), metric.current(), metric.current(), history.size());
        }
        BigDecimal refused = use.allowance().limit();
        return new MeterForecast(
                meter,
                metric.current(),
                metric.limit(),
                upTo(refused, found.low(), metric.current()),
                upTo(refused, found.expected(), metric.current()),
                upTo(refused, found.high(), metric.current()),
                !meter.aggregation().adds() ? null : reaches(metric, found.expected(), now, end),
                found.days());
    }

    /** The whole days before today that the tenant has been there, oldest first, and today last. */
    private List<BigDecimal> days(Meter meter, Instant today, Instant began, Instant now) {
        Instant earliest = today.minus(UsageForecast.HISTORY, ChronoUnit.DAYS);
        Instant first = began.truncatedTo(ChronoUnit.DAYS).equals(began)
                ? began
                : began.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
        Instant from = first.isBefore(earliest) ? earliest : first.isAfter(today) ? today : first;
        return usage.series(meter.code(), from, now.plusMillis(1), Usage.Granularity.DAY, null).points().stream()
                .map(Usage.Point::quantity)
                .toList();
    }

    /** At an even pace from now on. */
    private static @Nullable Instant reaches(
            RunningTotals.Metric metric, BigDecimal expected, Instant now, Instant end) {
        BigDecimal limit = metric.limit();
        if (limit == null || metric.current().compareTo(limit) >= 0 || expected.compareTo(limit) < 0) {
            return null;
        }
        double share = limit.subtract(metric.current()).doubleValue()
                / expected.subtract(metric.current()).doubleValue();
        return now.plusSeconds((long) (share * Duration.between(now, end).toSeconds()));
    }

    private static BigDecimal upTo(@Nullable BigDecimal refused, BigDecimal wanted, BigDecimal used) {
        return Sql.plain(refused == null ? wanted : wanted.min(refused.max(used)));
    }

    private static Map<String, BigDecimal> more(List<MeterForecast> meters, Function<MeterForecast, BigDecimal> end) {
        Map<String, BigDecimal> more = new HashMap<>();
        meters.forEach(one -> more.put(one.meter().code(), end.apply(one).subtract(one.used())));
        return more;
    }

    /** What is above the cap is refused and so never charged. @param overageCents what it comes to so far */
    static long bounded(
            RunningTotals.Projection projected, @Nullable Long capCents, long totalCents, long overageCents) {
        if (capCents == null) {
            return projected.totalCents();
        }
        long above = Math.max(0, projected.overageCents() - Math.max(capCents, overageCents));
        return Math.max(totalCents, projected.totalCents() - above);
    }

    private static double days(Instant from, Instant to) {
        return from.isBefore(to)
                ? (double) Duration.between(from, to).toSeconds()
                        / Duration.ofDays(1).toSeconds()
                : 0;
    }
}
