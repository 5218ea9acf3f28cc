package com.cognitionos.invoicing.entity;

import org.jspecify.annotations.Nullable;

/** Who makes the invoices out; {@code country} is an ISO 3166 code of two letters. */
public record Seller(
        String name,
        String address,
        String country,
        @Nullable String taxNumber) {}
