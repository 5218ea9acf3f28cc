package com.cognitionos.metering.entity;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.MeterPrice;
import com.cognitionos.catalog.entity.Plan.MeteredAllowance;
import com.cognitionos.rating.entity.Price;
import com.cognitionos.rating.entity.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How much of a meter a tenant may use in a month: the plan's allowance as it holds for this tenant.
 *
 * @param limit refused above; null where usage above the included quantity is charged or nothing is limited
 * @param overridden whether the limit is the tenant's own setting rather than the plan's
 * @param price by which more than is included is charged; null where it is not, as in a trial
 */
public record Allowance(
        MeteredAllowance plan,
        @Nullable BigDecimal limit,
        boolean overridden,
        @Nullable Price price) {

    /**
     * @param currency of the subscription
     * @param trial whether it is limited as if the plan had no overage price
     * @param override the tenant's own maximum; null follows the plan
     */
    public static Allowance of(MeteredAllowance plan, String currency, boolean trial, @Nullable BigDecimal override) {
        BigDecimal ofPlan = trial || plan.hardLimited() ? plan.included() : null;
        MeterPrice price = trial ? null : plan.price(currency);
        return new Allowance(
                plan,
                override == null ? ofPlan : override,
                override != null,
                price == null ? null : price.monthly(plan.included()));
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

    /** What an invoice charges for a month with that use; invoices and spending caps both ask the same price. */
    public long overageCents(BigDecimal used) {
        return price == null ? 0 : price.amountCents(Usage.of(used));
    }

    /** Whether that much of it costs something. */
    public boolean costs(BigDecimal used) {
        return price != null && plan.excess(used).signum() > 0;
    }

    /** What can be used without a look at anything but this meter; null is all. */
    public @Nullable BigDecimal limitWhen(boolean capped) {
        BigDecimal free = capped && price != null ? plan.included() : null;
        if (limit == null || free == null) {
            return limit == null ? free : limit;
        }
        return limit.min(free);
    }
}
