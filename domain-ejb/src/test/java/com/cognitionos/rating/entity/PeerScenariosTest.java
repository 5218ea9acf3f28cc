package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Story.monthly;
import static com.cognitionos.rating.entity.Story.monthlyInArrears;
import static com.cognitionos.rating.entity.Story.times;
import static com.cognitionos.rating.entity.Story.unprorated;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recurring prices in the worked cases of OpenMeter, Flexprice, Meteroid, Stripe and Autumn. */
class PeerScenariosTest {

    @Test
    @Scenario("OM-01")
    @DisplayName("the first part of a month by the second, whole where parts are not prorated")
    void stubBySecond() {
        for (boolean prorated : new boolean[] {true, false}) {
            Recurring plan = monthly("plan", "20.00");
            Story story = Story.by(Grain.SECOND)
                    .anchor("2024-01-01")
                    .on("2024-01-21T21:55:18Z")
                    .has(prorated ? plan : unprorated(plan))
                    .on("2024-02-01")
                    .ends();
            assertThat(story.total("2024-03-01")).isEqualTo(prorated ? 651 : 2000);
        }
    }

    @Test
    @Scenario("OM-03")
    @DisplayName("15 of the 29 days of a February")
    void leapFebruary() {
        Story story = Story.by(Grain.DAY)
                .anchor("2024-02-01")
                .on("2024-02-01")
                .has(monthly("plan", "100.00"))
                .on("2024-02-16")
                .ends();
        assertThat(story.total("2024-03-01")).isEqualTo(5172);
    }

    @Test
    @Scenario("FX-02")
    @DisplayName("by the second from several instants of an April")
    void april() {
        for (String[] start : new String[][] {
            {"2026-04-01", "2000"}, {"2026-04-11", "1333"}, {"2026-04-21", "667"}, {"2026-04-30", "67"}
        }) {
            Story story =
                    Story.by(Grain.SECOND).anchor("2026-04-01").on(start[0]).has(monthly("plan", "20.00"));
            assertThat(story.total("2026-04-30T12:00:00Z")).isEqualTo(Long.parseLong(start[1]));
        }
    }

    @Test
    @Scenario({"MT-01", "MT-03"})
    @DisplayName("seats beside the plan, each line rounded for itself")
    void seats() {
        for (int seats : new int[] {1, 5}) {
            Story story = Story.by(Grain.DAY)
                    .anchor("2024-01-01")
                    .on("2024-01-01")
                    .has(monthly("plan", "29.00"), times(seats, monthly("seat", "10.00")))
                    .on("2024-01-16")
                    .has(monthly("plus", "99.00"), times(seats, monthly("plus-seat", "25.00")));
            List<Long> upgrade = story.movementsThrough("2024-01-16").stream()
                    .skip(2)
                    .map(Movement::cents)
                    .toList();
            assertThat(upgrade)
                    .isEqualTo(
                            seats == 1 ? List.of(-1497L, -516L, 5110L, 1290L) : List.of(-1497L, -2581L, 5110L, 6452L));
            assertThat(upgrade.stream().mapToLong(Long::longValue).sum()).isEqualTo(seats == 1 ? 4387 : 7484);
        }
    }

    @Test
    @Scenario({"ST-01", "ST-07"})
    @DisplayName("exactly halfway")
    void halfway() {
        Story doubled = halfway(monthly("small", "10.00"), monthly("large", "20.00"));
        assertThat(doubled.through("2026-04-16"))
                .endsWith("2026-04-16..2026-05-01 -500 small", "2026-04-16..2026-05-01 1000 large");
        assertThat(Customer.payingIn("USD").through("2026-04-16", doubled).told())
                .endsWith("2026-04-16 total 500 due 500 balance 0");
        Story more = halfway(monthly("small", "20.00"), monthly("large", "50.00"));
        assertThat(Customer.payingIn("USD").through("2026-04-16", more).told())
                .endsWith("2026-04-16 total 1500 due 1500 balance 0");
    }

    private static Story halfway(Recurring before, Recurring after) {
        return Story.by(Grain.SECOND)
                .anchor("2026-04-01")
                .on("2026-04-01")
                .has(before)
                .on("2026-04-16")
                .has(after);
    }

    /** Our rule: a credit gives back only what was paid, and the discount stays granted to what takes its place. */
    @Test
    @Scenario("ST-05")
    @DisplayName("a quantity raised on the day on which a coupon paid for the first unit")
    void quantityAfterACoupon() {
        Recurring unit = monthly("plan", "72.00");
        Story story = Story.by(Grain.DAY)
                .anchor("2026-04-01")
                .on("2026-04-01T09:00:00Z")
                .has(unit)
                .on("2026-04-01T15:00:00Z")
                .has(times(2, unit));
        Customer customer = Customer.payingIn("USD")
                .with(Discount.of("once", new Discount.Percent(BigDecimal.valueOf(100)), Discount.Duration.ONCE))
                .through("2026-04-02", story);
        assertThat(story.through("2026-04-02"))
                .containsExactly(
                        "2026-04-01..2026-05-01 7200 plan",
                        "2026-04-01..2026-05-01 -7200 plan",
                        "2026-04-01..2026-05-01 14400 plan");
        assertThat(customer.told())
                .containsExactly("2026-04-01 total 0 due 0 balance 0", "2026-04-01 total 7200 due 7200 balance 0");
    }

    @Test
    @Scenario("MT-05")
    @DisplayName("a price of usage that changes on 15 February makes no invoice of its own")
    void usagePriceOnly() {
        Recurring flat = monthlyInArrears("flat", "10.00");
        Story story = Story.by(Grain.DAY)
                .anchor("2026-02-01")
                .on("2026-02-01")
                .has(flat)
                .on("2026-02-15")
                .has(flat);
        assertThat(story.through("2026-02-15")).isEmpty();
        assertThat(story.through("2026-03-01")).containsExactly("2026-02-01..2026-03-01 1000 flat");
        assertThat(Metered.from("2026-02-01")
                        .event("2026-02-10", 500)
                        .event("2026-02-15", 800)
                        .changing(each("10"), "2026-02-15", each("11")))
                .containsExactly("2026-02-01..2026-02-15 5000", "2026-02-15..2026-03-01 8800");
        assertThat(1000 + 5000 + 8800).isEqualTo(14_800);
    }

    @ParameterizedTest
    @Scenario("FX-04")
    @DisplayName("an anchor at a month's end or on a leap day comes back to its day")
    @CsvSource({
        "2024-01-31, 1, 2024-02-29",
        "2023-12-31, 2, 2024-02-29",
        "2024-12-31, 2, 2025-02-28",
        "2024-01-31, 2, 2024-03-31",
        "2024-02-29, 12, 2025-02-28",
        "2024-02-29, 48, 2028-02-29",
        "2023-02-28, 12, 2024-02-28"
    })
    void monthEnds(LocalDate anchor, int months, LocalDate boundary) {
        Anchor counted = new Anchor(anchor.atStartOfDay().toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
        assertThat(counted.boundary(months, Cadence.MONTH))
                .isEqualTo(boundary.atStartOfDay().toInstant(ZoneOffset.UTC));
        if (months % 12 == 0) {
            assertThat(counted.boundary(months / 12, Cadence.YEAR)).isEqualTo(counted.boundary(months, Cadence.MONTH));
        }
    }

    private static Price each(String cents) {
        return Price.of(new Pricing.PerUnit(new BigDecimal(cents)));
    }
}
