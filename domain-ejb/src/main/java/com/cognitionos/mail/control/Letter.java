package com.cognitionos.mail.control;

import java.time.Instant;
import java.util.UUID;

/**
 * A mail on its way.
 *
 * @param attempts this one included
 */
public record Letter(UUID id, String to, String subject, String text, Instant queuedAt, int attempts) {

    /** A log or a debugger that prints it learns nothing of what is in it. */
    @Override
    public String toString() {
        return "mail " + id;
    }
}
