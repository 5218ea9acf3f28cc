package com.cognitionos.catalog.boundary;

import com.cognitionos.catalog.entity.Plan;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A version of a plan as finance sees it.
 *
 * @param validFrom sold from there on; null for a draft that does not say yet
 * @param validTo not sold from there on; null is open
 * @param tenant whose contract it is; null for what everybody can have
 */
public record PlanVersion(
        Plan plan,
        Status status,
        @Nullable Instant validFrom,
        @Nullable Instant validTo,
        @Nullable UUID tenant) {

    /** How far it is. */
    public enum Status {
        /** Changes freely; nobody can have it. */
        DRAFT,
        /** Never changes; sold while it is valid. */
        PUBLISHED,
        /** Sold no more; who has it keeps it. */
        ARCHIVED,
        /** Agreed with one tenant. */
        CONTRACT
    }
}
