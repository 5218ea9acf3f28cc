package com.cognitionos.tenancy.entity;

import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Jurisdiction;
import com.cognitionos.rating.entity.VatNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whom a tenant's invoices are made out to. What is null is not known.
 *
 * @param legalName in place of the tenant's name
 * @param region ISO 3166-2 subdivision without the country
 * @param country ISO 3166-1 alpha-2
 * @param taxNumber a VAT number in the European Union, any tax number elsewhere; as it was written
 * @param taxExempt bears no tax at all; only the platform says so
 */
public record BillingProfile(
        @Nullable String legalName,
        @Nullable String addressLine1,
        @Nullable String addressLine2,
        @Nullable String postalCode,
        @Nullable String city,
        @Nullable String region,
        @Nullable String country,
        @Nullable String taxNumber,
        boolean taxExempt) {

    public static final BillingProfile EMPTY =
            new BillingProfile(null, null, null, null, null, null, null, null, false);

    public static final int MAX_TEXT = 255;
    public static final int MAX_POSTAL_CODE = 20;
    public static final int MAX_TAX_NUMBER = 50;

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    /** Blank is unknown; codes are in capital letters. */
    public BillingProfile {
        legalName = text(legalName);
        addressLine1 = text(addressLine1);
        addressLine2 = text(addressLine2);
        postalCode = text(postalCode);
        city = text(city);
        region = code(region);
        country = code(country);
        taxNumber = text(taxNumber);
    }

    /** @throws Problem INVALID with each field that is at fault */
    public BillingProfile checked() {
        List<Problem.FieldError> errors = new ArrayList<>();
        length(errors, "legal_name", legalName, MAX_TEXT);
        length(errors, "address_line1", addressLine1, MAX_TEXT);
        length(errors, "address_line2", addressLine2, MAX_TEXT);
        length(errors, "postal_code", postalCode, MAX_POSTAL_CODE);
        length(errors, "city", city, MAX_TEXT);
        length(errors, "tax_number", taxNumber, MAX_TAX_NUMBER);
        if (country != null && !COUNTRIES.contains(country)) {
            errors.add(error("country", "unknown_country", "must be a country of ISO 3166-1, in two letters"));
        }
        if (region != null && !region.matches("[A-Z0-9]{1,3}")) {
            errors.add(error("region", "malformed", "must be a subdivision of ISO 3166-2, without the country"));
        } else if (region != null && country == null) {
            errors.add(error("region", "without_country", "needs a country"));
        }
        if (taxNumber != null
                && (country == null || Jurisdiction.of(country).isInEu())
                && VatNumber.parse(taxNumber).isEmpty()) {
            errors.add(error("tax_number", "malformed_vat_number", "must have the form of an EU VAT number"));
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return this;
    }

    /** As it stands on a letter, a line each; null where nothing of it is known. */
    public @Nullable String address() {
        String town = Stream.of(postalCode, city).filter(Objects::nonNull).collect(Collectors.joining(" "));
        String lines = Stream.of(addressLine1, addressLine2, town)
                .filter(line -> line != null && !line.isEmpty())
                .collect(Collectors.joining("\n"));
        return lines.isEmpty() ? null : lines;
    }

    private static @Nullable String text(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static @Nullable String code(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip().toUpperCase(Locale.ROOT);
    }

    private static void length(List<Problem.FieldError> errors, String field, @Nullable String text, int max) {
        if (text != null && text.codePointCount(0, text.length()) > max) {
            errors.add(error(field, "length", "must have at most " + max + " characters"));
        }
    }

    private static Problem.FieldError error(String field, String code, String detail) {
        return new Problem.FieldError("/" + field, code, detail);
    }
}
