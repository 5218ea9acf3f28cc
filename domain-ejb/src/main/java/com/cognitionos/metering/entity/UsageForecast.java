package com.cognitionos.metering.entity;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a meter that adds up comes to at the end of a period, from the days before: never below what is used already.
 *
 * <p>Each day to come is expected to be as the same weekday of the last four weeks was, the newest counting most (weights 4,
 * 3, 2, 1); a part of a day is that part of it. That rule is then tried on the tenant's own past: from each day on that has
 * enough before and after it, how much more or less than expected the following days came to. The median of these ratios is
 * what the forecast is corrected by, which is what growth is, and their 10 % and 90 % quantiles are the band, wider by 1 + 1/m
 * where the past has only m such spans one after another: in about four months of five the truth lies in it. Where the past is
 * too short to be asked, the band is that of a sum of independent days which spread as the known ones do, by Student's t; it
 * knows nothing of growth.
 *
 * <p>A level is expected to stay what it is, and its days to come are tried on the past in the same way.
 *
 * @param low the 10 % quantile
 * @param expected the median
 * @param high the 90 % quantile
 * @param days how many days it rests on
 */
public record UsageForecast(BigDecimal low, BigDecimal expected, BigDecimal high, int days) {

    /** How many days before the present are worth knowing: what is older says little of next week. */
    public static final int HISTORY = 91;

    private static final int WEEK = 7;
    private static final int WEEKS = 4;
    private static final int MONTH = WEEKS * WEEK;
    private static final int ENOUGH_TRIALS = 10;

    /** The normal distribution's 90 % quantile. */
    private static final double Z = 1.2816;

    /** Of which the weights 4, 3, 2, 1 make the mean as sure as that of so many equal ones: (Σw)² / Σw² a weekday. */
    private static final double EFFECTIVE_DAYS = WEEK * 100.0 / 30;

    /**
     * @param history the quantities of the whole days before today, oldest first; of a new tenant those since it began
     * @param used in the period so far, from 0
     * @param todayLeft how much of today is still to come and in the period, 0 to 1
     * @param daysLeft how many days come after today until the period's end, from 0
     * @param today what was used today so far, only to know a pace where there is no history at all
     */
    public static UsageForecast of(
            List<BigDecimal> history, BigDecimal used, double todayLeft, double daysLeft, BigDecimal today) {
        double[] known = known(history);
        double left = todayLeft + daysLeft;
        if (known.length == 0) {
            // At the pace of today, which is taken as a whole day: a pace of minutes says nothing.
            return around(used, today.doubleValue() * left, 0, today.doubleValue() * left, 0);
        }
        return of(used, expected(known, known.length, todayLeft, daysLeft), left, known, false);
    }

    /**
     * Of a mean.
     *
     * @param history the means of the whole days before today, oldest first
     * @param mean of the period so far
     * @param passed how many days that is
     * @param level at present
     */
    public static UsageForecast ofLevel(
            List<BigDecimal> history,
            BigDecimal mean,
            double passed,
            BigDecimal level,
            double todayLeft,
            double daysLeft) {
        double[] known = known(history);
        double left = todayLeft + daysLeft;
        double rest = level.doubleValue() * left;
        BigDecimal used = mean.multiply(BigDecimal.valueOf(passed));
        UsageForecast sum = known.length == 0 ? around(used, rest, rest, rest, 0) : of(used, rest, left, known, true);
        BigDecimal all = BigDecimal.valueOf(passed + left);
        return all.signum() == 0
                ? new UsageForecast(mean, mean, mean, known.length)
                : new UsageForecast(
                        sum.low().divide(all, 6, RoundingMode.HALF_UP),
                        sum.expected().divide(all, 6, RoundingMode.HALF_UP),
                        sum.high().divide(all, 6, RoundingMode.HALF_UP),
                        known.length);
    }

    private static double[] known(List<BigDecimal> history) {
        return history.stream().mapToDouble(BigDecimal::doubleValue).toArray();
    }

    private static UsageForecast of(BigDecimal used, double rest, double left, double[] known, boolean level) {
        int days = known.length;
        double[] ratios = ratios(known, Math.max(1, (int) Math.round(left)), level);
        if (rest > 0 && ratios.length >= ENOUGH_TRIALS) {
            double middle = quantile(ratios, 0.5);
            double wider = 1 + Math.max(1, left) / ratios.length;
            double low = middle - wider * (middle - quantile(ratios, 0.1));
            double high = middle + wider * (quantile(ratios, 0.9) - middle);
            return around(used, rest * middle, rest * low, rest * high, days);
        }
        double spread = deviation(known) * Math.sqrt(left + left * left / Math.min(days, EFFECTIVE_DAYS));
        return around(used, rest, rest - spread, rest + spread, days);
    }

    private static UsageForecast around(BigDecimal used, double rest, double low, double high, int days) {
        return new UsageForecast(plus(used, low), plus(used, rest), plus(used, high), days);
    }

    private static BigDecimal plus(BigDecimal used, double more) {
        return used.add(BigDecimal.valueOf(Math.max(0, more)).setScale(6, RoundingMode.HALF_UP));
    }

    /** Of what comes after the first {@code count} days: a part of the next one, and so many after it. */
    private static double expected(double[] known, int count, double firstPart, double further) {
        double sum = day(known, count, 0) * firstPart;
        int whole = (int) further;
        for (int ahead = 1; ahead <= whole; ahead++) {
            sum += day(known, count, ahead);
        }
        return sum + day(known, count, whole + 1) * (further - whole);
    }

    /** The day that comes {@code ahead} days after the first unknown one. */
    private static double day(double[] known, int count, int ahead) {
        if (count < 2 * WEEK) {
            int since = Math.max(0, count - WEEK);
            return Arrays.stream(known, since, count).sum() / (count - since);
        }
        double sum = 0;
        double weights = 0;
        int at = count + ahead % WEEK - WEEK;
        for (int week = 0; week < WEEKS && at >= 0; week++, at -= WEEK) {
            int weight = WEEKS - week;
            sum += weight * known[at];
            weights += weight;
        }
        return sum / weights;
    }

    /** Ascending: what so many days in a row came to, as a part of what was expected on the eve of the first. */
    private static double[] ratios(double[] known, int span, boolean level) {
        List<Double> ratios = new ArrayList<>();
        for (int first = MONTH; first + span <= known.length; first++) {
            double expected = level ? known[first - 1] * span : expected(known, first, 1, span - 1.0);
            if (expected > 0) {
                ratios.add(Arrays.stream(known, first, first + span).sum() / expected);
            }
        }
        return ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    /** 90 % quantile of a day's distance from its weekday's mean, or from that of all where there are fewer than two weeks. */
    private static double deviation(double[] known) {
        int groups = known.length < 2 * WEEK ? 1 : WEEK;
        double squares = 0;
        for (int group = 0; group < groups; group++) {
            double sum = 0;
            int count = 0;
            for (int i = group; i < known.length; i += groups) {
                sum += known[i];
                count++;
            }
            for (int i = group; i < known.length; i += groups) {
                squares += Math.pow(known[i] - sum / count, 2);
            }
        }
        // A single day says nothing of how days spread: it is taken to be as much as it is large.
        int freedom = known.length - groups;
        return freedom == 0 ? Z * known[0] : Z * (1 + 1.0 / freedom) * Math.sqrt(squares / freedom);
    }

    private static double quantile(double[] ascending, double share) {
        double at = share * (ascending.length - 1);
        int below = (int) at;
        double above = ascending[Math.min(below + 1, ascending.length - 1)];
        return ascending[below] + (at - below) * (above - ascending[below]);
    }
}
