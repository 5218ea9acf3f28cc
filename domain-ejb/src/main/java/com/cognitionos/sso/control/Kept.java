package com.cognitionos.sso.control;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps what was fetched for a while, and of that only so many: whoever names providers must not fill the memory. */
final class Kept<K, V> {

    private record Held<V>(V value, long until) {}

    private final Map<K, Held<V>> entries;

    Kept(int most) {
        entries = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Held<V>> eldest) {
                return size() > most;
            }
        };
    }

    synchronized @Nullable V get(K key, long now) {
        Held<V> entry = entries.get(key);
        return entry == null || now - entry.until() >= 0 ? null : entry.value();
    }

    synchronized void put(K key, V value, long until) {
        entries.put(key, new Held<>(value, until));
    }

    synchronized int size() {
        return entries.size();
    }
}
