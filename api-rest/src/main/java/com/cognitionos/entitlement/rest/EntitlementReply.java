package com.cognitionos.entitlement.rest;

import com.cognitionos.entitlement.entity.Entitlement;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a feature may be used.
 *
 * @param feature its name
 * @param kind {@code metered}, {@code static} or {@code boolean}
 * @param reason stable; {@code detail} says it for people
 * @param limit null when unlimited; refused above if {@code hardLimit}, else charged
 */
public record EntitlementReply(
        String feature,
        String kind,
        boolean allowed,
        String reason,
        String detail,
        @Nullable BigDecimal currentUsage,
        @Nullable BigDecimal reserved,
        @Nullable BigDecimal limit,
        boolean hardLimit,
        @Nullable BigDecimal remaining,
        @Nullable Instant resetAt,
        @Nullable String unit) {

    static EntitlementReply of(Entitlement e) {
        return new EntitlementReply(
                e.feature(),
                e.kind().code(),
                e.allowed(),
                e.reason().code(),
                e.detail(),
                e.currentUsage(),
                e.reserved(),
                e.limit(),
                e.hardLimit(),
                e.remaining(),
                e.resetAt(),
                e.unit());
    }
}
