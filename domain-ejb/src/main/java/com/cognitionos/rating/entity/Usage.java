package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was used of a meter in some span of time.
 *
 * @param quantity in the meter's unit, from 0
 * @param events how many events it comes from, from 0; null where that is not known. Only {@link Pricing.Percentage}
 *     asks
 * @param first the quantities of the first events in the order of time: as many as lie in the free part and one more,
 *     or all of them where each event has bounds; empty where no price asks for them
 */
public record Usage(BigDecimal quantity, @Nullable Long events, List<BigDecimal> first) {

    public static final Usage NONE = new Usage(BigDecimal.ZERO, 0L, List.of());

    public Usage {
        quantity = Exact.quantity(quantity, "a used quantity");
        first = first.stream()
                .map(each -> Exact.quantity(each, "an event's quantity"))
                .toList();
        if (events != null) {
            Exact.amount(events, "a number of events");
        }
        BigDecimal known = first.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        long listed = first.size();
        if (listed > 0 && (events == null || listed > events || known.compareTo(quantity) > 0)) {
            throw new IllegalArgumentException("the first events are among the events, and in their quantity");
        }
        if (listed > 0 && listed == events && known.compareTo(quantity) != 0) {
            throw new IllegalArgumentException("all events together make the quantity");
        }
    }

    /** A quantity of which the events are not known. */
    public static Usage of(BigDecimal quantity) {
        return new Usage(quantity, null, List.of());
    }

    public static Usage of(BigDecimal quantity, long events) {
        return new Usage(quantity, events, List.of());
    }

    /** @param quantities one for each event, in the order of time */
    public static Usage ofEvents(List<BigDecimal> quantities) {
        return new Usage(
                quantities.stream().reduce(BigDecimal.ZERO, BigDecimal::add), (long) quantities.size(), quantities);
    }

    /** This and what follows it in time. */
    public Usage plus(Usage later) {
        List<BigDecimal> together = new ArrayList<>(first);
        if (knowsEachEvent()) {
            together.addAll(later.first);
        }
        boolean counted = events != null && later.events != null;
        return new Usage(
                quantity.add(later.quantity),
                counted ? Math.addExact(events, later.events) : null,
                counted ? together : List.of());
    }

    /** Whether {@code first} lists all events. */
    boolean knowsEachEvent() {
        return events != null && first.size() == events;
    }

    /** What lies above a free quantity; null leaves nothing. An event that lies wholly in the free part is free. */
    Usage above(@Nullable BigDecimal free) {
        return beyond(null, free);
    }

    /**
     * What is left after the free part at the start, which ends with its last event or its last unit, whichever is
     * sooner. An event that crosses the end of the free units is left with what it has above them.
     *
     * @param freeEvents null sets no end; 0 leaves all usage
     * @param freeQuantity null sets no end; 0 leaves all usage, events without a quantity among it
     * @throws IllegalArgumentException where {@code first} is too short to say how much is free
     */
    Usage beyond(@Nullable Long freeEvents, @Nullable BigDecimal freeQuantity) {
        if (isZero(freeEvents) || freeQuantity != null && freeQuantity.signum() == 0) {
            return this;
        }
        boolean eventsFit = freeEvents == null || events != null && events <= freeEvents;
        boolean quantityFits = freeQuantity == null || quantity.compareTo(freeQuantity) <= 0;
        if (eventsFit && quantityFits) {
            return NONE;
        }
        int free = 0;
        BigDecimal used = BigDecimal.ZERO;
        while (free < first.size() && (freeEvents == null || free < freeEvents)) {
            BigDecimal next = used.add(first.get(free));
            if (freeQuantity != null && next.compareTo(freeQuantity) > 0) {
                break;
            }
            used = next;
            free++;
        }
        boolean atTheEnd =
                freeEvents != null && free == freeEvents || freeQuantity != null && used.compareTo(freeQuantity) == 0;
        if (atTheEnd) {
            return new Usage(quantity.subtract(used), without(free), first.subList(free, first.size()));
        }
        if (free < first.size() && freeQuantity != null) {
            List<BigDecimal> rest = new ArrayList<>(first.subList(free, first.size()));
            rest.set(0, used.add(rest.get(0)).subtract(freeQuantity));
            return new Usage(quantity.subtract(freeQuantity), without(free), rest);
        }
        if (eventsFit && freeQuantity != null) {
            return Usage.of(quantity.subtract(freeQuantity));
        }
        throw new IllegalArgumentException(
                "how much of the quantity is free does not show in the first " + first.size() + " events");
    }

    private static boolean isZero(@Nullable Long number) {
        return number != null && number == 0;
    }

    private @Nullable Long without(int free) {
        return events == null ? null : Long.valueOf(events - free);
    }
}
