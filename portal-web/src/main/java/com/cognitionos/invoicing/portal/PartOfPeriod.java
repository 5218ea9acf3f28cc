package com.cognitionos.invoicing.portal;

import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.Period;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which part of which period a line charges or gives back. An invoice keeps the part alone; the whole is looked for, and
 * only one by which the price comes to the line's amount, to the cent, is told.
 *
 * @param wholeCents the price of the whole
 */
record PartOfPeriod(Period part, Period whole, Grain grain, long wholeCents) {

    private static final List<Cadence> CADENCES = List.of(Cadence.MONTH, Cadence.YEAR);

    /** @param anchors that the subscription ever had */
    static Optional<PartOfPeriod> of(InvoiceLine line, Collection<Instant> anchors, ZoneId zone) {
        if (!line.proration() || line.meter() != null) {
            return Optional.empty();
        }
        long cents;
        try {
            cents = line.unitPrice().multiply(line.quantity()).longValueExact();
        } catch (ArithmeticException noWholeCents) {
            return Optional.empty();
        }
        List<Period> wholes = wholes(line.period(), anchors, zone);
        return Stream.of(Grain.values())
                .flatMap(grain -> wholes.stream().map(whole -> new PartOfPeriod(line.period(), whole, grain, cents)))
                .filter(part -> part.grain.prorate(cents, part.part, part.whole, zone) == Math.abs(line.amountCents()))
                .findFirst();
    }

    private static List<Period> wholes(Period part, Collection<Instant> anchors, ZoneId zone) {
        return CADENCES.stream()
                .flatMap(cadence ->
                        anchors.stream().map(at -> new Anchor(at, zone).periodAround(part.start(), cadence)))
                .filter(whole -> !whole.equals(part)
                        && !whole.start().isAfter(part.start())
                        && !whole.end().isBefore(part.end()))
                .toList();
    }

    /** {@code 13 days 15 hours of 31 days}. */
    String words(ZoneId zone) {
        return switch (grain) {
            case SECOND -> words(part.length()) + " of " + words(whole.length());
            case DAY, DAY_INCLUSIVE -> days(days(part, zone)) + " of " + days(days(whole, zone));
            case FIXED30 -> "a part of the period in months of 30 days";
        };
    }

    private static long days(Period period, ZoneId zone) {
        return ChronoUnit.DAYS.between(
                LocalDate.ofInstant(period.start(), zone), LocalDate.ofInstant(period.end(), zone));
    }

    private static String days(long days) {
        return days + (days == 1 ? " day" : " days");
    }

    private static String words(Duration length) {
        String words = String.join(
                " ",
                Stream.of(
                                length.toDays() == 0 ? null : days(length.toDays()),
                                some(length.toHoursPart(), "hour"),
                                some(length.toMinutesPart(), "minute"),
                                some(length.toSecondsPart(), "second"))
                        .filter(Objects::nonNull)
                        .toList());
        return words.isEmpty() ? "less than a second" : words;
    }

    private static @Nullable String some(int count, String unit) {
        return count == 0 ? null : count + " " + unit + (count == 1 ? "" : "s");
    }
}
