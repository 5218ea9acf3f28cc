package com.cognitionos.kernel.portal;

import com.cognitionos.rating.entity.Period;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Instants as people read them, in the zone of the tenant. Days of usage are counted in UTC and read so. */
@Named
@ApplicationScoped
public class Dates {

    // Locale.UK writes "Sept" from JDK 16 on.
    private static final DateTimeFormatter DAY = format("d MMM uuuu");
    private static final DateTimeFormatter DAY_OF_YEAR = format("d MMM");
    private static final DateTimeFormatter HOUR = format("d MMM uuuu, HH:mm 'UTC'");
    private static final DateTimeFormatter HOUR_OF_YEAR = format("d MMM, HH:mm");
    private static final DateTimeFormatter MONTH = format("MMMM");
    private static final DateTimeFormatter TIME = format("HH:mm:ss z");
    private static final DateTimeFormatter DAY_AND_TIME = format("d MMM uuuu, HH:mm z");

    private final LocalZone place;

    /** In UTC. */
    public Dates() {
        this(() -> LocalZone.UTC);
    }

    @Inject
    Dates(LocalZone place) {
        this.place = place;
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }

    private String text(DateTimeFormatter format, Instant instant) {
        return format.format(instant.atZone(place.zone()));
    }

    /** The zone by its name: {@code Europe/Berlin}. */
    public String getZone() {
        ZoneId zone = place.zone();
        return zone.normalized().equals(LocalZone.UTC.normalized()) ? "UTC" : zone.getId();
    }

    public String day(@Nullable Instant instant) {
        return instant == null ? "" : text(DAY, instant);
    }

    /** A day of usage. */
    public String dayInUtc(Instant instant) {
        return DAY.format(instant.atZone(LocalZone.UTC));
    }

    /** A day of usage without its year. */
    public String dayOfYear(Instant instant) {
        return DAY_OF_YEAR.format(instant.atZone(LocalZone.UTC));
    }

    /** An hour of usage, by its start. */
    public String hourInUtc(Instant instant) {
        return HOUR.format(instant.atZone(LocalZone.UTC));
    }

    /** As {@link #hourInUtc} without its year. */
    public String hourOfYear(Instant instant) {
        return HOUR_OF_YEAR.format(instant.atZone(LocalZone.UTC));
    }

    /** {@code November}. */
    public String month(Instant instant) {
        return text(MONTH, instant);
    }

    public String time(Instant instant) {
        return text(TIME, instant);
    }

    public String dayAndTime(@Nullable Instant instant) {
        return instant == null ? "" : text(DAY_AND_TIME, instant);
    }

    /** From the first to the last day that has a moment in it: a period up to midnight does not name the next day. */
    public String period(Period period) {
        return day(period.start()) + " \u2013 " + lastDay(period);
    }

    public String lastDay(Period period) {
        return lastDayBefore(period.end());
    }

    /** The last day that has a moment before the instant. */
    public String lastDayBefore(@Nullable Instant end) {
        return end == null ? "" : day(end.minusNanos(1));
    }
}
