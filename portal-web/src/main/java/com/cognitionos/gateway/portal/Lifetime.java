package com.cognitionos.gateway.portal;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How long a new key is good for. */
public enum Lifetime {
    UNLIMITED("Until it is revoked", 0),
    MONTH("30 days", 30),
    QUARTER("90 days", 90),
    YEAR("365 days", 365);

    private final String label;
    private final int days;

    Lifetime(String label, int days) {
        this.label = label;
        this.days = days;
    }

    public String getLabel() {
        return label;
    }

    @Nullable
    Instant endFrom(Instant now) {
        return this == UNLIMITED ? null : now.plus(Duration.ofDays(days));
    }
}
