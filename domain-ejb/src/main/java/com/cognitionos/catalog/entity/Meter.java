package com.cognitionos.catalog.entity;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that is counted.
 *
 * @param name in the plural, as an invoice writes it
 * @param unit what one of it is, in the singular
 * @param uniqueBy what a {@link Aggregation#UNIQUE_COUNT} tells apart: {@code subject}, or a property of the events; null
 *     for all other kinds
 * @param dimensions the properties of events that its usage can be shown by, besides {@link #COMMON}
 */
public record Meter(
        String code,
        String name,
        Aggregation aggregation,
        String unit,
        @Nullable String uniqueBy,
        List<String> dimensions) {

    /** What usage of every meter can be shown by: who used it, the API key that reported it, and two properties. */
    public static final List<String> COMMON = List.of("subject", "key", "plugin", "model");

    public Meter {
        dimensions = List.copyOf(dimensions);
    }

    public Meter(String code, String name, Aggregation aggregation, String unit) {
        this(code, name, aggregation, unit, null, List.of());
    }

    /** How the events of a period become one quantity. */
    public enum Aggregation {
        /** The quantities added up. */
        SUM,
        /** The number of events, whatever their quantity. */
        COUNT,
        /** The largest quantity. */
        MAX,
        /** The number of distinct values that the events have of {@link Meter#uniqueBy}, whatever their quantity. */
        UNIQUE_COUNT,
        /** The quantity of the last event, by the time that it counts at, then by its arrival, then by its id. */
        LATEST,
        /** The mean of a level over the period, each value holding until the next one. */
        TIME_WEIGHTED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether the quantity of a period is the sum of what its events count, each for itself. */
        public boolean adds() {
            return this == SUM || this == COUNT;
        }

        /** Whether it only grows by what is used, so that a counter can hold it against a limit. */
        public boolean isCounted() {
            return adds() || this == UNIQUE_COUNT;
        }

        /** Whether an event counts as one at most, whatever its quantity. */
        public boolean isByEvent() {
            return this == COUNT || this == UNIQUE_COUNT;
        }
    }

    /** What one event of that quantity adds to a meter that {@link Aggregation#adds() adds}. */
    public BigDecimal counted(BigDecimal quantity) {
        return aggregation == Aggregation.COUNT ? BigDecimal.ONE : quantity;
    }

    /** All that its usage can be shown by; nothing for a mean level, which is the whole tenant's. */
    public List<String> groups() {
        if (aggregation == Aggregation.TIME_WEIGHTED) {
            return List.of();
        }
        List<String> groups = new ArrayList<>(COMMON);
        dimensions.stream().filter(own -> !groups.contains(own)).forEach(groups::add);
        return List.copyOf(groups);
    }
}
