package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Story.monthly;
import static com.cognitionos.rating.entity.Story.monthlyInArrears;
import static com.cognitionos.rating.entity.Story.price;
import static com.cognitionos.rating.entity.Story.times;
import static com.cognitionos.rating.entity.Story.unprorated;
import static com.cognitionos.rating.entity.Story.yearly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.rating.entity.Recurring.Timing;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Recurring prices over a history of changes; the names in brackets are worked cases of peers. */
class TimelineTest {

    private static final Recurring SHOTGUN = monthly("shotgun", "249.95");
    private static final Recurring RIFLE = monthly("rifle", "599.95");
    private static final Recurring PISTOL = monthly("pistol", "29.95");
    private static final Cadence QUARTER = Cadence.months(3);

    @Test
    @DisplayName("KB-01: anchor day 31 after a trial, changed twice, canceled at a period's end")
    void anchorDayInThePast() {
        Story story = Story.by(Grain.DAY)
                .anchor("2012-01-31")
                .on("2012-02-01")
                .trial()
                .hasFrom("2012-03-02", SHOTGUN)
                .hasFrom("2012-03-02", RIFLE)
                .on("2012-03-02")
                .hasFrom("2012-03-31", PISTOL)
                .on("2012-07-01")
                .endsOn("2012-07-31");
        assertThat(story.through("2014-01-01"))
                .containsExactly(
                        "2012-03-02..2012-03-31 56124 rifle",
                        "2012-03-31..2012-04-30 2995 pistol",
                        "2012-04-30..2012-05-31 2995 pistol",
                        "2012-05-31..2012-06-30 2995 pistol",
                        "2012-06-30..2012-07-31 2995 pistol");
    }

    @Test
    @DisplayName("KB-03: the same with anchor day 3")
    void anchorDayInTheFuture() {
        Story story = Story.by(Grain.DAY)
                .anchor("2012-02-03")
                .on("2012-02-01")
                .trial()
                .hasFrom("2012-03-02", RIFLE)
                .on("2012-03-03")
                .hasFrom("2012-04-03", PISTOL);
        assertThat(story.through("2012-05-02"))
                .containsExactly(
                        "2012-03-02..2012-03-03 2069 rifle",
                        "2012-03-03..2012-04-03 59995 rifle",
                        "2012-04-03..2012-05-03 2995 pistol");
    }

    @Test
    @DisplayName("KB-05: an anchor that moves twice cuts no period that is charged")
    void movingAnchors() {
        Story story = Story.by(Grain.DAY)
                .anchor("2016-05-01")
                .on("2016-04-01")
                .trial()
                .hasFrom("2016-05-01", SHOTGUN)
                .on("2016-05-01")
                .movesAnchorTo("2016-05-15", "2016-06-01")
                .on("2016-06-15")
                .movesAnchorTo("2016-06-10", "2016-07-15");
        assertThat(story.through("2016-07-20"))
                .containsExactly(
                        "2016-05-01..2016-06-01 24995 shotgun",
                        "2016-06-01..2016-06-15 11288 shotgun",
                        "2016-06-15..2016-07-15 24995 shotgun",
                        "2016-07-15..2016-08-10 20964 shotgun");
    }

    @Test
    @DisplayName("KB-07: a change inside the month, then a moved anchor")
    void changeThenAnchor() {
        Story story = Story.by(Grain.DAY)
                .anchor("2016-05-01")
                .on("2016-05-01")
                .has(SHOTGUN)
                .on("2016-05-05")
                .has(RIFLE)
                .movesAnchorTo("2016-05-10", "2016-06-01");
        assertThat(story.through("2016-06-09"))
                .containsExactly(
                        "2016-05-01..2016-06-01 24995 shotgun",
                        "2016-05-05..2016-06-01 -21770 shotgun",
                        "2016-05-05..2016-06-01 52254 rifle",
                        "2016-06-01..2016-06-10 17418 rifle");
    }

    @Test
    @DisplayName("KB-09: exactly half a cent is rounded up")
    void halfACent() {
        Story story = Story.by(Grain.DAY)
                .anchor("2016-06-01")
                .on("2016-06-01")
                .has(monthly("add-on", "1999.95"))
                .on("2016-06-04")
                .movesAnchorTo("2016-06-04", "2016-07-01");
        assertThat(story.through("2016-07-04"))
                .endsWith("2016-07-01..2016-07-04 20000 add-on", "2016-07-04..2016-08-04 199995 add-on");
    }

    @Test
    @DisplayName("KB-11: a moved anchor waits for the end of the period")
    void anchorWaits() {
        Story story = Story.by(Grain.DAY)
                .anchor("2018-06-21")
                .on("2018-06-21")
                .has(monthly("plan", "19.95"))
                .on("2018-07-01")
                .movesAnchorTo("2018-07-01", "2018-07-21");
        assertThat(story.through("2018-07-31"))
                .containsExactly("2018-06-21..2018-07-21 1995 plan", "2018-07-21..2018-08-01 708 plan");
    }

    @Test
    @DisplayName("KB-13, KB-15: from a month to a year or a quarter, the anchor kept")
    void longerPeriods() {
        Story toYear = Story.by(Grain.DAY)
                .anchor("2012-05-01")
                .on("2012-05-01")
                .has(SHOTGUN)
                .on("2012-05-12")
                .has(yearly("shotgun-annual", "2399.95"));
        assertThat(toYear.through("2012-06-02"))
                .containsExactly(
                        "2012-05-01..2012-06-01 24995 shotgun",
                        "2012-05-12..2012-06-01 -16126 shotgun",
                        "2012-05-12..2013-05-01 232762 shotgun-annual");
        Story toQuarter = Story.by(Grain.DAY)
                .anchor("2012-05-01")
                .on("2012-05-01")
                .has(PISTOL)
                .on("2012-05-12")
                .has(price("pistol-quarterly", "69.95", QUARTER, Timing.IN_ADVANCE));
        assertThat(toQuarter.through("2012-08-01"))
                .containsExactly(
                        "2012-05-01..2012-06-01 2995 pistol",
                        "2012-05-12..2012-06-01 -1932 pistol",
                        "2012-05-12..2012-08-01 6159 pistol-quarterly",
                        "2012-08-01..2012-11-01 6995 pistol-quarterly");
    }

    @Test
    @DisplayName("KB-17: a pause inside a paid year, found out later and invoiced at once; the calendar moves to June")
    void pauseInAYear() {
        Recurring annual = yearly("annual", "2399.95");
        Story story = Story.by(Grain.DAY)
                .anchor("2012-05-01")
                .on("2012-05-01")
                .has(annual)
                .on("2012-06-04")
                .hasFrom("2012-05-12")
                .hasFrom("2012-06-04", annual)
                .anchor("2013-06-01")
                .hasFrom("2013-05-01", annual);
        assertThat(story.through("2013-06-01"))
                .containsExactly(
                        "2012-05-01..2013-05-01 239995 annual",
                        "2012-05-12..2012-06-04 -15123 annual",
                        "2013-05-01..2013-06-01 20383 annual",
                        "2013-06-01..2014-06-01 239995 annual");
    }

    @Test
    @DisplayName("KB-19: a pause gives the rest back, going on charges the rest of the then running period")
    void pauseAndResume() {
        Story story = Story.by(Grain.DAY)
                .anchor("2012-03-02")
                .on("2012-03-02")
                .has(SHOTGUN)
                .on("2012-03-04")
                .pauses()
                .on("2012-04-05")
                .resumes();
        assertThat(story.through("2012-04-30"))
                .containsExactly(
                        "2012-03-02..2012-04-02 24995 shotgun",
                        "2012-03-04..2012-04-02 -23382 shotgun",
                        "2012-04-05..2012-05-02 22496 shotgun");
    }

    @Test
    @DisplayName("KB-23: a year that is changed on its first day is given back whole")
    void changedOnTheFirstDay() {
        Story story = Story.by(Grain.DAY)
                .anchor("2012-05-01")
                .on("2012-05-01")
                .has(yearly("annual", "2399.95"))
                .on("2012-05-01T09:00:00Z")
                .hasFrom("2012-05-01", SHOTGUN);
        assertThat(story.through("2012-06-01"))
                .containsExactly(
                        "2012-05-01..2013-05-01 239995 annual",
                        "2012-05-01..2013-05-01 -239995 annual",
                        "2012-05-01..2012-06-01 24995 shotgun",
                        "2012-06-01..2012-07-01 24995 shotgun");
    }

    @Test
    @DisplayName("KB-25: a quantity that changes at a period's end")
    void quantities() {
        Story story = Story.by(Grain.DAY)
                .anchor("2022-11-27")
                .on("2022-11-27")
                .has(times(7, PISTOL))
                .on("2022-12-01")
                .hasFrom("2022-12-27", times(10, PISTOL));
        assertThat(story.through("2022-12-31"))
                .containsExactly("2022-11-27..2022-12-27 20965 pistol", "2022-12-27..2023-01-27 29950 pistol");
    }

    @Test
    @DisplayName("KB-27: a change that is known ahead splits the period before it is charged")
    void knownAhead() {
        Story story = Story.by(Grain.DAY)
                .anchor("2018-03-15")
                .on("2018-03-15")
                .has(monthly("v1", "49.95"))
                .hasFrom("2018-05-01", monthly("v2", "59.95"));
        assertThat(story.through("2018-05-15"))
                .containsExactly(
                        "2018-03-15..2018-04-15 4995 v1",
                        "2018-04-15..2018-05-01 2664 v1",
                        "2018-05-01..2018-05-15 2798 v2",
                        "2018-05-15..2018-06-15 5995 v2");
    }

    @Test
    @DisplayName("KB-29: half of a February, 14.975")
    void halfOfFebruary() {
        Story story = Story.by(Grain.DAY)
                .anchor("2017-01-01")
                .on("2017-01-01")
                .has(monthly("free", "0"))
                .on("2017-02-15")
                .has(PISTOL);
        assertThat(story.through("2017-03-01"))
                .containsExactly("2017-02-15..2017-03-01 1498 pistol", "2017-03-01..2017-04-01 2995 pistol");
    }

    @Test
    @DisplayName("KB-31: a pause inside a period that is paid in arrears")
    void pauseInArrears() {
        Story story = Story.by(Grain.DAY)
                .anchor("2020-01-01")
                .on("2020-01-01")
                .has(monthlyInArrears("plan", "100.00"))
                .on("2020-01-15")
                .pauses()
                .on("2020-01-20")
                .resumes();
        assertThat(story.through("2020-02-01"))
                .containsExactly("2020-01-01..2020-01-15 4516 plan", "2020-01-20..2020-02-01 3871 plan");
    }

    @Test
    @DisplayName("KB-33: canceled two days before the paid period ends")
    void canceled() {
        Story story = Story.by(Grain.DAY)
                .anchor("2022-02-13")
                .on("2022-02-13")
                .has(monthly("plan", "100.00"))
                .on("2022-03-11")
                .ends();
        assertThat(story.through("2023-01-01"))
                .containsExactly("2022-02-13..2022-03-13 10000 plan", "2022-03-11..2022-03-13 -714 plan");
    }

    @Test
    @DisplayName("KB-35: add-ons that come and change on the last days of a month, in arrears")
    void addOnsAtTheMonthsEnd() {
        Recurring base = monthlyInArrears("base", "1000");
        Recurring first = monthlyInArrears("first", "900");
        Recurring second = monthlyInArrears("second", "300");
        Story story = Story.by(Grain.DAY)
                .anchor("2025-03-31")
                .on("2025-03-31")
                .has(base, first)
                .on("2025-05-30")
                .has(base, first, second)
                .on("2025-05-31")
                .has(base, monthlyInArrears("first-2", "950"), second);
        assertThat(story.through("2025-05-31"))
                .containsExactly(
                        "2025-03-31..2025-04-30 100000 base",
                        "2025-03-31..2025-04-30 90000 first",
                        "2025-04-30..2025-05-31 100000 base",
                        "2025-04-30..2025-05-31 90000 first",
                        "2025-05-30..2025-05-31 968 second");
    }

    @Test
    @DisplayName("KB-49: a price by the day, in New York")
    void daily() {
        Story story = Story.by(Grain.DAY)
                .in("America/New_York")
                .anchor("2024-04-12")
                .on("2024-04-12")
                .trial()
                .hasFrom("2024-04-13", price("day", "1.00", new Cadence(1, ChronoUnit.DAYS), Timing.IN_ADVANCE));
        assertThat(story.through("2024-04-14"))
                .containsExactly("2024-04-13..2024-04-14 100 day", "2024-04-14..2024-04-15 100 day");
    }

    @Test
    @DisplayName("LG-01: an upgrade on the last day of a month, to a year of 366 days")
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
    @DisplayName("LG-03: the denominator is the whole quarter, whenever the subscription began")
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
    @DisplayName("LG-07: trials that end inside a calendar month, one of them in Tokyo")
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

    @Test
    @DisplayName("LG-15: fixed charges in advance beside a plan in arrears, changed inside the month")
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
    @DisplayName("LG-17: the day of the end is charged, also when it is the day of the start")
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
    @DisplayName("OM-01: the first part of a month by the second, whole where parts are not prorated")
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
    @DisplayName("OM-03: 15 of the 29 days of a February")
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
    @DisplayName("FX-02: by the second from several instants of an April")
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
    @DisplayName("MT-01, MT-03: seats beside the plan, each line rounded for itself")
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
        }
    }

    @Test
    @DisplayName("ST-01, ST-07: exactly halfway")
    void halfway() {
        Story story = Story.by(Grain.SECOND)
                .anchor("2026-04-01")
                .on("2026-04-01")
                .has(monthly("small", "10.00"))
                .on("2026-04-16")
                .has(monthly("large", "20.00"));
        assertThat(story.through("2026-04-16"))
                .endsWith("2026-04-16..2026-05-01 -500 small", "2026-04-16..2026-05-01 1000 large");
    }

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
}
