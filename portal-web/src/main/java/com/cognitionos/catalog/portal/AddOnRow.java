package com.cognitionos.catalog.portal;

import com.cognitionos.catalog.boundary.AddOnVersion;
import com.cognitionos.catalog.boundary.PlanVersion.Status;
import com.cognitionos.subscription.boundary.Subscriptions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * A version of an add-on as a list shows it.
 *
 * @param subscriptions how many live ones have it
 * @param at the present
 */
public record AddOnRow(AddOnVersion version, long subscriptions, Instant at) {

    /** By code, the newest version of each first. */
    static List<AddOnRow> of(List<AddOnVersion> versions, List<Subscriptions.OnAddOn> counts, Instant at) {
        return versions.stream()
                .sorted(Comparator.comparing((AddOnVersion one) -> one.addOn().code())
                        .thenComparing(one -> -one.addOn().version()))
                .map(one -> new AddOnRow(
                        one,
                        counts.stream()
                                .filter(count -> count.code().equals(one.addOn().code())
                                        && count.version() == one.addOn().version())
                                .mapToLong(Subscriptions.OnAddOn::subscriptions)
                                .sum(),
                        at))
                .toList();
    }

    public String address() {
        return address(version.addOn().code(), version.addOn().version());
    }

    static String address(String code, int version) {
        return "/platform/add-on?code=" + code + "&version=" + version;
    }

    public boolean isDraft() {
        return version.status() == Status.DRAFT;
    }

    public boolean isPublished() {
        return version.status() == Status.PUBLISHED;
    }

    private boolean isAhead() {
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
            default -> "Archived";
        };
    }

    public String tone() {
        return switch (version.status()) {
            case DRAFT -> "warn";
            case PUBLISHED -> isAhead() ? "info" : isOver() ? "idle" : "good";
            default -> "idle";
        };
    }

    /** From when to when; empty for a draft. */
    public String validity() {
        return VersionRow.validity(version.validFrom(), version.validTo());
    }
}
