package com.cognitionos.webhook.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RetriesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private static Duration pause(int tries, double spread) {
        return Duration.between(NOW, Retries.next(tries, NOW, spread, null).orElseThrow());
    }

    @Test
    @DisplayName("WHK-5: nine retries, ever more rarely, over three days")
    void threeDays() {
        assertThat(pause(1, 0)).isEqualTo(Duration.ofSeconds(5));
        assertThat(pause(2, 0)).isEqualTo(Duration.ofMinutes(5));
        assertThat(IntStream.rangeClosed(2, 9))
                .allSatisfy(tries -> assertThat(pause(tries, 0)).isGreaterThanOrEqualTo(pause(tries - 1, 0)));
        Duration all =
                IntStream.rangeClosed(1, 9).mapToObj(tries -> pause(tries, 0)).reduce(Duration.ZERO, Duration::plus);
        assertThat(all).isBetween(Duration.ofHours(71), Duration.ofHours(72));
        assertThat(Retries.next(10, NOW, 0, null)).isEmpty();
    }

    @Test
    void aTenthLaterAtMost() {
        assertThat(pause(2, 1)).isEqualTo(Duration.ofSeconds(330));
    }

    @Test
    @DisplayName("WHK-5: Retry-After puts an attempt off, never forward, by a day at most, and gives none more")
    void whatTheReceiverAsks() {
        assertThat(Retries.next(1, NOW, 0, NOW.plusSeconds(90))).contains(NOW.plusSeconds(90));
        assertThat(Retries.next(2, NOW, 0, NOW.plusSeconds(90))).contains(NOW.plusSeconds(300));
        assertThat(Retries.next(1, NOW, 0, NOW.plus(Duration.ofDays(400)))).contains(NOW.plus(Duration.ofDays(1)));
        assertThat(Retries.next(10, NOW, 0, NOW.plusSeconds(90))).isEmpty();
    }

    @Test
    void retryAfterIsSecondsOrADate() {
        assertThat(Retries.asked("120", NOW)).isEqualTo(NOW.plusSeconds(120));
        assertThat(Retries.asked("Sun, 01 Mar 2026 10:05:00 GMT", NOW)).isEqualTo(NOW.plusSeconds(300));
        assertThat(Retries.asked("soon", NOW)).isNull();
        assertThat(Retries.asked("-5", NOW)).isNull();
        assertThat(Retries.asked(null, NOW)).isNull();
    }
}
