package com.cognitionos.rating.entity;

import java.time.Instant;

/**
 * A recurring price charged, or given back, for a span of time.
 *
 * @param at when it is invoiced
 * @param entry of the history, from 0: the last one that was known when it came about
 * @param cents positive for a charge, negative for a credit
 * @param span what it is for
 * @param reference the whole period around {@code span} that the price is for
 * @param grain by which the span is a part of the period
 */
public record Movement(Instant at, int entry, Recurring price, long cents, Period span, Period reference, Grain grain) {

    public boolean isCredit() {
        return cents < 0;
    }

    /** Whether it is for a part of a period, or gives something back. */
    public boolean isProration() {
        return isCredit() || !span.equals(reference);
    }
}
