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

    /**
     * @param before the quantities of the whole days before it, oldest first; of a new tenant those since it began
     * @return empty where the history is too short, or where nothing is usual
     */
    public static Optional<UsualDay> of(List<BigDecimal> before, Sensitivity sensitivity) {
        int day = before.size();
        if (sensitivity == Sensitivity.OFF || day < FEWEST) {
            return Optional.empty();
        }
        History history =
                History.of(before.stream().mapToDouble(BigDecimal::doubleValue).toArray());
        double expected = history.usual(day);
        if (expected <= 0) {
            return Optional.empty();
        }
        double spread = history.spread();
        double high = expected * Math.max(sensitivity.times, 1 + sensitivity.spreads * spread);
        high = Math.max(high, sensitivity.timesWeekday * Math.max(history.top(), history.monthBefore()));
        if (spread >= WIDE) {
            high = Math.max(high, sensitivity.timesHighest * history.highest());
        }
        return Optional.of(
                new UsualDay(shown(expected), history.neverStops() ? shown(STOPPED * expected) : null, shown(high)));
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

    /**
     * The days before.
     *
     * @param weeks what the seven days before each came to, and before the first day after them
     */
    private record History(double[] days, double[] weeks) {

        static History of(double[] days) {
            double[] weeks = new double[days.length + 1];
            for (int day = WEEK; day <= days.length; day++) {
                weeks[day] = Arrays.stream(days, day - WEEK, day).sum();
            }
            return new History(days, weeks);
        }

        /** What is expected of that day, 0 for nothing. */
        double usual(int day) {
            return median(parts(day, WEEKS)) * weeks[day];
        }

        /** What part of the seven days before it the same weekday was, in each of so many weeks at most. */
        private double[] parts(int day, int most) {
            return IntStream.rangeClosed(1, most)
                    .map(week -> day - WEEK * week)
                    .filter(at -> at >= WEEK)
                    .mapToDouble(at -> weeks[at] > 0 ? days[at] / weeks[at] : 0)
                    .toArray();
        }

        /** Of the first day after them. */
        double spread() {
            double[] own = parts(days.length, WEEKS);
            double[] all = IntStream.range(0, WEEK)
                    .mapToObj(back -> distances(parts(days.length - back, own.length)))
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            // Distances from a median of few are too short by this.
            double pooled = median(all) * Math.sqrt(own.length / (own.length - 1.0));
            return Math.max(LEAST_SPREAD, NORMAL * Math.max(median(distances(own)), pooled));
        }

        /** From the median, as parts of it; none where it is 0. */
        private static double[] distances(double[] values) {
            double median = median(values);
            return median <= 0
                    ? new double[0]
                    : Arrays.stream(values)
                            .map(value -> Math.abs(value / median - 1))
                            .toArray();
        }

        /** The highest of the same weekdays. */
        double top() {
            return IntStream.rangeClosed(1, WEEKS)
                    .map(week -> days.length - WEEK * week)
                    .filter(at -> at >= WEEK)
                    .mapToDouble(at -> days[at])
                    .max()
                    .orElse(0);
        }

        /** The most that a day about a month before had, of those that were unlike their weekday themselves. */
        double monthBefore() {
            return IntStream.rangeClosed(MONTH_FROM, MONTH_TO)
                    .map(back -> days.length - back)
                    .filter(at -> at >= FEWEST - WEEK)
                    .filter(at -> usual(at) > 0 && days[at] >= STOOD_OUT * usual(at))
                    .mapToDouble(at -> days[at])
                    .max()
                    .orElse(0);
        }

        double highest() {
            return Arrays.stream(days, Math.max(0, days.length - NINE_WEEKS), days.length)
                    .max()
                    .orElse(0);
        }

        boolean neverStops() {
            if (usual(days.length) < FEWEST_TO_STOP) {
                return false;
            }
            int trials = 0;
            int low = 0;
            for (int at = Math.max(FEWEST, days.length - WEEK * WEEKS); at < days.length; at++) {
                double expected = usual(at);
                if (expected > 0) {
                    trials++;
                    low += days[at] <= NEARLY_STOPPED * expected ? 1 : 0;
                }
            }
            return trials >= FEWEST_TRIALS && low <= 1;
        }
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
