package com.cognitionos.invoicing.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.MeterPrice;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Plan.MeteredAllowance;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.entity.BillingFacts.Agreement;
import com.cognitionos.invoicing.entity.BillingFacts.Month;
import com.cognitionos.invoicing.entity.BillingFacts.Part;
import com.cognitionos.invoicing.entity.BillingFacts.Reopened;
import com.cognitionos.invoicing.entity.BillingFacts.Terms;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Change;
import com.cognitionos.rating.entity.Commitment;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Recurring;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** INV-1, INV-2 and INV-8: the one pure function. */
class InvoiceCalculatorTest {

    private static final Anchor ANCHOR = new Anchor(Instant.parse("2026-01-31T00:00:00Z"), ZoneOffset.UTC);
    private static final Change PRO = agreed("2026-01-31", Catalogue.PRO, BillingCycle.MONTHLY);
    private static final Change PRO_YEARLY = agreed("2026-01-31", Catalogue.PRO, BillingCycle.YEARLY);
    private static final Change TRIAL = new Change(ANCHOR.at(), ANCHOR.at(), false, Change.Terms.free(ANCHOR));
    private static final Recurring TEAM = Catalogue.TEAM.recurring(BillingCycle.MONTHLY, "USD");
    private static final Instant NOON = Instant.parse("2026-02-10T12:00:00Z");
    private static final Terms PAID = new Terms(Catalogue.PRO, "USD", false);
    private static final Period FEBRUARY = period("2026-01-31", "2026-02-28");
    private static final Period MARCH = period("2026-02-28", "2026-03-31");

    @Test
    void planAndOverageRightToTheCent() {
        List<InvoiceLine> lines = InvoiceCalculator.lines(
                february(Map.of("executions", decimal("10050"), "tokens", decimal("12345678")), PRO));

        assertThat(lines)
                .extracting(
                        InvoiceLine::kind,
                        InvoiceLine::meter,
                        line -> line.quantity().toPlainString(),
                        line -> line.unitPrice().toPlainString(),
                        InvoiceLine::amountCents,
                        InvoiceLine::period)
                .containsExactly(
                        tuple(InvoiceLine.Kind.PLAN, null, "1", "4900", 4900L, FEBRUARY),
                        tuple(InvoiceLine.Kind.OVERAGE, "executions", "50", "10", 500L, FEBRUARY),
                        tuple(InvoiceLine.Kind.OVERAGE, "tokens", "2345678", "0.002", 4691L, FEBRUARY));
        assertThat(InvoiceCalculator.subtotalCents(lines)).isEqualTo(10_091);
    }

    @Test
    void usageUpToTheAllowanceCostsNothing() {
        assertThat(InvoiceCalculator.lines(
                        february(Map.of("executions", decimal("10000"), "api_calls", decimal("100000")), PRO)))
                .extracting(InvoiceLine::kind)
                .containsExactly(InvoiceLine.Kind.PLAN);
    }

    @Test
    void aLineIsRoundedOnceHalfUp() {
        assertThat(overage("api_calls", "100005")).as("0.5 cents").isEqualTo(1);
        assertThat(overage("api_calls", "100004")).as("0.4 cents").isZero();
        assertThat(overage("tokens", "10000249.999999")).as("0.499 cents").isZero();
        assertThat(overage("tokens", "10000250")).as("0.5 cents").isEqualTo(1);
        assertThat(overage("storage_mb", "11024")).as("1024 MB are a GB-month").isEqualTo(50);
    }

    @Test
    void aFreeMonthHasNoLines() {
        Change free = agreed("2026-01-31", Catalogue.FREE, BillingCycle.MONTHLY);
        Month month = Month.of(new Terms(Catalogue.FREE, "USD", false), FEBRUARY, Map.of("executions", decimal("100")));
        assertThat(InvoiceCalculator.lines(facts(FEBRUARY.end(), month, List.of(), free)))
                .isEmpty();
    }

    @Test
    void aTrialCostsNothingAndWhatFollowsCountsFromItsEnd() {
        Month month = Month.of(new Terms(Catalogue.PRO, "USD", true), FEBRUARY, Map.of("executions", decimal("10001")));
        assertThat(InvoiceCalculator.lines(facts(FEBRUARY.end(), month, List.of(), TRIAL)))
                .isEmpty();
        Change paid = agreed("2026-02-14", Catalogue.PRO, BillingCycle.MONTHLY);
        assertThat(InvoiceCalculator.lines(facts(paid.from(), null, List.of(), TRIAL, paid)))
                .isEmpty();
        Instant end = Instant.parse("2026-03-14T00:00:00Z");
        assertThat(InvoiceCalculator.lines(facts(end, null, List.of(), TRIAL, paid)))
                .extracting(InvoiceLine::amountCents, InvoiceLine::period)
                .containsExactly(tuple(4900L, period("2026-02-14", "2026-03-14")));
    }

    @Test
    void aYearIsPaidInAdvanceAndItsOverageByTheMonth() {
        assertThat(InvoiceCalculator.lines(facts(ANCHOR.at(), null, List.of(), PRO)))
                .as("a month is paid at its end")
                .isEmpty();
        assertThat(InvoiceCalculator.lines(facts(ANCHOR.at(), null, List.of(), PRO_YEARLY)))
                .extracting(InvoiceLine::amountCents, InvoiceLine::period)
                .containsExactly(tuple(49_000L, period("2026-01-31", "2027-01-31")));
        assertThat(InvoiceCalculator.lines(february(Map.of("executions", decimal("10001")), PRO_YEARLY)))
                .extracting(InvoiceLine::kind, InvoiceLine::amountCents)
                .containsExactly(tuple(InvoiceLine.Kind.OVERAGE, 10L));
        Instant anniversary = Instant.parse("2027-01-31T00:00:00Z");
        assertThat(InvoiceCalculator.lines(facts(anniversary, null, List.of(), PRO_YEARLY)))
                .extracting(InvoiceLine::amountCents, InvoiceLine::period)
                .containsExactly(tuple(49_000L, period("2027-01-31", "2028-01-31")));
    }

    @Test
    void anEndInTheMonthGivesTheRestBackAndChargesTheOverage() {
        Instant end = Instant.parse("2026-02-14T00:00:00Z");
        Change ended = new Change(end, end, true, Change.Terms.end(ANCHOR));
        Month used = Month.of(PAID, period("2026-01-31", "2026-02-14"), Map.of("executions", decimal("10001")));
        BillingFacts facts = new BillingFacts(agreement(PRO, ended), end, 1, true, used, List.of());
        assertThat(InvoiceCalculator.lines(facts))
                .extracting(InvoiceLine::amountCents, InvoiceLine::proration, InvoiceLine::period)
                .containsExactly(
                        tuple(-2450L, true, period("2026-02-14", "2026-02-28")),
                        tuple(4900L, false, FEBRUARY),
                        tuple(10L, false, used.period()));
    }

    /** What does not depend on usage holds for a whole month, and half of it for half a month. */
    @Test
    void aCommitmentAndAMinimumOfAMonthCutShortAreInProportion() {
        Instant end = Instant.parse("2026-02-14T00:00:00Z");
        Change ended = new Change(end, end, true, Change.Terms.end(ANCHOR));
        Period served = period("2026-01-31", "2026-02-14");
        Plan committed = committed(10_000L, null, 400L);
        Part part = new Part(new Terms(committed, "USD", false), served, Map.of("executions", decimal("10001")));
        BillingFacts facts = new BillingFacts(
                agreement(PRO, ended), end, 1, true, new Month(served, FEBRUARY, List.of(part)), List.of());
        assertThat(InvoiceCalculator.lines(facts))
                .extracting(InvoiceLine::kind, InvoiceLine::amountCents)
                .containsExactly(
                        tuple(InvoiceLine.Kind.PLAN, -2450L),
                        tuple(InvoiceLine.Kind.PLAN, 4900L),
                        tuple(InvoiceLine.Kind.OVERAGE, 200L),
                        tuple(InvoiceLine.Kind.COMMITMENT, 5_000L - 2_450 - 200));
    }

    @Test
    void aMonthIsKeptToTheMostThatWasAgreedAndAPauseCommitsToNothing() {
        Terms terms = new Terms(committed(5_000L, 5_500L, null), "USD", false);
        Map<String, BigDecimal> much = Map.of("executions", decimal("11000"));
        assertThat(commitmentOf(Month.of(terms, FEBRUARY, much))).containsExactly(5_500L - 4_900 - 10_000);
        assertThat(commitmentOf(Month.of(terms, FEBRUARY, Map.of()))).containsExactly(100L);
        assertThat(commitmentOf(Month.of(terms, FEBRUARY, Map.of("executions", decimal("10020")))))
                .as("between both")
                .isEmpty();
        Terms paused = new Terms(terms.plan(), "USD", true);
        assertThat(commitmentOf(Month.of(paused, FEBRUARY, Map.of()))).isEmpty();
        assertThat(commitmentOf(Month.of(new Terms(terms.plan(), "EUR", false), FEBRUARY, Map.of())))
                .as("agreed in dollars")
                .isEmpty();
    }

    private static List<Long> commitmentOf(Month month) {
        return InvoiceCalculator.lines(facts(FEBRUARY.end(), month, List.of(), PRO)).stream()
                .filter(line -> line.kind() == InvoiceLine.Kind.COMMITMENT)
                .map(InvoiceLine::amountCents)
                .toList();
    }

    /** Pro with a commitment, its executions with a minimum. */
    private static Plan committed(long minimum, @Nullable Long maximum, @Nullable Long ofExecutions) {
        MeteredAllowance executions = Catalogue.PRO.meters().get(0);
        MeterPrice price = executions.prices().get(0);
        return new Plan(
                Tier.PRO,
                2,
                200,
                "Pro",
                false,
                Grain.SECOND,
                Catalogue.PRO.prices(),
                List.of(new MeteredAllowance(
                        executions.meter(),
                        executions.included(),
                        List.of(new MeterPrice("USD", price.pricing(), price.per(), ofExecutions, null)))),
                Map.of("USD", new Commitment(minimum, maximum)),
                Map.of());
    }

    @Test
    void anEndAtTheBoundaryChargesNoFurtherPeriod() {
        Change ended = new Change(FEBRUARY.end(), FEBRUARY.end(), false, Change.Terms.end(ANCHOR));
        Month month = Month.of(PAID, FEBRUARY, Map.of());
        assertThat(InvoiceCalculator.lines(facts(FEBRUARY.end(), month, List.of(), PRO, ended)))
                .extracting(InvoiceLine::amountCents, InvoiceLine::period)
                .containsExactly(tuple(4900L, FEBRUARY));
    }

    /** SPEC section 3: credit for the unused part of the old plan, charge for the rest of the new one, by the second. */
    @Test
    void anUpgradeIsTwoLinesAtOnceAndTheMonthItselfComesAtItsEnd() {
        Change team = new Change(NOON, NOON, true, Change.Terms.of(ANCHOR, TEAM));
        BillingFacts facts = new BillingFacts(agreement(PRO, team), NOON, 1, false, null, List.of());
        assertThat(InvoiceCalculator.lines(facts))
                .extracting(InvoiceLine::description, InvoiceLine::amountCents)
                .containsExactly(
                        tuple("Unused time of the Pro plan, a month", -3_063L),
                        tuple("Team plan, a month, part of the period", 12_438L));
        Month month = Month.of(PAID, FEBRUARY, Map.of());
        assertThat(InvoiceCalculator.lines(facts(FEBRUARY.end(), month, List.of(), PRO, team)))
                .extracting(InvoiceLine::description, InvoiceLine::amountCents)
                .containsExactly(tuple("Pro plan, a month", 4_900L));
        assertThat(InvoiceCalculator.lines(facts(MARCH.end(), null, List.of(), PRO, team)))
                .extracting(InvoiceLine::description, InvoiceLine::amountCents)
                .containsExactly(tuple("Team plan, a month", 19_900L));
    }

    @Test
    void anotherCycleEndsTheMonthWithAllThatIsOwedForIt() {
        Change yearly = new Change(
                NOON,
                NOON,
                true,
                Change.Terms.of(new Anchor(NOON, ZoneOffset.UTC), Catalogue.PRO.recurring(BillingCycle.YEARLY, "USD")));
        BillingFacts facts = new BillingFacts(agreement(PRO, yearly), NOON, 1, false, null, List.of());
        assertThat(InvoiceCalculator.lines(facts))
                .extracting(InvoiceLine::description, InvoiceLine::amountCents)
                .containsExactly(
                        tuple("Unused time of the Pro plan, a month", -3_063L),
                        tuple("Pro plan, a month", 4_900L),
                        tuple("Pro plan, a year", 49_000L));
    }

    /** What is above what the month includes at a time costs what held when it was used. */
    @Test
    void aMonthOfTwoPlansIncludesWhatEachOfThemDoes() {
        Month month = new Month(
                FEBRUARY,
                FEBRUARY,
                List.of(
                        new Part(PAID, period("2026-01-31", "2026-02-14"), Map.of("executions", decimal("10500"))),
                        new Part(
                                new Terms(Catalogue.TEAM, "USD", false),
                                period("2026-02-14", "2026-02-28"),
                                Map.of("executions", decimal("4600")))));
        assertThat(overageOf(month)).as("the same price").containsExactly(tuple("pro", 51_000L));
        Plan larger = new Plan(
                Tier.TEAM,
                1,
                300,
                "Team",
                false,
                Grain.SECOND,
                Catalogue.TEAM.prices(),
                List.of(new MeteredAllowance(
                        Catalogue.PRO.meters().get(0).meter(),
                        decimal("15000"),
                        Catalogue.PRO.meters().get(0).prices())),
                Map.of(),
                Map.of());
        Month upgraded = new Month(
                FEBRUARY,
                FEBRUARY,
                List.of(
                        month.parts().get(0),
                        new Part(
                                new Terms(larger, "USD", false),
                                month.parts().get(1).period(),
                                month.parts().get(1).usage())));
        assertThat(overageOf(upgraded)).containsExactly(tuple("team", 1_000L));
        assertThat(InvoiceCalculator.lines(facts(FEBRUARY.end(), upgraded, List.of(), TRIAL)))
                .extracting(InvoiceLine::description)
                .containsExactly("executions on Team: 100 above the 15,000 included in the month, 10 cents each");
        Month back = new Month(
                FEBRUARY,
                FEBRUARY,
                List.of(
                        new Part(
                                upgraded.parts().get(1).terms(),
                                month.parts().get(0).period(),
                                Map.of("executions", decimal("14000"))),
                        new Part(
                                new Terms(Catalogue.FREE, "USD", false),
                                period("2026-02-14", "2026-02-21"),
                                Map.of("executions", decimal("50"))),
                        new Part(PAID, period("2026-02-21", "2026-02-28"), Map.of("executions", decimal("7")))));
        assertThat(InvoiceCalculator.lines(facts(FEBRUARY.end(), back, List.of(), TRIAL)))
                .as("15,000 × 1/2 + 100 × 1/4 + 10,000 × 1/4 = 10,025; on Free more is refused, and costs nothing")
                .extracting(InvoiceLine::description, InvoiceLine::amountCents)
                .containsExactly(
                        tuple("executions on Pro: 7 above the 10,025 included in the month, 10 cents each", 70L));
    }

    private static List<Tuple> overageOf(Month month) {
        return InvoiceCalculator.lines(facts(FEBRUARY.end(), month, List.of(), TRIAL)).stream()
                .map(line -> tuple(line.plan(), line.amountCents()))
                .toList();
    }

    @Test
    void lateUsageBecomesAnAdjustmentOfTheDifference() {
        List<InvoiceLine> lines = InvoiceCalculator.lines(
                march(Map.of(), reopened(Map.of("executions", decimal("10053")), Map.of("executions", 500L))));
        assertThat(lines)
                .extracting(InvoiceLine::kind, InvoiceLine::amountCents, InvoiceLine::period)
                .containsExactly(
                        tuple(InvoiceLine.Kind.PLAN, 4900L, MARCH), tuple(InvoiceLine.Kind.ADJUSTMENT, 30L, FEBRUARY));
        assertThat(lines.get(1).description()).contains("530 cents", "500 were invoiced");
    }

    @Test
    void lateUsageThatChangesNoAmountMakesNoLine() {
        assertThat(InvoiceCalculator.lines(march(Map.of(), reopened(Map.of("executions", decimal("9000")), Map.of()))))
                .extracting(InvoiceLine::kind)
                .containsExactly(InvoiceLine.Kind.PLAN);
    }

    @Test
    void whatIsGivenBackBeyondTheChargesGoesToTheBalance() {
        Reopened lowered = reopened(Map.of(), Map.of("storage_mb", 5000L));
        List<InvoiceLine> due = InvoiceCalculator.lines(march(Map.of("executions", decimal("10001")), lowered));
        assertThat(InvoiceCalculator.subtotalCents(due)).isEqualTo(4900 + 10 - 5000);
        assertThat(InvoiceCalculator.settled(due))
                .extracting(InvoiceLine::kind, InvoiceLine::amountCents)
                .containsExactly(
                        tuple(InvoiceLine.Kind.PLAN, 4900L),
                        tuple(InvoiceLine.Kind.OVERAGE, 10L),
                        tuple(InvoiceLine.Kind.ADJUSTMENT, -5000L),
                        tuple(InvoiceLine.Kind.BALANCE, 90L));
        List<InvoiceLine> more = InvoiceCalculator.lines(march(Map.of("executions", decimal("10020")), lowered));
        assertThat(InvoiceCalculator.settled(more)).isEqualTo(more).hasSize(3);
    }

    /** INV-18: what a note has given back of a month's usage is not given back again. */
    @Test
    void whatWasCreditedIsNotGivenBackAgain() {
        Reopened less = reopened(Map.of(), Map.of("tokens", 500L));
        for (long credited : new long[] {0, 100, 500}) {
            Reopened known = new Reopened(less.month(), less.invoicedCents(), Map.of("tokens", credited));
            assertThat(InvoiceCalculator.lines(march(Map.of(), known)).stream()
                            .filter(line -> line.kind() == InvoiceLine.Kind.ADJUSTMENT)
                            .mapToLong(InvoiceLine::amountCents)
                            .sum())
                    .isEqualTo(credited - 500);
        }
    }

    /** In whatever order usage comes in, on time or late, it costs the same in the end. */
    @Property
    void lateOrInTimeCostsTheSame(
            @ForAll @LongRange(min = 0, max = 40_000_000) long inTime,
            @ForAll @LongRange(min = 0, max = 40_000_000) long late) {
        long together = overage("tokens", Long.toString(inTime + late));
        long first = overage("tokens", Long.toString(inTime));
        Reopened reopened = reopened(Map.of("tokens", BigDecimal.valueOf(inTime + late)), Map.of("tokens", first));
        long adjustment = InvoiceCalculator.lines(march(Map.of(), reopened)).stream()
                .filter(line -> line.kind() == InvoiceLine.Kind.ADJUSTMENT)
                .mapToLong(InvoiceLine::amountCents)
                .sum();
        assertThat(first + adjustment).isEqualTo(together);
    }

    private static long overage(String meter, String quantity) {
        return InvoiceCalculator.lines(february(Map.of(meter, decimal(quantity)), PRO)).stream()
                .filter(line -> line.kind() == InvoiceLine.Kind.OVERAGE)
                .mapToLong(InvoiceLine::amountCents)
                .sum();
    }

    private static BillingFacts february(Map<String, BigDecimal> usage, Change... history) {
        return facts(FEBRUARY.end(), Month.of(PAID, FEBRUARY, usage), List.of(), history);
    }

    private static BillingFacts march(Map<String, BigDecimal> usage, Reopened reopened) {
        return facts(MARCH.end(), Month.of(PAID, MARCH, usage), List.of(reopened), PRO);
    }

    private static BillingFacts facts(Instant at, @Nullable Month month, List<Reopened> reopened, Change... history) {
        return new BillingFacts(agreement(history), at, 0, false, month, reopened);
    }

    private static Reopened reopened(Map<String, BigDecimal> usage, Map<String, Long> invoicedCents) {
        return new Reopened(Month.of(PAID, FEBRUARY, usage), invoicedCents);
    }

    private static Agreement agreement(Change... history) {
        return new Agreement(
                List.of(history),
                Grain.SECOND,
                Map.of(
                        Catalogue.PRO.recurring(BillingCycle.MONTHLY, "USD"),
                        "Pro plan",
                        Catalogue.PRO.recurring(BillingCycle.YEARLY, "USD"),
                        "Pro plan",
                        Catalogue.FREE.recurring(BillingCycle.MONTHLY, "USD"),
                        "Free plan",
                        TEAM,
                        "Team plan"));
    }

    private static Change agreed(String day, Plan plan, BillingCycle cycle) {
        Instant at = Instant.parse(day + "T00:00:00Z");
        return new Change(at, at, false, Change.Terms.of(new Anchor(at, ZoneOffset.UTC), plan.recurring(cycle, "USD")));
    }

    private static Period period(String start, String end) {
        return new Period(Instant.parse(start + "T00:00:00Z"), Instant.parse(end + "T00:00:00Z"));
    }

    private static BigDecimal decimal(String value) {
        return new BigDecimal(value);
    }
}
