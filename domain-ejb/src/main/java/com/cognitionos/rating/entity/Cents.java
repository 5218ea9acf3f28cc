package com.cognitionos.rating.entity;

import java.util.Collection;
import java.util.function.ToLongFunction;

/** Sums of amounts that fail rather than wrap around. */
final class Cents {

    private Cents() {}

    static long sum(Collection<Long> cents) {
        return sum(cents, Long::longValue);
    }

    static <T> long sum(Collection<T> items, ToLongFunction<? super T> cents) {
        long sum = 0;
        for (T item : items) {
            sum = Math.addExact(sum, cents.applyAsLong(item));
        }
        return sum;
    }
}
