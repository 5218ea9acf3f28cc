package com.cognitionos.alert.boundary;

import com.cognitionos.alert.control.AlertRecords;
import com.cognitionos.alert.control.Watches;
import com.cognitionos.alert.entity.Budget;
import com.cognitionos.alert.entity.Budget.Basis;
import com.cognitionos.alert.entity.Thresholds;
import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Amounts;
import com.cognitionos.invoicing.boundary.RunningTotals;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.subscription.boundary.Subscriptions;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the caller's tenant means to spend in a usage month (ALR-2). */
@Stateless
@TenantWall
public class Budgets {

    public static final int MOST = 20;

    private static final int LONGEST_NAME = 100;

    @Inject
    private AlertRecords records;

    @Inject
    private Watches watches;

    @Inject
    private BusinessClock clock;

    @Inject
    private TenantLock locks;

    @Inject
    private AuditLog audit;

    @EJB
    private Plans plans;

    @EJB
    private RunningTotals runningTotals;

    @EJB
    private Subscriptions subscriptions;

    /**
     * A budget and what is spent of it.
     *
     * @param spentCents in the running usage month
     * @param currency of both amounts
     */
    public record BudgetView(Budget budget, long spentCents, String currency) {}

    /** @param meter null for all */
    public record Wanted(String name, Basis basis, @Nullable String meter, long amountCents, Thresholds thresholds) {}

    /** Oldest first. @throws Problem NOT_FOUND when the tenant never had a subscription and has a budget */
    public List<BudgetView> list() {
        List<Budget> budgets = records.budgets();
        if (budgets.isEmpty()) {
            return List.of();
        }
        RunningTotals.Totals totals = runningTotals.current();
        return budgets.stream().map(budget -> view(budget, totals)).toList();
    }

    /** @throws Problem NOT_FOUND */
    public BudgetView get(UUID id) {
        return view(find(id), runningTotals.current());
    }

    /** @throws Problem INVALID; CONFLICT ({@code too_many_budgets}) for more than {@link #MOST} */
    public BudgetView create(Wanted wanted) {
        check(wanted);
        // Two at once must not both be the last one.
        locks.take(TenantLock.Purpose.BUDGETS);
        if (records.budgets().size() >= MOST) {
            throw Problem.conflict("too_many_budgets", "There can be " + MOST + " budgets; remove one first.");
        }
        Instant now = clock.now(Caller.currentTenant());
        Budget budget = budget(Ids.next(), wanted, 1, now, now);
        records.insert(budget);
        audit.record("budget.created", budget.id().toString(), null, words(budget));
        watches.markAnew();
        return get(budget.id());
    }

    /**
     * Puts other terms in its place, whole.
     *
     * @param expectedVersion the version the change was made from; null takes the present one
     * @throws Problem INVALID; NOT_FOUND; CONFLICT ({@code stale_version})
     */
    public BudgetView change(UUID id, Wanted wanted, @Nullable Long expectedVersion) {
        Budget before = find(id);
        if (expectedVersion != null && expectedVersion != before.version()) {
            throw Problem.conflict(
                    "stale_version", "The budget was changed meanwhile; its version is now " + before.version() + ".");
        }
        check(wanted);
        Budget after = budget(id, wanted, before.version() + 1, before.createdAt(), clock.now(Caller.currentTenant()));
        if (!words(after).equals(words(before))) {
            records.update(after);
            audit.record("budget.changed", id.toString(), words(before), words(after));
            watches.markAnew();
        }
        return get(id);
    }

    /** What it told stays known. @throws Problem NOT_FOUND */
    public void delete(UUID id) {
        Budget before = find(id);
        records.delete(id);
        audit.record("budget.deleted", id.toString(), words(before), null);
        watches.markAnew();
    }

    private Budget find(UUID id) {
        return records.budget(id).orElseThrow(() -> Problem.notFound("budget"));
    }

    private void check(Wanted wanted) {
        String name = wanted.name().strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw Problem.invalid("name", "length", "name has 1 to " + LONGEST_NAME + " characters");
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw Problem.invalid("name", "invalid_character", "name is a single line");
        }
        Amounts.require("amount_cents", wanted.amountCents(), 1);
        if (wanted.meter() != null) {
            if (wanted.basis() != Basis.OVERAGE) {
                throw Problem.invalid("meter", "not_with_total", "only an overage can be that of one meter");
            }
            plans.meter(wanted.meter())
                    .orElseThrow(
                            () -> Problem.invalid("meter", "unknown_meter", "there is no meter " + wanted.meter()));
        }
        if (wanted.thresholds().isEmpty()) {
            throw Problem.invalid("thresholds", "required", "a budget has at least one share at which it tells");
        }
        wanted.thresholds().checked("thresholds");
        if (subscriptions.latest().isEmpty()) {
            throw Problem.conflict("no_subscription", "The tenant has no subscription that costs anything.");
        }
    }

    private static Budget budget(UUID id, Wanted wanted, long version, Instant createdAt, Instant updatedAt) {
        return new Budget(
                id,
                wanted.name().strip(),
                wanted.basis(),
                wanted.meter(),
                wanted.amountCents(),
                wanted.thresholds(),
                version,
                createdAt,
                updatedAt);
    }

    private static BudgetView view(Budget budget, RunningTotals.Totals totals) {
        return new BudgetView(budget, spent(budget, totals), totals.currency());
    }

    /** In the running usage month. */
    static long spent(Budget budget, RunningTotals.Totals totals) {
        if (budget.basis() == Basis.TOTAL) {
            return totals.totalCents();
        }
        return totals.metrics().stream()
                .filter(metric -> budget.meter() == null || budget.meter().equals(metric.meter()))
                .mapToLong(RunningTotals.Metric::overageCents)
                .sum();
    }

    private static Map<String, Object> words(Budget budget) {
        return Map.of(
                "name",
                budget.name(),
                "basis",
                budget.basis().code(),
                "meter",
                budget.meter() == null ? "" : budget.meter(),
                "amount_cents",
                budget.amountCents(),
                "thresholds",
                Alerts.words(budget.thresholds()));
    }
}
