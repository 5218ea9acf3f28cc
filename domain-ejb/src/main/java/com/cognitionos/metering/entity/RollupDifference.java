package com.cognitionos.metering.entity;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * An hour in which a rollup is not what its records come to (MET-21).
 *
 * @param dimension and its {@code value}; both empty for all usage of the meter
 * @param day UTC's
 * @param hour from 0
 * @param rolledUp null where it has none
 * @param recorded null where there are no records
 */
public record RollupDifference(
        String meter,
        String dimension,
        String value,
        LocalDate day,
        int hour,
        @Nullable BigDecimal rolledUp,
        @Nullable BigDecimal recorded) {}
