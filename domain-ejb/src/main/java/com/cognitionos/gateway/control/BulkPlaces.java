package com.cognitionos.gateway.control;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Places of somebody busy that were taken more than one at a time (GAT-13). They are good for 0.1 s from when they were
 * asked for. Who has asked 20 times within 0.1 s is busy, and asks for twice as many as the last time for as long as those
 * are used up in 0.1 s: who goes away wastes few. Once half of them are used the next ones are asked for, so that no
 * request has to wait for them.
 */
public final class BulkPlaces<K, R> {

    /** As the database has it, which counts these places as taken when it is over. */
    static final Duration USE_BY = Duration.ofMillis(100);

    public static final int MOST_PLACES = 100;
    static final int BUSY = 20;
    static final int MOST_KEPT = 10_000;
    private static final int WORTH_ASKING_AHEAD = 8;

    private final Map<K, Bulk<R>> kept = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private volatile long clearedAt;
    private volatile boolean cleared;

    /** Places that were asked for at once. */
    private static final class Bulk<R> {
        private final R admission;
        private final int places;
        private final AtomicInteger used;
        private final long askedAt;
        /** When the first of the recent askings was, and how many these are. */
        private final long since;

        private final int asked;
        /** Whether they were asked for by somebody busy; several may also be those of a moment's crowd. */
        private final boolean busy;

        private final AtomicBoolean askedAhead = new AtomicBoolean();
        private volatile @Nullable Bulk<R> next;

        private Bulk(R admission, int places, int used, long askedAt, long since, int asked, boolean busy) {
            this.admission = admission;
            this.places = places;
            this.used = new AtomicInteger(used);
            this.askedAt = askedAt;
            this.since = since;
            this.asked = asked;
            this.busy = busy;
        }

        boolean isOver(long now) {
            return now - askedAt >= USE_BY.toNanos();
        }

        boolean isOfSomebodyBusy(long now) {
            return !isOver(now) && (busy || asked >= BUSY);
        }

        boolean isRecent(long now) {
            return now - since < USE_BY.toNanos();
        }
    }

    /** @param nanos as {@link System#nanoTime} */
    public BulkPlaces(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** @param next makes of the admission that brought the places that of the n-th request after it, n from 0 */
    public Optional<R> take(K who, BiFunction<R, Integer, R> next) {
        for (Bulk<R> bulk = kept.get(who); bulk != null; bulk = bulk.next) {
            if (!bulk.isOver(nanos.getAsLong())) {
                int n = bulk.used.getAndIncrement();
                if (n < bulk.places) {
                    return Optional.of(next.apply(bulk.admission, n));
                }
            }
            if (bulk.next != null) {
                kept.replace(who, bulk, bulk.next);
            }
        }
        return Optional.empty();
    }

    /** How many places to ask for now. */
    public int wanted(K who) {
        Bulk<R> last = kept.get(who);
        if (last == null || !last.isOfSomebodyBusy(nanos.getAsLong())) {
            return 1;
        }
        return Math.min(MOST_PLACES, 2 * last.places);
    }

    /** Whether to ask for places now that will be needed soon; says so once for places that were asked for at once. */
    public boolean isTimeToAsk(K who) {
        Bulk<R> bulk = kept.get(who);
        return bulk != null
                && bulk.places >= WORTH_ASKING_AHEAD
                && bulk.isOfSomebodyBusy(nanos.getAsLong())
                && 2 * bulk.used.get() >= bulk.places
                && bulk.askedAhead.compareAndSet(false, true);
    }

    /** @param askedAt by the same clock, before they were asked for; the first of the places is used already */
    public void remember(K who, R admission, int places, long askedAt) {
        if (kept.size() >= MOST_KEPT) {
            long now = nanos.getAsLong();
            kept.values().removeIf(old -> old.isOver(now));
        }
        Bulk<R> last = kept.get(who);
        if (kept.size() < MOST_KEPT || last != null) {
            kept.put(who, after(last, admission, places, 1, askedAt));
            if (isBeforeClear(askedAt)) {
                kept.remove(who);
            }
        }
    }

    /** Of places that were asked for ahead: none is used, and they come after those that are left. */
    public void rememberAhead(K who, R admission, int places, long askedAt) {
        Bulk<R> last = kept.get(who);
        if (last != null && last.next == null && !isBeforeClear(askedAt)) {
            last.next = after(last, admission, places, 0, askedAt);
        }
    }

    private Bulk<R> after(@Nullable Bulk<R> last, R admission, int places, int used, long askedAt) {
        boolean again = last != null && last.isRecent(askedAt);
        long since = again ? last.since : askedAt;
        int asked = again ? last.asked + 1 : 1;
        boolean busy = last != null && last.isOfSomebodyBusy(askedAt);
        return new Bulk<>(admission, places, used, askedAt, since, asked, busy);
    }

    /** All have to ask again, and what has been asked for by now counts no longer. */
    public void clear() {
        clearedAt = nanos.getAsLong();
        cleared = true;
        kept.clear();
    }

    private boolean isBeforeClear(long askedAt) {
        return cleared && askedAt - clearedAt <= 0;
    }

    int size() {
        return kept.size();
    }
}
