package com.cognitionos.catalog.entity;

import com.cognitionos.kernel.Problem;
import java.util.regex.Pattern;

/**
 * Which plan, by its code in the catalogue. Whether there is such a plan only the catalogue knows, and in which order plans
 * come: {@link Plan#position}.
 *
 * @param code the name on the wire and in the database
 */
public record Tier(String code) {

    /** What tenants fall back to. */
    public static final Tier FREE = new Tier("free");

    public static final Tier PRO = new Tier("pro");
    public static final Tier TEAM = new Tier("team");
    public static final Tier ENTERPRISE = new Tier("enterprise");

    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /** @throws Problem INVALID ({@code unknown_tier}) for a name that no plan can have */
    public static Tier of(String code) {
        if (!isCode(code)) {
            throw Problem.invalid("tier", "unknown_tier", "there is no such plan");
        }
        return new Tier(code);
    }

    /** Whether a plan, a meter or a feature may be called so. */
    public static boolean isCode(String code) {
        return CODE.matcher(code).matches();
    }

    @Override
    public String toString() {
        return code;
    }
}
