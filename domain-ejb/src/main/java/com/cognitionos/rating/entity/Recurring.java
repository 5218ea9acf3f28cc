package com.cognitionos.rating.entity;

import java.math.BigDecimal;

/**
 * A price that falls due again each period. Two that are equal are the same thing to the customer: where one follows the
 * other, nothing is credited or charged.
 *
 * @param item what it is for, by its catalogue code
 * @param cents for a whole period and the whole quantity, from 0, in the currency's minor unit
 * @param quantity for the line's text; it is in {@code cents} already
 * @param prorated whether a part of a period costs its share; else every started period costs all of it, and what has
 *     been charged is never given back
 */
public record Recurring(
        String item, long cents, BigDecimal quantity, Cadence cadence, Timing timing, boolean prorated) {

    /** When the price of a period is invoiced. */
    public enum Timing {
        /** As the period begins. */
        IN_ADVANCE,
        /**
         * As the period ends, but owed as a whole as it begins: a change inside it is settled at once, as one that was paid
         * in advance would be.
         */
        AT_PERIOD_END,
        /** As the period ends, or what holds in it does: for the time that it held. */
        IN_ARREARS
    }

    public Recurring {
        if (cents < 0 || quantity.signum() < 0) {
            throw new IllegalArgumentException("a price is from 0: " + cents + " for " + quantity);
        }
    }
}
