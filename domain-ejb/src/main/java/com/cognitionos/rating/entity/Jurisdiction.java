package com.cognitionos.rating.entity;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a tax is owed, and where a customer is.
 *
 * @param country ISO 3166-1 alpha-2, upper case
 * @param region ISO 3166-2 subdivision without the country, for example {@code NY}; null for the whole country, or for
 *     a customer of whom no more is known
 */
public record Jurisdiction(String country, @Nullable String region) {

    private static final Set<String> EU = Set.of(
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
            "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK");

    public Jurisdiction {
        if (!country.matches("[A-Z]{2}")) {
            throw new IllegalArgumentException("a country is two capital letters: " + country);
        }
        if (region != null && region.isBlank()) {
            throw new IllegalArgumentException("a region has a code or is left out");
        }
    }

    public static Jurisdiction of(String country) {
        return new Jurisdiction(country, null);
    }

    boolean contains(Jurisdiction place) {
        return country.equals(place.country) && (region == null || region.equals(place.region));
    }

    /** Whether it lies in a member state of the European Union. */
    public boolean isInEu() {
        return EU.contains(country);
    }
}
