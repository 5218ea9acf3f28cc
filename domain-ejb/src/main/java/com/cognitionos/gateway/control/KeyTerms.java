package com.cognitionos.gateway.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a key is made for; the same for tenants' and the platform's. */
public record KeyTerms(
        String name,
        Set<String> scopes,
        @Nullable Instant expiresAt,
        @Nullable Integer rateLimitPerMinute) {

    /** How long a rotated key may go on working. */
    public static final Duration MAX_OVERLAP = Duration.ofDays(7);

    /** More than one database could count anyway. */
    public static final int HIGHEST_LIMIT = 1_000_000;

    private static final int MAX_NAME = 100;

    /** @throws Problem INVALID for a bad field, FORBIDDEN for scopes that the caller lacks (GAT-2) */
    public KeyTerms checked(Instant now) {
        requireOwn(scopes);
        if (name.isBlank() || name.length() > MAX_NAME) {
            throw Problem.invalid("name", "length", "name must have 1 to " + MAX_NAME + " characters");
        }
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            throw Problem.invalid("expires_at", "in_the_past", "expires_at must lie in the future");
        }
        if (rateLimitPerMinute != null && (rateLimitPerMinute < 1 || rateLimitPerMinute > HIGHEST_LIMIT)) {
            throw Problem.invalid(
                    "rate_limit_per_minute",
                    "out_of_range",
                    "rate_limit_per_minute must be from 1 to " + HIGHEST_LIMIT);
        }
        return this;
    }

    /** @throws Problem FORBIDDEN */
    public static void requireOwn(Set<String> scopes) {
        for (String scope : scopes) {
            if (!Caller.current().may(scope)) {
                throw new Problem(
                        Problem.Kind.FORBIDDEN,
                        "insufficient_scope",
                        "A key cannot make one with the scope " + scope + ", which it lacks.");
            }
        }
    }

    /** @throws Problem INVALID */
    public static void checkOverlap(Duration overlap) {
        if (overlap.isNegative() || overlap.compareTo(MAX_OVERLAP) > 0) {
            throw Problem.invalid(
                    "overlap_seconds", "out_of_range", "overlap_seconds must be from 0 to " + MAX_OVERLAP.toSeconds());
        }
    }

    /** For the audit log. */
    public Map<String, Object> facts(String prefix) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", name);
        facts.put("prefix", prefix);
        facts.put("scopes", String.join(" ", scopes));
        if (expiresAt != null) {
            facts.put("expires_at", expiresAt.toString());
        }
        if (rateLimitPerMinute != null) {
            facts.put("rate_limit_per_minute", rateLimitPerMinute);
        }
        return facts;
    }
}
