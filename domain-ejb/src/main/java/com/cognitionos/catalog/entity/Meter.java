package com.cognitionos.catalog.entity;

/**
 * Something that is counted.
 *
 * @param unit what one of it is, in the singular
 */
public record Meter(String code, Aggregation aggregation, String unit) {

    /** How the events of a period become one quantity. */
    public enum Aggregation {
        /** The quantities added up. */
        SUM,
        /** The mean of a level over the period, each value holding until the next one. */
        TIME_WEIGHTED
    }
}
