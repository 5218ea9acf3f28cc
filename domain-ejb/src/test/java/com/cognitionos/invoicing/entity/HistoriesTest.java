package com.cognitionos.invoicing.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.AddOn;
import com.cognitionos.invoicing.control.Finalisation;
import com.cognitionos.invoicing.entity.Invoiced.Place;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.rating.entity.Change;
import com.cognitionos.rating.entity.Commitment;
import com.cognitionos.rating.entity.CreditNoteAmounts;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.Discount;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.InvoiceAmounts;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.Jurisdiction;
import com.cognitionos.rating.entity.Movement;
import com.cognitionos.rating.entity.PrepaidCredit;
import com.cognitionos.rating.entity.Recurring.Timing;
import com.cognitionos.rating.entity.Tax;
import com.cognitionos.rating.entity.TaxRate;
import com.cognitionos.rating.entity.Taxes;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every subscription's whole life, invoiced as the product does it. The numbers are the invariants of
 * money: I3 and the grain's share of I4 are in TimelinePropertiesTest; I8 and I10 are the database's, and their tests
 * run in the container.
 */
class HistoriesTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final List<ZoneId> ZONES =
            List.of(ZoneOffset.UTC, BERLIN, ZoneId.of("America/Juneau"), ZoneId.of("Australia/Lord_Howe"));

    /** Coupons, taxes and money of a customer. */
    record Purse(
            List<Discount> coupons,
            int taxHundredths,
            boolean inclusive,
            long prepaid,
            boolean expires,
            long minimum,
            boolean pays) {

        static final Purse NOTHING_BUT_MONEY = new Purse(List.of(), 0, true, 0, true, 0, true);

        Account account() {
            TaxRate rate = new TaxRate(
                    new Tax("vat", BigDecimal.valueOf(taxHundredths, 2), inclusive),
                    Jurisdiction.of("DE"),
                    Set.of(),
                    LocalDate.EPOCH,
                    null);
            return new Account(
                    coupons,
                    new Taxes.InForce(Taxes.Treatment.STANDARD, List.of(rate)),
                    new PrepaidCredit(
                            "prepaid",
                            prepaid,
                            expires ? Instant.parse("2027-08-01T00:00:00Z") : null,
                            0,
                            Instant.EPOCH),
                    minimum,
                    pays);
        }
    }

    /** I1: at every instant, by days on every day, an item is charged once or not at all. */
    @Property
    void nothingIsChargedTwice(@ForAll("lives") Life life, @ForAll("zones") ZoneId zone) {
        // By 30/360 a 31st costs nothing and leaves no trace.
        Life told = life.grains().stream().allMatch(grain -> grain == Grain.SECOND)
                ? life
                : life.inWholeDays().with(Grain.FIXED30, Grain.DAY);
        List<InvoiceLine> lines = plans(Lived.of(told, zone).lines()).toList();
        Set<Instant> instants = new TreeSet<>();
        lines.forEach(line -> {
            instants.add(line.period().start());
            instants.add(line.period().end());
        });
        Set<String> items = lines.stream().map(InvoiceLine::plan).collect(Collectors.toSet());
        for (Instant instant : instants) {
            for (String item : items) {
                int charged = lines.stream()
                        .filter(line ->
                                line.plan().equals(item) && line.period().contains(instant))
                        .mapToInt(line -> Long.signum(line.amountCents()))
                        .sum();
                assertThat(charged).as("%s at %s", item, instant).isBetween(0, 1);
            }
        }
    }

    /** I5: the invoices together are what the history says, wherever billing stops in between and how often it runs. */
    @Property
    void theInvoicesAreAFunctionOfTheHistory(@ForAll("lives") Life life, @ForAll("zones") ZoneId zone) {
        Lived lived = Lived.of(life, zone);
        assertThat(plans(lived.lines()).map(line -> line.plan() + line.period() + line.amountCents()))
                .containsExactlyInAnyOrderElementsOf(lived.movements().stream()
                        .map(movement -> AddOn.codeOf(movement.price())
                                        .orElse(movement.price().item())
                                + movement.span()
                                + movement.cents())
                        .toList());
        List<Lived.Stop> stops = lived.stops();
        for (int i = 1; i < stops.size(); i++) {
            Instant before = stops.get(i - 1).at();
            Instant between = before.plus(
                    java.time.Duration.between(before, stops.get(i).at()).dividedBy(2));
            if (between.isAfter(before)) {
                List<Change> known = lived.history().stream()
                        .filter(change -> !change.recordedAt().isAfter(between))
                        .toList();
                assertThat(InvoiceCalculator.lines(
                                new BillingFacts(lived.agreement(known), between, 0, false, null, List.of())))
                        .as("a run at %s, when nothing is due", between)
                        .isEmpty();
            }
        }
    }

    /** I9: what is shown before a change is what is invoiced, also when that is worked out once all that followed is known. */
    @Property
    void thePreviewIsTheInvoice(@ForAll("lives") Life life, @ForAll("zones") ZoneId zone) {
        Lived lived = Lived.of(life, zone);
        List<Change> history = lived.history();
        for (Lived.Stop stop : lived.stops()) {
            int known = stop.facts().agreement().history().size();
            List<Change> all = new ArrayList<>(history.subList(0, known));
            history.subList(known, history.size()).stream()
                    .filter(change -> change.recordedAt().isAfter(stop.at()))
                    .forEach(all::add);
            BillingFacts facts = stop.facts();
            assertThat(InvoiceCalculator.lines(new BillingFacts(
                            lived.agreement(all),
                            facts.at(),
                            facts.since(),
                            facts.last(),
                            facts.month(),
                            facts.reopened(),
                            facts.charges())))
                    .isEqualTo(stop.lines());
        }
    }

    /** I2: of a price for a period, what is charged and given back nets to 0 at least, and at most to the price. */
    @Property
    void creditsNeverExceedTheirCharges(@ForAll("lives") Life life, @ForAll("zones") ZoneId zone) {
        // A day in which an item goes from a plan by seconds to one by days is charged by both.
        assertNets(life, zone, false);
        assertNets(life.by(life.grains().get(0)), zone, true);
    }

    private static void assertNets(Life life, ZoneId zone, boolean byOneGrain) {
        Map<String, List<Movement>> same = Lived.of(life, zone).movements().stream()
                .collect(Collectors.groupingBy(movement -> movement.price() + " " + movement.reference()));
        same.values().forEach(movements -> {
            long net = movements.stream().mapToLong(Movement::cents).sum();
            // Each part is rounded for itself.
            long most = movements.get(0).price().cents() + movements.size();
            assertThat(net).isBetween(0L, byOneGrain ? most : Long.MAX_VALUE);
        });
    }

    /** I4, I7, I11: lines, discounts and taxes sum to each invoice, it posts balanced, and no money comes from nowhere. */
    @Property
    void everyInvoiceAddsUp(@ForAll("lives") Life life, @ForAll("zones") ZoneId zone, @ForAll("purses") Purse purse) {
        Account account = purse.account();
        Lived.of(life, zone, account);
        long settled = account.balance().cents();
        for (Account.Document document : account.documents()) {
            InvoiceAmounts invoice = document.amounts();
            assertThat(invoice.subtotalCents()).isEqualTo(InvoiceCalculator.subtotalCents(document.lines()));
            assertThat(invoice.subtotalCents() - invoice.discountCents() + invoice.exclusiveTaxCents())
                    .isEqualTo(invoice.totalCents() - invoice.creditToBalanceCents());
            assertThat(invoice.lines().stream()
                            .mapToLong(InvoicedLine::taxCents)
                            .sum())
                    .isEqualTo(invoice.taxCents());
            assertThat(invoice.totalCents()).isNotNegative();
            assertThat(document.dueCents()).isNotNegative();
            post(invoice);
            if (!document.isVoid()) {
                settled += document.dueCents() + invoice.creditsAppliedCents();
                settled -= document.notes().stream()
                        .mapToLong(CreditNoteAmounts::refundCents)
                        .sum();
            }
        }
        assertThat(owedCents(account))
                .as("what all lines come to less what notes took off is paid, due or on the balance")
                .isEqualTo(settled);
    }

    /** What invoices come to with tax, less what notes took off them. */
    private static long owedCents(Account account) {
        return account.documents().stream()
                .filter(document -> !document.isVoid())
                .mapToLong(document -> document.amounts().totalCents()
                        - document.amounts().creditToBalanceCents()
                        - document.notes().stream()
                                .mapToLong(CreditNoteAmounts::totalCents)
                                .sum())
                .sum();
    }

    private static final Life.Holding FREE = new Life.Holding(0, false, 0, false);
    private static final Life.Holding PRO = new Life.Holding(1, false, 0, false);
    private static final Life.Holding TEAM = new Life.Holding(2, false, 0, false);

    private static Life.Act change(int hour, Life.Holding holding) {
        return new Life.Act(hour, Life.Deed.CHANGE, 1, holding);
    }

    /** To the second and from the start. @param maximum of what a month comes to; null for none */
    private static Life life(
            @Nullable Long maximum, Timing timing, Life.Holding holding, List<Life.Act> acts, Life.Read... reads) {
        return new Life(
                List.of(Grain.SECOND, Grain.SECOND, Grain.SECOND),
                maximum == null ? null : new Commitment(0, maximum),
                timing,
                0,
                0,
                holding,
                acts,
                List.of(reads));
    }

    /** 10 cents of usage in time and 10 late, all of which is taken back. */
    @Example
    void usageOfTwoInvoicesIsTakenBackByOne() {
        Life life = life(
                null,
                Timing.IN_ADVANCE,
                new Life.Holding(1, true, 0, false),
                List.of(change(168, FREE)),
                new Life.Read("executions", 0, 10_001, 0, 480),
                new Life.Read("executions", 0, 10_002, 840, 480));
        everyInvoiceAddsUp(life, ZoneOffset.UTC, Purse.NOTHING_BUT_MONEY);
    }

    /** What is given back before it is charged is no credit on an earlier charge's rest. */
    @Example
    void aCreditBeforeItsChargeIsWhole() {
        Life life = life(
                null,
                Timing.AT_PERIOD_END,
                FREE,
                List.of(
                        change(1, TEAM),
                        change(2, FREE),
                        new Life.Act(2, Life.Deed.SCHEDULE, 1, TEAM),
                        change(3, FREE)));
        everyInvoiceAddsUp(life, ZoneOffset.UTC, Purse.NOTHING_BUT_MONEY);
    }

    /** What a month's maximum takes off its plan, notes cannot give back once more. */
    @Example
    void theMaximumTakesOffThePlanToo() {
        Life life = life(0L, Timing.IN_ADVANCE, PRO, List.of(change(1, FREE)));
        assertNoMoreIsGivenBack(life, ZoneOffset.UTC, Purse.NOTHING_BUT_MONEY);
    }

    /** A line that gives two charges back takes of each the discount that it had, no cent of it from the other. */
    @Example
    void eachChargeTakesItsOwnDiscountBack() {
        Discount coupon = Discount.of("coupon", new Discount.Amount(354, "USD"), Discount.Duration.ONCE)
                .keepingRest();
        Life life = life(0L, Timing.IN_ADVANCE, PRO, List.of(change(1, TEAM)));
        assertNoMoreIsGivenBack(life, ZoneOffset.UTC, new Purse(List.of(coupon), 0, false, 0, true, 0, true));
    }

    /** What had been above the maximum is taken back once: with what the maximum had taken off it. */
    @Example
    void usageAboveTheMaximumIsTakenBack() {
        Life life = life(0L, Timing.IN_ADVANCE, TEAM, List.of(), new Life.Read("tokens", 100, 13_908_078, 0, 700));
        assertNoMoreIsGivenBack(life, ZoneOffset.UTC, Purse.NOTHING_BUT_MONEY);
        assertNoMoreIsGivenBack(
                life, ZoneOffset.UTC, couponOf(new Discount.Amount(9_000, "USD"), Discount.Duration.FOREVER));
    }

    /** A month takes its own charges first: what it takes of a year more than its part, the months to come lack. */
    @Example
    void theMaximumTakesOfAYearItsPart() {
        Life life = life(
                0L,
                Timing.IN_ADVANCE,
                FREE,
                List.of(
                        change(864, TEAM),
                        new Life.Act(3_698, Life.Deed.SCHEDULE, 448, new Life.Holding(1, true, 0, false))));
        assertNoMoreIsGivenBack(life, ZoneOffset.UTC, Purse.NOTHING_BUT_MONEY);
    }

    /** Of a year twelve lines take parts, each rounded: the next makes good what the one before has taken too much. */
    @Example
    void theLinesOfAYearTakeItsDiscountToTheCent() {
        Life life = life(415L, Timing.IN_ADVANCE, new Life.Holding(1, true, 2, false), List.of(change(7_453, FREE)));
        assertNoMoreIsGivenBack(
                life, ZoneOffset.UTC, couponOf(new Discount.Percent(new BigDecimal("89.99")), Discount.Duration.ONCE));
    }

    /** A coupon takes the whole add-on: of it no cent is given back, however its line is shared out. */
    @Example
    void aPartTakesNoMoreDiscountThanItIs() {
        Life life = life(0L, Timing.IN_ADVANCE, new Life.Holding(1, true, 2, false), List.of());
        assertNoMoreIsGivenBack(
                life, ZoneOffset.UTC, couponOf(new Discount.Amount(7_454, "USD"), Discount.Duration.FOREVER));
    }

    private static Purse couponOf(Discount.Effect effect, Discount.Duration duration) {
        return new Purse(List.of(Discount.of("coupon", effect, duration).keepingRest()), 0, true, 0, true, 0, true);
    }

    /** What a month has of a year is weighed by that plan's grain, whatever plan comes after it. */
    @Example
    void theMaximumWeighsEachPlanByItsGrain() {
        Life life = new Life(
                List.of(Grain.DAY, Grain.FIXED30, Grain.SECOND),
                new Commitment(0, 0L),
                Timing.IN_ARREARS,
                0,
                0,
                new Life.Holding(1, false, 2, false),
                List.of(
                        new Life.Act(1, Life.Deed.MOVE_ANCHOR, 1, PRO),
                        new Life.Act(972, Life.Deed.CHANGE_AT_PERIOD_END, 1, new Life.Holding(1, true, 2, false)),
                        change(1_939, new Life.Holding(2, true, 0, false))),
                List.of());
        assertNoMoreIsGivenBack(life, BERLIN, Purse.NOTHING_BUT_MONEY);
    }

    /** Above the maximum, late usage of one meter takes the place of another's that is taken back: nothing moves. */
    @Example
    void usageOfAnotherMeterAboveTheMaximum() {
        Life life = life(
                0L,
                Timing.IN_ADVANCE,
                FREE,
                List.of(change(1, PRO)),
                new Life.Read("executions", 6_744, 10_006, 840, 0),
                new Life.Read("tokens", 7_000, 15_984_000, 0, 480));
        assertNoMoreIsGivenBack(
                life, ZoneOffset.UTC, couponOf(new Discount.Amount(7_658, "USD"), Discount.Duration.FOREVER));
    }

    /** What a note has given back of a month, its maximum does not take of the months to come. */
    @Example
    void theMaximumOfANotedMonthLeavesTheYearAlone() {
        Life.Holding year = new Life.Holding(1, true, 2, false);
        Life life = new Life(
                List.of(Grain.SECOND, Grain.SECOND, Grain.SECOND),
                new Commitment(0, 0L),
                Timing.IN_ADVANCE,
                -21,
                0,
                PRO,
                List.of(
                        new Life.Act(8, Life.Deed.SCHEDULE, 711, year),
                        new Life.Act(349, Life.Deed.CREDIT, 102, FREE),
                        change(912, FREE)),
                List.of());
        assertNoMoreIsGivenBack(life, ZoneOffset.UTC, Purse.NOTHING_BUT_MONEY);
    }

    /** Late usage above the maximum is taken down as usage in time would be. */
    @Example
    void lateUsageAboveTheMaximumCostsNothing() {
        Life life = life(
                0L, Timing.IN_ADVANCE, FREE, List.of(change(1, PRO)), new Life.Read("executions", 672, 10_001, 840, 0));
        lateUsageCostsTheSame(life, ZoneOffset.UTC, new Random(1));
    }

    /** Of a month that ends early, the charge of the next one is no part, also when it is known by then. */
    @Example
    void aReopenedMonthKnowsNothingOfTheNext() {
        Life life = life(
                0L,
                Timing.IN_ADVANCE,
                PRO,
                List.of(
                        change(1, new Life.Holding(0, true, 0, false)),
                        change(1, new Life.Holding(0, false, 1, false))),
                new Life.Read("executions", 0, 0, 120, 0));
        lateUsageCostsTheSame(life, ZoneOffset.UTC, new Random(1));
    }

    /** A part of a commitment is weighed by the plan's grain, in its zone. */
    @Example
    void aCommitmentIsWeighedByDays() {
        Life life = new Life(
                List.of(Grain.DAY, Grain.DAY, Grain.DAY),
                new Commitment(4_896, null),
                Timing.IN_ADVANCE,
                0,
                0,
                PRO,
                List.of(change(768, FREE)),
                List.of());
        zonesChangeNothing(life, BERLIN);
    }

    /** I11: of no charge is more given back, by lines and notes, than was charged for it, nor more of its discount. */
    @Property
    void noMoreIsGivenBackThanWasPaid(
            @ForAll("lives") Life life, @ForAll("zones") ZoneId zone, @ForAll("purses") Purse purse) {
        assertNoMoreIsGivenBack(life, zone, purse);
    }

    private static void assertNoMoreIsGivenBack(Life life, ZoneId zone, Purse purse) {
        Account account = purse.account();
        Lived.of(life, zone, account);
        assertNoMoreThanWasPaid(account);
        // Each note may free what a credit line had taken, for another note.
        while (account.documents().stream()
                        .filter(document -> !document.isVoid() && account.creditInFull(document))
                        .count()
                > 0) {
            assertNoMoreThanWasPaid(account);
        }
        // The tax of each invoice is rounded for itself, and so is the part of a year that counts towards a month's
        // maximum.
        int documents = account.documents().size();
        long rounding = (purse.taxHundredths() == 0 ? 0 : documents) + (life.hasMaximum() ? documents : 0);
        assertThat(owedCents(account)).as("owed once all is credited").isGreaterThanOrEqualTo(-rounding);
    }

    private static void assertNoMoreThanWasPaid(Account account) {
        List<Invoiced> lines = account.invoiced();
        Map<Place, List<CreditedLine>> byCharge = CreditedCharges.givenBack(lines);
        // How a line shares its discount out over several charges may change by a cent with each note.
        int notes = account.documents().stream()
                .mapToInt(document -> document.notes().size())
                .sum();
        for (Invoiced one : lines) {
            if (one.isVoid()) {
                assertThat(byCharge).doesNotContainKey(one.place());
                continue;
            }
            List<CreditedLine> given = new ArrayList<>(one.noted());
            given.addAll(byCharge.getOrDefault(one.place(), List.of()));
            long cents = given.stream().mapToLong(CreditedLine::cents).sum();
            if (one.line().amountCents() < 0) {
                assertThat(cents).as("undone of %s", one).isBetween(one.line().amountCents(), 0L);
                continue;
            }
            long discount =
                    given.stream().mapToLong(CreditedLine::discountCents).sum();
            assertThat(cents)
                    .as("given back of %s", one)
                    .isBetween(0L, one.amounts().cents());
            assertThat(discount)
                    .as("discount taken back of %s", one)
                    .isBetween((long) -notes, one.amounts().discountCents() + notes);
            assertThat(cents - discount)
                    .as("net of discount of %s", one)
                    .isBetween(0L, one.amounts().cents() - one.amounts().discountCents() + notes);
        }
    }

    /** I6: usage that comes in another order, twice, or late costs the same in the end. */
    @Property
    void lateUsageCostsTheSame(@ForAll("lives") Life life, @ForAll("zones") ZoneId zone, @ForAll Random order) {
        // What is reported after the last invoice is on none.
        Life staying = life.with(
                life.acts().stream()
                        .filter(act -> act.deed() != Life.Deed.CANCEL && act.deed() != Life.Deed.CANCEL_AT_PERIOD_END)
                        .toList(),
                life.reads());
        List<Life.Read> inTime = new ArrayList<>();
        // By their places: two events may be alike, and are two all the same.
        List<Integer> shuffled = new ArrayList<>();
        for (Life.Read read : staying.reads()) {
            boolean taken = read.retracted() > 0;
            inTime.add(new Life.Read(read.meter(), read.hour(), taken ? 0 : read.quantity(), 0, 0));
            shuffled.add(shuffled.size());
        }
        shuffled.addAll(List.copyOf(shuffled));
        Collections.shuffle(shuffled, order);
        List<Life.Read> once =
                new LinkedHashSet<>(shuffled).stream().map(staying.reads()::get).toList();
        Map<String, Long> expected = usageCents(Lived.of(staying.with(staying.acts(), inTime), zone));
        Map<String, Long> late = usageCents(Lived.of(staying.with(staying.acts(), once), zone));
        assertThat(late).isEqualTo(expected);
    }

    /** I12: neither zones nor daylight saving change a day or a cent of what is charged by days. */
    @Property
    void zonesChangeNothing(@ForAll("lives") Life life, @ForAll("zones") ZoneId zone) {
        Life told = life.inWholeDays().with(Grain.SECOND, Grain.DAY);
        assertThat(told(Lived.of(told, zone), zone)).isEqualTo(told(Lived.of(told, ZoneOffset.UTC), ZoneOffset.UTC));
    }

    private static List<String> told(Lived lived, ZoneId zone) {
        return lived.stops().stream()
                .flatMap(stop -> stop.lines().stream()
                        .map(line -> LocalDate.ofInstant(stop.at(), zone) + " " + line.plan() + " " + line.amountCents()
                                + " " + LocalDate.ofInstant(line.period().start(), zone) + ".."
                                + LocalDate.ofInstant(line.period().end(), zone)))
                .toList();
    }

    private static void post(InvoiceAmounts invoice) {
        Posting.Draft draft = Finalisation.movements(invoice, 0, 0);
        if (!draft.isEmpty()) {
            draft.as(Posting.Kind.INVOICE_FINALIZED, new UUID(0, 0), "USD", true, Instant.EPOCH);
        }
    }

    private static Stream<InvoiceLine> plans(List<InvoiceLine> lines) {
        return lines.stream().filter(line -> line.kind().isRecurring());
    }

    private static Map<String, Long> usageCents(Lived lived) {
        Map<String, Long> cents = new HashMap<>();
        lived.lines().stream()
                .filter(line -> !line.kind().isRecurring() && line.kind() != InvoiceLine.Kind.CHARGE)
                .forEach(line -> cents.merge(line.meter() == null ? "" : line.meter(), line.amountCents(), Long::sum));
        cents.values().removeIf(amount -> amount == 0);
        return cents;
    }

    @Provide
    Arbitrary<Life> lives() {
        return Life.any();
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(ZONES);
    }

    @Provide
    Arbitrary<Purse> purses() {
        Arbitrary<Discount> coupons = Combinators.combine(
                        Arbitraries.longs().between(1, 9000),
                        Arbitraries.of(
                                Discount.Duration.ONCE, Discount.Duration.repeating(3), Discount.Duration.FOREVER),
                        Arbitraries.of(
                                Discount.Scope.EVERYTHING,
                                new Discount.Scope(Set.of("pro"), Set.of()),
                                new Discount.Scope(Set.of(), Set.of("overage"))),
                        Arbitraries.of(true, false))
                .as((size, duration, scope, keeps) -> {
                    Discount coupon = Discount.of(
                                    size + duration.toString() + scope,
                                    size % 2 == 0
                                            ? new Discount.Amount(size, "USD")
                                            : new Discount.Percent(BigDecimal.valueOf(size, 2)),
                                    duration)
                            .on(scope);
                    return keeps ? coupon.keepingRest() : coupon;
                });
        return Combinators.combine(
                        coupons.list().ofMaxSize(2).uniqueElements(Discount::id),
                        Arbitraries.integers().between(0, 2500),
                        Arbitraries.of(true, false),
                        Arbitraries.longs().between(0, 30_000),
                        Arbitraries.of(true, false),
                        Arbitraries.of(0L, 50L),
                        Arbitraries.of(true, false))
                .as(Purse::new);
    }
}
