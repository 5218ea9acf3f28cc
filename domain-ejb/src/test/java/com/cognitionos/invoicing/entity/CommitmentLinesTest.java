package com.cognitionos.invoicing.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.invoicing.entity.BillingFacts.Agreement;
import com.cognitionos.invoicing.entity.BillingFacts.Month;
import com.cognitionos.invoicing.entity.BillingFacts.OneOff;
import com.cognitionos.invoicing.entity.BillingFacts.Part;
import com.cognitionos.invoicing.entity.BillingFacts.Reopened;
import com.cognitionos.invoicing.entity.BillingFacts.Terms;
import com.cognitionos.invoicing.entity.InvoiceLine.Kind;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Change;
import com.cognitionos.rating.entity.Commitment;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Recurring;
import com.cognitionos.rating.entity.Recurring.Timing;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a month is committed to, at least 100.00 and at most 120.00, beside Pro's 49.00; and what is due once. */
class CommitmentLinesTest {

    private static final Anchor ANCHOR = new Anchor(Instant.parse("2026-01-31T00:00:00Z"), ZoneOffset.UTC);
    private static final Period FEBRUARY = period("2026-01-31", "2026-02-28");
    private static final Plan COMMITTED = new Plan(
            Catalogue.PRO.tier(),
            1,
            200,
            "Pro",
            false,
            Grain.SECOND,
            Catalogue.PRO.prices(),
            Catalogue.PRO.meters(),
            Map.of("USD", new Commitment(10_000, 12_000L)),
            Map.of());

    @Test
    void aMonthIsLiftedToItsMinimumAndTakenDownToItsMaximum() {
        assertThat(commitment(BillingCycle.MONTHLY, 0)).isEqualTo(5_100);
        assertThat(commitment(BillingCycle.MONTHLY, 10_500)).isEqualTo(100);
        assertThat(commitment(BillingCycle.MONTHLY, 10_510)).as("reached").isZero();
        assertThat(commitment(BillingCycle.MONTHLY, 10_710)).as("just allowed").isZero();
        assertThat(commitment(BillingCycle.MONTHLY, 11_000)).isEqualTo(-2_900);
    }

    /** 490.00 a year: 37.59 of it lie in 28 of its 365 days. */
    @Test
    void ofAYearlyPriceThePartInTheMonthCounts() {
        assertThat(commitment(BillingCycle.YEARLY, 0)).isEqualTo(10_000 - 3_759);
        long year = 0;
        Period month = FEBRUARY;
        for (int n = 0; n < 12; n++) {
            year += 10_000
                    - cents(lines(
                            COMMITTED.recurring(BillingCycle.YEARLY, "USD"),
                            month.end(),
                            Month.of(new Terms(COMMITTED, "USD", false), month, Map.of())));
            month = ANCHOR.periodAround(month.end(), Cadence.MONTH);
        }
        assertThat(year).as("all of it, once").isEqualTo(49_000);
    }

    @Test
    void whenAYearIsInvoicedMakesNoDifference() {
        for (Timing timing : Timing.values()) {
            Recurring price = new Recurring("pro", 49_000, BigDecimal.ONE, Cadence.YEAR, timing, true);
            assertThat(cents(lines(price, FEBRUARY.end(), month(0))))
                    .as("%s", timing)
                    .isEqualTo(10_000 - 3_759);
        }
    }

    @Test
    void theLineSaysWhatWasAgreed() {
        assertThat(lines(BillingCycle.MONTHLY, month(0), List.of(), List.of()))
                .filteredOn(line -> line.kind() == Kind.COMMITMENT)
                .extracting(InvoiceLine::description)
                .containsExactly("Up to the minimum of 10,000 cents a month");
        assertThat(lines(BillingCycle.MONTHLY, month(11_000), List.of(), List.of()))
                .filteredOn(line -> line.kind() == Kind.COMMITMENT)
                .extracting(InvoiceLine::description)
                .containsExactly("Down to the maximum a month");
    }

    @Test
    void aPartOfTheMonthIsCommittedToItsShare() {
        Part first = part(COMMITTED, "2026-01-31", "2026-02-14", false);
        Month half =
                new Month(FEBRUARY, FEBRUARY, List.of(first, part(Catalogue.PRO, "2026-02-14", "2026-02-28", false)));
        assertThat(commitment(half)).isEqualTo(100);
        Month paused = new Month(FEBRUARY, FEBRUARY, List.of(first, part(COMMITTED, "2026-02-14", "2026-02-28", true)));
        assertThat(commitment(paused)).isEqualTo(100);
        Month whole = new Month(FEBRUARY, FEBRUARY, List.of(first, part(COMMITTED, "2026-02-14", "2026-02-28", false)));
        assertThat(commitment(whole)).isEqualTo(5_100);
        Month free = new Month(FEBRUARY, FEBRUARY, List.of(part(COMMITTED, "2026-01-31", "2026-02-28", true)));
        assertThat(commitment(free)).isZero();
    }

    @Test
    void lateUsageUsesUpWhatTheMinimumAdded() {
        Reopened late = new Reopened(month(10_100), Map.of(Reopened.COMMITMENT, 5_100L));
        assertThat(lines(BillingCycle.MONTHLY, null, List.of(late), List.of()))
                .filteredOn(line -> line.kind() == Kind.ADJUSTMENT)
                .extracting(InvoiceLine::meter, InvoiceLine::amountCents)
                .containsExactly(tuple("executions", 1_000L), tuple(null, -1_000L));
    }

    @Test
    void whatIsDueOnceIsALineOfItsOwn() {
        assertThat(lines(BillingCycle.YEARLY, null, List.of(), List.of(new OneOff("Set-up", 700, "pro"))))
                .filteredOn(line -> line.kind() == Kind.CHARGE)
                .extracting(InvoiceLine::description, InvoiceLine::amountCents, InvoiceLine::plan)
                .containsExactly(tuple("Set-up", 700L, "pro"));
    }

    private static long commitment(BillingCycle cycle, long executions) {
        return cents(lines(cycle, month(executions), List.of(), List.of()));
    }

    private static long commitment(Month month) {
        return cents(lines(BillingCycle.MONTHLY, month, List.of(), List.of()));
    }

    private static long cents(List<InvoiceLine> lines) {
        return lines.stream()
                .filter(line -> line.kind() == Kind.COMMITMENT)
                .mapToLong(InvoiceLine::amountCents)
                .sum();
    }

    private static List<InvoiceLine> lines(
            BillingCycle cycle, @Nullable Month month, List<Reopened> reopened, List<OneOff> charges) {
        Change start =
                new Change(ANCHOR.at(), ANCHOR.at(), false, Change.Terms.of(ANCHOR, COMMITTED.recurring(cycle, "USD")));
        return InvoiceCalculator.lines(new BillingFacts(
                new Agreement(List.of(start), Grain.SECOND, Map.of()),
                FEBRUARY.end(),
                0,
                false,
                month,
                reopened,
                charges));
    }

    private static List<InvoiceLine> lines(Recurring price, Instant at, Month month) {
        Change start = new Change(ANCHOR.at(), ANCHOR.at(), false, Change.Terms.of(ANCHOR, price));
        return InvoiceCalculator.lines(new BillingFacts(
                new Agreement(List.of(start), Grain.SECOND, Map.of()), at, 0, false, month, List.of(), List.of()));
    }

    private static Month month(long executions) {
        return Month.of(
                new Terms(COMMITTED, "USD", false), FEBRUARY, Map.of("executions", BigDecimal.valueOf(executions)));
    }

    private static Part part(Plan plan, String from, String to, boolean free) {
        return new Part(new Terms(plan, "USD", free), period(from, to), Map.of());
    }

    private static Period period(String start, String end) {
        return new Period(Instant.parse(start + "T00:00:00Z"), Instant.parse(end + "T00:00:00Z"));
    }
}
