package com.cognitionos.catalog.portal;

import com.cognitionos.catalog.boundary.PlanVersion;
import com.cognitionos.catalog.boundary.PlanVersion.Status;
import java.time.Instant;

/**
 * A version as a list shows it.
 *
 * @param subscriptions how many live ones are on it
 * @param at the present
 */
public record VersionRow(PlanVersion version, long subscriptions, Instant at) {

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
        return version.status() == Status.PUBLISHED && !sale().isAhead() && !sale().isOver();
    }

    /** Whether it begins only later. */
    public boolean isAhead() {
        return sale().isAhead();
    }

    public String state() {
        return sale().state();
    }

    public String tone() {
        return sale().tone();
    }

    public String validity() {
        return sale().validity();
    }

    private Sale sale() {
        return new Sale(version.status(), version.validFrom(), version.validTo(), at);
    }
}
