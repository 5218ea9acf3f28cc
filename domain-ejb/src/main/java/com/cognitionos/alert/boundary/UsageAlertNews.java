package com.cognitionos.alert.boundary;

import com.cognitionos.alert.entity.Alert;
import com.cognitionos.kernel.Caller;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a meter that has reached a share of its allowance.
 *
 * @param thresholdPercent the share that was reached
 * @param value what is used, in the meter's units
 * @param limit what {@code threshold_percent} is a share of
 * @param refusedAbove whether usage above the limit is refused rather than charged
 */
public record UsageAlertNews(
        UUID id,
        UUID tenantId,
        @Nullable String meter,
        int thresholdPercent,
        BigDecimal value,
        BigDecimal limit,
        boolean refusedAbove,
        Instant periodStart,
        Instant periodEnd,
        Instant triggeredAt) {

    static UsageAlertNews of(Alert alert, boolean refusedAbove) {
        return new UsageAlertNews(
                alert.id(),
                Caller.currentTenant(),
                alert.meter(),
                alert.threshold(),
                alert.value(),
                alert.bound(),
                refusedAbove,
                alert.period().start(),
                alert.period().end(),
                alert.triggeredAt());
    }
}
