package com.cognitionos.ledger.entity;

import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * An amount that is earned evenly over a period, by exact time (IFRS 15.B18: time elapsed). What is earned by an instant
 * is rounded as a whole, half up and away from 0, and a part is the difference of two such sums: parts always sum to
 * the amount, however it is cut, and those of a credit mirror those of its charge.
 *
 * <p>It is cut at the ends of accounting months, which are calendar months in UTC for every tenant: the books are the
 * seller's, who closes one month for all of them, so neither a tenant's time zone nor its billing day may move revenue
 * from one month to another.
 *
 * @param cents in the minor unit of the currency; below 0 for a credit that takes back what was not yet earned
 */
public record StraightLine(Period period, long cents) {

    /** What is earned from one cut to the next. */
    public record Part(Period of, long cents) {

        /** The last moment of the part, so that it lies within its accounting month. */
        public Instant date() {
            return of.end().minus(1, ChronoUnit.MICROS);
        }
    }

    /** What is earned before the instant; 0 up to the start, everything from the end on. */
    public long earnedBefore(Instant at) {
        if (!at.isAfter(period.start())) {
            return 0;
        }
        if (!at.isBefore(period.end())) {
            return cents;
        }
        return BigDecimal.valueOf(cents)
                .multiply(nanos(Duration.between(period.start(), at)))
                .divide(nanos(period.length()), 0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    /** The first cut after the instant, which lies within the period; the last cut is the period's end. */
    public Instant nextCut(Instant after) {
        Instant month = after.atZone(ZoneOffset.UTC)
                .toLocalDate()
                .withDayOfMonth(1)
                .plusMonths(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        return month.isBefore(period.end()) ? month : period.end();
    }

    /** The last cut up to the instant; the period's start where there is none yet. */
    public Instant lastCut(Instant upTo) {
        if (!upTo.isBefore(period.end())) {
            return period.end();
        }
        Instant month = upTo.atZone(ZoneOffset.UTC)
                .toLocalDate()
                .withDayOfMonth(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        return month.isAfter(period.start()) ? month : period.start();
    }

    /**
     * The parts whose cut is passed by an instant, in order.
     *
     * @param from a cut, or the period's start
     */
    public List<Part> parts(Instant from, Instant upTo) {
        List<Part> parts = new ArrayList<>();
        Instant start = from;
        while (start.isBefore(period.end())) {
            Instant end = nextCut(start);
            if (end.isAfter(upTo)) {
                break;
            }
            parts.add(new Part(new Period(start, end), earnedBefore(end) - earnedBefore(start)));
            start = end;
        }
        return parts;
    }

    private static BigDecimal nanos(Duration span) {
        return BigDecimal.valueOf(span.getSeconds()).movePointRight(9).add(BigDecimal.valueOf(span.getNano()));
    }
}
