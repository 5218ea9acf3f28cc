package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer, and how it ends. */
record Reply(int status, JsonObject body, Map<String, String> headers, Ending ending) {

    enum Ending {
        SENT,
        /** The connection ends within it. */
        CUT,
        /** It ends too early, and only who counts sees it. */
        TRUNCATED,
        /** The connection ends before it. */
        HUNG_UP,
        /** It never comes. */
        NEVER
    }

    static Reply of(int status, JsonObject body) {
        return new Reply(status, body, Map.of(), Ending.SENT);
    }

    static Reply of(StripeError error) {
        Boolean retry = error.shouldRetry();
        return of(error.status(), Json.of("error", error.error()))
                .with("Stripe-Should-Retry", retry == null ? null : retry.toString());
    }

    /** @param value null leaves the header out */
    Reply with(String header, @Nullable String value) {
        if (value == null) {
            return this;
        }
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, body, more, ending);
    }

    Reply ending(Ending how) {
        return new Reply(status, body, headers, how);
    }
}
