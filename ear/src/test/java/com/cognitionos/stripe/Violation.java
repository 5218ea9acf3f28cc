package com.cognitionos.stripe;

import org.jspecify.annotations.Nullable;

/**
 * A request that Stripe's contract does not know.
 *
 * @param operation as {@link Operation#id()}, or method and path where there is none
 * @param parameter in brackets as it was sent; null when the whole request is meant
 */
public record Violation(String operation, @Nullable String parameter, String message) {}
