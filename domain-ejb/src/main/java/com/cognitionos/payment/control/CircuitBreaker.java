package com.cognitionos.payment.control;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps calls from a provider that fails one after the other: after so many in a row none is let through for a while, then
 * one at a time until one comes back.
 */
final class CircuitBreaker {

    private final int failuresToOpen;
    private final long openNanos;
    private final LongSupplier nanoTime;

    private int failures;
    private long closedUntil;

    /** @param nanoTime as of {@link System#nanoTime()} */
    CircuitBreaker(int failuresToOpen, Duration open, LongSupplier nanoTime) {
        this.failuresToOpen = failuresToOpen;
        this.openNanos = open.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Whether a call may go out; who got a yes has to tell how it went. */
    synchronized boolean lets() {
        if (failures < failuresToOpen) {
            return true;
        }
        long now = nanoTime.getAsLong();
        if (now - closedUntil < 0) {
            return false;
        }
        // One tries; the others wait for its word, or for as long again.
        closedUntil = now + openNanos;
        return true;
    }

    synchronized void succeeded() {
        failures = 0;
    }

    synchronized void failed() {
        failures = Math.min(failures + 1, failuresToOpen);
        closedUntil = nanoTime.getAsLong() + openNanos;
    }
}
