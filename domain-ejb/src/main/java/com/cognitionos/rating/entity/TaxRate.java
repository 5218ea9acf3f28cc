package com.cognitionos.rating.entity;

import java.time.LocalDate;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rate of a tax in a jurisdiction for a span of dates. Taxes that are owed together, such as those of a state and a
 * city, are rates of different codes.
 *
 * @param categories tax categories of the lines that it is for; empty for all of them
 * @param from first day on which it is in force
 * @param to first day on which it no longer is; null while no end is known
 */
public record TaxRate(
        Tax tax,
        Jurisdiction jurisdiction,
        Set<String> categories,
        LocalDate from,
        @Nullable LocalDate to) {

    public TaxRate {
        categories = Set.copyOf(categories);
        if (to != null && !from.isBefore(to)) {
            throw new IllegalArgumentException("a tax rate ends after it begins: " + from + " to " + to);
        }
    }

    boolean isInForce(LocalDate day) {
        return !day.isBefore(from) && (to == null || day.isBefore(to));
    }

    boolean isFor(String category) {
        return categories.isEmpty() || categories.contains(category);
    }

    /** Whether both are in force for the same on some day. */
    public boolean overlaps(TaxRate other) {
        return tax.code().equals(other.tax.code())
                && jurisdiction.equals(other.jurisdiction)
                && (categories.isEmpty()
                        || other.categories.isEmpty()
                        || !Collections.disjoint(categories, other.categories))
                && (to == null || other.from.isBefore(to))
                && (other.to == null || from.isBefore(other.to));
    }
}
