package com.cognitionos.metering.control;

import com.cognitionos.rating.entity.Period;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * A span of time as the rollups have it: the whole hours in it, the whole days among them, and what is left at both ends.
 *
 * @param whole from the first whole hour to the last; empty at the span's end where there is none
 * @param firstDay the first whole day, {@code lastDay} the day after the last one; not after {@code firstDay} for none
 */
record Hours(Period span, Instant wholeFrom, Instant wholeTo, LocalDate firstDay, LocalDate lastDay) {

    static Hours of(Period span) {
        Instant from = span.start().truncatedTo(ChronoUnit.HOURS);
        from = from.equals(span.start()) ? from : from.plus(1, ChronoUnit.HOURS);
        Instant to = span.end().truncatedTo(ChronoUnit.HOURS);
        if (from.isAfter(to)) {
            from = span.end();
            to = span.end();
        }
        LocalDate first = day(from);
        boolean midnight = from.equals(start(first));
        return new Hours(span, from, to, midnight ? first : first.plusDays(1), day(to));
    }

    /** Every day that a whole hour may lie in. */
    LocalDate earliest() {
        return day(wholeFrom);
    }

    LocalDate latest() {
        return day(wholeTo);
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
