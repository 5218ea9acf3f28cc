package com.cognitionos.alert.entity;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/**
 * Why a day was told to be unlike the tenant's history, as it was known then.
 *
 * @param usual what was expected of the whole day
 * @param low at or below it a day that is over has all but stopped; 0 where that is not judged
 * @param high above it a day is an anomaly, also while it goes on
 * @param history the days before, oldest first
 */
public record Anomaly(
        Direction direction, BigDecimal usual, BigDecimal low, BigDecimal high, List<BigDecimal> history) {

    /** How many days before are kept with it. */
    public static final int DAYS = 28;

    /** Which way a day is unlike others. */
    public enum Direction {
        HIGH,
        STOPPED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Anomaly {
        history = List.copyOf(history);
    }
}
