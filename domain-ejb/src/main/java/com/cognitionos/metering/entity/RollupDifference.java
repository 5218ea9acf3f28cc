package com.cognitionos.metering.entity;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * An hour in which a rollup is not what its records come to, or a day that is not what its hours come to (MET-21). Both figures
 * are the same where something else of it is wrong: the number of its events, the state within a mean, which values are
 * distinct.
 *
 * @param dimension and its {@code value}; both empty for all usage of the meter
 * @param day UTC's
 * @param hour from 0; null for the day as a whole
 * @param rolledUp null where it has none
 * @param recorded null where there are no records; of a day what its hours come to
 */
public record RollupDifference(
        String meter,
        String dimension,
        String value,
        LocalDate day,
        @Nullable Integer hour,
        @Nullable BigDecimal rolledUp,
        @Nullable BigDecimal recorded) {}
