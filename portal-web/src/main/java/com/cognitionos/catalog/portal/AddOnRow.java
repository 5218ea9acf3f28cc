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
