package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Story.monthly;
import static com.cognitionos.rating.entity.Story.monthlyInArrears;
import static com.cognitionos.rating.entity.Story.price;
import static com.cognitionos.rating.entity.Story.yearly;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.rating.entity.Recurring.Timing;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Recurring prices in the worked cases of Lago: calendar days, the last one charged. */
class LagoScenariosTest {

    private static final Cadence QUARTER = Cadence.months(3);

    @Test
    @Scenario("LG-01")
    @DisplayName("an upgrade on the last day of a month, to a year of 366 days")
    void upgradeOnTheLastDay() {
        Story story = Story.by(Grain.DAY_INCLUSIVE)
                .anchor("2023-06-29T12:12:00Z")
                .on("2023-06-29T12:12:00Z")
                .has(monthly("basic", "10.00"))
                .on("2023-09-28T10:00:00Z")
                .has(yearly("premium", "120.00"));
        assertThat(story.through("2023-09-28T10:00:00Z"))
                .endsWith("2023-09-28..2023-09-29 -32 basic", "2023-09-28..2024-06-29 9016 premium");
    }

    @Test
    @Scenario("LG-03")
    @DisplayName("the denominator is the whole quarter, whenever the subscription began")
    void quarterInArrears() {
        Recurring quarterly = price("plan", "910.00", QUARTER, Timing.IN_ARREARS);
        for (String anchor : List.of("2024-04-15", "2024-04-01")) {
            Story story = Story.by(Grain.DAY_INCLUSIVE)
                    .anchor(anchor)
                    .on("2024-05-20")
                    .has(quarterly)
                    .on("2024-06-20")
                    .ends();
            assertThat(story.through("2025-01-01")).containsExactly("2024-05-20..2024-06-21 32000 plan");
        }
    }

    @Test
    @Scenario("LG-07")
    @DisplayName("trials that end inside a calendar month, one of them in Tokyo")
    void trials() {
        Recurring plan = monthly("plan", "50000.00");
        assertThat(trialFrom("2024-03-05", "2024-03-15", plan).through("2024-03-31"))
                .containsExactly("2024-03-15..2024-04-01 2741935 plan");
        Story upgraded = Story.by(Grain.DAY_INCLUSIVE)
                .anchor("2024-03-01")
                .on("2024-03-05")
                .trial()
                .hasFrom("2024-03-15", plan)
                .on("2024-03-10")
                .trial()
                .hasFrom("2024-03-18", monthly("better", "100000.00"));
        assertThat(upgraded.through("2024-03-31")).containsExactly("2024-03-18..2024-04-01 4516129 better");
        assertThat(trialFrom("2024-03-05", "2024-04-19", plan).through("2024-04-30"))
                .containsExactly("2024-04-19..2024-05-01 2000000 plan");
        Story tokyo = Story.by(Grain.DAY_INCLUSIVE)
                .in("Asia/Tokyo")
                .anchor("2024-03-01")
                .on("2024-03-22T18:12:00Z")
                .trial()
                .hasFrom("2024-04-02", plan);
        assertThat(tokyo.through("2024-04-30")).containsExactly("2024-04-02..2024-05-01 4833333 plan");
    }

    private static Story trialFrom(String start, String end, Recurring then) {
        return Story.by(Grain.DAY_INCLUSIVE)
                .anchor("2024-03-01")
                .on(start)
                .trial()
                .hasFrom(end, then);
    }

    /** The peer charges the difference of an item that stays: here its old price is given back beside the new one. */
    @Test
    @Scenario("LG-15")
    @DisplayName("fixed charges in advance beside a plan in arrears, changed inside the month")
    void fixedCharges() {
        Recurring first = monthly("first", "10.00");
        Recurring second = monthly("second", "15.00");
        Story story = Story.by(Grain.DAY_INCLUSIVE)
                .anchor("2023-07-01")
                .on("2023-07-19T12:12:00Z")
                .has(first, second, monthlyInArrears("plan", "1.00"))
                .on("2023-08-21T12:00:00Z")
                .has(monthly("second", "100.00"), monthly("third", "20.00"));
        assertThat(story.through("2023-07-31"))
                .containsExactly("2023-07-19..2023-08-01 419 first", "2023-07-19..2023-08-01 629 second");
        List<String> upgrade = story.through("2023-08-31");
        assertThat(upgrade).contains("2023-08-01..2023-08-21 65 plan", "2023-08-21..2023-09-01 710 third");
        // Of the charge that is replaced 532 are given back, so the new one costs 3016 more.
        assertThat(upgrade).contains("2023-08-21..2023-09-01 -532 second", "2023-08-21..2023-09-01 3548 second");
        assertThat(story.through("2023-09-01"))
                .endsWith("2023-09-01..2023-10-01 10000 second", "2023-09-01..2023-10-01 2000 third");
    }

    @Test
    @Scenario("LG-17")
    @DisplayName("the day of the end is charged, also when it is the day of the start")
    void lastDayInclusive() {
        Recurring plan = monthlyInArrears("plan", "10.00");
        for (String[] end : new String[][] {{"2023-09-06", "67"}, {"2023-09-05", "33"}}) {
            Story story = Story.by(Grain.DAY_INCLUSIVE)
                    .anchor("2023-09-05")
                    .on("2023-09-05")
                    .has(plan)
                    .on(end[0])
                    .ends();
            assertThat(story.total("2024-01-01")).isEqualTo(Long.parseLong(end[1]));
        }
    }

    @Test
    @DisplayName("an end that comes with the period's end adds no day of the next one")
    void endsWithThePeriod() {
        for (Recurring plan : List.of(monthly("plan", "10.00"), monthlyInArrears("plan", "10.00"))) {
            Story story = Story.by(Grain.DAY_INCLUSIVE)
                    .anchor("2023-09-05")
                    .on("2023-09-05")
                    .has(plan)
                    .on("2023-09-20")
                    .endsOn("2023-10-05");
            assertThat(story.through("2024-01-01")).containsExactly("2023-09-05..2023-10-05 1000 plan");
        }
    }

    /** The peer's run comes minutes after the boundary; it invoices what fell due there. */
    @Test
    @Scenario("LG-09")
    @DisplayName("the last month before a downgrade is trued up to its minimum")
    void minimumOnTermination() {
        Story story = Story.by(Grain.DAY_INCLUSIVE)
                .anchor("2024-03-01")
                .on("2024-03-01")
                .has(monthlyInArrears("plan", "100.00"))
                .on("2024-05-15")
                .hasFrom("2024-06-01", monthlyInArrears("smaller", "50.00"));
        List<String> lines = story.through("2024-06-01T00:15:49Z");
        assertThat(lines).hasSize(3).endsWith("2024-05-01..2024-06-01 10000 plan");
        Commitment commitment = new Commitment(1_000_000, null);
        assertThat(commitment.trueUpCents(10_000)).isEqualTo(990_000);
    }

    @Test
    @Scenario("LG-19")
    @DisplayName("what a threshold invoice charged in December is credited at the month's end")
    void thresholdInvoice() {
        Story story = Story.by(Grain.DAY_INCLUSIVE)
                .anchor("2022-12-01")
                .on("2022-12-01")
                .has(monthlyInArrears("plan", "31.00"));
        Metered metered = Metered.from("2022-12-01").event("2022-12-14", 20_000).event("2022-12-28", 20_000);
        Price each = Price.of(new Pricing.PerUnit(BigDecimal.ONE));
        Slice threshold = Slice.within(each, metered.used("2022-12-01", "2022-12-15"), 0);
        assertThat(threshold.dueCents()).isEqualTo(20_000);
        Slice period = Slice.closing(each, metered.used("2022-12-01", "2023-01-01"), threshold.dueCents());
        assertThat(story.through("2023-01-01")).containsExactly("2022-12-01..2023-01-01 3100 plan");
        assertThat(3100 + period.amountCents()).isEqualTo(43_100);
        assertThat(period.billedBeforeCents()).isEqualTo(20_000);
        assertThat(3100 + period.dueCents()).isEqualTo(23_100);
    }
}
