package com.cognitionos.subscription.entity;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The states of SPEC section 3. */
public enum SubscriptionStatus {
    TRIALING,
    ACTIVE,
    PAST_DUE,
    UNPAID,
    PAUSED,
    CANCELED;

    /** How long a tenant that is behind with a payment may go on (SPEC section 3). */
    public static final Duration GRACE = Duration.ofDays(7);

    /** Whether a tenant with this status may use what its plan gives, at that instant. */
    public boolean entitled(@Nullable Instant pastDueSince, Instant at) {
        return switch (this) {
            case TRIALING, ACTIVE -> true;
            case PAST_DUE -> pastDueSince == null || at.isBefore(pastDueSince.plus(GRACE));
            case UNPAID, PAUSED, CANCELED -> false;
        };
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static SubscriptionStatus of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
