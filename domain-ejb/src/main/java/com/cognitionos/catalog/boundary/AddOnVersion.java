package com.cognitionos.catalog.boundary;

import com.cognitionos.catalog.entity.AddOn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of an add-on as finance sees it.
 *
 * @param status as a plan's, but for contracts
 * @param validFrom sold from there on; null for a draft
 * @param validTo not sold from there on; null is open
 */
public record AddOnVersion(
        AddOn addOn,
        PlanVersion.Status status,
        @Nullable Instant validFrom,
        @Nullable Instant validTo) {}
