package com.cognitionos.rating.entity;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/**
 * Where the calendar of a subscription hangs (SUB-2). Every boundary is counted from the anchor itself, never from the
 * boundary before, so that a short month cannot wear the day down: 31 January, 28 February, 31 March.
 *
 * @param at the anchor's instant; its wall-clock day and time in {@code zone} are what repeats
 */
public record Anchor(Instant at, ZoneId zone) {

    /**
     * The boundary that lies {@code n} months after the anchor, {@code n} of any sign. A wall-clock time that the zone
     * skips moves forward by the gap; one that it repeats takes the earlier of the two.
     */
    public Instant boundary(long n) {
        return local().plusMonths(n).atZone(zone).toInstant();
    }

    /** The period of {@code months} months, counted from the anchor in steps of that length, that contains the instant. */
    public Period periodAround(Instant instant, int months) {
        long index = Math.floorDiv(ChronoUnit.MONTHS.between(local(), LocalDateTime.ofInstant(instant, zone)), months);
        // Month arithmetic on clamped days may be one off to either side.
        while (boundary(index * months).isAfter(instant)) {
            index--;
        }
        while (!boundary((index + 1) * months).isAfter(instant)) {
            index++;
        }
        return new Period(boundary(index * months), boundary((index + 1) * months));
    }

    private LocalDateTime local() {
        return LocalDateTime.ofInstant(at, zone);
    }
}
