package com.cognitionos.tenancy.entity;

import com.cognitionos.kernel.Problem;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** A tenant's name in addresses: 3 to 63 lower-case letters, digits and hyphens, a letter first (TEN-2). */
public record Slug(String value) {

    private static final Pattern FORM = Pattern.compile("^[a-z][a-z0-9-]{2,62}$");
    private static final Set<String> RESERVED =
            Set.of("app", "www", "api", "admin", "static", "health", "docs", "status", "mail", "support");

    public Slug {
        if (!FORM.matcher(value).matches()) {
            throw Problem.invalid(
                    "slug",
                    "bad_slug",
                    "slug must be 3 to 63 characters: a letter, then letters, digits or hyphens, in lower case");
        }
        if (RESERVED.contains(value)) {
            throw Problem.invalid("slug", "reserved_slug", "the slug " + value + " is reserved");
        }
    }

    /** A proposal made from a company's name; needs not be free. */
    public static String propose(String name) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^[^a-z]+", "")
                .replaceAll("-$", "");
        String cut = plain.length() > 50 ? plain.substring(0, 50) : plain;
        return cut.length() < 3 || RESERVED.contains(cut) ? "team-" + (cut.isEmpty() ? "new" : cut) : cut;
    }
}
