package com.cognitionos.rating.entity;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A VAT identification number of a member state of the European Union, or of Northern Ireland ({@code XI}). Only its
 * form is checked, by the structures that the Commission publishes for VIES: neither check digits nor whether the
 * number is assigned to anyone.
 *
 * @param value with its prefix, in capital letters, without spaces or punctuation
 */
public record VatNumber(String value) {

    private static final Map<String, Pattern> STRUCTURES = Map.ofEntries(
            entry("AT", Pattern.compile("U\\d{8}")),
            entry("BE", Pattern.compile("[01]\\d{9}")),
            entry("BG", Pattern.compile("\\d{9,10}")),
            entry("CY", Pattern.compile("\\d{8}[A-Z]")),
            entry("CZ", Pattern.compile("\\d{8,10}")),
            entry("DE", Pattern.compile("\\d{9}")),
            entry("DK", Pattern.compile("\\d{8}")),
            entry("EE", Pattern.compile("\\d{9}")),
            entry("EL", Pattern.compile("\\d{9}")),
            entry("ES", Pattern.compile("[A-Z]\\d{7}[A-Z0-9]|\\d{8}[A-Z]")),
            entry("FI", Pattern.compile("\\d{8}")),
            entry("FR", Pattern.compile("[A-HJ-NP-Z0-9]{2}\\d{9}")),
            entry("HR", Pattern.compile("\\d{11}")),
            entry("HU", Pattern.compile("\\d{8}")),
            entry("IE", Pattern.compile("\\d[A-Z0-9+*]\\d{5}[A-Z]|\\d{7}[A-W][A-I]")),
            entry("IT", Pattern.compile("\\d{11}")),
            entry("LT", Pattern.compile("\\d{9}|\\d{12}")),
            entry("LU", Pattern.compile("\\d{8}")),
            entry("LV", Pattern.compile("\\d{11}")),
            entry("MT", Pattern.compile("\\d{8}")),
            entry("NL", Pattern.compile("\\d{9}B\\d{2}")),
            entry("PL", Pattern.compile("\\d{10}")),
            entry("PT", Pattern.compile("\\d{9}")),
            entry("RO", Pattern.compile("\\d{2,10}")),
            entry("SE", Pattern.compile("\\d{12}")),
            entry("SI", Pattern.compile("\\d{8}")),
            entry("SK", Pattern.compile("\\d{10}")),
            entry("XI", Pattern.compile("\\d{9}|\\d{12}|(GD|HA)\\d{3}")));

    public VatNumber {
        Pattern structure = value.length() < 2 ? null : STRUCTURES.get(value.substring(0, 2));
        if (structure == null || !structure.matcher(value.substring(2)).matches()) {
            throw new IllegalArgumentException("not the form of an EU VAT number: " + value);
        }
    }

    /** Reads a number as people write it: in any case, with spaces, dots or hyphens, with {@code GR} for {@code EL}. */
    public static Optional<VatNumber> parse(String written) {
        String value = written.replaceAll("[\\s.\\-]", "").toUpperCase(Locale.ROOT);
        try {
            return Optional.of(new VatNumber(value.startsWith("GR") ? "EL" + value.substring(2) : value));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** ISO 3166-1 alpha-2: {@code GR} for {@code EL}, {@code GB} for {@code XI}. */
    public String country() {
        String prefix = value.substring(0, 2);
        return switch (prefix) {
            case "EL" -> "GR";
            case "XI" -> "GB";
            default -> prefix;
        };
    }
}
