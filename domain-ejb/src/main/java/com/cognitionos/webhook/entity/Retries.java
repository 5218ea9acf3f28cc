package com.cognitionos.webhook.entity;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When a delivery is tried again (WHK-5): nine times, over three days. */
public final class Retries {

    private static final List<Duration> PAUSES = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(20));

    /** No receiver can put off an event for longer. */
    private static final Duration LONGEST_ASKED = Duration.ofHours(24);

    private Retries() {}

    /**
     * When to try again; empty after the last attempt.
     *
     * @param tries so far, from 1
     * @param spread 0 to 1: how much of a tenth the pause is longer, so that what failed together does not come back together
     * @param asked the earliest instant that the receiver asked for; it counts for a day at most
     */
    public static Optional<Instant> next(int tries, Instant now, double spread, @Nullable Instant asked) {
        if (tries > PAUSES.size()) {
            return Optional.empty();
        }
        Duration pause = PAUSES.get(tries - 1);
        Instant next = now.plus(pause).plusMillis((long) (pause.toMillis() * spread / 10));
        Instant bounded = asked != null && asked.isAfter(now.plus(LONGEST_ASKED)) ? now.plus(LONGEST_ASKED) : asked;
        return Optional.of(bounded != null && bounded.isAfter(next) ? bounded : next);
    }

    /** What {@code Retry-After} asks for (RFC 9110, section 10.2.3): seconds or a date; null for neither. */
    public static @Nullable Instant asked(@Nullable String retryAfter, Instant now) {
        if (retryAfter == null) {
            return null;
        }
        if (retryAfter.matches("\\d{1,9}")) {
            return now.plusSeconds(Long.parseLong(retryAfter));
        }
        try {
            return ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
