package com.cognitionos.metering.boundary;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A quantity of a meter that is kept for a caller.
 *
 * @param state {@code held}, {@code committed}, {@code released} or {@code expired}
 * @param committed what of it was used; null unless committed
 * @param reservedAt by the tenant's clock; what is committed counts at this instant
 * @param expiresAt by the system's clock, also for a test tenant
 */
public record Reservation(
        UUID id,
        String meter,
        BigDecimal quantity,
        String state,
        @Nullable BigDecimal committed,
        Instant reservedAt,
        Instant expiresAt) {

    boolean is(String other) {
        return state.equals(other);
    }
}
