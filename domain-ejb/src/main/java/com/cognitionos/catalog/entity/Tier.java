package com.cognitionos.catalog.entity;

import com.cognitionos.kernel.Problem;
import java.util.Locale;

/** The four plans, from the smallest to the largest. */
public enum Tier {
    FREE,
    PRO,
    TEAM,
    ENTERPRISE;

    /** The name on the wire and in the database. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws Problem INVALID for a name that no plan has */
    public static Tier of(String code) {
        for (Tier tier : values()) {
            if (tier.code().equals(code)) {
                return tier;
            }
        }
        throw Problem.invalid("tier", "unknown_tier", "tier must be one of free, pro, team, enterprise");
    }
}
