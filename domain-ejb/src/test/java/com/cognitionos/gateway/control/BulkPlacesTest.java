package com.cognitionos.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** GAT-13: places that were taken more than one at a time. */
class BulkPlacesTest {

    private final AtomicLong now = new AtomicLong(-5);
    private final BulkPlaces<String, String> bulk = new BulkPlaces<>(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private String take() {
        return bulk.take("a", (first, n) -> first + n).orElse("none");
    }

    @Test
    void theyAreUsedInTheirTimeAndEachOnce() {
        assertThat(bulk.wanted("a")).isEqualTo(1);
        bulk.remember("a", "x", 3, now.get());
        assertThat(take()).isEqualTo("x1");
        assertThat(bulk.take("b", (first, n) -> first)).isEmpty();
        pass(BulkPlaces.USE_BY.minusNanos(1));
        assertThat(take()).isEqualTo("x2");
        assertThat(take()).isEqualTo("none");

        bulk.remember("a", "y", 3, now.get());
        pass(BulkPlaces.USE_BY);
        assertThat(take()).isEqualTo("none");
    }

    @Test
    void whoIsBusyAsksForTwiceAsManyAndWhoWasAwayForOne() {
        for (int i = 0; i < BulkPlaces.BUSY; i++) {
            assertThat(bulk.wanted("a")).isEqualTo(1);
            bulk.remember("a", "x", 1, now.get());
            pass(Duration.ofMillis(4));
        }
        for (int places : new int[] {2, 4, 8, 16, 32, 64, 100, 100}) {
            assertThat(bulk.wanted("a")).isEqualTo(places);
            bulk.remember("a", "x", places, now.get());
            pass(Duration.ofMillis(50));
        }
        pass(Duration.ofMillis(50));
        assertThat(bulk.wanted("a")).isEqualTo(1);
    }

    @Test
    void whoAsksNowAndThenIsNotBusyHoweverOften() {
        for (int i = 0; i < 10 * BulkPlaces.BUSY; i++) {
            bulk.remember("a", "x", 1, now.get());
            pass(Duration.ofMillis(6));
            assertThat(bulk.wanted("a")).isEqualTo(1);
        }
    }

    @Test
    void aCrowdOfAMomentIsNotBusy() {
        bulk.remember("a", "x", 8, now.get());
        for (int used = 1; used < 8; used++) {
            assertThat(take()).isNotEqualTo("none");
        }
        assertThat(bulk.isTimeToAsk("a")).isFalse();
        assertThat(bulk.wanted("a")).isEqualTo(1);
    }

    private void beBusy() {
        for (int i = 0; i < BulkPlaces.BUSY; i++) {
            bulk.remember("a", "x", 1, now.get());
        }
    }

    @Test
    void whatTheDatabaseGaveCountsNotWhatWasAskedFor() {
        bulk.remember("a", "x", 1, now.get());
        assertThat(take()).isEqualTo("none");
    }

    @Test
    void theNextPlacesAreAskedForWhenHalfAreUsedAndComeAfterThese() {
        beBusy();
        bulk.remember("a", "x", 8, now.get());
        for (int used = 1; used < 4; used++) {
            assertThat(bulk.isTimeToAsk("a")).isFalse();
            take();
        }
        assertThat(bulk.isTimeToAsk("a")).isTrue();
        assertThat(bulk.isTimeToAsk("a")).isFalse();
        assertThat(bulk.wanted("a")).isEqualTo(16);
        pass(Duration.ofMillis(40));
        bulk.rememberAhead("a", "y", 16, now.get());
        assertThat(take()).isEqualTo("x4");
        pass(Duration.ofMillis(60));
        assertThat(take()).as("when the first ones are over").isEqualTo("y0");
        for (int n = 1; n < 16; n++) {
            assertThat(take()).isEqualTo("y" + n);
        }
        assertThat(take()).isEqualTo("none");
        assertThat(bulk.isTimeToAsk("a")).isTrue();
        pass(Duration.ofMillis(40));
        assertThat(bulk.wanted("a")).isEqualTo(1);
    }

    @Test
    void fewPlacesAreNotWorthAskingAhead() {
        beBusy();
        bulk.remember("a", "x", 4, now.get());
        take();
        take();
        assertThat(bulk.isTimeToAsk("a")).isFalse();
    }

    @Test
    void afterAKeyHasEndedAllAskAgain() {
        bulk.remember("a", "x", 50, now.get());
        bulk.clear();
        assertThat(take()).isEqualTo("none");
        assertThat(bulk.wanted("a")).isEqualTo(1);

        long before = now.get();
        pass(Duration.ofMillis(1));
        bulk.clear();
        bulk.remember("a", "x", 50, before);
        assertThat(take()).as("what was asked for before the key ended").isEqualTo("none");
        pass(Duration.ofMillis(1));
        bulk.remember("a", "x", 50, now.get());
        bulk.rememberAhead("a", "y", 50, before);
        for (int i = 1; i < 50; i++) {
            take();
        }
        assertThat(take()).isEqualTo("none");
    }

    @Test
    void aCrowdOfPlacesFillsNoMemory() {
        for (int i = 0; i < BulkPlaces.MOST_KEPT + 10; i++) {
            bulk.remember("a" + i, "x", 1, now.get());
        }
        assertThat(bulk.size()).isEqualTo(BulkPlaces.MOST_KEPT);
        pass(BulkPlaces.USE_BY);
        bulk.remember("b", "x", 1, now.get());
        assertThat(bulk.size()).isEqualTo(1);
    }
}
