package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rates one meter over a usage month whose price changed on the way. A unit is free where the month's use up to it is
 * within what is included at its time; else the part that it is used in charges it, by the part's own price, whose tiers
 * start afresh.
 *
 * <p>What is included at a time is the most of three: what the price of that time includes for a month; the mean of what
 * the month's prices include, weighed by time, as it was then to be expected; and that mean as it came out. So whoever has
 * a price has what it includes, whoever leaves one keeps what was free by it and the share that it held for, and a price
 * that held for a second includes next to nothing before it and after it.
 */
public final class UsageRating {

    private UsageRating() {}

    /**
     * A part of the month under one price. An instant of change belongs to the part that it starts, so usage at that
     * instant counts there.
     *
     * @param price null where the part is free of charge: it costs nothing and its use is not counted; nor is that of a
     *     part that includes all
     * @param usage its quantity and those of the other parts add up to the month's. A peak does not: price it by one
     *     {@link Price} for the month
     */
    public record Part(Period period, @Nullable Price price, Usage usage) {}

    /**
     * What one price charges for a part of the month.
     *
     * @param price as it was agreed, for the whole month
     * @param included in the month, as of this part; null is unlimited
     * @param charged the usage above what is free
     * @param steps add up to the exact amount
     * @param amountCents rounded once, half up
     */
    public record Charge(
            Period period,
            Price price,
            @Nullable BigDecimal included,
            Usage charged,
            List<Step> steps,
            long amountCents) {}

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
        BigDecimal used = BigDecimal.ZERO;
        List<Charge> charges = new ArrayList<>();
        for (int i = 0; i < joined.size(); i++) {
            Part part = joined.get(i);
            Price price = part.price();
            if (price == null) {
                continue;
            }
            BigDecimal included = included(month, joined, i);
            Usage charged = part.usage()
                    .above(included == null ? null : included.subtract(used).max(BigDecimal.ZERO));
            used = included == null ? used : used.add(part.usage().quantity());
            List<Step> steps = price.forPart(nanos(part.period()), nanos(month)).stepsAbove(charged);
            charges.add(new Charge(part.period(), price, included, charged, steps, Exact.cents(Step.sum(steps))));
        }
        return List.copyOf(charges);
    }

    /**
     * What the month includes as its last part has it: where more begins to cost. Usage of parts that are not counted comes
     * on top.
     *
     * @return null is unlimited
     */
    public static @Nullable BigDecimal included(Period month, List<Part> parts) {
        List<Part> joined = joined(inOrder(parts));
        BigDecimal included = included(month, joined, joined.size() - 1);
        return included == null
                ? null
                : included.add(joined.stream()
                        .filter(part -> !isCounted(part))
                        .map(part -> part.usage().quantity())
                        .reduce(BigDecimal.ZERO, BigDecimal::add));
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

    /** As of a part; null is unlimited. */
    private static @Nullable BigDecimal included(Period month, List<Part> parts, int index) {
        Price price = parts.get(index).price();
        if (price == null || price.included() == null) {
            return price == null ? BigDecimal.ZERO : null;
        }
        return price.included().max(weighed(month, parts, index)).max(weighed(month, parts, parts.size() - 1));
    }

    /** The mean of what is included, as if a part went on to the month's end: in as many decimals as the prices have. */
    private static BigDecimal weighed(Period month, List<Part> parts, int last) {
        Instant start = parts.get(0).period().start();
        BigDecimal sum = BigDecimal.ZERO;
        int scale = 0;
        for (int i = 0; i <= last; i++) {
            Period period = parts.get(i).period();
            BigDecimal included = included(parts.get(i));
            Instant end = i == last ? month.end() : period.end();
            sum = sum.add(included.multiply(BigDecimal.valueOf(nanos(new Period(period.start(), end)))));
            scale = Math.max(scale, included.scale());
        }
        return sum.divide(BigDecimal.valueOf(nanos(new Period(start, month.end()))), scale, RoundingMode.HALF_UP);
    }

    private static boolean isCounted(Part part) {
        return part.price() != null && part.price().included() != null;
    }

    private static BigDecimal included(Part part) {
        BigDecimal included = part.price() == null ? null : part.price().included();
        return included == null ? BigDecimal.ZERO : included;
    }

    private static long nanos(Period period) {
        return period.length().toNanos();
    }
}
