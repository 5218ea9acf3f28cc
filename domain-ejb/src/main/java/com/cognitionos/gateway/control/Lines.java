package com.cognitionos.gateway.control;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;

/** Those of one client who have to ask at the same time, one behind the other: the first can ask for all of them. */
public final class Lines<K> {

    private final Map<K, Line> lines = new ConcurrentHashMap<>();

    private static final class Line {
        private final ReentrantLock head = new ReentrantLock(true);
        private volatile int length;

        private Line changed(int by) {
            length += by;
            return this;
        }
    }

    /** @param work is told how many are in the line, itself included: each of them wants a place now */
    public <T> T inTurn(K who, IntFunction<T> work) {
        Line line = lines.compute(who, (same, before) -> (before == null ? new Line() : before).changed(1));
        line.head.lock();
        try {
            return work.apply(line.length);
        } finally {
            // Left before the next is told how many there are.
            lines.compute(who, (same, mine) -> line.changed(-1).length == 0 ? null : line);
            line.head.unlock();
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
