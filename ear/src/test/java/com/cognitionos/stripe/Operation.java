package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An operation of the API.
 *
 * @param path with names of its variables in braces, as in Stripe's description
 * @param parameters stripe-java's class of its parameters; null when it takes none
 */
record Operation(String method, String path, @Nullable Class<?> parameters, Function<Call, JsonObject> handler) {

    /** Method and path, such as {@code POST /v1/payment_intents/{intent}/confirm}. */
    String id() {
        return method + " " + path;
    }

    /** The variables of the path when this operation is meant. */
    Optional<Map<String, String>> match(String requestMethod, String requestPath) {
        String[] pattern = path.split("/");
        String[] parts = requestPath.split("/");
        if (!method.equals(requestMethod) || pattern.length != parts.length) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < parts.length; i++) {
            if (pattern[i].startsWith("{")) {
                variables.put(pattern[i].substring(1, pattern[i].length() - 1), parts[i]);
            } else if (!pattern[i].equals(parts[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }
}
