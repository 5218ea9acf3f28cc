package com.cognitionos.invoicing.entity;

import org.jspecify.annotations.Nullable;

/**
 * Whom an invoice is made out to, as it stood when it was finalised.
 *
 * @param address lines of a postal address; null where none is known
 * @param country ISO 3166-1 alpha-2; null where none is known
 * @param region ISO 3166-2 subdivision without the country
 * @param taxNumber for example a VAT number, as the customer wrote it
 */
public record Buyer(
        String name,
        String email,
        @Nullable String address,
        @Nullable String country,
        @Nullable String region,
        @Nullable String taxNumber) {}
