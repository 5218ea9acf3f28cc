package com.cognitionos.metering.control;

import com.cognitionos.kernel.BackgroundThreads;
import com.cognitionos.metering.control.UsageGrants.Counted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls of a key that come while others of it are being counted together, in the next statement: a busy key
 * costs the database one small transaction at a time, and while calls come together one in a millisecond, however many
 * requests it makes. What is said to be counted is committed.
 */
@ApplicationScoped
public class ApiCallQueue {

    static final int MOST_KNOWN = 10_000;
    /** From the start of a statement that has counted several calls to that of the next. */
    static final Duration GATHER = Duration.ofMillis(1);

    static final Duration KNOWN_FOR = Duration.ofSeconds(1);

    @Inject
    private BackgroundThreads threads;

    @Inject
    private UsageGrants grants;

    private final Map<Key, Line> lines = new HashMap<>();
    private final Map<Key, Long> unlimitedAt = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    record Key(UUID tenant, String prefix) {}

    /** Calls that one statement counts. */
    private static final class Group {
        private final CompletableFuture<Counted> done = new CompletableFuture<>();
        private int calls;
    }

    /** Of a key whose calls are being counted: those that wait for the next statement. */
    private static final class Line {
        private @Nullable Group next;
    }

    public ApiCallQueue() {
        this(System::nanoTime);
    }

    ApiCallQueue(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether a call of this key is certain to be served: those of the last second had no ceiling. */
    public boolean isUnlimited(UUID tenant, String prefix) {
        Long at = unlimitedAt.get(new Key(tenant, prefix));
        return at != null && nanos.getAsLong() - at < KNOWN_FOR.toNanos();
    }

    /** Counts one call, by this thread where none of the key is being counted. Not inside a transaction. */
    public CompletableFuture<Counted> countHere(UUID tenant, String prefix) {
        return count(new Key(tenant, prefix), Runnable::run, threads);
    }

    /** Counts one call by another thread. */
    public CompletableFuture<Counted> count(UUID tenant, String prefix) {
        return count(new Key(tenant, prefix), threads, threads);
    }

    CompletableFuture<Counted> count(Key key, Executor first, Executor others) {
        CompletableFuture<Counted> own;
        boolean nobodyCounts;
        Line line;
        synchronized (lines) {
            nobodyCounts = !lines.containsKey(key);
            line = lines.computeIfAbsent(key, none -> new Line());
            Group group = line.next;
            if (group == null) {
                group = new Group();
                line.next = group;
            }
            group.calls++;
            own = group.done;
        }
        if (nobodyCounts) {
            hand(first, () -> next(key, line, others));
        }
        return own;
    }

    private void next(Key key, Line line, Executor others) {
        Group group;
        int calls;
        synchronized (lines) {
            group = line.next;
            line.next = null;
            if (group == null) {
                lines.remove(key);
                return;
            }
            calls = group.calls;
        }
        long start = nanos.getAsLong();
        try {
            Counted counted = ask(key, calls);
            remember(key, counted);
            group.done.complete(counted);
        } catch (RuntimeException e) {
            group.done.completeExceptionally(e);
        }
        boolean crowded = calls > 1;
        synchronized (lines) {
            if (!crowded && line.next == null) {
                lines.remove(key);
                return;
            }
        }
        hand(others, () -> {
            if (crowded) {
                pause(start + GATHER.toNanos() - nanos.getAsLong());
            }
            next(key, line, others);
        });
    }

    void pause(long forNanos) {
        LockSupport.parkNanos(forNanos);
    }

    /** Somebody waits for it, so a pool that takes nothing more must not leave it undone. */
    private static void hand(Executor executor, Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException full) {
            work.run();
        }
    }

    Counted ask(Key key, int calls) {
        return grants.count(key.tenant(), key.prefix(), calls);
    }

    private void remember(Key key, Counted counted) {
        if (counted != Counted.WITHOUT_CEILING) {
            unlimitedAt.remove(key);
            return;
        }
        long now = nanos.getAsLong();
        if (unlimitedAt.size() >= MOST_KNOWN) {
            unlimitedAt.values().removeIf(at -> now - at >= KNOWN_FOR.toNanos());
        }
        if (unlimitedAt.size() < MOST_KNOWN || unlimitedAt.containsKey(key)) {
            unlimitedAt.put(key, now);
        }
    }
}
