package com.cognitionos.alert.entity;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a usage month is meant to cost.
 *
 * @param meter of which the overage is meant; null for all of them
 * @param amountCents above 0, in the subscription's currency
 * @param version goes up with each change, from 1
 */
public record Budget(
        UUID id,
        String name,
        Basis basis,
        @Nullable String meter,
        long amountCents,
        Thresholds thresholds,
        long version,
        Instant createdAt,
        Instant updatedAt) {

    /** What is counted against it. */
    public enum Basis {
        /** What is charged above the plan, before discounts and tax. */
        OVERAGE,
        /** What an invoice made now would come to, with discounts and tax. */
        TOTAL;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Basis> of(String code) {
            return Arrays.stream(values())
                    .filter(one -> one.code().equals(code))
                    .findFirst();
        }
    }
}
