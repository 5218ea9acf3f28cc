package com.cognitionos.alert.boundary;

import com.cognitionos.alert.entity.Alert;
import com.cognitionos.alert.entity.Budget;
import com.cognitionos.kernel.Caller;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a budget of which a share is spent.
 *
 * @param basis {@code overage}, or {@code total} with the plan, discounts and tax
 * @param meter of which the overage is meant; null for all of them
 * @param thresholdPercent the share that was reached
 * @param amountCents of the budget, in the currency's minor unit
 * @param spentCents of the running usage month
 */
public record BudgetAlertNews(
        UUID id,
        UUID tenantId,
        @Nullable UUID budgetId,
        String name,
        String basis,
        @Nullable String meter,
        int thresholdPercent,
        long amountCents,
        long spentCents,
        @Nullable String currency,
        Instant periodStart,
        Instant periodEnd,
        Instant triggeredAt) {

    static BudgetAlertNews of(Alert alert, Budget budget) {
        return new BudgetAlertNews(
                alert.id(),
                Caller.currentTenant(),
                budget.id(),
                alert.name(),
                budget.basis().code(),
                budget.meter(),
                alert.threshold(),
                alert.bound().longValueExact(),
                alert.value().longValueExact(),
                alert.currency(),
                alert.period().start(),
                alert.period().end(),
                alert.triggeredAt());
    }
}
