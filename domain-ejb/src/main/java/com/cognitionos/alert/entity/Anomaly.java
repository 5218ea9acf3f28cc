package com.cognitionos.alert.entity;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

    /** A day is not told of within so many of another like it, */
    public static final int DAYS_LIKE_IT = 7;

    /** unless it has half as much again. */
    private static final BigDecimal MUCH_MORE = new BigDecimal("1.5");

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

    /**
     * Whether that alert, of the same meter, tells of it already: of the same day, or of one like it of the {@value #DAYS_LIKE_IT}
     * days before, so that this one is no news.
     *
     * @param day at whose start, {@code quantity} of it so far
     */
    public boolean isToldBy(Alert before, Instant day, BigDecimal quantity) {
        int back = (int) ChronoUnit.DAYS.between(before.period().start(), day);
        if (back == 0) {
            return true;
        }
        // Today may have been told of before yesterday was over; it says nothing of that.
        if (back < 0
                || back > DAYS_LIKE_IT
                || before.anomaly() == null
                || before.anomaly().direction() != direction) {
            return false;
        }
        // When it was told, that day went on.
        BigDecimal had = history.get(history.size() - back).max(before.value());
        return direction == Direction.STOPPED || quantity.compareTo(had.multiply(MUCH_MORE)) < 0;
    }
}
