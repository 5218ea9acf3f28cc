package com.cognitionos.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.gateway.boundary.Admission;
import com.cognitionos.gateway.boundary.Admission.Quota;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** RES-5: what a client reads. */
class RateLimitHeadersTest {

    private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_500L);

    @Test
    void eachLimitIsNamedAndTheNearestIsRepeatedInTheOlderHeaders() {
        Map<String, String> headers = RateLimitHeaders.of(new Admission(
                null,
                null,
                List.of(
                        new Quota("key", 10, 9, NOW.plusMillis(12_100)),
                        new Quota("tenant", 300, 4, NOW.plusMillis(59_000))),
                1,
                NOW));

        assertThat(headers)
                .containsExactly(
                        Map.entry("RateLimit-Policy", "\"key\";q=10;w=60, \"tenant\";q=300;w=60"),
                        Map.entry("RateLimit", "\"key\";r=9;t=13, \"tenant\";r=4;t=59"),
                        Map.entry("X-RateLimit-Limit", "300"),
                        Map.entry("X-RateLimit-Remaining", "4"),
                        Map.entry("X-RateLimit-Reset", "1800000060"));
    }
}
