package com.cognitionos.catalog.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a version of an add-on says, for the API's document: the catalogue reads it as a whole, so that each fault is told
 * with where it is.
 *
 * @param name as invoices write it
 * @param tiers the plans that it can be added to, at least one
 * @param minimumQuantity 1 when left out
 * @param maximumQuantity as many as one likes when left out; 1 makes its price a flat one
 * @param prices of one, one a cycle and currency; {@code timing} is in_advance when left out
 */
@Schema(name = "AddOnTerms")
public record AddOnTerms(
        String name,
        @Nullable String description,
        List<String> tiers,
        @Nullable Integer minimumQuantity,
        @Nullable Integer maximumQuantity,
        List<PlanTerms.Price> prices) {}
