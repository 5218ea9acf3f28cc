package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The price of a meter for one usage month.
 *
 * @param pricing for what is used above the included quantity
 * @param included free, in the meter's unit, from 0; null is unlimited
 * @param minimumCents due even where usage costs less, from 0; null has no minimum
 * @param maximumCents not exceeded even where usage costs more, from the minimum; null has no maximum
 */
public record Price(
        Pricing pricing,
        @Nullable BigDecimal included,
        @Nullable Long minimumCents,
        @Nullable Long maximumCents) {

    public Price {
        included = included == null ? null : Exact.price(included, "an included quantity");
        if (minimumCents != null) {
            Exact.amount(minimumCents, "a minimum");
        }
        if (maximumCents != null) {
            Exact.amount(maximumCents, "a maximum");
        }
        if (minimumCents != null && maximumCents != null && minimumCents > maximumCents) {
            throw new IllegalArgumentException("a minimum is not above its maximum: " + minimumCents);
        }
    }

    /** Nothing included and no bounds. */
    public static Price of(Pricing pricing) {
        return new Price(pricing, BigDecimal.ZERO, null, null);
    }

    /** @param quantity null is unlimited */
    public Price including(@Nullable BigDecimal quantity) {
        return new Price(pricing, quantity, minimumCents, maximumCents);
    }

    public Price withMinimum(@Nullable Long cents) {
        return new Price(pricing, included, cents, maximumCents);
    }

    public Price withMaximum(@Nullable Long cents) {
        return new Price(pricing, included, minimumCents, cents);
    }

    /** The month's amount, rounded this once, half up. */
    public long amountCents(Usage usage) {
        return Exact.cents(exactCents(usage));
    }

    /** The month's amount in cents, not rounded. */
    public BigDecimal exactCents(Usage usage) {
        return Step.sum(steps(usage));
    }

    /** The month's amount step by step. */
    public List<Step> steps(Usage usage) {
        return stepsAbove(usage.above(included));
    }

    /** What is left to pay for usage of which nothing is free any more. */
    List<Step> stepsAbove(Usage charged) {
        List<Step> steps = new ArrayList<>(pricing.steps(charged));
        BigDecimal amount = Step.sum(steps);
        BigDecimal raised = minimumCents == null ? amount : amount.max(BigDecimal.valueOf(minimumCents));
        BigDecimal bounded = maximumCents == null ? raised : raised.min(BigDecimal.valueOf(maximumCents));
        BigDecimal change = bounded.subtract(amount);
        if (change.signum() != 0) {
            steps.add(Step.bound(change.signum() > 0 ? Step.Kind.MINIMUM : Step.Kind.MAXIMUM, change));
        }
        return List.copyOf(steps);
    }

    /**
     * This price for a part of the month: what does not depend on usage (a flat price, the minimum and the maximum) in
     * proportion, rounded half up; what depends on usage as it is.
     */
    Price forPart(long part, long whole) {
        return new Price(
                pricing instanceof Pricing.Flat flat
                        ? new Pricing.Flat(BigDecimal.valueOf(Exact.share(flat.cents(), part, whole)))
                        : pricing,
                included,
                share(minimumCents, part, whole),
                share(maximumCents, part, whole));
    }

    private static @Nullable Long share(@Nullable Long cents, long part, long whole) {
        return cents == null ? null : Long.valueOf(Exact.share(BigDecimal.valueOf(cents), part, whole));
    }
}
