package com.cognitionos.rest;

import com.cognitionos.gateway.boundary.Admission;
import com.cognitionos.gateway.boundary.Admission.Quota;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a client is told of its limits (RES-5): {@code RateLimit-Policy} and {@code RateLimit} as in
 * draft-ietf-httpapi-ratelimit-headers-10, where {@code t} is the time until another place is free, and the older
 * headers for the limit that is nearest.
 */
final class RateLimitHeaders {

    private static final int WINDOW_SECONDS = 60;

    private RateLimitHeaders() {}

    static Map<String, String> of(Admission admission) {
        Instant now = admission.decidedAt();
        Quota tightest = admission.tightest();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(
                "RateLimit-Policy",
                admission.quotas().stream()
                        .map(quota -> "\"" + quota.policy() + "\";q=" + quota.limit() + ";w=" + WINDOW_SECONDS)
                        .collect(Collectors.joining(", ")));
        headers.put(
                "RateLimit",
                admission.quotas().stream()
                        .map(quota -> "\"" + quota.policy() + "\";r=" + quota.remaining() + ";t="
                                + quota.secondsUntilFree(now))
                        .collect(Collectors.joining(", ")));
        headers.put("X-RateLimit-Limit", Integer.toString(tightest.limit()));
        headers.put("X-RateLimit-Remaining", Integer.toString(tightest.remaining()));
        Instant freeAt = tightest.freeAt() == null ? now : tightest.freeAt();
        // Rounded up: a second too early would be refused.
        headers.put(
                "X-RateLimit-Reset", Long.toString(freeAt.plusNanos(999_999_999).getEpochSecond()));
        return headers;
    }
}
