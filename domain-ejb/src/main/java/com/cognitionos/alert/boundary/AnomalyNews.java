package com.cognitionos.alert.boundary;

import com.cognitionos.alert.entity.Alert;
import com.cognitionos.alert.entity.Anomaly;
import com.cognitionos.kernel.Caller;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a day that is unlike the tenant's own history.
 *
 * @param direction {@code high}, or {@code stopped} where almost nothing came
 * @param value what the day had when it was told, in the meter's units
 * @param usual what was expected of the whole day
 * @param low at or below it a day has all but stopped; 0 where that is not judged
 * @param high above it a day is an anomaly
 * @param dayStart by UTC; {@code day_end} is a day later
 */
public record AnomalyNews(
        UUID id,
        UUID tenantId,
        @Nullable String meter,
        String direction,
        BigDecimal value,
        BigDecimal usual,
        BigDecimal low,
        BigDecimal high,
        Instant dayStart,
        Instant dayEnd,
        Instant triggeredAt) {

    static AnomalyNews of(Alert alert, Anomaly anomaly) {
        return new AnomalyNews(
                alert.id(),
                Caller.currentTenant(),
                alert.meter(),
                anomaly.direction().code(),
                alert.value(),
                anomaly.usual(),
                anomaly.low(),
                anomaly.high(),
                alert.period().start(),
                alert.period().end(),
                alert.triggeredAt());
    }
}
