package com.cognitionos.stripe;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.List;

/** Which kinds of methods an intent takes: those of the account, or those that are named. */
final class Automatic {

    private Automatic() {}

    static void check(JsonObject params) {
        if (params.has("automatic_payment_methods") && params.has("payment_method_types")) {
            throw StripeError.invalid(
                    "parameters_exclusive",
                    null,
                    "Only one of automatic_payment_methods and payment_method_types can be given.");
        }
        if (params.has("payment_method_types")
                && !Json.texts(params, "payment_method_types").contains("card")) {
            throw StripeError.invalid(null, "payment_method_types", "The double knows payments by card only.");
        }
    }

    static JsonElement setting(JsonObject params) {
        if (Json.has(params, "automatic_payment_methods")) {
            JsonObject sent = Json.child(params, "automatic_payment_methods");
            String redirects = Json.text(sent, "allow_redirects");
            return Json.of(
                    "allow_redirects", redirects == null ? "always" : redirects, "enabled", Json.flag(sent, "enabled"));
        }
        // On by default since Stripe's version 2023-08-16.
        return params.has("payment_method_types")
                ? JsonNull.INSTANCE
                : Json.of("allow_redirects", "always", "enabled", true);
    }

    static List<String> types(JsonObject params) {
        List<String> named = Json.texts(params, "payment_method_types");
        return named.isEmpty() ? List.of("card") : named;
    }

    /** Methods of the account may lead the payer to another site, so that the way back must be known. */
    static void checkReturn(JsonObject params, JsonObject intent) {
        JsonObject automatic = Json.child(intent, "automatic_payment_methods");
        if (Json.flag(automatic, "enabled")
                && !"never".equals(Json.text(automatic, "allow_redirects"))
                && !Json.has(params, "return_url")) {
            throw StripeError.invalid(
                    null,
                    null,
                    "This intent takes payment methods that may redirect the payer: give a `return_url`, or set"
                            + " `automatic_payment_methods[allow_redirects]` to `never`.");
        }
    }
}
