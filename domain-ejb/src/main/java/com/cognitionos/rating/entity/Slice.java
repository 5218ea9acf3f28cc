package com.cognitionos.rating.entity;

/**
 * Progressive billing: what is due now of a period that is billed more than once, such as when usage passes a
 * threshold. The amount always covers the period from its start, and what was billed before is credited against it.
 *
 * @param amountCents for the period so far, from 0
 * @param billedBeforeCents of it in earlier slices, from 0
 */
public record Slice(long amountCents, long billedBeforeCents) {

    public Slice {
        Exact.amount(amountCents, "an amount");
        Exact.amount(billedBeforeCents, "what was billed before");
    }

    /** A slice inside the period: the maximum holds already, the minimum waits for the closing slice. */
    public static Slice within(Price price, Usage soFar, long billedBeforeCents) {
        return new Slice(price.withMinimum(null).amountCents(soFar), billedBeforeCents);
    }

    /** The last slice of the period. */
    public static Slice closing(Price price, Usage total, long billedBeforeCents) {
        return new Slice(price.amountCents(total), billedBeforeCents);
    }

    /** What this slice charges; never below 0. */
    public long dueCents() {
        return Math.max(0, amountCents - billedBeforeCents);
    }

    /**
     * What was billed too much, from 0: volume tiers fall and usage is taken back. Inside the period later usage may
     * still use it up; at its close it belongs to the tenant.
     */
    public long creditCents() {
        return Math.max(0, billedBeforeCents - amountCents);
    }
}
