package com.cognitionos.audit.portal;

import com.cognitionos.audit.boundary.AuditTrail.Wanted;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which entries an address asks for; a person may have typed it, so what is no day and what no entry can hold is left out.
 *
 * @param from the first day, as {@code 2026-11-24}; empty for no limit
 * @param to the last day
 */
public record AuditFilter(String action, String actor, String target, String from, String to) {

    private static final int MAX_LENGTH = 200;

    static AuditFilter of(HttpServletRequest request) {
        return new AuditFilter(
                text(request.getParameter("action")),
                text(request.getParameter("actor")),
                text(request.getParameter("target")),
                day(request.getParameter("from")),
                day(request.getParameter("to")));
    }

    Wanted wanted() {
        return new Wanted(
                orNull(action),
                orNull(actor),
                orNull(target),
                from.isEmpty() ? null : start(LocalDate.parse(from)),
                to.isEmpty() ? null : start(LocalDate.parse(to).plusDays(1)));
    }

    boolean any() {
        return !(action + actor + target + from + to).isEmpty();
    }

    /** As it goes on in an address. */
    public String query() {
        return "action=" + encoded(action) + "&actor=" + encoded(actor) + "&target=" + encoded(target) + "&from=" + from
                + "&to=" + to;
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static String text(@Nullable String given) {
        String text = Objects.requireNonNullElse(given, "").strip();
        boolean storable = text.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c));
        return storable && text.length() <= MAX_LENGTH ? text : "";
    }

    private static String day(@Nullable String given) {
        try {
            LocalDate day = LocalDate.parse(Objects.requireNonNullElse(given, ""));
            return day.getYear() >= 1 && day.getYear() <= 9999 ? day.toString() : "";
        } catch (DateTimeParseException e) {
            return "";
        }
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
