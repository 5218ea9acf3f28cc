package com.cognitionos.alert.portal;

import com.cognitionos.alert.boundary.Alerts;
import com.cognitionos.alert.boundary.Alerts.SettingsView;
import com.cognitionos.alert.boundary.Budgets;
import com.cognitionos.alert.boundary.Budgets.BudgetView;
import com.cognitionos.alert.entity.Alert;
import com.cognitionos.alert.entity.AlertSettings;
import com.cognitionos.alert.entity.AnomalySettings;
import com.cognitionos.alert.entity.AnomalySettings.Sensitivity;
import com.cognitionos.alert.entity.Budget;
import com.cognitionos.alert.entity.Thresholds;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.GivenId;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.kernel.portal.PageNumber;
import com.cognitionos.kernel.portal.Section;
import com.cognitionos.subscription.boundary.Subscriptions;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.faces.context.ExternalContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What was told of usage and spend, the budgets, and who is told of what. */
@Named
@RequestScoped
public class AlertsPage {

    /** Instead of shares. */
    static final String NEVER = "never";

    private static final int PAGE_SIZE = 20;
    private static final String AMOUNT = "budget:amount";
    private static final String SHARES = "budget:shares";
    private static final Map<String, String> FIELDS =
            Map.of("/name", "budget:name", "/amount_cents", AMOUNT, "/thresholds", SHARES);

    @EJB
    private Alerts alerts;

    @EJB
    private Budgets budgets;

    @EJB
    private Plans plans;

    @EJB
    private Subscriptions subscriptions;

    @Inject
    private Messages messages;

    @Inject
    private Money money;

    @Inject
    private AlertWords words;

    @Inject
    private ExternalContext external;

    @Inject
    @ManagedProperty("#{param.page}")
    private @Nullable String wantedPage;

    // The row's own id, not its place: the list may have changed since it was shown.
    @Inject
    @ManagedProperty("#{param.row_id}")
    private @Nullable String chosen;

    private @Nullable Section<Page<Alert>> told;
    private @Nullable Section<List<BudgetRow>> list;
    private @Nullable Section<SettingsView> settings;
    private final Map<UUID, AnomalyChart> charts = new HashMap<>();
    private @Nullable String name;
    private @Nullable String amount;
    private String counts = "";
    private String shares = "50, 75, 90, 100";

    /**
     * A budget and how much of it is spent.
     *
     * @param filled 0 to 100
     * @param level {@code calm}, {@code near} from 80 %, {@code over} from all of it
     */
    public record BudgetRow(BudgetView view, BigDecimal percent, BigDecimal filled, String level) {

        private static final BigDecimal FULL = BigDecimal.valueOf(100);
        private static final BigDecimal NEAR = BigDecimal.valueOf(80);

        static BudgetRow of(BudgetView view) {
            BigDecimal percent = BigDecimal.valueOf(view.spentCents())
                    .multiply(FULL)
                    .divide(BigDecimal.valueOf(view.budget().amountCents()), 1, RoundingMode.DOWN);
            String level = percent.compareTo(FULL) >= 0 ? "over" : percent.compareTo(NEAR) >= 0 ? "near" : "calm";
            return new BudgetRow(view, percent, percent.max(BigDecimal.ZERO).min(FULL), level);
        }

        public Budget budget() {
            return view.budget();
        }
    }

    @RequiresScope("usage:write")
    public void acknowledge() {
        messages.attempt(Map.of(), () -> {
            Alert noted = alerts.acknowledge(GivenId.of(chosen, "alert"));
            messages.done("Noted: " + words.title(noted) + ".");
        });
        told = null;
    }

    @RequiresScope("invoices:write")
    public void addBudget() {
        String currency = currency();
        OptionalLong cents = money.read(getAmount(), currency);
        if (cents.isEmpty()) {
            messages.failedAt(AMOUNT, "Enter an amount, such as 50 or 49.90.");
            return;
        }
        boolean total = counts.equals(Budget.Basis.TOTAL.code());
        boolean done = messages.attempt(FIELDS, () -> {
            Budget made = budgets.create(new Budgets.Wanted(
                            getName(),
                            total ? Budget.Basis.TOTAL : Budget.Basis.OVERAGE,
                            total || counts.isEmpty() ? null : counts,
                            cents.getAsLong(),
                            read("thresholds", shares)))
                    .budget();
            messages.done("The budget \u201c" + made.name() + "\u201d of " + money.of(made.amountCents(), currency)
                    + " a month tells " + words.shares(made.thresholds()) + ".");
        });
        if (done) {
            name = null;
            amount = null;
            counts = "";
        }
        list = null;
    }

    /** The amount and the shares of a budget as they were typed beside it. */
    @RequiresScope("invoices:write")
    public void changeBudget() {
        messages.attempt(Map.of(), () -> {
            BudgetView before = budgets.get(GivenId.of(chosen, "budget"));
            long cents = money.read(given("row_amount"), before.currency())
                    .orElseThrow(() ->
                            Problem.invalid("amount_cents", "invalid_amount", "enter an amount, such as 50 or 49.90"));
            Budget budget = before.budget();
            budgets.change(
                    budget.id(),
                    new Budgets.Wanted(
                            budget.name(),
                            budget.basis(),
                            budget.meter(),
                            cents,
                            read("thresholds", given("row_shares"))),
                    null);
            messages.done("The budget \u201c" + budget.name() + "\u201d is changed.");
        });
        list = null;
    }

    @RequiresScope("invoices:write")
    public void removeBudget() {
        messages.attempt(Map.of(), () -> {
            budgets.delete(GivenId.of(chosen, "budget"));
            messages.done("The budget is removed. What it told stays in the list.");
        });
        list = null;
    }

    @RequiresScope("usage:write")
    public void saveSettings() {
        messages.attempt(Map.of(), () -> {
            Map<String, Thresholds> own = new HashMap<>();
            for (Meter meter : plans.meters()) {
                String typed = given("of_" + meter.code());
                if (!typed.isEmpty()) {
                    own.put(meter.code(), read(meter.code(), typed));
                }
            }
            List<String> watched = all("watched");
            alerts.change(
                    new AlertSettings(
                            read("thresholds", given("of_all")),
                            own,
                            all("recipient"),
                            new AnomalySettings(
                                    Sensitivity.of(given("sensitivity"))
                                            .orElseThrow(() -> Problem.invalid(
                                                    "sensitivity", "unknown_sensitivity", "choose how sensitive")),
                                    plans.meters().stream()
                                            .map(Meter::code)
                                            .filter(meter -> !watched.contains(meter))
                                            .toList())),
                    version());
            messages.done("Saved. What was told of this month is not told again.");
        });
        settings = null;
    }

    private List<String> all(String parameter) {
        String[] values = external.getRequestParameterValuesMap().get(parameter);
        return values == null ? List.of() : List.of(values);
    }

    private @Nullable Long version() {
        try {
            return Long.valueOf(given("version"));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private String given(String parameter) {
        return external.getRequestParameterMap().getOrDefault(parameter, "").strip();
    }

    /** As people write them: {@code 50, 75 90%}, or {@code never}. */
    static Thresholds read(String field, String typed) {
        List<Integer> percent = new ArrayList<>();
        if (typed.equalsIgnoreCase(NEVER)) {
            return new Thresholds(percent);
        }
        for (String one : typed.replace('%', ' ').split("[,;\\s]+")) {
            if (!one.isEmpty()) {
                if (!one.matches("\\d{1,4}")) {
                    throw Problem.invalid(
                            field, "invalid_share", "write the shares in percent, with commas: 50, 75, 90, 100");
                }
                percent.add(Integer.valueOf(one));
            }
        }
        return new Thresholds(percent);
    }

    public Section<Page<Alert>> getTold() {
        if (told == null) {
            told = Section.load(
                    "alerts", () -> alerts.list(false, new Page.Request(PageNumber.of(wantedPage), PAGE_SIZE)));
        }
        return told;
    }

    public Section<List<BudgetRow>> getBudgets() {
        if (list == null) {
            list = Section.load(
                    "budgets", () -> budgets.list().stream().map(BudgetRow::of).toList());
        }
        return list;
    }

    public Section<SettingsView> getSettings() {
        if (settings == null) {
            settings = Section.load("alert settings", alerts::settings);
        }
        return settings;
    }

    /** What the tenant is told of for that meter, as it is typed; nothing where it is as for all. */
    public String sharesOf(String meter) {
        Thresholds own = getSettings().getValue().settings().meters().get(meter);
        return own == null ? "" : words.field(own);
    }

    public boolean isWatched(String meter) {
        return !getSettings().getValue().settings().anomalies().except().contains(meter);
    }

    public Sensitivity[] getSensitivities() {
        return Sensitivity.values();
    }

    /** Why a day was told of. */
    public @Nullable AnomalyChart chart(Alert alert) {
        return alert.anomaly() == null
                ? null
                : charts.computeIfAbsent(alert.id(), id -> AnomalyChart.of(alert, alert.anomaly()));
    }

    public boolean isRecipient(String code) {
        return getSettings().getValue().settings().recipients().contains(code);
    }

    public List<String> getRecipients() {
        return AlertSettings.RECIPIENTS;
    }

    public List<Meter> getMeters() {
        return plans.meters();
    }

    public int getMost() {
        return Budgets.MOST;
    }

    public String getCurrency() {
        return currency();
    }

    private String currency() {
        return subscriptions.current().currency();
    }

    public boolean isAcknowledged(Alert alert) {
        return alert.acknowledgedAt() != null;
    }

    public String getName() {
        return name == null ? "" : name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getAmount() {
        return amount == null ? "" : amount;
    }

    public void setAmount(String amount) {
        this.amount = amount;
    }

    public String getCounts() {
        return counts;
    }

    public void setCounts(@Nullable String counts) {
        this.counts = counts == null ? "" : counts;
    }

    public String getShares() {
        return shares;
    }

    public void setShares(String shares) {
        this.shares = shares;
    }
}
