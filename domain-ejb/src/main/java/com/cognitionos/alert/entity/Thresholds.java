package com.cognitionos.alert.entity;

import com.cognitionos.kernel.Problem;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * At which shares of a bound there is an alert.
 *
 * @param percent ascending, each from 1 to {@link #HIGHEST}; none is never
 */
public record Thresholds(List<Integer> percent) {

    public static final Thresholds USUAL = new Thresholds(List.of(50, 75, 90, 100));

    private static final int HIGHEST = 1000;
    private static final int MOST = 10;

    public Thresholds {
        percent = List.copyOf(percent);
    }

    /**
     * What was told before.
     *
     * @param value how far it was then, in the same measure as the bound
     */
    public record Told(int threshold, BigDecimal value) {}

    /** @throws Problem INVALID where it is not as described above */
    public Thresholds checked(String field) {
        if (percent.size() > MOST) {
            throw Problem.invalid(field, "length", field + " has at most " + MOST + " shares");
        }
        int before = 0;
        for (int i = 0; i < percent.size(); i++) {
            int share = percent.get(i);
            if (share <= before || share > HIGHEST) {
                throw Problem.invalid(
                        field + "/" + i,
                        "out_of_range",
                        "each share is a whole number of percent from 1 to " + HIGHEST
                                + ", larger than the one before");
            }
            before = share;
        }
        return this;
    }

    public boolean isEmpty() {
        return percent.isEmpty();
    }

    /**
     * The shares that are reached and not told yet, ascending. One that was told when there was as much as it now stands for
     * is told, whatever the bound was then.
     *
     * @param bound above 0, or there is none
     */
    public List<Integer> news(BigDecimal value, BigDecimal bound, Collection<Told> told) {
        return percent.stream()
                .filter(share -> bound.signum() > 0
                        && value.compareTo(quantity(share, bound)) >= 0
                        && !isTold(share, bound, told))
                .toList();
    }

    /** The least above the value at which there is something to tell. */
    public Optional<BigDecimal> next(BigDecimal value, BigDecimal bound, Collection<Told> told) {
        return percent.stream()
                .filter(share -> bound.signum() > 0 && !isTold(share, bound, told))
                .map(share -> quantity(share, bound))
                .filter(quantity -> quantity.compareTo(value) > 0)
                .findFirst();
    }

    private static boolean isTold(int share, BigDecimal bound, Collection<Told> told) {
        BigDecimal quantity = quantity(share, bound);
        return told.stream()
                .anyMatch(one -> one.threshold() == share && one.value().compareTo(quantity) >= 0);
    }

    private static BigDecimal quantity(int share, BigDecimal bound) {
        return bound.multiply(BigDecimal.valueOf(share)).movePointLeft(2);
    }
}
