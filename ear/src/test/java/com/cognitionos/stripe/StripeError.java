package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/** A refusal with the body and status that Stripe gives it. */
final class StripeError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    static final String INVALID = "invalid_request_error";
    static final String CARD = "card_error";
    static final String IDEMPOTENCY = "idempotency_error";
    static final String API = "api_error";

    private final int status;
    private final transient JsonObject error;
    private @Nullable Boolean shouldRetry;

    private StripeError(int status, String type, @Nullable String code, @Nullable String param, String message) {
        super(message, null, false, false);
        this.status = status;
        this.error = Json.of("type", type, "message", message);
        if (code != null) {
            with("code", code).with("doc_url", "https://docs.stripe.com/error-codes#" + code.replace('_', '-'));
        }
        if (param != null) {
            with("param", param);
        }
    }

    static StripeError of(int status, String type, @Nullable String code, String message) {
        return new StripeError(status, type, code, null, message);
    }

    /** A parameter that cannot be taken. */
    static StripeError invalid(@Nullable String code, @Nullable String param, String message) {
        return new StripeError(400, INVALID, code, param, message);
    }

    /** An object that is asked for by its address. */
    static StripeError notFound(Type type, String id, String param) {
        return new StripeError(404, INVALID, "resource_missing", param, "No such " + type.word() + ": '" + id + "'");
    }

    /** An object that a parameter names. */
    static StripeError noSuch(Type type, String id, String param) {
        return new StripeError(400, INVALID, "resource_missing", param, "No such " + type.word() + ": '" + id + "'");
    }

    static StripeError unexpectedState(String code, String message) {
        return new StripeError(400, INVALID, code, null, message);
    }

    StripeError with(String name, @Nullable Object value) {
        Json.set(error, name, value);
        return this;
    }

    /** What the header {@code Stripe-Should-Retry} is to say. */
    StripeError retry(boolean should) {
        shouldRetry = should;
        return this;
    }

    int status() {
        return status;
    }

    @Nullable
    Boolean shouldRetry() {
        return shouldRetry;
    }

    /** The part {@code error} of the body. */
    JsonObject error() {
        return error;
    }
}
