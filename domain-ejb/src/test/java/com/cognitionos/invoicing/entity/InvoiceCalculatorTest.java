package com.cognitionos.invoicing.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.invoicing.entity.BillingFacts.Reopened;
import com.cognitionos.invoicing.entity.BillingFacts.Terms;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** INV-1 and INV-2: the one pure function. */
class InvoiceCalculatorTest {

    private static final Anchor ANCHOR = new Anchor(Instant.parse("2026-01-31T00:00:00Z"), ZoneOffset.UTC);
    private static final Terms PRO = new Terms(Catalogue.PRO, BillingCycle.MONTHLY, "USD", ANCHOR, false);
    private static final Terms PRO_YEARLY = new Terms(Catalogue.PRO, BillingCycle.YEARLY, "USD", ANCHOR, false);
    private static final Period FEBRUARY = month("2026-01-31", "2026-02-28");

    @Test
    void planAndOverageRightToTheCent() {
        List<InvoiceLine> lines = InvoiceCalculator.monthEnd(
                facts(PRO, Map.of("executions", decimal("10050"), "tokens", decimal("12345678"))));

        assertThat(lines)
                .extracting(
                        InvoiceLine::kind,
                        InvoiceLine::meter,
                        line -> line.quantity().toPlainString(),
                        line -> line.unitPrice().toPlainString(),
                        InvoiceLine::amountCents)
                .containsExactly(
                        tuple(InvoiceLine.Kind.PLAN, null, "1", "4900", 4900L),
                        tuple(InvoiceLine.Kind.OVERAGE, "executions", "50", "10", 500L),
                        tuple(InvoiceLine.Kind.OVERAGE, "tokens", "2345678", "0.002", 4691L));
        assertThat(InvoiceCalculator.subtotalCents(lines)).isEqualTo(10_091);
    }

    @Test
    void usageUpToTheAllowanceCostsNothing() {
        assertThat(InvoiceCalculator.monthEnd(
                        facts(PRO, Map.of("executions", decimal("10000"), "api_calls", decimal("100000")))))
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
        Terms free = new Terms(Catalogue.FREE, BillingCycle.MONTHLY, "USD", ANCHOR, false);
        assertThat(InvoiceCalculator.monthEnd(facts(free, Map.of("executions", decimal("100")))))
                .isEmpty();
    }

    @Test
    void aTrialCostsNothing() {
        Terms trial = new Terms(Catalogue.PRO, BillingCycle.MONTHLY, "USD", ANCHOR, true);
        assertThat(InvoiceCalculator.monthEnd(facts(trial, Map.of("executions", decimal("10000")))))
                .isEmpty();
        assertThat(InvoiceCalculator.start(trial, ANCHOR.at())).isEmpty();
    }

    @Test
    void aYearIsPaidInAdvanceAndItsOverageByTheMonth() {
        assertThat(InvoiceCalculator.start(PRO, ANCHOR.at()))
                .as("a month is paid at its end")
                .isEmpty();
        assertThat(InvoiceCalculator.start(PRO_YEARLY, ANCHOR.at()))
                .extracting(InvoiceLine::amountCents, InvoiceLine::period)
                .containsExactly(tuple(49_000L, month("2026-01-31", "2027-01-31")));
        assertThat(InvoiceCalculator.monthEnd(facts(PRO_YEARLY, Map.of("executions", decimal("10001")))))
                .extracting(InvoiceLine::kind, InvoiceLine::amountCents)
                .containsExactly(tuple(InvoiceLine.Kind.OVERAGE, 10L));
        BillingFacts lastMonth =
                new BillingFacts(PRO_YEARLY, month("2026-12-31", "2027-01-31"), null, Map.of(), List.of());
        assertThat(InvoiceCalculator.monthEnd(lastMonth))
                .extracting(InvoiceLine::amountCents, InvoiceLine::period)
                .containsExactly(tuple(49_000L, month("2027-01-31", "2028-01-31")));
    }

    @Test
    void anEndInTheMonthTakesItsPartByTheSecond() {
        Instant end = Instant.parse("2026-02-14T00:00:00Z");
        Period used = new Period(FEBRUARY.start(), end);
        List<InvoiceLine> lines = InvoiceCalculator.monthEnd(new BillingFacts(PRO, used, end, Map.of(), List.of()));
        assertThat(lines)
                .extracting(InvoiceLine::amountCents, InvoiceLine::proration, InvoiceLine::period)
                .containsExactly(tuple(2450L, true, used));
    }

    @Test
    void anEndAtTheBoundaryTakesTheWholeMonthAndNoFurtherOne() {
        assertThat(InvoiceCalculator.monthEnd(new BillingFacts(PRO, FEBRUARY, FEBRUARY.end(), Map.of(), List.of())))
                .extracting(InvoiceLine::amountCents, InvoiceLine::proration)
                .containsExactly(tuple(4900L, false));
        Period last = month("2026-12-31", "2027-01-31");
        assertThat(InvoiceCalculator.monthEnd(new BillingFacts(PRO_YEARLY, last, last.end(), Map.of(), List.of())))
                .isEmpty();
    }

    @Test
    void lateUsageBecomesAnAdjustmentOfTheDifference() {
        Reopened reopened =
                new Reopened(PRO, FEBRUARY, Map.of("executions", decimal("10053")), Map.of("executions", 500L));
        List<InvoiceLine> lines = InvoiceCalculator.monthEnd(
                new BillingFacts(PRO, month("2026-02-28", "2026-03-31"), null, Map.of(), List.of(reopened)));
        assertThat(lines)
                .extracting(InvoiceLine::kind, InvoiceLine::amountCents, InvoiceLine::period)
                .containsExactly(
                        tuple(InvoiceLine.Kind.PLAN, 4900L, month("2026-02-28", "2026-03-31")),
                        tuple(InvoiceLine.Kind.ADJUSTMENT, 30L, FEBRUARY));
        assertThat(lines.get(1).description()).contains("530 cents", "500 were invoiced");
    }

    @Test
    void lateUsageThatChangesNoAmountMakesNoLine() {
        Reopened reopened = new Reopened(PRO, FEBRUARY, Map.of("executions", decimal("9000")), Map.of());
        assertThat(InvoiceCalculator.monthEnd(
                        new BillingFacts(PRO, month("2026-02-28", "2026-03-31"), null, Map.of(), List.of(reopened))))
                .extracting(InvoiceLine::kind)
                .containsExactly(InvoiceLine.Kind.PLAN);
    }

    @Test
    void anEndAtTheFirstInstantChargesNoPlan() {
        Period instant = new Period(FEBRUARY.start(), FEBRUARY.start().plusNanos(1000));
        assertThat(InvoiceCalculator.monthEnd(new BillingFacts(
                        PRO, instant, FEBRUARY.start(), Map.of("executions", decimal("10001")), List.of())))
                .extracting(InvoiceLine::amountCents)
                .containsExactly(10L);
    }

    @Test
    void aCreditThatDoesNotFitWaits() {
        Reopened lowered = new Reopened(PRO, FEBRUARY, Map.of(), Map.of("storage_mb", 5000L));
        Period march = month("2026-02-28", "2026-03-31");
        List<InvoiceLine> due = InvoiceCalculator.monthEnd(
                new BillingFacts(PRO, march, null, Map.of("executions", decimal("10001")), List.of(lowered)));
        assertThat(InvoiceCalculator.subtotalCents(due)).isEqualTo(4900 + 10 - 5000);
        assertThat(InvoiceCalculator.withoutCreditThatDoesNotFit(due))
                .extracting(InvoiceLine::amountCents)
                .containsExactly(4900L, 10L);
        List<InvoiceLine> more = InvoiceCalculator.monthEnd(
                new BillingFacts(PRO, march, null, Map.of("executions", decimal("10020")), List.of(lowered)));
        assertThat(InvoiceCalculator.withoutCreditThatDoesNotFit(more))
                .as("a credit that fits stays")
                .isEqualTo(more)
                .hasSize(3);
    }

    /** In whatever order usage comes in, on time or late, it costs the same in the end. */
    @Property
    void lateOrInTimeCostsTheSame(
            @ForAll @LongRange(min = 0, max = 40_000_000) long inTime,
            @ForAll @LongRange(min = 0, max = 40_000_000) long late) {
        long together = overage("tokens", Long.toString(inTime + late));
        long first = overage("tokens", Long.toString(inTime));
        Reopened reopened = new Reopened(
                PRO, FEBRUARY, Map.of("tokens", BigDecimal.valueOf(inTime + late)), Map.of("tokens", first));
        long adjustment = InvoiceCalculator.monthEnd(
                        new BillingFacts(PRO, month("2026-02-28", "2026-03-31"), null, Map.of(), List.of(reopened)))
                .stream()
                .filter(line -> line.kind() == InvoiceLine.Kind.ADJUSTMENT)
                .mapToLong(InvoiceLine::amountCents)
                .sum();
        assertThat(first + adjustment).isEqualTo(together);
    }

    /** A price cut in two differs from the whole by at most the one rounding. */
    @Property
    void partsOfAPriceAddUp(
            @ForAll @LongRange(min = 0, max = 10_000_000) long cents,
            @ForAll @LongRange(min = 1, max = 31_622_400) long wholeSeconds,
            @ForAll @LongRange(min = 0, max = 31_622_400) long cut) {
        Duration whole = Duration.ofSeconds(wholeSeconds);
        Duration used = Duration.ofSeconds(cut % (wholeSeconds + 1));
        long first = InvoiceCalculator.prorate(cents, used, whole);
        long second = InvoiceCalculator.prorate(cents, whole.minus(used), whole);
        assertThat(first).isBetween(0L, cents);
        assertThat(first + second).isBetween(cents, cents + 1);
    }

    private static long overage(String meter, String quantity) {
        return InvoiceCalculator.monthEnd(facts(PRO, Map.of(meter, decimal(quantity)))).stream()
                .filter(line -> line.kind() == InvoiceLine.Kind.OVERAGE)
                .mapToLong(InvoiceLine::amountCents)
                .sum();
    }

    private static BillingFacts facts(Terms terms, Map<String, BigDecimal> usage) {
        return new BillingFacts(terms, FEBRUARY, null, usage, List.of());
    }

    private static Period month(String start, String end) {
        return new Period(Instant.parse(start + "T00:00:00Z"), Instant.parse(end + "T00:00:00Z"));
    }

    private static BigDecimal decimal(String value) {
        return new BigDecimal(value);
    }
}
