package com.cognitionos.subscription.entity;

import java.util.Locale;

/** The states of SPEC section 3. */
public enum SubscriptionStatus {
    TRIALING,
    ACTIVE,
    PAST_DUE,
    UNPAID,
    PAUSED,
    CANCELED;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static SubscriptionStatus of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
