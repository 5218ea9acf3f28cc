package com.cognitionos.catalog.portal;

import com.cognitionos.catalog.boundary.PlanVersion;
import com.cognitionos.catalog.boundary.PlanVersion.Status;
import com.cognitionos.kernel.portal.Dates;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version as a list shows it.
 *
 * @param subscriptions how many live ones are on it
 * @param at the present
 */
public record VersionRow(PlanVersion version, long subscriptions, Instant at) {

    private static final Dates DATES = new Dates();

    public String address() {
        return address(version.plan().tier().code(), version.plan().version());
    }

    static String address(String tier, int version) {
        return "/platform/plan-version?tier=" + tier + "&version=" + version;
    }

    public boolean isDraft() {
        return version.status() == Status.DRAFT;
    }

    public boolean isContract() {
        return version.status() == Status.CONTRACT;
    }

    /** Whether it was ever sold to everybody. */
    public boolean isForEverybody() {
        return version.status() == Status.PUBLISHED || version.status() == Status.ARCHIVED;
    }

    public boolean isOnSale() {
        return version.status() == Status.PUBLISHED && !isAhead() && !isOver();
    }

    /** Whether it begins only later. */
    public boolean isAhead() {
        Instant from = version.validFrom();
        return from != null && from.isAfter(at);
    }

    private boolean isOver() {
        Instant to = version.validTo();
        return to != null && !to.isAfter(at);
    }

    public String state() {
        return switch (version.status()) {
            case DRAFT -> "Draft";
            case PUBLISHED -> isAhead() ? "Published ahead" : isOver() ? "No longer sold" : "On sale";
            case ARCHIVED -> "Archived";
            case CONTRACT -> "Contract";
        };
    }

    public String tone() {
        return switch (version.status()) {
            case DRAFT -> "warn";
            case PUBLISHED -> isAhead() ? "info" : isOver() ? "idle" : "good";
            case ARCHIVED -> "idle";
            case CONTRACT -> "info";
        };
    }

    /** From when to when; empty for a draft. */
    public String validity() {
        return validity(version.validFrom(), version.validTo());
    }

    static String validity(@Nullable Instant validFrom, @Nullable Instant validTo) {
        String from = day(validFrom);
        String to = day(validTo);
        if (from.isEmpty()) {
            return "";
        }
        return to.isEmpty() ? "From " + from : from + " \u2013 " + to;
    }

    private static String day(@Nullable Instant instant) {
        return DATES.dayAndTime(instant).replace(", 00:00 UTC", "");
    }
}
