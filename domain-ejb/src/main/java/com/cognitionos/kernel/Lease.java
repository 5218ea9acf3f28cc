package com.cognitionos.kernel;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The right to work on something that one node at a time works on. While it is on the thread, each transaction makes sure
 * at its first statement that nobody else has taken it since, and keeps others from taking it until it ends (KER-9): what
 * a node does that wakes up late is refused, and not only noticed.
 *
 * @param name of what is worked on, 1 to 200 characters
 * @param fence higher than that of every lease before
 */
public record Lease(String name, long fence) {

    private static final ThreadLocal<Lease> CURRENT = new ThreadLocal<>();

    static Optional<Lease> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Does the work by this lease. @throws LeaseLost from whichever transaction finds it lost; that one leaves nothing */
    public <T extends @Nullable Object> T call(Supplier<T> work) {
        Lease before = CURRENT.get();
        CURRENT.set(this);
        try {
            return work.get();
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }

    /** As {@link #call}. */
    public void run(Runnable work) {
        call(() -> {
            work.run();
            return null;
        });
    }
}
