package com.cognitionos.sso.entity;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** A sign-in that was begun and waits, in the browser's session, for the provider to send the person back (SSO-3). */
public record Attempt(UUID tenant, String issuer, String state, String nonce, String verifier, Instant begunAt)
        implements Serializable {

    public static final Duration GOOD_FOR = Duration.ofMinutes(10);

    public boolean isOver(Instant now) {
        return now.isAfter(begunAt.plus(GOOD_FOR));
    }

    /** What it keeps proves things to the provider. */
    @Override
    public String toString() {
        return "Attempt[" + tenant + "]";
    }
}
