package com.cognitionos.metering.entity;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Plan.MeteredAllowance;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Price;
import com.cognitionos.rating.entity.Usage;
import com.cognitionos.rating.entity.UsageRating;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of a meter a tenant may use in a month: the plan's allowance as it holds for this tenant.
 *
 * @param plan with what the month includes, where other plans held in it too
 * @param limit refused above; null where usage above the included quantity is charged or nothing is limited
 * @param overridden whether the limit is the tenant's own setting rather than the plan's
 * @param price by which more than is included is charged; null where it is not, as in a trial
 * @param month what held in it before; null where the plan holds in all of it
 */
public record Allowance(
        MeteredAllowance plan,
        @Nullable BigDecimal limit,
        boolean overridden,
        @Nullable Price price,
        @Nullable Shared month) {

    /**
     * A month of several plans, of one meter.
     *
     * @param whole the month that prices are for
     * @param before its parts before the one that runs
     * @param running up to the month's end
     * @param price of that part
     */
    public record Shared(Period whole, List<UsageRating.Part> before, Period running, Price price) {

        public Shared {
            before = List.copyOf(before);
        }

        private List<UsageRating.Part> with(BigDecimal used) {
            List<UsageRating.Part> parts = new ArrayList<>(before);
            parts.add(new UsageRating.Part(running, price, Usage.of(used)));
            return parts;
        }

        private @Nullable BigDecimal included() {
            return UsageRating.included(whole, with(BigDecimal.ZERO));
        }

        private long cents(BigDecimal used) {
            BigDecimal earlier =
                    before.stream().map(part -> part.usage().quantity()).reduce(BigDecimal.ZERO, BigDecimal::add);
            return UsageRating.amountCents(
                    UsageRating.rate(whole, with(used.subtract(earlier).max(BigDecimal.ZERO))));
        }
    }

    /**
     * @param currency of the subscription
     * @param trial whether it is limited as if the plan had no overage price
     * @param override the tenant's own maximum; null follows the plan
     * @param month null where the plan holds in all of it
     */
    public static Allowance of(
            MeteredAllowance plan,
            String currency,
            boolean trial,
            @Nullable BigDecimal override,
            @Nullable Shared month) {
        BigDecimal ofPlan = trial || plan.hardLimited() ? plan.included() : null;
        boolean priced = !trial && plan.price(currency) != null;
        return new Allowance(
                month == null || plan.hardLimited() ? plan : plan.including(month.included()),
                override == null ? ofPlan : override,
                override != null,
                priced ? plan.monthly(currency) : null,
                month);
    }

    public Meter meter() {
        return plan.meter();
    }

    /** Whether a live counter holds it against its limit; else the quantity of each event is. */
    public boolean isCounted() {
        return meter().aggregation().isCounted();
    }

    /** Whether it can be kept for somebody before it is used. */
    public boolean isReservable() {
        return meter().aggregation().adds();
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
        if (month != null) {
            return month.cents(used);
        }
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
