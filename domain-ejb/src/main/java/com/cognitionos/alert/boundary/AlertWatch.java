package com.cognitionos.alert.boundary;

import com.cognitionos.alert.control.AlertLetters;
import com.cognitionos.alert.control.AlertLetters.Reached;
import com.cognitionos.alert.control.AlertRecords;
import com.cognitionos.alert.control.DayWatch;
import com.cognitionos.alert.control.Watches;
import com.cognitionos.alert.entity.Alert;
import com.cognitionos.alert.entity.AlertSettings;
import com.cognitionos.alert.entity.Anomaly;
import com.cognitionos.alert.entity.Budget;
import com.cognitionos.alert.entity.MeanLevel;
import com.cognitionos.alert.entity.Thresholds;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.invoicing.boundary.RunningTotals;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Events;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.boundary.Allowances;
import com.cognitionos.metering.boundary.MeterUse;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.metering.entity.Allowance;
import com.cognitionos.payment.boundary.Lookout;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.tenancy.boundary.Tenants;
import com.cognitionos.tenancy.boundary.TestClocks;
import jakarta.ejb.EJB;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at what tenants use and tells them what they have reached (ALR-1 to ALR-8). */
@Stateless
@LocalBean
@TenantWall
public class AlertWatch implements Lookout {

    /** The least that a quantity can rise by. */
    private static final BigDecimal STEP = BigDecimal.ONE.movePointLeft(6);

    /** Of a limit from which on a refusal means that it is reached, and not that one event was far too large. */
    private static final BigDecimal LITTLE_LEFT = new BigDecimal("0.9");

    @Inject
    private AlertRecords records;

    @Inject
    private DayWatch dayWatch;

    @Inject
    private AlertLetters letters;

    @Inject
    private Watches watches;

    @Inject
    private BusinessClock clock;

    @Inject
    private Events events;

    @EJB
    private Allowances allowances;

    @EJB
    private Usage usage;

    @EJB
    private RunningTotals runningTotals;

    @EJB
    private Tenants tenants;

    @EJB
    private TestClocks testClocks;

    /** The tenants that are to be looked at, at most so many; for the platform. */
    public List<UUID> candidates(int limit) {
        return watches.candidates(limit);
    }

    @Override
    public Optional<Instant> nextDue() {
        return watches.state()
                .flatMap(state -> state.isUnseen()
                        ? Optional.of(clock.now(Caller.currentTenant()))
                        : Optional.ofNullable(state.lookAt()));
    }

    @Override
    public void look(Instant due) {
        if (tenants.current().testMode()) {
            testClocks.pass(due);
        }
        look();
    }

    /** Looks at the caller's tenant at its present. @return how much is told anew */
    public int look() {
        return lookFor(null);
    }

    /** A limit of the caller's tenant has just refused something: where little is left, all of it counts as reached. */
    public void refused(String meter) {
        lookFor(meter);
    }

    private int lookFor(@Nullable String refused) {
        // Before the usage: what comes in between is looked at once more rather than never.
        List<Watches.Mark> marks = watches.marks();
        Watches.State state = watches.state().orElse(null);
        List<MeterUse> uses = state == null ? List.of() : allowances.look(BigDecimal.ZERO);
        if (state == null || uses.isEmpty()) {
            watches.rest();
            watches.unmark(marks);
            return 0;
        }
        Look look = new Look(uses.get(0).month(), refused);
        uses.forEach(look::at);
        List<Budget> budgets = records.budgets();
        if (!budgets.isEmpty()) {
            look.at(budgets, runningTotals.current());
        }
        Watches.Days days = look.atDays(uses);
        look.tell();
        watches.save(state, look.month, !budgets.isEmpty(), look.next, look.again, days);
        watches.unmark(marks);
        return look.found;
    }

    /** One look at a month. */
    private final class Look {

        private final Instant now = clock.now(Caller.currentTenant());
        private final AlertSettings settings = records.settings().settings();
        private final Period month;
        private final @Nullable String refused;
        private final List<Alert> told;
        private final Map<String, BigDecimal> next = new HashMap<>();
        private final List<Reached> reached = new ArrayList<>();
        private @Nullable Map<String, BigDecimal> means;
        private @Nullable List<String> recipients;
        private @Nullable Instant again;
        private boolean levels;
        private int found;

        private Look(Period month, @Nullable String refused) {
            this.month = month;
            this.refused = refused;
            this.told = records.ofPeriod(month.start());
        }

        private void at(MeterUse use) {
            Allowance allowance = use.allowance();
            Meter meter = allowance.meter();
            boolean mean = meter.aggregation() == Meter.Aggregation.TIME_WEIGHTED && allowance.limit() == null;
            BigDecimal value = mean ? means().getOrDefault(meter.code(), BigDecimal.ZERO) : use.used();
            levels |= mean && value.signum() > 0;
            BigDecimal bound = allowance.shown();
            Thresholds thresholds = settings.of(meter.code());
            if (bound == null || thresholds.isEmpty()) {
                return;
            }
            List<Thresholds.Told> before = told(Alert.Kind.USAGE, meter.code());
            boolean hit = meter.code().equals(refused)
                    && allowance.limit() != null
                    && value.compareTo(bound.multiply(LITTLE_LEFT)) >= 0;
            List<Alert> fresh = insert(
                    thresholds.news(hit ? value.max(bound) : value, bound, before),
                    threshold ->
                            alert(Alert.Kind.USAGE, meter.code(), null, meter.name(), null, threshold, bound, value));
            boolean limited = allowance.limit() != null;
            fresh.forEach(
                    alert -> events.publish(EventType.USAGE_ALERT_TRIGGERED, () -> UsageAlertNews.of(alert, limited)));
            note(fresh, hit ? "Something larger than what is left was just refused." : consequence(allowance));
            thresholds.next(value, bound, before).ifPresent(quantity -> {
                next.put(meter.code(), quantity);
                if (mean) {
                    new MeanLevel(value, use.used(), month.start(), now)
                            .reaches(quantity)
                            .ifPresent(this::again);
                }
            });
        }

        private Map<String, BigDecimal> means() {
            if (means == null) {
                means = usage.inPeriod(month);
            }
            return means;
        }

        private void at(List<Budget> budgets, RunningTotals.Totals totals) {
            for (Budget budget : budgets) {
                BigDecimal spent = BigDecimal.valueOf(Budgets.spent(budget, totals));
                BigDecimal bound = BigDecimal.valueOf(budget.amountCents());
                List<Alert> fresh = insert(
                        budget.thresholds()
                                .news(
                                        spent,
                                        bound,
                                        told(Alert.Kind.BUDGET, budget.id().toString())),
                        threshold -> alert(
                                Alert.Kind.BUDGET,
                                budget.meter(),
                                budget.id(),
                                budget.name(),
                                totals.currency(),
                                threshold,
                                bound,
                                spent));
                fresh.forEach(alert ->
                        events.publish(EventType.BUDGET_ALERT_TRIGGERED, () -> BudgetAlertNews.of(alert, budget)));
                note(fresh, "A budget stops nothing; a spending cap does.");
            }
            if (levels) {
                // What a level costs rises with its mean, without a further event.
                again(now.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS));
            }
        }

        /** Those that have come on; what is to be told of the next ones was found before. */
        private Watches.Days atDays(List<MeterUse> uses) {
            if (settings.anomalies().isOff()) {
                return Watches.Days.UNKNOWN;
            }
            Map<String, BigDecimal> sums = uses.stream()
                    .filter(use -> use.allowance().meter().aggregation() == Meter.Aggregation.SUM)
                    .filter(use ->
                            settings.anomalies().watches(use.allowance().meter().code()))
                    .collect(Collectors.toMap(use -> use.allowance().meter().code(), MeterUse::used));
            Watches.Days days = watches.days(month);
            if (days.areDue(now, sums)) {
                DayWatch.Found found = dayWatch.look(
                        settings.anomalies(), now, tenants.current().testMode());
                found.unlike().forEach(this::at);
                days = new Watches.Days(quantities(sums, found.left()), found.next());
            }
            days.quantities().forEach((meter, quantity) -> next.merge(meter, quantity, BigDecimal::min));
            if (days.at() != null) {
                again = earlier(days.at());
            }
            return days;
        }

        /** At which there is something to look at: where a day would be told of, or what was not used begins. */
        private Map<String, BigDecimal> quantities(Map<String, BigDecimal> sums, Map<String, BigDecimal> left) {
            Map<String, BigDecimal> quantities = new HashMap<>();
            sums.forEach((meter, used) -> {
                BigDecimal more = used.signum() == 0 ? left.getOrDefault(meter, BigDecimal.ZERO) : left.get(meter);
                if (more != null) {
                    quantities.put(meter, used.add(more).add(STEP));
                }
            });
            return quantities;
        }

        private void at(DayWatch.Unlike unlike) {
            Anomaly anomaly = unlike.anomaly();
            boolean high = anomaly.direction() == Anomaly.Direction.HIGH;
            String meter = unlike.meter().code();
            Instant day = unlike.day().start();
            if (records.anomalies(day.minus(Anomaly.DAYS_LIKE_IT, ChronoUnit.DAYS)).stream()
                    .anyMatch(before ->
                            meter.equals(before.meter()) && anomaly.isToldBy(before, day, unlike.quantity()))) {
                return;
            }
            Alert alert = new Alert(
                    Ids.next(),
                    Alert.Kind.ANOMALY,
                    meter,
                    null,
                    unlike.meter().name(),
                    null,
                    unlike.day(),
                    0,
                    high ? anomaly.high() : anomaly.low(),
                    unlike.quantity(),
                    now,
                    recipients(),
                    null,
                    null,
                    anomaly);
            if (records.insert(alert)) {
                found++;
                events.publish(EventType.USAGE_ANOMALY_DETECTED, () -> AnomalyNews.of(alert, anomaly));
                note(List.of(alert), "Nothing is refused or stopped because of it.");
            }
        }

        private List<Thresholds.Told> told(Alert.Kind kind, String subject) {
            return told.stream()
                    .filter(alert -> alert.kind() == kind && alert.subject().equals(subject))
                    .map(alert -> new Thresholds.Told(alert.threshold(), alert.value()))
                    .toList();
        }

        private Alert alert(
                Alert.Kind kind,
                @Nullable String meter,
                @Nullable UUID budget,
                String name,
                @Nullable String currency,
                int threshold,
                BigDecimal bound,
                BigDecimal value) {
            return new Alert(
                    Ids.next(),
                    kind,
                    meter,
                    budget,
                    name,
                    currency,
                    month,
                    threshold,
                    bound,
                    value,
                    now,
                    recipients(),
                    null,
                    null,
                    null);
        }

        /** Those that nobody else has told meanwhile. */
        private List<Alert> insert(List<Integer> thresholds, IntFunction<Alert> alert) {
            List<Alert> fresh = thresholds.stream()
                    .map(alert::apply)
                    .filter(records::insert)
                    .toList();
            found += fresh.size();
            return fresh;
        }

        private List<String> recipients() {
            if (recipients == null) {
                recipients = letters.recipients(settings);
            }
            return recipients;
        }

        private void note(List<Alert> fresh, String consequence) {
            if (!fresh.isEmpty()) {
                reached.add(new Reached(fresh.get(fresh.size() - 1), consequence));
            }
        }

        private void again(Instant at) {
            if (at.isBefore(month.end()) && at.isAfter(now)) {
                again = earlier(at);
            }
        }

        private Instant earlier(Instant at) {
            return again == null || at.isBefore(again) ? at : again;
        }

        private void tell() {
            if (!reached.isEmpty() && !recipients().isEmpty()) {
                letters.reached(reached, recipients());
            }
        }
    }

    private static String consequence(Allowance allowance) {
        if (allowance.limit() != null) {
            return "At 100 % more is refused.";
        }
        return allowance.price() == null
                ? "More than that is neither refused nor charged."
                : "What goes above it is charged.";
    }
}
