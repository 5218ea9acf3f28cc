package com.cognitionos.catalog.portal;

import com.cognitionos.catalog.boundary.PlanVersion.Status;
import com.cognitionos.kernel.portal.Dates;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a version of a plan or an add-on is sold, in words.
 *
 * @param from null for a draft
 * @param to null for no end
 * @param at the present
 */
record Sale(Status status, @Nullable Instant from, @Nullable Instant to, Instant at) {

    private static final Dates DATES = new Dates();

    /** Whether it begins only later. */
    boolean isAhead() {
        return from != null && from.isAfter(at);
    }

    boolean isOver() {
        return to != null && !to.isAfter(at);
    }

    String state() {
        return switch (status) {
            case DRAFT -> "Draft";
            case PUBLISHED -> isAhead() ? "Published ahead" : isOver() ? "No longer sold" : "On sale";
            case ARCHIVED -> "Archived";
            case CONTRACT -> "Contract";
        };
    }

    String tone() {
        return switch (status) {
            case DRAFT -> "warn";
            case PUBLISHED -> isAhead() ? "info" : isOver() ? "idle" : "good";
            case ARCHIVED -> "idle";
            case CONTRACT -> "info";
        };
    }

    /** From when to when; empty for a draft. */
    String validity() {
        String begins = day(from);
        String ends = day(to);
        if (begins.isEmpty()) {
            return "";
        }
        return ends.isEmpty() ? "From " + begins : begins + " \u2013 " + ends;
    }

    private static String day(@Nullable Instant instant) {
        return DATES.dayAndTime(instant).replace(", 00:00 UTC", "");
    }
}
