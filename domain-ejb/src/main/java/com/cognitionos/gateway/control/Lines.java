package com.cognitionos.gateway.control;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;

/** Those of one client who have to ask at the same time, one behind the other: the first can ask for all of them. */
public final class Lines<K> {

    /** Who waits longer, asks beside those before it: without a database all would else fail one after the other. */
    static final Duration PATIENCE = Duration.ofMillis(50);

    private final Map<K, Line> lines = new ConcurrentHashMap<>();
    private final Duration patience;

    private static final class Line {
        private final ReentrantLock head = new ReentrantLock();
        private volatile int length;

        private Line changed(int by) {
            length += by;
            return this;
        }
    }

    public Lines() {
        this(PATIENCE);
    }

    Lines(Duration patience) {
        this.patience = patience;
    }

    /** @param work is told for how many it asks, itself included: each of them wants a place now */
    public <T> T inTurn(K who, IntFunction<T> work) {
        Line line = lines.compute(who, (same, before) -> (before == null ? new Line() : before).changed(1));
        if (!isFirst(line)) {
            leave(who, line);
            return work.apply(1);
        }
        try {
            return work.apply(line.length);
        } finally {
            // Before the next is told how many there are.
            leave(who, line);
            line.head.unlock();
        }
    }

    private void leave(K who, Line line) {
        lines.compute(who, (same, mine) -> line.changed(-1).length == 0 ? null : line);
    }

    private boolean isFirst(Line line) {
        try {
            return line.head.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    int length(K who) {
        Line line = lines.get(who);
        return line == null ? 0 : line.length;
    }

    int clients() {
        return lines.size();
    }
}
