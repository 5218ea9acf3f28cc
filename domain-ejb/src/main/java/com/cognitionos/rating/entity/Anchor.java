package com.cognitionos.rating.entity;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneId;

/**
 * Where the calendar of a subscription hangs (SUB-2). Every boundary is counted from the anchor itself, never from the
 * boundary before, so that a short month cannot wear the day down: 31 January, 28 February, 31 March.
 *
 * @param at the anchor's instant; its wall-clock day and time in {@code zone} are what repeats
 */
public record Anchor(Instant at, ZoneId zone) {

    /**
     * The boundary that lies {@code n} periods after the anchor, {@code n} of any sign. A wall-clock time that the zone
     * skips moves forward by the gap; one that it repeats takes the earlier of the two.
     */
    public Instant boundary(long n, Cadence cadence) {
        return cadence.later(local(), n).atZone(zone).toInstant();
    }

    /** The period, counted from the anchor in steps of the cadence, that contains the instant. */
    public Period periodAround(Instant instant, Cadence cadence) {
        long index = cadence.between(local(), LocalDateTime.ofInstant(instant, zone));
        // Arithmetic on clamped days and on hours that come twice may be one off to either side.
        while (boundary(index, cadence).isAfter(instant)) {
            index--;
        }
        while (!boundary(index + 1, cadence).isAfter(instant)) {
            index++;
        }
        return new Period(boundary(index, cadence), boundary(index + 1, cadence));
    }

    /**
     * The anchor with that day of the month and its own time of day. A day that the anchor's month lacks takes another
     * month for the calendar of months, and the month's last day for that of years.
     *
     * @param day 1 to 31
     */
    public Anchor onDay(int day, Cadence cadence) {
        LocalDateTime local = local();
        boolean lacks = day > local.toLocalDate().lengthOfMonth();
        LocalDateTime moved = lacks && !cadence.equals(Cadence.YEAR)
                ? local.withMonth(Month.JANUARY.getValue()).withDayOfMonth(day)
                : local.withDayOfMonth(Math.min(day, local.toLocalDate().lengthOfMonth()));
        return new Anchor(moved.atZone(zone).toInstant(), zone);
    }

    private LocalDateTime local() {
        return LocalDateTime.ofInstant(at, zone);
    }
}
