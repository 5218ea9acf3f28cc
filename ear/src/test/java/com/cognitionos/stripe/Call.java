package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checked request to an operation.
 *
 * @param path the variables of its address
 * @param params typed
 */
record Call(
        Operation operation,
        Map<String, String> path,
        JsonObject params,
        @Nullable String idempotencyKey,
        String requestId) {

    String id(String variable) {
        String value = path.get(variable);
        if (value == null) {
            throw new IllegalStateException("No {" + variable + "} in " + operation.path());
        }
        return value;
    }

    @Nullable
    String text(String name) {
        return Json.text(params, name);
    }

    boolean has(String name) {
        return Json.has(params, name);
    }

    boolean flag(String name) {
        return Json.flag(params, name);
    }

    long whole(String name) {
        return Json.whole(params, name);
    }

    JsonObject child(String name) {
        return Json.child(params, name);
    }
}
