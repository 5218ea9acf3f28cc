package com.cognitionos.alert.portal;

import com.cognitionos.alert.entity.Alert;
import com.cognitionos.alert.entity.AlertSettings;
import com.cognitionos.alert.entity.Anomaly;
import com.cognitionos.alert.entity.AnomalySettings.Sensitivity;
import com.cognitionos.alert.entity.Budget;
import com.cognitionos.alert.entity.Thresholds;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.kernel.portal.Figures;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.metering.portal.MeterWords;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.math.BigDecimal;
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

    @Inject
    private Dates dates;

    /** {@code Executions: 90 % used}. */
    public String title(Alert alert) {
        return switch (alert.kind()) {
            case USAGE -> meter(alert.meter()) + ": " + alert.threshold() + " % used";
            case BUDGET -> "Budget \u201c" + alert.name() + "\u201d: " + alert.threshold() + " % spent";
            case ANOMALY -> meter(alert.meter()) + ": unusually " + (isHigh(alert) ? "high" : "low");
        };
    }

    private static boolean isHigh(Alert alert) {
        return alert.anomaly() != null && alert.anomaly().direction() == Anomaly.Direction.HIGH;
    }

    /** {@code 9,500 of 10,000 executions (95 %)}, {@code $12.00 of $20.00 (60 %)}, {@code 900 executions, 300 % of the usual 300}. */
    public String figure(Alert alert) {
        if (alert.anomaly() != null) {
            return amount(alert, alert.value()) + ", " + figures.percent(alert.percent()) + " of the usual "
                    + figures.quantity(alert.anomaly().usual());
        }
        return reached(alert) + " (" + figures.percent(alert.percent()) + ")";
    }

    private String reached(Alert alert) {
        if (alert.currency() != null) {
            return money.of(alert.value().longValueExact(), alert.currency()) + " of "
                    + money.of(alert.bound().longValueExact(), alert.currency());
        }
        return figures.quantity(alert.value()) + " of " + amount(alert, alert.bound());
    }

    private String amount(Alert alert, BigDecimal quantity) {
        return find(alert.meter())
                .map(meter -> meterWords.amount(quantity, meter.unit()))
                .orElseGet(() -> figures.quantity(quantity));
    }

    /** {@code in the month 1 Mar 2026 – 31 Mar 2026}, or {@code on 3 Mar 2026 (UTC)}. */
    public String when(Alert alert) {
        return alert.anomaly() == null
                ? "in the month " + dates.period(alert.period())
                : "on " + dates.dayInUtc(alert.period().start()) + " (UTC)";
    }

    /** What a day is told of for. */
    public String why(Alert alert) {
        Anomaly anomaly = alert.anomaly();
        if (anomaly == null) {
            return "";
        }
        return "By your own history " + amount(alert, anomaly.usual()) + " was usual on that day; you are told "
                + (isHigh(alert)
                        ? "above " + figures.quantity(anomaly.high()) + "."
                        : "at " + figures.quantity(anomaly.low()) + " or less.");
    }

    public String sensitivity(Sensitivity sensitivity) {
        return switch (sensitivity) {
            case OFF -> "Never";
            case LOW -> "Only what is far out";
            case NORMAL -> "Normal";
            case HIGH -> "Sensitive: more alerts, more of them for nothing";
        };
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
        return thresholds.isEmpty() ? AlertsPage.NEVER : "at " + field(thresholds) + " %";
    }

    /** As somebody types them: {@code 50, 75, 90, 100}, or {@code never}. */
    public String field(Thresholds thresholds) {
        return thresholds.isEmpty()
                ? AlertsPage.NEVER
                : thresholds.percent().stream().map(String::valueOf).collect(Collectors.joining(", "));
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
