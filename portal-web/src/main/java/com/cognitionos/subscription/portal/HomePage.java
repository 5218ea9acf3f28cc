package com.cognitionos.subscription.portal;

import com.cognitionos.alert.boundary.Alerts;
import com.cognitionos.alert.entity.Alert;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.gateway.boundary.ApiKeys;
import com.cognitionos.identity.portal.Me;
import com.cognitionos.invoicing.boundary.Forecasts;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.boundary.Invoices;
import com.cognitionos.invoicing.boundary.RunningTotals;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.metering.portal.AllowanceRow;
import com.cognitionos.payment.boundary.PaymentMethods;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.tenancy.portal.CurrentTenant;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The plan, what it comes to so far, and what to do next. */
@Named
@RequestScoped
public class HomePage {

    private static final int LATEST_ALERTS = 50;
    private static final int MOST_ALERTS = 3;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private RunningTotals runningTotals;

    @EJB
    private Invoices invoices;

    @EJB
    private PaymentMethods methods;

    @EJB
    private ApiKeys keys;

    @EJB
    private Plans plans;

    @EJB
    private Alerts openAlerts;

    @EJB
    private Forecasts forecasts;

    @Inject
    private Me me;

    @Inject
    private CurrentTenant tenant;

    private Section<PlanCard> plan;
    private Section<Spend> spend;
    private Section<Bills> bills;
    private Section<Steps> steps;
    private Section<Open> alerts;
    private Section<Forecasts.Forecast> forecast;

    /** The running month. */
    public record Spend(
            RunningTotals.Totals totals, long overageCents, List<AllowanceRow> allowances, boolean unused) {}

    /** @param last the newest invoice, null when there is none yet; {@code due} the oldest one to pay, null when none */
    public record Bills(
            @Nullable InvoiceView last, @Nullable InvoiceView due) {}

    /** The newest open alerts, of each thing the one that goes furthest, and how many there are besides. */
    public record Open(List<Alert> alerts, long more) {}

    /** What a new tenant has done already; {@code card} is how the one that pays ends, empty without one. */
    public record Steps(boolean hasKey, String card) {
        public boolean hasCard() {
            return !card.isEmpty();
        }
    }

    @PostConstruct
    void load() {
        plan = Section.load("plan", this::plan);
        spend = Section.load("spend", this::spend);
        bills = me.may("invoices:read") ? Section.load("invoices", this::bills) : Section.closed();
        alerts =
                me.may("usage:read") && !tenant.isSuspended() ? Section.load("alerts", this::alerts) : Section.closed();
        forecast = me.may("invoices:read") ? Section.load("forecast", forecasts::current) : Section.closed();
        steps = Section.load(
                "next steps",
                () -> new Steps(
                        keys.list().stream().anyMatch(key -> key.revokedAt() == null),
                        methods.defaultMethod()
                                .map(card -> "ends with " + card.last4())
                                .orElse("")));
    }

    private Open alerts() {
        Page<Alert> open = openAlerts.list(true, new Page.Request(1, LATEST_ALERTS));
        Map<String, Alert> furthest = new LinkedHashMap<>();
        open.items().forEach(alert -> furthest.putIfAbsent(alert.subject() + alert.period(), alert));
        List<Alert> shown = furthest.values().stream().limit(MOST_ALERTS).toList();
        return new Open(shown, open.total() - shown.size());
    }

    private PlanCard plan() {
        SubscriptionView subscription = subscriptions.current();
        return PlanCard.of(subscription, plans.version(Tier.of(subscription.tier()), subscription.planVersion()));
    }

    private Spend spend() {
        RunningTotals.Totals totals = runningTotals.current();
        return new Spend(
                totals,
                totals.metrics().stream()
                        .mapToLong(RunningTotals.Metric::overageCents)
                        .sum(),
                totals.metrics().stream()
                        .map(metric -> AllowanceRow.of(metric, plan.getValue().plan(), totals.currency()))
                        .toList(),
                totals.metrics().stream().allMatch(metric -> metric.current().signum() == 0));
    }

    private Bills bills() {
        Optional<UUID> due = invoices.open().stream().findFirst();
        return new Bills(invoices.last().orElse(null), due.map(invoices::get).orElse(null));
    }

    public Section<PlanCard> getPlan() {
        return plan;
    }

    public Section<Spend> getSpend() {
        return spend;
    }

    public Section<Bills> getBills() {
        return bills;
    }

    public Section<Steps> getSteps() {
        return steps;
    }

    public Section<Forecasts.Forecast> getForecast() {
        return forecast;
    }

    /** Of which nobody has taken note. */
    public Section<Open> getAlerts() {
        return alerts;
    }
}
