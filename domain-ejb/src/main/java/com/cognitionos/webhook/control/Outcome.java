package com.cognitionos.webhook.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of an attempt.
 *
 * @param statusCode null where there was no reply
 * @param reply the start of the reply's body
 * @param error why there was no reply, for people; null where there was one
 * @param retryAfter what the receiver asked for
 */
public record Outcome(
        Instant at,
        int durationMs,
        @Nullable Integer statusCode,
        String reply,
        @Nullable String error,
        @Nullable Instant retryAfter) {

    private static final int GONE = 410;

    boolean isSuccess() {
        return statusCode != null && statusCode >= 200 && statusCode < 300;
    }

    boolean isGone() {
        return statusCode != null && statusCode == GONE;
    }
}
