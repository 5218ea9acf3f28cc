package com.cognitionos.system;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** Waits for a condition; the limit is only there so that a fault ends the test. */
final class Await {

    private static final Duration STEP = Duration.ofMillis(50);

    private Await() {}

    static void until(String what, int limitSeconds, BooleanSupplier condition) {
        Instant limit = Instant.now().plusSeconds(limitSeconds);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(limit)) {
                throw new AssertionError("Waited " + limitSeconds + " s in vain for " + what);
            }
            try {
                Thread.sleep(STEP.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }
}
