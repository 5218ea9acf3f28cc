package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rates one meter over a usage month whose price changed on the way. The month has one free pool, the largest included
 * quantity among its prices; the parts draw on it in the order of time, and what a part uses above it is charged at the
 * part's own price, whose tiers start afresh.
 */
public final class UsageRating {

    private UsageRating() {}

    /**
     * A part of the month under one price. An instant of change belongs to the part that it starts, so usage at that
     * instant counts there.
     *
     * @param price null where the part is free of charge: it costs nothing and leaves the pool as it is
     * @param usage its quantity and those of the other parts add up to the month's. A peak does not: price it by one
     *     {@link Price} for the month
     */
    public record Part(Period period, @Nullable Price price, Usage usage) {}

    /**
     * What one price charges for a part of the month.
     *
     * @param price as it was agreed, for the whole month
     * @param free the quantity that came out of the pool
     * @param charged the usage above it
     * @param steps add up to the exact amount
     * @param amountCents rounded once, half up
     */
    public record Charge(
            Period period, Price price, BigDecimal free, Usage charged, List<Step> steps, long amountCents) {}

    /** Rates parts that tile the month. */
    public static List<Charge> rate(List<Part> parts) {
        if (parts.isEmpty()) {
            return List.of();
        }
        List<Part> inOrder = inOrder(parts);
        return rate(
                new Period(
                        inOrder.get(0).period().start(),
                        inOrder.get(inOrder.size() - 1).period().end()),
                inOrder);
    }

    /**
     * Rates the parts of a month, in any order. Parts that follow each other without a gap under equal prices are one.
     * A price's minimum, maximum and flat amount hold for a whole month, and for a part in proportion to its length.
     *
     * @return one charge for each price and time, also one of 0 cents; none for what is free of charge
     * @throws IllegalArgumentException when parts overlap or leave the month
     */
    public static List<Charge> rate(Period month, List<Part> parts) {
        List<Part> joined = joined(inOrder(parts));
        requireInside(month, joined);
        BigDecimal pool = pool(joined);
        List<Charge> charges = new ArrayList<>();
        for (Part part : joined) {
            Price price = part.price();
            if (price == null) {
                continue;
            }
            BigDecimal used = part.usage().quantity();
            BigDecimal free = pool == null ? used : used.min(pool);
            Usage charged = part.usage().above(pool);
            pool = pool == null ? null : pool.subtract(free);
            List<Step> steps = price.forPart(nanos(part.period()), nanos(month)).stepsAbove(charged);
            charges.add(new Charge(part.period(), price, free, charged, steps, Exact.cents(Step.sum(steps))));
        }
        return List.copyOf(charges);
    }

    /** What the charges come to. */
    public static long amountCents(List<Charge> charges) {
        return charges.stream().mapToLong(Charge::amountCents).reduce(0, Math::addExact);
    }

    private static List<Part> inOrder(List<Part> parts) {
        return parts.stream()
                .sorted(Comparator.comparing(part -> part.period().start()))
                .toList();
    }

    private static List<Part> joined(List<Part> inOrder) {
        List<Part> joined = new ArrayList<>();
        for (Part part : inOrder) {
            int last = joined.size() - 1;
            if (last >= 0 && follows(part, joined.get(last))) {
                Part before = joined.get(last);
                joined.set(
                        last,
                        new Part(
                                new Period(
                                        before.period().start(), part.period().end()),
                                part.price(),
                                before.usage().plus(part.usage())));
            } else {
                joined.add(part);
            }
        }
        return joined;
    }

    private static boolean follows(Part part, Part before) {
        return before.period().end().equals(part.period().start()) && Objects.equals(before.price(), part.price());
    }

    private static void requireInside(Period month, List<Part> inOrder) {
        Period before = null;
        for (Part part : inOrder) {
            Period period = part.period();
            if (before != null && period.start().isBefore(before.end())) {
                throw new IllegalArgumentException("parts of a month do not overlap: " + before + " and " + period);
            }
            if (period.start().isBefore(month.start()) || period.end().isAfter(month.end())) {
                throw new IllegalArgumentException("a part lies in its month: " + period + " in " + month);
            }
            before = period;
        }
    }

    /** Null is unlimited. */
    private static @Nullable BigDecimal pool(List<Part> parts) {
        BigDecimal largest = BigDecimal.ZERO;
        for (Part part : parts) {
            Price price = part.price();
            if (price == null) {
                continue;
            }
            if (price.included() == null) {
                return null;
            }
            largest = largest.max(price.included());
        }
        return largest;
    }

    private static long nanos(Period period) {
        return period.length().toNanos();
    }
}
