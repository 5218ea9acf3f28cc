package com.cognitionos.alert.portal;

import com.cognitionos.alert.entity.Alert;
import com.cognitionos.alert.entity.AlertSettings;
import com.cognitionos.alert.entity.Budget;
import com.cognitionos.alert.entity.Thresholds;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.portal.Figures;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.metering.portal.MeterWords;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Alerts, budgets and whom they go to, in words. */
@Named
@RequestScoped
public class AlertWords {

    private static final int ALL = 100;

    private static final Map<String, String> RECIPIENTS = Map.of(
            AlertSettings.BILLING_EMAIL,
            "The billing address",
            "owner",
            "Owners",
            "admin",
            "Admins",
            "billing",
            "Billing people",
            "developer",
            "Developers",
            "viewer",
            "Viewers");

    @EJB
    private Plans plans;

    @Inject
    private MeterWords meterWords;

    @Inject
    private Money money;

    @Inject
    private Figures figures;

    /** {@code Executions: 90 % used}. */
    public String title(Alert alert) {
        return alert.kind() == Alert.Kind.BUDGET
                ? "Budget \u201c" + alert.name() + "\u201d: " + alert.threshold() + " % spent"
                : meter(alert.meter()) + ": " + alert.threshold() + " % used";
    }

    /** {@code 9,500 of 10,000 executions}, or {@code $12.00 of $20.00}. */
    public String figure(Alert alert) {
        if (alert.currency() != null) {
            return money.of(alert.value().longValueExact(), alert.currency()) + " of "
                    + money.of(alert.bound().longValueExact(), alert.currency());
        }
        String of = figures.quantity(alert.value()) + " of ";
        return find(alert.meter())
                .map(meter -> of + meterWords.amount(alert.bound(), meter.unit()))
                .orElseGet(() -> of + figures.quantity(alert.bound()));
    }

    public String tone(Alert alert) {
        return alert.threshold() >= ALL ? "bad" : "warn";
    }

    /** What a budget counts. */
    public String counts(Budget budget) {
        if (budget.basis() == Budget.Basis.TOTAL) {
            return "All that the month comes to, with discounts and tax";
        }
        return budget.meter() == null
                ? "Usage above the plan, all meters"
                : "Usage above the plan: " + meter(budget.meter());
    }

    /** {@code at 50, 75 and 90 %}, or {@code never}. */
    public String shares(Thresholds thresholds) {
        if (thresholds.isEmpty()) {
            return "never";
        }
        return "at " + field(thresholds) + " %";
    }

    /** As somebody types them: {@code 50, 75, 90, 100}. */
    public String field(Thresholds thresholds) {
        return thresholds.percent().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    public String recipient(String code) {
        return RECIPIENTS.getOrDefault(code, code);
    }

    /** {@code Executions}. */
    public String meter(@Nullable String code) {
        return find(code)
                .map(meter -> meterWords.title(meter.code(), meter.unit()))
                .orElseGet(() -> String.valueOf(code));
    }

    private Optional<Meter> find(@Nullable String code) {
        return code == null ? Optional.empty() : plans.meter(code);
    }
}
