package com.cognitionos.container;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Instants as a time line writes them. */
final class Dates {

    private Dates() {}

    /** {@code 2026-01-31} is the start of that day, {@code 2026-01-31T10:30} that minute; both in UTC. */
    static Instant at(String text) {
        return (text.contains("T")
                        ? LocalDateTime.parse(text)
                        : LocalDate.parse(text).atStartOfDay())
                .toInstant(ZoneOffset.UTC);
    }
}
