package com.cognitionos.alert.entity;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The mean of a level since a start, while the level stays as it is.
 *
 * @param mean from {@code start} to {@code now}
 * @param level at {@code now}
 */
public record MeanLevel(BigDecimal mean, BigDecimal level, Instant start, Instant now) {

    /**
     * When the mean comes to a quantity: with n seconds so far it is {@code (mean n + level (t - n)) / t} after t, which is
     * the quantity q at {@code t = n (level - mean) / (level - q)}.
     *
     * @return never where the level is not above it, or the mean is already
     */
    public Optional<Instant> reaches(BigDecimal quantity) {
        if (mean.compareTo(quantity) >= 0 || level.compareTo(quantity) <= 0) {
            return Optional.empty();
        }
        BigDecimal passed = BigDecimal.valueOf(Duration.between(start, now).toSeconds());
        BigDecimal seconds = passed.multiply(level.subtract(mean))
                .divide(level.subtract(quantity), MathContext.DECIMAL64)
                .add(BigDecimal.ONE);
        // What takes longer than any month is never.
        return seconds.compareTo(BigDecimal.valueOf(Duration.ofDays(400).toSeconds())) > 0
                ? Optional.empty()
                : Optional.of(start.plusSeconds(seconds.longValue()));
    }
}
