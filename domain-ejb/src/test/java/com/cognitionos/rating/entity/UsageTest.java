package com.cognitionos.rating.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What lies above a free part, and what must be known of the events for that. */
class UsageTest {

    @Test
    void anEventThatCrossesTheFreeQuantityKeepsWhatItHasAbove() {
        assertThat(events(4, 4, 10, 2).above(dec(10))).isEqualTo(events(8, 2));
    }

    @Test
    void theFreeQuantityMayEndBetweenTwoEvents() {
        assertThat(events(4, 4, 10).above(dec(8))).isEqualTo(events(10));
        assertThat(events(4, 4).above(dec(8))).isEqualTo(Usage.NONE);
        assertThat(events(4, 4).above(dec(9))).isEqualTo(Usage.NONE);
    }

    @Test
    void nothingOrAllMayBeFree() {
        assertThat(events(4, 4).above(dec(0))).isEqualTo(events(4, 4));
        assertThat(events(0, 4).above(dec(0))).isEqualTo(events(0, 4));
        assertThat(events(4, 4).above(null)).isEqualTo(Usage.NONE);
        assertThat(events(4, 4).beyond(0L, dec(100))).isEqualTo(events(4, 4));
        assertThat(events(4, 4).beyond(2L, null)).isEqualTo(Usage.NONE);
    }

    @Test
    void theFirstEventsAreEnough() {
        Usage many = new Usage(dec(1000), 100L, List.of(dec(4), dec(4), dec(10)));
        assertThat(many.above(dec(10))).isEqualTo(new Usage(dec(990), 98L, List.of(dec(8))));
        assertThat(many.above(dec(18))).isEqualTo(Usage.of(dec(982), 97));
        assertThat(many.beyond(2L, null)).isEqualTo(new Usage(dec(992), 98L, List.of(dec(10))));
        assertThat(many.beyond(3L, dec(500))).isEqualTo(Usage.of(dec(982), 97));
    }

    @Test
    void withTooFewOfThemTheEventsAboveAreNotKnown() {
        Usage many = new Usage(dec(1000), 100L, List.of(dec(4)));
        assertThat(many.above(dec(10))).isEqualTo(Usage.of(dec(990)));
        assertThat(many.beyond(100L, dec(10)))
                .as("the units end it in any case")
                .isEqualTo(Usage.of(dec(990)));
        assertThatIllegalArgumentException().isThrownBy(() -> many.beyond(2L, null));
        assertThatIllegalArgumentException().isThrownBy(() -> many.beyond(2L, dec(10)));
    }

    @Test
    void usageThatFollowsKeepsTheOrderOfTime() {
        assertThat(events(4, 5).plus(events(6))).isEqualTo(events(4, 5, 6));
        assertThat(Usage.NONE.plus(events(6))).isEqualTo(events(6));
        Usage partly = new Usage(dec(9), 2L, List.of(dec(4)));
        assertThat(partly.plus(events(6))).isEqualTo(new Usage(dec(15), 3L, List.of(dec(4))));
        assertThat(events(4).plus(Usage.of(dec(6)))).isEqualTo(Usage.of(dec(10)));
        assertThat(Usage.of(dec(6)).plus(events(4))).isEqualTo(Usage.of(dec(10)));
    }

    @Test
    void eventsAgreeWithTheQuantity() {
        assertThatIllegalArgumentException().isThrownBy(() -> Usage.of(dec(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Usage.of(dec(1), -1));
        assertThatIllegalArgumentException().isThrownBy(() -> events(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Usage(dec(9), null, List.of(dec(9))));
        assertThatIllegalArgumentException().isThrownBy(() -> new Usage(dec(9), 1L, List.of(dec(8))));
        assertThatIllegalArgumentException().isThrownBy(() -> new Usage(dec(9), 3L, List.of(dec(8), dec(2))));
        assertThatIllegalArgumentException().isThrownBy(() -> new Usage(dec(9), 1L, List.of(dec(8), dec(1))));
    }

    private static Usage events(long... quantities) {
        return Usage.ofEvents(
                LongStream.of(quantities).mapToObj(BigDecimal::valueOf).toList());
    }

    private static BigDecimal dec(long value) {
        return BigDecimal.valueOf(value);
    }
}
