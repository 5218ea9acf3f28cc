package com.cognitionos.rating.entity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Splits a whole amount so that its parts always sum to it, by largest remainder: every part gets its exact share
 * without the fraction of a cent, and the cents left over go to the largest fractions, of equal ones to the earlier.
 * Each part is less than one cent from its exact share. The parts of a negative amount are those of the positive one,
 * negated.
 */
public final class Allocation {

    private Allocation() {}

    /**
     * Splits an amount in proportion to weights. Where all weights are 0 nothing tells the parts apart, and they are
     * equal.
     *
     * @param cents of any sign
     * @param weights of any sign; a part whose weight is 0 gets nothing unless all are
     * @throws IllegalArgumentException where there is an amount but no part to take it, or the weights cancel each
     *     other out
     */
    public static List<Long> byWeight(long cents, List<Long> weights) {
        if (weights.isEmpty() && cents != 0) {
            throw new IllegalArgumentException("there is no part to take " + cents);
        }
        boolean equal = weights.stream().allMatch(weight -> weight == 0);
        List<Ratio> exact =
                weights.stream().map(weight -> Ratio.of(equal ? 1 : weight)).toList();
        Ratio sum = exact.stream().reduce(Ratio.ZERO, Ratio::plus);
        if (!weights.isEmpty() && sum.equals(Ratio.ZERO)) {
            throw new IllegalArgumentException("weights that cancel each other out share nothing: " + weights);
        }
        return ofShares(
                cents,
                exact.stream()
                        .map(weight -> weight.times(Ratio.of(cents)).dividedBy(sum))
                        .toList());
    }

    /**
     * Rounds exact shares to whole cents that sum to {@code whole}, which is near the sum of the shares: most often
     * that sum, rounded. The further it lies from it, the more cents some part differs from its share. A part takes the
     * sign of its share as long as there are others to take what is left.
     */
    static List<Long> ofShares(long whole, List<Ratio> shares) {
        List<Long> parts = new ArrayList<>(shares.stream().map(Ratio::truncated).toList());
        long left = Math.subtractExact(whole, Cents.sum(parts));
        int cent = Long.signum(left);
        Comparator<Integer> byRemainder =
                Comparator.comparing(i -> shares.get(i).minus(Ratio.of(parts.get(i))));
        PriorityQueue<Integer> next = new PriorityQueue<>(Comparator.comparing(
                        (Integer i) -> parts.get(i) == 0 && shares.get(i).signum() != cent)
                .thenComparing(cent > 0 ? byRemainder.reversed() : byRemainder)
                .thenComparing(Comparator.naturalOrder()));
        IntStream.range(0, left == 0 ? 0 : parts.size()).forEach(next::add);
        for (; left != 0; left -= cent) {
            int i = next.remove();
            parts.set(i, parts.get(i) + cent);
            next.add(i);
        }
        return List.copyOf(parts);
    }
}
