package com.cognitionos.container;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a condition; the limit is there for a hang only and no test passes by it. */
final class Await {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final long LOOK_AGAIN_MS = 20;

    private Await() {}

    static <T> T until(String what, Supplier<T> look, Predicate<T> wanted) {
        Instant end = Instant.now().plus(LIMIT);
        T seen = look.get();
        while (!wanted.test(seen)) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("never came: " + what + "; last seen: " + seen);
            }
            try {
                Thread.sleep(LOOK_AGAIN_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting: " + what, e);
            }
            seen = look.get();
        }
        return seen;
    }
}
