package com.cognitionos.invoicing.entity;

import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Jurisdiction;
import com.cognitionos.rating.entity.VatNumber;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who makes the invoices out. What is null is not told.
 *
 * @param address the lines of a letter, without the country
 * @param country ISO 3166-1 alpha-2
 * @param taxNumber a VAT number in the European Union, any tax number elsewhere; as it was written
 * @param registrationNumber in a register of companies
 * @param email for questions about an invoice
 * @param iban the account that can be paid to
 * @param bic of the account's bank
 * @param paymentTerms what an invoice says about its payment
 */
public record Seller(
        String name,
        String address,
        String country,
        @Nullable String taxNumber,
        @Nullable String registrationNumber,
        @Nullable String email,
        @Nullable String iban,
        @Nullable String bic,
        @Nullable String paymentTerms) {

    public static final int MAX_TEXT = 255;
    public static final int MAX_ADDRESS = 500;
    public static final int MAX_NUMBER = 50;
    public static final int MAX_TERMS = 500;

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    private static final Pattern EMAIL = Pattern.compile("[^\\s\\p{Cntrl}@]{1,64}@[^\\s\\p{Cntrl}@]{3,190}");
    private static final Pattern IBAN = Pattern.compile("[A-Z]{2}\\d{2}[A-Z0-9]{11,30}");
    private static final Pattern BIC = Pattern.compile("[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?");

    /** Blank is unknown; codes are in capital letters, an IBAN and a BIC without spaces. */
    public Seller {
        name = name.strip();
        address = address.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"));
        country = country.strip().toUpperCase(Locale.ROOT);
        taxNumber = text(taxNumber);
        registrationNumber = text(registrationNumber);
        email = text(email);
        iban = code(iban);
        bic = code(bic);
        paymentTerms = text(paymentTerms);
    }

    /** @throws Problem INVALID with each field that is at fault */
    public Seller checked() {
        List<Problem.FieldError> errors = new ArrayList<>();
        length(errors, "legal_name", name, 1, MAX_TEXT);
        length(errors, "address", address, 1, MAX_ADDRESS);
        length(errors, "tax_number", taxNumber, 1, MAX_NUMBER);
        length(errors, "registration_number", registrationNumber, 1, MAX_NUMBER);
        length(errors, "payment_terms", paymentTerms, 1, MAX_TERMS);
        if (!COUNTRIES.contains(country)) {
            errors.add(error("country", "unknown_country", "must be a country of ISO 3166-1, in two letters"));
        } else if (taxNumber != null
                && Jurisdiction.of(country).isInEu()
                && VatNumber.parse(taxNumber).isEmpty()) {
            errors.add(error("tax_number", "malformed_vat_number", "must have the form of an EU VAT number"));
        }
        if (email != null && !EMAIL.matcher(email).matches()) {
            errors.add(error("email", "not_an_email", "must be an e-mail address"));
        }
        if (iban != null && !isIban(iban)) {
            errors.add(error("iban", "malformed_iban", "must be an IBAN with its check digits"));
        }
        if (bic != null && !BIC.matcher(bic).matches()) {
            errors.add(error("bic", "malformed_bic", "must be a BIC of 8 or 11 characters"));
        } else if (bic != null && iban == null) {
            errors.add(error("bic", "without_iban", "needs an iban"));
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return this;
    }

    /** By the check digits of ISO 13616: the rest goes first, letters count from 10, and modulo 97 leaves 1. */
    private static boolean isIban(String iban) {
        if (!IBAN.matcher(iban).matches()) {
            return false;
        }
        String digits = (iban.substring(4) + iban.substring(0, 4))
                .chars()
                .mapToObj(letter -> String.valueOf(Character.digit(letter, 36)))
                .collect(Collectors.joining());
        return new BigInteger(digits).mod(BigInteger.valueOf(97)).equals(BigInteger.ONE);
    }

    private static @Nullable String text(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static @Nullable String code(@Nullable String text) {
        return text == null || text.isBlank()
                ? null
                : text.replaceAll("\\s", "").toUpperCase(Locale.ROOT);
    }

    private static void length(
            List<Problem.FieldError> errors, String field, @Nullable String text, int least, int most) {
        int length = text == null ? least : text.codePointCount(0, text.length());
        if (length < least || length > most) {
            errors.add(error(field, "length", "must have " + least + " to " + most + " characters"));
        }
    }

    private static Problem.FieldError error(String field, String code, String detail) {
        return new Problem.FieldError("/" + field, code, detail);
    }
}
