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
 * asked for. Who has asked 20 times within 0.1 s is busy, and asks for twice as many as the last time for as long as those
 * are used up in 0.1 s: who goes away wastes few.
 */
public final class BulkPlaces<K, R> {

    /** As the database has it, which counts these places as taken when it is over. */
    static final Duration USE_BY = Duration.ofMillis(100);

    static final int MOST_PLACES = 100;
    static final int BUSY = 20;
    static final int MOST_KEPT = 10_000;

    private final Map<K, Bulk<R>> kept = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    /**
     * @param since when the first of the recent askings was
     * @param asked how many these are
     */
    private record Bulk<R>(R admission, int places, AtomicInteger used, long askedAt, long since, int asked) {

        boolean isOver(long now) {
            return now - askedAt >= USE_BY.toNanos();
        }

        boolean isRecent(long now) {
            return now - since < USE_BY.toNanos();
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
        if (last == null || last.isOver(nanos.getAsLong()) || last.places == 1 && last.asked < BUSY) {
            return 1;
        }
        return Math.min(MOST_PLACES, 2 * last.places);
    }

    /** @param askedAt by the same clock, before they were asked for; the first of the places is used already */
    public void remember(K who, R admission, int places, long askedAt) {
        if (kept.size() >= MOST_KEPT) {
            long now = nanos.getAsLong();
            kept.values().removeIf(old -> old.isOver(now));
        }
        Bulk<R> last = kept.get(who);
        if (kept.size() < MOST_KEPT || last != null) {
            boolean again = last != null && last.isRecent(askedAt);
            long since = again ? last.since : askedAt;
            int asked = again ? last.asked + 1 : 1;
            kept.put(who, new Bulk<>(admission, places, new AtomicInteger(1), askedAt, since, asked));
        }
    }

    /** All have to ask again. */
    public void clear() {
        kept.clear();
    }

    int size() {
        return kept.size();
    }
}
