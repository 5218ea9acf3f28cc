package com.cognitionos.rating.entity;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * How long the periods of a price are: so many calendar days, weeks, months or years.
 *
 * @param count from 1
 */
public record Cadence(int count, ChronoUnit unit) {

    private static final Set<ChronoUnit> UNITS =
            Set.of(ChronoUnit.DAYS, ChronoUnit.WEEKS, ChronoUnit.MONTHS, ChronoUnit.YEARS);

    public static final Cadence MONTH = months(1);
    public static final Cadence YEAR = months(12);

    public Cadence {
        if (count < 1 || !UNITS.contains(unit)) {
            throw new IllegalArgumentException(
                    "a period is at least one day, week, month or year: " + count + " " + unit);
        }
    }

    public static Cadence months(int count) {
        return new Cadence(count, ChronoUnit.MONTHS);
    }

    /** {@code n} periods later, of any sign; a day that the month lacks becomes its last. */
    LocalDateTime later(LocalDateTime from, long n) {
        return from.plus(Math.multiplyExact(n, count), unit);
    }

    /** How many whole periods lie between the two, rounded down. */
    long between(LocalDateTime from, LocalDateTime to) {
        return Math.floorDiv(unit.between(from, to), count);
    }
}
