package com.cognitionos.rating.entity;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a subscription's history: from an instant on, other terms hold. It replaces whatever was agreed before for
 * that instant and later.
 *
 * @param recordedAt when it became known; in a history never before the entry above
 * @param from when it takes effect: later for a scheduled change, earlier for one that is backdated
 * @param afterDue whether what fell due at {@code recordedAt} had been invoiced by then, so that it is an invoice of its own;
 *     else both are one
 * @param atOnce whether all that it gives back and charges is invoiced there and then; else what is to be invoiced as a
 *     period ends stays until then, and what is given back of it too
 */
public record Change(Instant recordedAt, Instant from, boolean afterDue, Terms terms, boolean atOnce) {

    public Change(Instant recordedAt, Instant from, boolean afterDue, Terms terms) {
        this(recordedAt, from, afterDue, terms, true);
    }

    /**
     * What holds for a while.
     *
     * @param prices one an item; none while nothing is charged: in a trial, a pause, and after the end
     * @param ended whether the subscription is over, so that the grain decides about its last day
     * @param grain by which a part of a period is weighed under these terms; null for that of the whole history
     */
    public record Terms(
            List<Recurring> prices,
            Anchor anchor,
            boolean ended,
            @Nullable Grain grain) {

        public Terms {
            prices = List.copyOf(prices);
            if (prices.stream().map(Recurring::item).distinct().count() < prices.size()) {
                throw new IllegalArgumentException("an item has one price at a time: " + prices);
            }
            if (ended && !prices.isEmpty()) {
                throw new IllegalArgumentException("nothing is charged after the end");
            }
        }

        public static Terms of(Anchor anchor, Recurring... prices) {
            return new Terms(List.of(prices), anchor, false, null);
        }

        /** Of a trial or a pause. */
        public static Terms free(Anchor anchor) {
            return new Terms(List.of(), anchor, false, null);
        }

        public static Terms end(Anchor anchor) {
            return new Terms(List.of(), anchor, true, null);
        }

        public Terms by(Grain other) {
            return new Terms(prices, anchor, ended, other);
        }
    }
}
