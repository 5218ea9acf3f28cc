package com.cognitionos.gateway.control;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * Places of somebody busy that were taken more than one at a time (GAT-13). They are good for 0.1 s from when they were
 * asked for, and as many are asked for as were used up in such a time, doubled, so that who goes away wastes few.
 */
public final class BulkPlaces<K, R> {

    /** As the database has it, which counts these places as taken when it is over. */
    static final Duration USE_BY = Duration.ofMillis(100);

    static final int MOST_PLACES = 100;
    static final int MOST_KEPT = 10_000;

    private final Map<K, Bulk<R>> kept = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    private record Bulk<R>(R admission, int places, AtomicInteger used, long askedAt) {
        boolean isOver(long now) {
            return now - askedAt >= USE_BY.toNanos();
        }
    }

    /** @param nanos as {@link System#nanoTime} */
    public BulkPlaces(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** @param next makes of the admission that brought the places that of the n-th request after it, n from 1 */
    public Optional<R> take(K who, BiFunction<R, Integer, R> next) {
        Bulk<R> bulk = kept.get(who);
        if (bulk == null || bulk.isOver(nanos.getAsLong())) {
            return Optional.empty();
        }
        int n = bulk.used.getAndIncrement();
        return n < bulk.places ? Optional.of(next.apply(bulk.admission, n)) : Optional.empty();
    }

    /** How many places to ask for now. */
    public int wanted(K who) {
        Bulk<R> last = kept.get(who);
        return last == null || last.isOver(nanos.getAsLong()) ? 1 : Math.min(MOST_PLACES, 2 * last.places);
    }

    /** @param askedAt by the same clock, before they were asked for; the first of the places is used already */
    public void remember(K who, R admission, int places, long askedAt) {
        if (kept.size() >= MOST_KEPT) {
            long now = nanos.getAsLong();
            kept.values().removeIf(old -> old.isOver(now));
        }
        if (kept.size() < MOST_KEPT || kept.containsKey(who)) {
            kept.put(who, new Bulk<>(admission, places, new AtomicInteger(1), askedAt));
        }
    }

    int size() {
        return kept.size();
    }
}
