package com.cognitionos.metering.entity;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Plan.MeteredAllowance;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How much of a meter a tenant may use in a month: the plan's allowance as it holds for this tenant.
 *
 * @param limit refused above; null where usage above the included quantity is charged or nothing is limited
 * @param overridden whether the limit is the tenant's own setting rather than the plan's
 * @param charged whether overage is charged: not in a trial
 */
public record Allowance(MeteredAllowance plan, @Nullable BigDecimal limit, boolean overridden, boolean charged) {

    /**
     * @param trial whether it is limited as if the plan had no overage price
     * @param override the tenant's own maximum; null follows the plan
     */
    public static Allowance of(MeteredAllowance plan, boolean trial, @Nullable BigDecimal override) {
        BigDecimal ofPlan = trial || plan.hardLimited() ? plan.included() : null;
        return new Allowance(
                plan, override == null ? ofPlan : override, override != null, !trial && plan.overage() != null);
    }

    public Meter meter() {
        return plan.meter();
    }

    public boolean isSum() {
        return meter().aggregation() == Meter.Aggregation.SUM;
    }

    /** The figure to show beside what is used: where it is refused, else where it begins to cost; null is unlimited. */
    public @Nullable BigDecimal shown() {
        return limit == null ? plan.included() : limit;
    }

    public boolean exceededBy(BigDecimal quantity) {
        return limit != null && quantity.compareTo(limit) > 0;
    }

    public long overageCents(BigDecimal used) {
        return charged ? plan.overageCents(used) : 0;
    }

    /** Whether that much of it costs something. */
    public boolean costs(BigDecimal used) {
        return charged && plan.excess(used).signum() > 0;
    }

    /** What can be used without a look at anything but this meter; null is all. */
    public @Nullable BigDecimal limitWhen(boolean capped) {
        BigDecimal free = capped && charged ? plan.included() : null;
        if (limit == null || free == null) {
            return limit == null ? free : limit;
        }
        return limit.min(free);
    }
}
