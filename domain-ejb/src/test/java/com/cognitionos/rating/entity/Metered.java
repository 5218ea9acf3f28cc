package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/** What a meter counted, told with local dates and times, and what it costs month by month. */
final class Metered {

    private final ZoneId zone;
    private final Anchor anchor;
    private final BinaryOperator<BigDecimal> aggregation;
    private final List<Event> events = new ArrayList<>();

    private record Event(Instant at, BigDecimal quantity) {}

    private Metered(ZoneId zone, String anchor, BinaryOperator<BigDecimal> aggregation) {
        this.zone = zone;
        this.anchor = new Anchor(at(anchor, zone), zone);
        this.aggregation = aggregation;
    }

    static Metered from(String anchor) {
        return new Metered(ZoneOffset.UTC, anchor, BigDecimal::add);
    }

    static Metered in(String zone, String anchor) {
        return new Metered(ZoneId.of(zone), anchor, BigDecimal::add);
    }

    static Metered peakFrom(String anchor) {
        return new Metered(ZoneOffset.UTC, anchor, BigDecimal::max);
    }

    Metered event(String at, long quantity) {
        events.add(new Event(at(at, zone), BigDecimal.valueOf(quantity)));
        return this;
    }

    /** As {@code 2012-04-01..2012-05-01 590}, for each month that begins before the last day. */
    List<String> monthly(Price price, String until) {
        List<String> months = new ArrayList<>();
        Period month = anchor.periodAround(anchor.at(), Cadence.MONTH);
        while (month.start().isBefore(at(until, zone))) {
            months.addAll(rated(month, List.of(new UsageRating.Part(month, price, used(month)))));
            month = anchor.periodAround(month.end(), Cadence.MONTH);
        }
        return months;
    }

    /** The month in which an instant lies. */
    List<String> around(String day, Price price) {
        Period month = anchor.periodAround(at(day, zone), Cadence.MONTH);
        return rated(month, List.of(new UsageRating.Part(month, price, used(month))));
    }

    /** The running month up to its early end. */
    List<String> until(Instant end, Price price) {
        Period part = new Period(anchor.periodAround(end, Cadence.MONTH).start(), end);
        return rated(part, List.of(new UsageRating.Part(part, price, used(part))));
    }

    /** The first month, with another price from a day on. */
    List<String> changing(Price first, String day, Price then) {
        Period month = anchor.periodAround(anchor.at(), Cadence.MONTH);
        Period before = new Period(month.start(), at(day, zone));
        Period after = new Period(at(day, zone), month.end());
        return rated(
                month,
                List.of(
                        new UsageRating.Part(before, first, used(before)),
                        new UsageRating.Part(after, then, used(after))));
    }

    Usage used(String from, String to) {
        return used(new Period(at(from, zone), at(to, zone)));
    }

    private Usage used(Period span) {
        return Usage.of(events.stream()
                .filter(event -> span.contains(event.at()))
                .map(Event::quantity)
                .reduce(BigDecimal.ZERO, aggregation));
    }

    private List<String> rated(Period month, List<UsageRating.Part> parts) {
        return UsageRating.rate(month, parts).stream()
                .map(charge -> local(charge.period().start()) + ".."
                        + local(charge.period().end()) + " " + charge.amountCents())
                .toList();
    }

    private LocalDate local(Instant at) {
        return LocalDate.ofInstant(at, zone);
    }

    private static Instant at(String local, ZoneId zone) {
        return (local.length() == 10 ? LocalDate.parse(local).atStartOfDay() : LocalDateTime.parse(local))
                .atZone(zone)
                .toInstant();
    }
}
