package com.cognitionos.metering.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.Forecasts;
import com.cognitionos.invoicing.boundary.Forecasts.MeterForecast;
import com.cognitionos.invoicing.boundary.RunningTotals;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.faces.annotation.RequestParameterMap;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One meter over the last day to 90 days, in short spans by hour. */
@Named
@RequestScoped
public class UsagePage {

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
    private UsageDays usageDays;

    @Inject
    private Dates dates;

    @Inject
    @ManagedProperty("#{param.meter}")
    private @Nullable String wantedMeter;

    @Inject
    @ManagedProperty("#{param.days}")
    private @Nullable String wantedDays;

    @Inject
    @ManagedProperty("#{param.by}")
    private @Nullable String wantedGroups;

    // Not a managed property, which would make an empty text of a parameter that is not there.
    @Inject
    @RequestParameterMap
    private Map<String, String> parameters;

    private List<Meter> meters;
    private Meter meter;
    private @Nullable String groupedBy;
    private Section<UsageOverTime> overTime;
    private Section<PeriodSoFar> period;
    private Section<GroupedUsage> groups;
    private Section<StackedBars> stack;
    private Usage.@Nullable Series grouped;
    private Section<MonthAhead> ahead;

    /**
     * What counts against the plan.
     *
     * @param allowance null where the plan does not have the meter
     * @param limit where it is refused, or begins to cost; null for none
     */
    public record PeriodSoFar(
            Period month,
            @Nullable AllowanceRow allowance,
            String currency,
            @Nullable BigDecimal limit) {}

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
        meter = usageDays.meter(wantedMeter);
        groupedBy = UsageDays.group(meter, wantedGroups);
        period = Section.load("usage of the period", this::period);
        overTime = Section.load("usage over time", this::overTime);
        groups = Section.load("usage by group", this::groups);
        stack = Section.load("chart by group", this::stack);
        ahead = Section.load("forecast", this::ahead);
    }

    private UsageOverTime overTime() {
        return UsageOverTime.of(
                usageDays.series(meter.code(), getDays(), getGroup() == null ? null : groupedBy, getGroup()),
                limitLine());
    }

    private GroupedUsage groups() {
        return groupedBy == null ? GroupedUsage.NONE : GroupedUsage.of(byGroup());
    }

    /** Only quantities that add up lie on top of each other. */
    private StackedBars stack() {
        return groupedBy == null || getGroup() != null || !meter.aggregation().adds() || !overTime.isLoaded()
                ? StackedBars.NONE
                : StackedBars.of(byGroup(), overTime.getValue());
    }

    private Usage.Series byGroup() {
        if (grouped == null) {
            grouped = usageDays.series(meter.code(), getDays(), groupedBy, null);
        }
        return grouped;
    }

    /** The limit as a bar sees it: of what adds up, the even pace to the month's limit; null for all but all usage. */
    public @Nullable BigDecimal limitLine() {
        BigDecimal limit = period.isLoaded() ? period.getValue().limit() : null;
        if (limit == null || getGroup() != null) {
            return null;
        }
        Duration month = period.getValue().month().length();
        long bars = Math.max(1, isByHour() ? month.toHours() : month.toDays());
        return meter.aggregation().adds() ? limit.divide(BigDecimal.valueOf(bars), 6, RoundingMode.HALF_UP) : limit;
    }

    private MonthAhead ahead() {
        Forecasts.Forecast forecast = forecasts.current();
        Period month = forecast.period();
        MeterForecast ofMeter = forecast.meters().stream()
                .filter(one -> one.meter().code().equals(meter.code()))
                .findFirst()
                .orElse(null);
        if (ofMeter == null || !meter.aggregation().adds() || !month.contains(forecast.at())) {
            return new MonthAhead(month, ofMeter, null);
        }
        List<BigDecimal> days = usage
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
                        totals.period(),
                        AllowanceRow.of(metric, plan, totals.currency()),
                        totals.currency(),
                        metric.limit()))
                .findFirst()
                .orElse(new PeriodSoFar(totals.period(), null, totals.currency(), null));
    }

    public List<Meter> getMeters() {
        return meters;
    }

    public Meter getMeter() {
        return meter;
    }

    public int getDays() {
        return UsageDays.days(wantedDays);
    }

    public List<Integer> getRanges() {
        return UsageDays.RANGES;
    }

    public boolean isByHour() {
        return UsageDays.byHour(getDays());
    }

    /** The span in words: {@code 24 hours}, {@code 7 days}. */
    public String span(int days) {
        return days == 1 ? "24 hours" : days + " days";
    }

    /** The hour or day that begins then. */
    public String step(Instant start) {
        return isByHour() ? dates.hourInUtc(start) : dates.dayInUtc(start);
    }

    /** As {@link #step}, for the axis of the chart. */
    public String shortStep(Instant start) {
        return isByHour() ? dates.hourOfYear(start) : dates.dayOfYear(start);
    }

    public Section<UsageOverTime> getOverTime() {
        return overTime;
    }

    public Section<StackedBars> getStack() {
        return stack;
    }

    /** A forecast knows no fractions of what there is much of. */
    public BigDecimal rounded(BigDecimal quantity) {
        return quantity.compareTo(BigDecimal.TEN) < 0 ? quantity : quantity.setScale(0, RoundingMode.HALF_UP);
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

    /** What the figure over all days is. */
    public String getFigure() {
        return switch (meter.aggregation()) {
            case SUM, COUNT -> "Total";
            case MAX -> "Highest";
            case UNIQUE_COUNT -> isByHour() ? "Most in an hour" : "Most in a day";
            case LATEST -> "Latest";
            case TIME_WEIGHTED -> "Average";
        };
    }

    /** What the line in the chart is. */
    public String getLimitWords() {
        return meter.aggregation().adds() ? "Even pace to the month’s limit" : "The plan’s limit";
    }

    /** By what the usage is split; null for nothing. */
    public @Nullable String getGroupedBy() {
        return groupedBy;
    }

    /** The one group that is shown; null for all usage. */
    public @Nullable String getGroup() {
        return groupedBy == null ? null : parameters.get("of");
    }

    public Section<GroupedUsage> getGroups() {
        return groups;
    }

    /** This page as it is. */
    public String getAddress() {
        return forDays(getDays());
    }

    /** This page, of so many days. */
    public String forDays(int days) {
        return "/usage?" + query(days, groupedBy, getGroup());
    }

    /** This page, split by a dimension. */
    public String splitBy(String dimension) {
        return "/usage?" + query(getDays(), dimension, null);
    }

    /** This page, of one group alone. */
    public String ofGroup(String name) {
        return "/usage?" + query(getDays(), groupedBy, name);
    }

    /** The days as a file. */
    public String getFile() {
        return "/usage-export?" + query(getDays(), groupedBy, getGroup());
    }

    private String query(int days, @Nullable String by, @Nullable String of) {
        return "meter=" + encoded(meter.code()) + "&days=" + days + (by == null ? "" : "&by=" + encoded(by))
                + (of == null ? "" : "&of=" + encoded(of));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public boolean isUnused() {
        return overTime.isLoaded() && overTime.getValue().total().compareTo(BigDecimal.ZERO) == 0;
    }
}
