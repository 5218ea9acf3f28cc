package com.cognitionos.catalog.portal;

import com.cognitionos.kernel.portal.Messages;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** When a version is sold, as a form has it: in UTC. */
final class SaleTime {

    private SaleTime() {}

    /** @return null for a blank one, and for one that is none, which is told at the field */
    static @Nullable Instant read(String typed, String field, Messages messages) {
        if (typed.isBlank()) {
            return null;
        }
        try {
            return LocalDateTime.parse(typed.strip()).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            messages.failedAt(field, "Enter a day and a time, such as 2026-12-01T00:00.");
            return null;
        }
    }
}
