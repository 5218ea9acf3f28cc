package com.cognitionos.gateway.control;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * Refusals that need not be asked for again: a full window only gets fuller until its oldest admission has left. They
 * are kept for a second at most, so that a raised limit or a revoked key shows soon, and in bounded memory.
 */
public final class FullWindows<K, R> {

    static final Duration LONGEST = Duration.ofSeconds(1);
    static final int MOST = 10_000;

    private final Map<K, Kept<R>> kept = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    private record Kept<R>(R refusal, long since, long until) {}

    /** @param nanos as {@link System#nanoTime} */
    public FullWindows(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** @param later makes of a refusal what it is that long after it was given */
    public Optional<R> refusal(K who, BiFunction<R, Duration, R> later) {
        Kept<R> found = kept.get(who);
        if (found == null) {
            return Optional.empty();
        }
        long now = nanos.getAsLong();
        if (now - found.until >= 0) {
            kept.remove(who, found);
            return Optional.empty();
        }
        return Optional.of(later.apply(found.refusal, Duration.ofNanos(now - found.since)));
    }

    /** @param fullFor how long it is certain to stay full */
    public void remember(K who, R refusal, Duration fullFor) {
        long now = nanos.getAsLong();
        if (kept.size() >= MOST) {
            kept.values().removeIf(old -> now - old.until >= 0);
        }
        if (kept.size() < MOST) {
            Duration span = fullFor.compareTo(LONGEST) < 0 ? fullFor : LONGEST;
            kept.put(who, new Kept<>(refusal, now, now + span.toNanos()));
        }
    }

    int size() {
        return kept.size();
    }
}
