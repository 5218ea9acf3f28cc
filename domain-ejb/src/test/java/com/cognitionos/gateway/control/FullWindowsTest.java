package com.cognitionos.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** GAT-8: what a node may say without asking. */
class FullWindowsTest {

    private long now;
    private final FullWindows<String, String> full = new FullWindows<>(() -> now);

    private Optional<String> ask(String who) {
        return full.refusal(who, (refusal, elapsed) -> refusal + " " + elapsed.toMillis());
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void aRefusalHoldsUntilThePlaceIsFree() {
        full.remember("a", "no", Duration.ofMillis(300));
        pass(Duration.ofMillis(299));
        assertThat(ask("a")).contains("no 299");
        assertThat(ask("b")).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(ask("a")).isEmpty();
        assertThat(full.size()).isZero();
    }

    @Test
    void andForASecondAtMost() {
        full.remember("a", "no", Duration.ofSeconds(59));
        pass(Duration.ofMillis(999));
        assertThat(ask("a")).isPresent();
        pass(Duration.ofMillis(1));
        assertThat(ask("a")).isEmpty();
    }

    @Test
    void itNeverGrowsBeyondItsBound() {
        for (int i = 0; i < 3 * FullWindows.MOST; i++) {
            full.remember("client " + i, "no", Duration.ofSeconds(1));
        }
        assertThat(full.size()).isEqualTo(FullWindows.MOST);
        pass(Duration.ofSeconds(1));
        full.remember("next", "no", Duration.ofSeconds(1));
        assertThat(full.size()).isEqualTo(1);
        assertThat(ask("next")).isPresent();
    }
}
