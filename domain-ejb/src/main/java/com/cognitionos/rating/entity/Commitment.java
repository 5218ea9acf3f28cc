package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What is spent at least and at most in a billing period, over all its charges. Where only a part of the period is
 * served, both hold in proportion: {@code round_half_up(cents × part / whole)}, counted in whatever grain the
 * subscription prorates by.
 *
 * @param minimumCents from 0; 0 commits to nothing
 * @param maximumCents from the minimum; null has no end
 */
public record Commitment(long minimumCents, @Nullable Long maximumCents) {

    public Commitment {
        Exact.amount(minimumCents, "a minimum");
        if (maximumCents != null && maximumCents < minimumCents) {
            throw new IllegalArgumentException("a maximum is not below its minimum: " + maximumCents);
        }
    }

    /** For a part of the period: both in proportion by the grain, rounded half up. */
    public Commitment forPart(Grain grain, Period part, Period whole, ZoneId zone) {
        return new Commitment(
                grain.prorate(minimumCents, part, whole, zone),
                maximumCents == null ? null : Long.valueOf(grain.prorate(maximumCents, part, whole, zone)));
    }

    /** The true-up of a whole period. */
    public long trueUpCents(long chargesCents) {
        return trueUpCents(chargesCents, 1, 1);
    }

    /**
     * What is added to the charges to reach the minimum; 0 where they do.
     *
     * @param chargesCents of the period before discounts and tax, from 0
     * @param part days or seconds served, from 0 to {@code whole}
     * @param whole days or seconds of the full period, above 0
     */
    public long trueUpCents(long chargesCents, long part, long whole) {
        long minimum = Exact.share(BigDecimal.valueOf(minimumCents), part, whole);
        return Math.max(0, minimum - Exact.amount(chargesCents, "what is charged"));
    }

    /** What a whole period charges above the maximum. */
    public long excessCents(long chargesCents) {
        return excessCents(chargesCents, 1, 1);
    }

    /**
     * What is taken off the charges to keep to the maximum; 0 where they do.
     *
     * @param chargesCents of the period before discounts and tax, from 0
     * @param part days or seconds served, from 0 to {@code whole}
     * @param whole days or seconds of the full period, above 0
     */
    public long excessCents(long chargesCents, long part, long whole) {
        Exact.amount(chargesCents, "what is charged");
        return maximumCents == null
                ? 0
                : Math.max(0, chargesCents - Exact.share(BigDecimal.valueOf(maximumCents), part, whole));
    }
}
