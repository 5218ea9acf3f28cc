package com.cognitionos.metering.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.RunningTotals;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One meter over the last 30 or 90 days. */
@Named
@RequestScoped
public class UsagePage {

    @EJB
    private Plans plans;

    @EJB
    private RunningTotals runningTotals;

    @EJB
    private Subscriptions subscriptions;

    @Inject
    private UsageDays usageDays;

    @Inject
    @ManagedProperty("#{param.meter}")
    private @Nullable String wantedMeter;

    @Inject
    @ManagedProperty("#{param.days}")
    private @Nullable String wantedDays;

    @Inject
    @ManagedProperty("#{param.by}")
    private @Nullable String wantedGroups;

    @Inject
    @ManagedProperty("#{param.of}")
    private @Nullable String wantedGroup;

    private List<Meter> meters;
    private Meter meter;
    private @Nullable String groupedBy;
    private Section<DailyUsage> daily;
    private Section<PeriodSoFar> period;
    private Section<GroupedUsage> groups;

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

    @PostConstruct
    void load() {
        meters = plans.meters();
        meter = usageDays.meter(wantedMeter);
        groupedBy = UsageDays.group(meter, wantedGroups);
        period = Section.load("usage of the period", this::period);
        daily = Section.load("daily usage", this::daily);
        groups = Section.load("usage by group", this::groups);
    }

    private DailyUsage daily() {
        return DailyUsage.of(
                usageDays.series(meter.code(), getDays(), getGroup() == null ? null : groupedBy, getGroup()),
                limitLine());
    }

    private GroupedUsage groups() {
        return groupedBy == null
                ? GroupedUsage.NONE
                : GroupedUsage.of(usageDays.series(meter.code(), getDays(), groupedBy, null));
    }

    /** The limit as a day sees it: of what adds up, the even pace to the month's limit; null for all but all usage. */
    public @Nullable BigDecimal limitLine() {
        BigDecimal limit = period.isLoaded() ? period.getValue().limit() : null;
        if (limit == null || getGroup() != null) {
            return null;
        }
        long days = Math.max(1, period.getValue().month().length().toDays());
        return meter.aggregation().adds() ? limit.divide(BigDecimal.valueOf(days), 6, RoundingMode.HALF_UP) : limit;
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
        return List.of(UsageDays.MONTH, UsageDays.QUARTER);
    }

    public Section<DailyUsage> getDaily() {
        return daily;
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
            case UNIQUE_COUNT -> "Most in a day";
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
        return groupedBy == null ? null : wantedGroup;
    }

    public Section<GroupedUsage> getGroups() {
        return groups;
    }

    /** This page with another choice; null leaves a choice out. */
    public String address(String code, int days, @Nullable String by, @Nullable String of) {
        return "/usage?" + query(code, days, by, of);
    }

    /** The days as a file. */
    public String getFile() {
        return "/usage-export?" + query(meter.code(), getDays(), groupedBy, getGroup());
    }

    private static String query(String code, int days, @Nullable String by, @Nullable String of) {
        return "meter=" + encoded(code) + "&days=" + days + (by == null ? "" : "&by=" + encoded(by))
                + (of == null ? "" : "&of=" + encoded(of));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public boolean isUnused() {
        return daily.isLoaded() && daily.getValue().total().compareTo(BigDecimal.ZERO) == 0;
    }
}
