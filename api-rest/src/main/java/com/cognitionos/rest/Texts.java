package com.cognitionos.rest;

import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what comes as text: in a body, a header or the query. */
public final class Texts {

    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private Texts() {}

    /** Stricter than {@link UUID#fromString}, which takes 1-1-1-1-1. */
    public static Optional<UUID> uuid(String text) {
        return UUID_FORM.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    /** From the query. @throws Problem INVALID */
    public static UUID uuid(String parameter, String text) {
        return uuid(text).orElseThrow(() -> Problem.invalid(parameter, "wrong_type", parameter + " must be a UUID"));
    }

    /** ISO 8601 with an offset; without one it would be anybody's guess. Nothing outside the years 1 to 9999. */
    public static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text))
                    .filter(at -> at.getYear() >= 1 && at.getYear() <= 9999)
                    .map(OffsetDateTime::toInstant);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** A calendar day of the years 1 to 9999. */
    public static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text)).filter(day -> day.getYear() >= 1 && day.getYear() <= 9999);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** A span's first instant: as it stands there, or a day's start in UTC. @throws Problem INVALID */
    public static Instant from(String parameter, String text) {
        return moment(parameter, text, day -> day.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /** The instant before which a span ends: as it stands there, or a day's end in UTC. @throws Problem INVALID */
    public static Instant to(String parameter, String text) {
        return moment(parameter, text, Texts::endOf);
    }

    private static Instant moment(String parameter, String text, Function<LocalDate, Instant> ofDay) {
        return date(text)
                .map(ofDay)
                .or(() -> instant(text))
                .orElseThrow(() -> Problem.invalid(
                        parameter, "invalid_timestamp", parameter + " must be a date, or ISO 8601 with an offset"));
    }

    /** The first instant after a day in UTC. */
    public static Instant endOf(LocalDate day) {
        return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** Whether PostgreSQL can keep it: it knows neither NUL nor half a surrogate pair. */
    public static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** From the query; JAX-RS itself would answer a bad number with 404. @throws Problem INVALID */
    public static Page.Request page(@Nullable String page, @Nullable String pageSize) {
        return new Page.Request(number("page", page, 1), number("page_size", pageSize, 20));
    }

    /** A whole number. @throws Problem INVALID */
    public static int number(String parameter, @Nullable String text, int otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw Problem.invalid(parameter, "wrong_type", parameter + " must be a whole number");
        }
    }
}
