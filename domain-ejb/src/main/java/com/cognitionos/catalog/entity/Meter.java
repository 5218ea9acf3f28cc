package com.cognitionos.catalog.entity;

import java.util.Locale;

/**
 * Something that is counted.
 *
 * @param name in the plural, as an invoice writes it
 * @param unit what one of it is, in the singular
 */
public record Meter(String code, String name, Aggregation aggregation, String unit) {

    /** How the events of a period become one quantity. */
    public enum Aggregation {
        /** The quantities added up. */
        SUM,
        /** The mean of a level over the period, each value holding until the next one. */
        TIME_WEIGHTED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
