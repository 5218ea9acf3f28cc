package com.cognitionos.rating.entity;

import java.time.Instant;
import java.util.List;

/**
 * An entry of a subscription's history: from an instant on, other terms hold. It replaces whatever was agreed before for
 * that instant and later.
 *
 * @param recordedAt when it became known; in a history never before the entry above
 * @param from when it takes effect: later for a scheduled change, earlier for one that is backdated
 * @param afterDue whether what fell due at {@code recordedAt} had been invoiced by then, so that it is an invoice of its own;
 *     else both are one
 */
public record Change(Instant recordedAt, Instant from, boolean afterDue, Terms terms) {

    /**
     * What holds for a while.
     *
     * @param prices one an item; none while nothing is charged: in a trial, a pause, and after the end
     * @param ended whether the subscription is over, so that the grain decides about its last day
     */
    public record Terms(List<Recurring> prices, Anchor anchor, boolean ended) {

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
            return new Terms(List.of(prices), anchor, false);
        }

        /** Of a trial or a pause. */
        public static Terms free(Anchor anchor) {
            return new Terms(List.of(), anchor, false);
        }

        public static Terms end(Anchor anchor) {
            return new Terms(List.of(), anchor, true);
        }
    }
}
