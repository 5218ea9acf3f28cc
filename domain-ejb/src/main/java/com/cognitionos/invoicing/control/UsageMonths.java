package com.cognitionos.invoicing.control;

import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import com.cognitionos.subscription.entity.SubscriptionEvent.Kind;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The usage months of a subscription, as its history has them. They tile its time: each begins where the one before ended,
 * also where the calendar moves (SUB-10), another cycle begins or the subscription ends.
 */
final class UsageMonths {

    private static final Set<Kind> BEGINS = EnumSet.of(Kind.STARTED, Kind.TRIAL_CONVERTED, Kind.TRIAL_LAPSED);

    private UsageMonths() {}

    /**
     * A usage month.
     *
     * @param planned as it would be had it not been cut off by another cycle or the end
     * @param calendar the whole month, counted from the anchor, that ends with the planned one
     */
    record UsageMonth(Period period, Period planned, Period calendar) {

        /** What a month's bounds and commitments are for: the calendar's, or a longer one that a moved anchor made. */
        Period whole() {
            return planned.length().compareTo(calendar.length()) > 0 ? planned : calendar;
        }
    }

    /** The month that contains the instant; none in a trial. */
    static Optional<UsageMonth> around(List<SubscriptionEvent> history, ZoneId zone, Instant at) {
        Optional<Instant> start = history.stream()
                .filter(event -> BEGINS.contains(event.kind()) && !event.at().isAfter(at))
                .map(SubscriptionEvent::at)
                .reduce((first, second) -> second);
        return start.map(from -> {
            UsageMonth month = from(history, zone, from);
            while (!month.period().end().isAfter(at)) {
                month = from(history, zone, month.period().end());
            }
            return month;
        });
    }

    private static UsageMonth from(List<SubscriptionEvent> history, ZoneId zone, Instant start) {
        SubscriptionEvent held = history.get(0);
        for (SubscriptionEvent event : history) {
            held = event.at().isAfter(start) ? held : event;
        }
        Anchor anchor = new Anchor(held.anchor(), zone);
        Instant end = anchor.periodAround(start, Cadence.MONTH).end();
        Instant planned = end;
        for (SubscriptionEvent event : history) {
            if (!event.at().isAfter(start) || !event.at().isBefore(end)) {
                continue;
            }
            if (event.kind() == Kind.CANCELED) {
                end = event.at();
            } else if (!event.anchor().equals(anchor.at())) {
                Anchor other = new Anchor(event.anchor(), zone);
                Period month = other.periodAround(event.at(), Cadence.MONTH);
                end = month.start().equals(event.at()) ? event.at() : month.end();
                if (event.cycle() == held.cycle()) {
                    planned = end;
                    anchor = other;
                }
            }
        }
        Period calendar = anchor.periodAround(planned.minusNanos(1), Cadence.MONTH);
        return new UsageMonth(new Period(start, end), new Period(start, planned), calendar);
    }
}
