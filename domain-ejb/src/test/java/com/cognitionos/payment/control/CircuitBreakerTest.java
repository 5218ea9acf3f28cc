package com.cognitionos.payment.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private long now = Long.MAX_VALUE - 5;
    private final CircuitBreaker breaker = new CircuitBreaker(3, Duration.ofNanos(10), () -> now);

    private void fails(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(breaker.lets()).isTrue();
            breaker.failed();
        }
    }

    @Test
    void failuresInARowStopCallsForAWhile() {
        fails(3);

        assertThat(breaker.lets()).isFalse();
        now += 9;
        assertThat(breaker.lets()).isFalse();
        now += 1;
        assertThat(breaker.lets()).isTrue();
    }

    @Test
    void anAnswerBetweenThemCounts() {
        fails(2);
        breaker.succeeded();
        fails(2);

        assertThat(breaker.lets()).isTrue();
    }

    @Test
    void oneTriesAndItsWordCounts() {
        fails(3);
        now += 10;

        assertThat(breaker.lets()).isTrue();
        assertThat(breaker.lets()).as("the others wait").isFalse();
        breaker.failed();
        assertThat(breaker.lets()).isFalse();
        now += 10;
        assertThat(breaker.lets()).isTrue();
        breaker.succeeded();
        assertThat(breaker.lets()).isTrue();
        assertThat(breaker.lets()).isTrue();
    }

    @Test
    void aTrialWithoutAWordIsFollowedByAnother() {
        fails(3);
        now += 10;
        assertThat(breaker.lets()).isTrue();
        now += 10;

        assertThat(breaker.lets()).isTrue();
    }
}
