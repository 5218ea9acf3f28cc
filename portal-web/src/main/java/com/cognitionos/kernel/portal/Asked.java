package com.cognitionos.kernel.portal;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an address asks a search for; a person may have typed it, so what makes no sense is left out. */
public final class Asked {

    private static final int MAX_LENGTH = 200;

    private Asked() {}

    /** Text that the database can hold; else empty. */
    public static String text(HttpServletRequest request, String parameter) {
        String text = given(request, parameter).strip();
        boolean storable = text.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c));
        return storable && text.length() <= MAX_LENGTH ? text : "";
    }

    /** A day as {@code 2026-11-24}; else empty. */
    public static String day(HttpServletRequest request, String parameter) {
        try {
            LocalDate day = LocalDate.parse(given(request, parameter));
            return day.getYear() >= 1 && day.getYear() <= 9999 ? day.toString() : "";
        } catch (DateTimeParseException e) {
            return "";
        }
    }

    /** The first moment of a {@link #day} in UTC; null where there is none. */
    public static @Nullable Instant startOf(String day) {
        return startOf(day, ZoneOffset.UTC);
    }

    /** The first moment of a {@link #day} there; null where there is none. */
    public static @Nullable Instant startOf(String day, ZoneId zone) {
        return day.isEmpty() ? null : start(LocalDate.parse(day), zone);
    }

    /** The first moment after a {@link #day} in UTC; null where there is none. */
    public static @Nullable Instant endOf(String day) {
        return endOf(day, ZoneOffset.UTC);
    }

    /** The first moment after a {@link #day} there; null where there is none. */
    public static @Nullable Instant endOf(String day, ZoneId zone) {
        return day.isEmpty() ? null : start(LocalDate.parse(day).plusDays(1), zone);
    }

    /** As it goes on in an address. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Instant start(LocalDate day, ZoneId zone) {
        return day.atStartOfDay(zone).toInstant();
    }

    private static String given(HttpServletRequest request, String parameter) {
        return Objects.requireNonNullElse(request.getParameter(parameter), "");
    }
}
