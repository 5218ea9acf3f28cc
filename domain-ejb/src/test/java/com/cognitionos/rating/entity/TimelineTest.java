package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Story.monthly;
import static com.cognitionos.rating.entity.Story.price;
import static com.cognitionos.rating.entity.Story.unprorated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.rating.entity.Recurring.Timing;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Recurring prices over a history of changes; worked cases of peers are in the scenario tests. */
class TimelineTest {

    @Test
    void thePartsOfAChargeThatAreGivenBackSumToIt() {
        Story story = Story.by(Grain.DAY).anchor("2026-01-01").on("2026-01-01").has(monthly("plan", "0.50"));
        Recurring plan = monthly("plan", "0.50");
        // A day is missing in the middle, then another, and at last all of it.
        story.on("2026-01-20").hasFrom("2026-01-10").hasFrom("2026-01-11", plan);
        story.on("2026-01-21").hasFrom("2026-01-13").hasFrom("2026-01-14", plan);
        story.on("2026-01-22").hasFrom("2026-01-01");
        assertThat(story.through("2026-01-31"))
                .containsExactly(
                        "2026-01-01..2026-02-01 50 plan",
                        "2026-01-10..2026-01-11 -2 plan",
                        "2026-01-13..2026-01-14 -2 plan",
                        "2026-01-01..2026-01-10 -15 plan",
                        "2026-01-11..2026-01-13 -3 plan",
                        "2026-01-14..2026-02-01 -28 plan");
        assertThat(story.total("2026-01-31")).isZero();
    }

    /** A day of 16 cents for 31 days is 0.52: one by one, odd days first, each gives back a cent until none is left. */
    @Test
    void nothingIsGivenBackOfWhatIsUsedUp() {
        Recurring plan = monthly("plan", "0.16");
        Story story = Story.by(Grain.DAY).anchor("2026-01-01").on("2026-01-01").has(plan);
        boolean[] held = new boolean[33];
        Arrays.fill(held, 1, 32, true);
        int minute = 0;
        for (int first = 1; first <= 2; first++) {
            for (int day = first; day <= 31; day += 2) {
                held[day] = false;
                story.on(String.format("2026-01-31T12:%02d:00Z", minute++));
                for (int later = day; later <= 31; later++) {
                    if (later == day || held[later] != held[later - 1]) {
                        story.hasFrom(
                                String.format("2026-01-%02d", later),
                                held[later] ? new Recurring[] {plan} : new Recurring[0]);
                    }
                }
            }
        }
        List<Long> cents = story.movementsThrough("2026-01-31T13:00:00Z").stream()
                .map(Movement::cents)
                .toList();
        assertThat(cents).hasSize(1 + 16).startsWith(16L).endsWith(-1L);
        assertThat(cents.stream().mapToLong(Long::longValue).sum()).isZero();
    }

    @Test
    void whatIsAddedBesideAPriceThatGoesOnIsInvoicedWithItAtThePeriodsEnd() {
        Recurring plan = price("plan", "31.00", Cadence.MONTH, Timing.AT_PERIOD_END);
        Recurring addOn = price("add-on", "31.00", Cadence.MONTH, Timing.AT_PERIOD_END);
        for (Recurring going : List.of(plan, unprorated(plan))) {
            Story story = Story.by(Grain.DAY)
                    .anchor("2026-01-01")
                    .on("2026-01-01")
                    .has(going)
                    .on("2026-01-11")
                    .has(going, addOn);
            assertThat(story.movementsThrough("2026-01-31")).isEmpty();
            assertThat(story.through("2026-02-01"))
                    .containsExactlyInAnyOrder(
                            "2026-01-01..2026-02-01 3100 plan", "2026-01-11..2026-02-01 2100 add-on");
        }
    }

    @Test
    void aMoveWaitsForWhatIsInvoicedAtThePeriodsEnd() {
        Recurring old = price("old", "31.00", Cadence.MONTH, Timing.AT_PERIOD_END);
        Recurring dearer = price("new", "62.00", Cadence.MONTH, Timing.AT_PERIOD_END);
        Recurring ahead = monthly("ahead", "31.00");
        Story story = Story.by(Grain.DAY)
                .anchor("2026-01-01")
                .on("2026-01-01")
                .has(old)
                .laterOn("2026-01-11")
                .movesTo(dearer);
        assertThat(story.movementsThrough("2026-01-31")).isEmpty();
        assertThat(story.through("2026-02-01"))
                .containsExactlyInAnyOrder(
                        "2026-01-01..2026-02-01 3100 old",
                        "2026-01-11..2026-02-01 -2100 old",
                        "2026-01-11..2026-02-01 4200 new");
        assertThat(story.laterOn("2026-01-21").ends().through("2026-01-21"))
                .as("with the early end of the period")
                .containsExactlyInAnyOrder(
                        "2026-01-01..2026-02-01 3100 old",
                        "2026-01-11..2026-02-01 -2100 old",
                        "2026-01-11..2026-02-01 4200 new",
                        "2026-01-21..2026-02-01 -2200 new");

        Story fromAhead = Story.by(Grain.DAY)
                .anchor("2026-01-01")
                .on("2026-01-01")
                .has(ahead)
                .laterOn("2026-01-11")
                .movesTo(dearer);
        assertThat(fromAhead.through("2026-01-11"))
                .as("what was paid for comes back at once")
                .containsExactly("2026-01-01..2026-02-01 3100 ahead", "2026-01-11..2026-02-01 -2100 ahead");
        assertThat(fromAhead.through("2026-02-01")).contains("2026-01-11..2026-02-01 4200 new");

        Story toAhead = Story.by(Grain.DAY)
                .anchor("2026-01-01")
                .on("2026-01-01")
                .has(old)
                .laterOn("2026-01-11")
                .movesTo(ahead);
        assertThat(toAhead.through("2026-01-11"))
                .as("what is due in advance is due at once")
                .containsExactly("2026-01-11..2026-02-01 2100 ahead");
    }

    private static final Recurring SHOTGUN = monthly("shotgun", "249.95");
    private static final Recurring RIFLE = monthly("rifle", "599.95");
    private static final Recurring PISTOL = monthly("pistol", "29.95");

    @Test
    @DisplayName("30/360: a half month is 15 days, also in February and in a month of 31 days")
    void fixed30() {
        for (String[] start :
                new String[][] {{"2026-01-16", "50.00"}, {"2026-02-16", "50.00"}, {"2026-02-28", "3.33"}}) {
            Story story =
                    Story.by(Grain.FIXED30).anchor("2026-01-01").on(start[0]).has(monthly("plan", "100.00"));
            assertThat(story.through("2026-02-28").get(0)).endsWith(" " + Story.cents(start[1]) + " plan");
        }
    }

    @Test
    void whatIsChangedThereAndBackAtOneInstantCostsNothing() {
        Story story = Story.by(Grain.SECOND)
                .anchor("2026-01-31")
                .on("2026-01-31")
                .has(SHOTGUN)
                .on("2026-02-10T10:00:00Z")
                .has(RIFLE)
                .has(SHOTGUN);
        assertThat(story.through("2026-02-27")).hasSize(1);
    }

    @Test
    void whatWasInvoicedAtTheSameInstantIsGivenBack() {
        Story story = Story.by(Grain.SECOND)
                .anchor("2026-01-31")
                .on("2026-01-31")
                .has(SHOTGUN)
                .laterOn("2026-02-28")
                .has(RIFLE)
                .laterOn("2026-02-28")
                .has(SHOTGUN);
        assertThat(story.through("2026-02-28"))
                .containsExactly(
                        "2026-01-31..2026-02-28 24995 shotgun",
                        "2026-02-28..2026-03-31 24995 shotgun",
                        "2026-02-28..2026-03-31 -24995 shotgun",
                        "2026-02-28..2026-03-31 59995 rifle",
                        "2026-02-28..2026-03-31 -59995 rifle",
                        "2026-02-28..2026-03-31 24995 shotgun");
        assertThat(story.movementsThrough("2026-02-28"))
                .extracting(Movement::entry)
                .containsExactly(0, 0, 1, 1, 2, 2);
    }

    @Test
    void whatEndsAtItsFirstInstantLeavesNoLine() {
        Story story = Story.by(Grain.SECOND)
                .anchor("2026-01-31")
                .on("2026-01-31")
                .has(price("plan", "49.00", Cadence.MONTH, Timing.AT_PERIOD_END))
                .laterOn("2026-01-31")
                .ends();
        assertThat(story.through("2027-01-31")).isEmpty();
    }

    @Test
    void aMonthThatIsInvoicedAtItsEndComesWithAnEndBeforeIt() {
        Story story = Story.by(Grain.SECOND)
                .anchor("2026-01-31")
                .on("2026-01-31")
                .has(price("plan", "49.00", Cadence.MONTH, Timing.AT_PERIOD_END))
                .laterOn("2026-02-14")
                .ends();
        assertThat(story.movementsThrough("2027-01-31"))
                .extracting(Movement::at, Movement::cents)
                .containsExactly(tuple(story.instant("2026-02-14"), -2450L), tuple(story.instant("2026-02-14"), 4900L));
    }

    @Test
    void aChangeThatReplacesAScheduledOneLeavesNothingOfIt() {
        Story story = Story.by(Grain.DAY)
                .anchor("2026-01-01")
                .on("2026-01-01")
                .has(RIFLE)
                .on("2026-01-10")
                .hasFrom("2026-02-01", PISTOL)
                .on("2026-01-20")
                .has(SHOTGUN);
        assertThat(story.through("2026-02-01"))
                .endsWith("2026-02-01..2026-03-01 24995 shotgun")
                .noneMatch(line -> line.endsWith("pistol"));
    }

    @Test
    void aBackdatedChangeIsInvoicedWhenItBecomesKnown() {
        Story story = Story.by(Grain.DAY)
                .anchor("2026-01-01")
                .on("2026-01-01")
                .has(SHOTGUN)
                .on("2026-01-20")
                .hasFrom("2026-01-11", RIFLE);
        assertThat(story.movementsThrough("2026-01-31"))
                .extracting(Movement::at)
                .containsExactly(story.instant("2026-01-01"), story.instant("2026-01-20"), story.instant("2026-01-20"));
        assertThat(story.through("2026-01-31"))
                .endsWith("2026-01-11..2026-02-01 -16932 shotgun", "2026-01-11..2026-02-01 40642 rifle");
    }

    @Test
    void aHistoryOutOfOrderIsRefused() {
        List<Change> history = Story.by(Grain.DAY)
                .anchor("2026-01-01")
                .on("2026-01-20")
                .has(SHOTGUN)
                .on("2026-01-01")
                .has(RIFLE)
                .history();
        assertThatThrownBy(() ->
                        Timeline.through(history, Grain.DAY, history.get(0).from()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The grain is that of the terms that a price is of, also for what is given back later on. */
    @Test
    void eachTermsHaveAGrainOfTheirOwn() {
        Anchor anchor = new Anchor(Instant.parse("2026-02-01T00:00:00Z"), ZoneOffset.UTC);
        Instant noon = Instant.parse("2026-02-15T12:00:00Z");
        Recurring old = new Recurring("plan", 2_800, BigDecimal.ONE, Cadence.MONTH, Timing.IN_ADVANCE, true);
        Recurring better = new Recurring("plan", 5_600, BigDecimal.ONE, Cadence.MONTH, Timing.IN_ADVANCE, true);
        List<Change> history = List.of(
                new Change(
                        anchor.at(),
                        anchor.at(),
                        false,
                        Change.Terms.of(anchor, old).by(Grain.DAY)),
                new Change(noon, noon, true, Change.Terms.of(anchor, better)));
        assertThat(Timeline.through(history, Grain.SECOND, noon))
                .extracting(Movement::cents)
                .as("14 of 28 days back, 13.5 of them charged")
                .containsExactly(2_800L, -1_400L, 2_700L);
    }
}
