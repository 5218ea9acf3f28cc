package com.cognitionos.rating.entity;

import java.time.Duration;
import java.time.Instant;

/** A half-open span of time: {@code start} belongs to it, {@code end} does not. */
public record Period(Instant start, Instant end) {

    public Period {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException("a period ends after it starts: " + start + " to " + end);
        }
    }

    public boolean contains(Instant instant) {
        return !instant.isBefore(start) && instant.isBefore(end);
    }

    public Duration length() {
        return Duration.between(start, end);
    }
}
