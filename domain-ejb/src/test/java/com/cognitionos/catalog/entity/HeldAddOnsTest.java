package com.cognitionos.catalog.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.HeldAddOns.Item;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SUB-12: what is had on top of a plan, and what a change makes of it. */
class HeldAddOnsTest {

    private static final Item SEATS = new Item("seats", 1, 5);
    private static final Item SUPPORT = new Item("support", 2, 1);

    @Test
    void whatIsWrittenReadsAsTheSame() {
        HeldAddOns held = new HeldAddOns(List.of(SEATS, SUPPORT));
        assertThat(HeldAddOns.parse(held.text())).isEqualTo(held);
        assertThat(HeldAddOns.parse("{}")).isEqualTo(HeldAddOns.NONE);
    }

    @Test
    void aChangeTakesAwayWhatItHasNoneOf() {
        HeldAddOns held = new HeldAddOns(List.of(SEATS));
        HeldAddOns change = HeldAddOns.NONE.with(SUPPORT).with(new Item("seats", 1, 0));
        assertThat(held.after(change).items()).containsExactly(SUPPORT);
        assertThat(held.after(HeldAddOns.NONE)).isEqualTo(held);
        assertThat(held.with(new Item("seats", 1, 6)).items()).containsExactly(new Item("seats", 1, 6));
        assertThat(held.agrees(held.after(change), "seats")).isFalse();
        assertThat(held.agrees(held, "support")).isTrue();
    }
}
