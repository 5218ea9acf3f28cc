package com.cognitionos.rating.entity;

import static com.cognitionos.rating.entity.Story.monthly;
import static com.cognitionos.rating.entity.Story.monthlyInArrears;
import static com.cognitionos.rating.entity.Story.price;
import static com.cognitionos.rating.entity.Story.times;
import static com.cognitionos.rating.entity.Story.yearly;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.rating.entity.Recurring.Timing;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Recurring prices in the worked cases of Kill Bill: calendar days, the last one not charged. */
class KillBillScenariosTest {

    private static final Recurring SHOTGUN = monthly("shotgun", "249.95");
    private static final Recurring RIFLE = monthly("rifle", "599.95");
    private static final Recurring PISTOL = monthly("pistol", "29.95");
    private static final Cadence QUARTER = Cadence.months(3);

    @Test
    @Scenario("KB-01")
    @DisplayName("anchor day 31 after a trial, changed twice, canceled at a period's end")
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
    @Scenario("KB-03")
    @DisplayName("the same with anchor day 3")
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

    /** The peer's change of the billing day waits for the end of what is charged: here the anchor moves there. */
    @Test
    @Scenario("KB-05")
    @DisplayName("an anchor that moves twice cuts no period that is charged")
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
    @Scenario("KB-07")
    @DisplayName("a change inside the month, then a moved anchor")
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
    @Scenario("KB-09")
    @DisplayName("exactly half a cent is rounded up")
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
    @Scenario("KB-11")
    @DisplayName("a moved anchor waits for the end of the period")
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
    @Scenario({"KB-13", "KB-15"})
    @DisplayName("from a month to a year or a quarter, the anchor kept")
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

    /** The peer invoices nothing in between: here pause and return become known together. */
    @Test
    @Scenario("KB-17")
    @DisplayName("a pause inside a paid year, found out later and invoiced at once; the calendar moves to June")
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
    @Scenario("KB-19")
    @DisplayName("a pause gives the rest back, going on charges the rest of the then running period")
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
        assertThat(Customer.payingIn("USD").through("2012-04-30", story).told())
                .containsExactly(
                        "2012-03-02 total 24995 due 24995 balance 0",
                        "2012-03-04 total 0 due 0 balance -23382",
                        "2012-04-05 total 22496 due 0 balance -886");
    }

    @Test
    @Scenario("KB-23")
    @DisplayName("a year that is changed on its first day is given back whole")
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
        assertThat(Customer.payingIn("USD").through("2012-07-01", story).told())
                .containsExactly(
                        "2012-05-01 total 239995 due 239995 balance 0",
                        "2012-05-01 total 0 due 0 balance -215000",
                        "2012-06-01 total 24995 due 0 balance -190005",
                        "2012-07-01 total 24995 due 0 balance -165010");
    }

    @Test
    @Scenario("KB-25")
    @DisplayName("a quantity that changes at a period's end")
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

    /** The peer dates a catalogue version for those who have the plan already: here a change is agreed ahead. */
    @Test
    @Scenario("KB-27")
    @DisplayName("a change that is known ahead splits the period before it is charged")
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
    @Scenario("KB-29")
    @DisplayName("half of a February, 14.975")
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
    @Scenario("KB-31")
    @DisplayName("a pause inside a period that is paid in arrears")
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

    /** The peer's early bill run charges a price in arrears ahead of time: here it is one in advance. */
    @Test
    @Scenario("KB-33")
    @DisplayName("canceled two days before the paid period ends")
    void canceled() {
        Story story = Story.by(Grain.DAY)
                .anchor("2022-02-13")
                .on("2022-02-13")
                .has(monthly("plan", "100.00"))
                .on("2022-03-11")
                .ends();
        assertThat(story.through("2023-01-01"))
                .containsExactly("2022-02-13..2022-03-13 10000 plan", "2022-03-11..2022-03-13 -714 plan");
        assertThat(Customer.payingIn("USD").through("2023-01-01", story).told())
                .containsExactly("2022-02-13 total 10000 due 10000 balance 0", "2022-03-11 total 0 due 0 balance -714");
    }

    @Test
    @Scenario("KB-35")
    @DisplayName("add-ons that come and change on the last days of a month, in arrears")
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
        assertThat(Metered.from("2025-03-31").event("2025-05-15", 10).monthly(each("100"), "2025-05-31"))
                .containsExactly("2025-03-31..2025-04-30 0", "2025-04-30..2025-05-31 1000");
    }

    @Test
    @Scenario("KB-49")
    @DisplayName("a price by the day, in New York")
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

    /** The peer adjusts an item of a paid invoice: here a credit note does. */
    @Test
    @Scenario("KB-21")
    @DisplayName("what is given back of an adjusted item is no more than is left of it")
    void adjustedItem() {
        Story story = Story.by(Grain.DAY).anchor("2012-05-01").on("2012-05-01").has(SHOTGUN);
        Customer customer =
                Customer.payingIn("USD").through("2012-05-01", story).adjusted(1000);
        assertThat(customer.balance().cents()).isEqualTo(-1000);
        story.on("2012-05-02").has(monthly("discount", "9.95"));
        List<Customer.Item> change = story.movementsThrough("2012-05-02").stream()
                .filter(movement -> movement.at().equals(story.instant("2012-05-02")))
                .map(Customer::item)
                .toList();
        assertThat(change).extracting(Customer.Item::cents).containsExactly(-24_189L, 963L);

        InvoiceAmounts amounts =
                customer.invoice(story.instant("2012-05-02"), change).amounts();
        assertThat(amounts.lines()).extracting(InvoicedLine::cents).containsExactly(-23_995L, 963L);
        assertThat(amounts.creditToBalanceCents()).isEqualTo(23_032);
        assertThat(customer.balance().cents()).isEqualTo(-1000 - 23_032);
    }

    /** The peer's last day of usage is the day of the cancellation, as by the grain that charges that day. */
    @Test
    @Scenario("KB-37")
    @DisplayName("blocks of 100, a started one whole, up to the end of the day of a cancellation")
    void blocks() {
        Price blocks = Price.of(new Pricing.Package(BigDecimal.valueOf(100), BigDecimal.valueOf(295)));
        assertThat(Metered.from("2012-04-01")
                        .event("2012-04-05", 99)
                        .event("2012-04-15", 100)
                        .event("2012-05-05", 50)
                        .event("2012-05-15", 300)
                        .event("2012-06-05", 85)
                        .monthly(blocks, "2012-06-30"))
                .containsExactly(
                        "2012-04-01..2012-05-01 590", "2012-05-01..2012-06-01 1180", "2012-06-01..2012-07-01 295");
        assertThat(Metered.from("2012-05-01")
                        .event("2012-05-01", 50)
                        .event("2012-05-16", 300)
                        .until(canceledFrom("2012-05-16T00:00:00Z"), blocks))
                .containsExactly("2012-05-01..2012-05-17 1180");
        assertThat(Metered.from("2012-05-01")
                        .event("2012-05-03", 99)
                        .event("2012-05-05", 100)
                        .event("2012-05-29", 100)
                        .until(canceledFrom("2012-05-28T00:00:00Z"), blocks))
                .containsExactly("2012-05-01..2012-05-29 590");
    }

    private static Instant canceledFrom(String at) {
        return Grain.DAY_INCLUSIVE.canceledFrom(Instant.parse(at), ZoneOffset.UTC);
    }

    /** The peer's capacity tiers: here volume tiers of flat fees over the month's peak. */
    @Test
    @Scenario("KB-39")
    @DisplayName("a month's peak is priced by the tier that it reaches")
    void capacity() {
        Price capacity = Price.of(new Pricing.Volume(
                new PriceTier(BigDecimal.valueOf(100), BigDecimal.ZERO, BigDecimal.valueOf(10_000)),
                new PriceTier(null, BigDecimal.ZERO, BigDecimal.valueOf(100_000))));
        assertThat(Metered.peakFrom("2012-04-01")
                        .event("2012-04-02", 40)
                        .event("2012-04-20", 150)
                        .event("2012-04-21", 99)
                        .event("2012-06-10", 50)
                        .monthly(capacity, "2012-06-30"))
                .containsExactly(
                        "2012-04-01..2012-05-01 100000", "2012-05-01..2012-06-01 0", "2012-06-01..2012-07-01 10000");
    }

    @Test
    @Scenario("KB-41")
    @DisplayName("usage on the day of a change belongs to the new price")
    void usageAtAChange() {
        Metered metered = Metered.from("2026-05-28")
                .event("2026-05-28", 10)
                .event("2026-06-01", 5)
                .event("2026-06-05", 8)
                .event("2026-06-10", 3)
                .event("2026-06-17T23:59:59", 7)
                .event("2026-06-18", 4);
        assertThat(metered.changing(each("100"), "2026-06-18", each("300")))
                .containsExactly("2026-05-28..2026-06-18 3300", "2026-06-18..2026-06-28 1200");
    }

    @Test
    @Scenario("KB-43")
    @DisplayName("months in New York end at local midnight, whenever the account was created")
    void daylightSavingOfUsage() {
        // Anchor day 1: of an account of 1 March the first, of one of 15 March, in summer time, the first or the next.
        for (String anchor : List.of("2023-03-01", "2023-04-01")) {
            Metered metered = Metered.in("America/New_York", anchor);
            for (String local : List.of(
                    "2023-03-01T04:00",
                    "2023-03-15T00:00",
                    "2023-03-31T23:59",
                    "2023-04-01T00:00",
                    "2023-04-01T00:01",
                    "2023-04-15T00:00",
                    "2023-04-30T23:59",
                    "2023-05-01T00:00",
                    "2023-05-01T00:01")) {
                metered.event(local, 1);
            }
            assertThat(metered.around("2023-03-15T12:00", each("1"))).containsExactly("2023-03-01..2023-04-01 3");
            assertThat(metered.around("2023-04-15T12:00", each("1"))).containsExactly("2023-04-01..2023-05-01 4");
            assertThat(metered.around("2023-05-15T12:00", each("1"))).containsExactly("2023-05-01..2023-06-01 2");
        }
    }

    @Test
    @Scenario("KB-47")
    @DisplayName("a credit pays the open invoice, and what it does not need the next one")
    void creditForAnOpenInvoice() {
        Story story = Story.by(Grain.DAY).anchor("2012-05-01").on("2012-05-01").has(SHOTGUN);
        InvoiceAmounts open = Customer.payingIn("USD")
                .through("2012-05-01", story)
                .documents()
                .get(0)
                .amounts();
        CustomerBalance.Settlement settled = open.newBalance().credited(30_000).pay(open.amountDueCents());
        assertThat(settled.appliedCents()).isEqualTo(24_995);
        assertThat(settled.dueCents()).isZero();
        assertThat(settled.balance().cents()).isEqualTo(-5005);
    }

    private static Price each(String cents) {
        return Price.of(new Pricing.PerUnit(new BigDecimal(cents)));
    }
}
