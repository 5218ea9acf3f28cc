package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.util.List;

/**
 * One step on the way from a quantity to an amount, to explain an invoice line. The steps of an amount add up to it
 * exactly.
 *
 * @param tier the number of the tier, from 1; 0 where the price has none
 * @param quantity units, started packages or events, as the kind says; 1 for a fee or a bound
 * @param unitCents cents for one of the quantity, exact; below 0 only for {@link Kind#MAXIMUM}
 */
public record Step(Kind kind, int tier, BigDecimal quantity, BigDecimal unitCents) {

    /** What a step charges for. */
    public enum Kind {
        /** Units at a price each. */
        UNITS,
        /** Started packages at a price each. */
        PACKAGES,
        /** A fee for each event. */
        EVENTS,
        /** A fee that depends on no quantity. */
        FEE,
        /** What lifts the amount to a minimum. */
        MINIMUM,
        /** What takes the amount down to a maximum. */
        MAXIMUM
    }

    public BigDecimal amountCents() {
        return quantity.multiply(unitCents);
    }

    /** The exact amount of all steps, in cents, not rounded. */
    public static BigDecimal sum(List<Step> steps) {
        return steps.stream().map(Step::amountCents).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    static Step fee(int tier, BigDecimal cents) {
        return new Step(Kind.FEE, tier, BigDecimal.ONE, cents);
    }

    static Step bound(Kind kind, BigDecimal cents) {
        return new Step(kind, 0, BigDecimal.ONE, cents);
    }
}
