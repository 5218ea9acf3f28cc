package com.cognitionos.metering.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.Forecasts;
import com.cognitionos.invoicing.boundary.Forecasts.MeterForecast;
import com.cognitionos.invoicing.boundary.RunningTotals;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.tenancy.portal.CurrentTenant;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One meter over the last 30 or 90 days. */
@Named
@RequestScoped
public class UsagePage {

    private static final int MONTH = 30;
    private static final int QUARTER = 90;

    @EJB
    private Plans plans;

    @EJB
    private Usage usage;

    @EJB
    private RunningTotals runningTotals;

    @EJB
    private Forecasts forecasts;

    @EJB
    private Subscriptions subscriptions;

    @Inject
    private CurrentTenant tenant;

    @Inject
    @ManagedProperty("#{param.meter}")
    private @Nullable String wantedMeter;

    @Inject
    @ManagedProperty("#{param.days}")
    private @Nullable String wantedDays;

    private List<Meter> meters;
    private Meter meter;
    private Section<DailyUsage> daily;
    private Section<PeriodSoFar> period;
    private Section<MonthAhead> ahead;

    /** What counts against the plan. */
    public record PeriodSoFar(Period month, AllowanceRow allowance, String currency) {}

    /**
     * What the running month is likely to come to.
     *
     * @param forecast null for a meter that the plan does not have
     * @param chart null for a level, which does not add up
     */
    public record MonthAhead(
            Period month,
            @Nullable MeterForecast forecast,
            @Nullable MonthChart chart) {}

    @PostConstruct
    void load() {
        meters = plans.meters();
        meter = meters.stream()
                .filter(known -> known.code().equals(wantedMeter))
                .findFirst()
                .orElse(meters.get(0));
        daily = Section.load("daily usage", this::daily);
        period = Section.load("usage of the period", this::period);
        ahead = Section.load("forecast", this::ahead);
    }

    private DailyUsage daily() {
        Instant now = tenant.now();
        Instant first = now.truncatedTo(ChronoUnit.DAYS).minus(getDays() - 1L, ChronoUnit.DAYS);
        // To a moment after now, or the first instant of a day would be an empty day.
        return DailyUsage.of(usage.series(meter.code(), first, now.plusMillis(1), Usage.Granularity.DAY, null));
    }

    private MonthAhead ahead() {
        Forecasts.Forecast forecast = forecasts.current();
        Period month = forecast.period();
        MeterForecast ofMeter = forecast.meters().stream()
                .filter(one -> one.meter().code().equals(meter.code()))
                .findFirst()
                .orElse(null);
        if (ofMeter == null || isMean() || !month.contains(forecast.at())) {
            return new MonthAhead(month, ofMeter, null);
        }
        List<BigDecimal> days =
                usage
                        .series(meter.code(), month.start(), forecast.at().plusMillis(1), Usage.Granularity.DAY, null)
                        .points()
                        .stream()
                        .map(Usage.Point::quantity)
                        .toList();
        BigDecimal passed = BigDecimal.valueOf(
                        Duration.between(month.start(), forecast.at()).toSeconds())
                .divide(BigDecimal.valueOf(month.length().toSeconds()), 6, RoundingMode.HALF_UP);
        return new MonthAhead(month, ofMeter, MonthChart.of(days, ofMeter, passed));
    }

    private PeriodSoFar period() {
        RunningTotals.Totals totals = runningTotals.current();
        SubscriptionView subscription = subscriptions.current();
        Plan plan = plans.version(Tier.of(subscription.tier()), subscription.planVersion());
        return totals.metrics().stream()
                .filter(metric -> metric.meter().equals(meter.code()))
                .map(metric -> new PeriodSoFar(
                        totals.period(), AllowanceRow.of(metric, plan, totals.currency()), totals.currency()))
                .findFirst()
                .orElseThrow();
    }

    public List<Meter> getMeters() {
        return meters;
    }

    public Meter getMeter() {
        return meter;
    }

    public int getDays() {
        return String.valueOf(QUARTER).equals(wantedDays) ? QUARTER : MONTH;
    }

    public List<Integer> getRanges() {
        return List.of(MONTH, QUARTER);
    }

    public Section<DailyUsage> getDaily() {
        return daily;
    }

    public Section<MonthAhead> getAhead() {
        return ahead;
    }

    public Section<PeriodSoFar> getPeriod() {
        return period;
    }

    public boolean isMean() {
        return meter.aggregation() == Meter.Aggregation.TIME_WEIGHTED;
    }

    public boolean isUnused() {
        return daily.isLoaded() && daily.getValue().total().compareTo(BigDecimal.ZERO) == 0;
    }
}
