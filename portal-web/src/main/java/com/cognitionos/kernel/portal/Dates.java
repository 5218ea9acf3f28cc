package com.cognitionos.kernel.portal;

import com.cognitionos.rating.entity.Period;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Instants as people read them, always in UTC. */
@Named
@ApplicationScoped
public class Dates {

    // Locale.UK writes "Sept" from JDK 16 on.
    private static final DateTimeFormatter DAY = format("d MMM uuuu");
    private static final DateTimeFormatter DAY_OF_YEAR = format("d MMM");
    private static final DateTimeFormatter MONTH = format("MMMM");
    private static final DateTimeFormatter TIME = format("HH:mm:ss 'UTC'");
    private static final DateTimeFormatter DAY_AND_TIME = format("d MMM uuuu, HH:mm 'UTC'");

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    public String day(@Nullable Instant instant) {
        return instant == null ? "" : DAY.format(instant);
    }

    public String dayOfYear(Instant instant) {
        return DAY_OF_YEAR.format(instant);
    }

    /** {@code November}. */
    public String month(Instant instant) {
        return MONTH.format(instant);
    }

    public String time(Instant instant) {
        return TIME.format(instant);
    }

    public String dayAndTime(@Nullable Instant instant) {
        return instant == null ? "" : DAY_AND_TIME.format(instant);
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
