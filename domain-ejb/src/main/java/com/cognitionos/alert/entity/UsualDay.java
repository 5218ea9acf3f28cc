package com.cognitionos.alert.entity;

import com.cognitionos.alert.entity.Anomaly.Direction;
import com.cognitionos.alert.entity.AnomalySettings.Sensitivity;
import com.cognitionos.kernel.Sql;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a day of a meter is expected to be by the tenant's own history, and what is unlike it (ALR-7).
 *
 * <p>A day is expected to be the part of the seven days before it that the same weekdays were of theirs: the median of up to
 * eight weeks, which follows growth within a week and does not mind single days. How much days spread is the median distance of
 * such parts from their weekday's median (1.4826 times it, a standard deviation where they are normal), of that weekday or of
 * all seven together, whichever is more, and a tenth at least. A day is high where it is above the usual by so many spreads, by
 * a factor, and by a lesser factor above the highest same weekday and above what stood out a month before, so that a monthly job
 * is told of once; where days spread by {@value #WIDE} or more, also above all of the last nine weeks. It has all but stopped at
 * a tenth of the usual or less, unless a quarter or less happened more than once in the eight weeks before.
 *
 * <p>Of a floating point, as it is statistics; no amount of money comes from it. What is shown is what is decided by: three
 * significant digits.
 *
 * @param usual above 0
 * @param low at or below which a day that is over has all but stopped; null where nothing can be said
 * @param high above which a day is high
 */
public record UsualDay(BigDecimal usual, @Nullable BigDecimal low, BigDecimal high) {

    /** How many days before a day are worth knowing. */
    public static final int HISTORY = 91;

    /** Fewer days than these say nothing: three same weekdays, and a week before the first of them. */
    public static final int FEWEST = 28;

    private static final int WEEK = 7;
    private static final int WEEKS = 8;
    private static final double NORMAL = 1.4826;
    private static final double LEAST_SPREAD = 0.1;
    private static final double WIDE = 0.3;
    private static final int NINE_WEEKS = 9 * WEEK;

    /** Days before that are about a month ago, whatever months and weekdays are like. */
    private static final int MONTH_FROM = 28;

    private static final int MONTH_TO = 33;
    private static final double STOOD_OUT = 1.5;

    private static final double STOPPED = 0.1;
    private static final double NEARLY_STOPPED = 0.25;
    private static final int FEWEST_TRIALS = 21;
    private static final double FEWEST_TO_STOP = 5;

    private static final MathContext SHOWN = new MathContext(3);

    /** @param top the highest of the same weekdays */
    private record Expected(double usual, double spread, double top) {}

    /**
     * @param before the quantities of the whole days before it, oldest first; of a new tenant those since it began
     * @return empty where the history is too short, or where nothing is usual
     */
    public static Optional<UsualDay> of(List<BigDecimal> before, Sensitivity sensitivity) {
        double[] days = before.stream().mapToDouble(BigDecimal::doubleValue).toArray();
        int day = days.length;
        if (sensitivity == Sensitivity.OFF || day < FEWEST) {
            return Optional.empty();
        }
        Expected expected = expected(days, day);
        if (expected.usual() <= 0) {
            return Optional.empty();
        }
        double high = expected.usual() * Math.max(sensitivity.times, 1 + sensitivity.spreads * expected.spread());
        high = Math.max(high, sensitivity.timesWeekday * Math.max(expected.top(), monthBefore(days)));
        if (expected.spread() >= WIDE) {
            high = Math.max(high, sensitivity.timesHighest * highest(days));
        }
        return Optional.of(new UsualDay(
                shown(expected.usual()),
                neverStops(days, expected.usual()) ? shown(STOPPED * expected.usual()) : null,
                shown(high)));
    }

    /**
     * @param quantity of the day, as far as it has come
     * @param over whether nothing more of the day is expected
     */
    public Optional<Direction> judge(BigDecimal quantity, boolean over) {
        if (quantity.compareTo(high) > 0) {
            return Optional.of(Direction.HIGH);
        }
        return over && low != null && quantity.compareTo(low) <= 0 ? Optional.of(Direction.STOPPED) : Optional.empty();
    }

    private static Expected expected(double[] days, int day) {
        double[] parts = parts(days, day, WEEKS);
        int weeks = parts.length;
        double median = median(parts);
        if (median <= 0) {
            return new Expected(0, 0, 0);
        }
        double top = IntStream.rangeClosed(1, weeks)
                .mapToDouble(week -> days[day - WEEK * week])
                .max()
                .orElse(0);
        double own = NORMAL * median(distances(parts, median));
        double[] all = IntStream.range(0, WEEK)
                .mapToObj(back -> parts(days, day - back, weeks))
                .flatMapToDouble(some -> Arrays.stream(distances(some, median(some))))
                .toArray();
        // Distances from a median of few are too short by this.
        double pooled = weeks < 2 ? 0 : NORMAL * median(all) * Math.sqrt(weeks / (weeks - 1.0));
        double spread = Math.max(LEAST_SPREAD, Math.max(own, pooled));
        return new Expected(median * weekBefore(days, day), spread, top);
    }

    /** Of so many weeks at most, what part of the seven days before it the same weekday was; the newest first. */
    private static double[] parts(double[] days, int day, int weeks) {
        return IntStream.rangeClosed(1, weeks)
                .map(week -> day - WEEK * week)
                .filter(at -> at >= WEEK)
                .mapToDouble(at -> part(days, at))
                .toArray();
    }

    private static double part(double[] days, int at) {
        double week = weekBefore(days, at);
        return week > 0 ? days[at] / week : 0;
    }

    private static double weekBefore(double[] days, int day) {
        return Arrays.stream(days, day - WEEK, day).sum();
    }

    /** As parts of the median; none where it is 0. */
    private static double[] distances(double[] values, double median) {
        return median <= 0
                ? new double[0]
                : Arrays.stream(values)
                        .map(value -> Math.abs(value / median - 1))
                        .toArray();
    }

    /** The most that a day about a month before had, of those that were unlike their weekday themselves. */
    private static double monthBefore(double[] days) {
        return IntStream.rangeClosed(MONTH_FROM, MONTH_TO)
                .map(back -> days.length - back)
                .filter(at -> at >= FEWEST - WEEK)
                .filter(at -> {
                    double usual = expected(days, at).usual();
                    return usual > 0 && days[at] >= STOOD_OUT * usual;
                })
                .mapToDouble(at -> days[at])
                .max()
                .orElse(0);
    }

    private static double highest(double[] days) {
        return Arrays.stream(days, Math.max(0, days.length - NINE_WEEKS), days.length)
                .max()
                .orElse(0);
    }

    private static boolean neverStops(double[] days, double usual) {
        if (usual < FEWEST_TO_STOP) {
            return false;
        }
        int trials = 0;
        int low = 0;
        for (int at = Math.max(FEWEST, days.length - WEEK * WEEKS); at < days.length; at++) {
            double expected = expected(days, at).usual();
            if (expected > 0) {
                trials++;
                low += days[at] <= NEARLY_STOPPED * expected ? 1 : 0;
            }
        }
        return trials >= FEWEST_TRIALS && low <= 1;
    }

    private static double median(double[] values) {
        if (values.length == 0) {
            return 0;
        }
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        int middle = ascending.length / 2;
        return ascending.length % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
    }

    private static BigDecimal shown(double value) {
        return Sql.plain(new BigDecimal(value, SHOWN));
    }
}
