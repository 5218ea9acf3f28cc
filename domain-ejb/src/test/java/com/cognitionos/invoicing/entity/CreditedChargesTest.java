package com.cognitionos.invoicing.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.invoicing.entity.Invoiced.Given;
import com.cognitionos.invoicing.entity.Invoiced.Place;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoiceDraft;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.InvoicedLine.DiscountShare;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Tax;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("INV-15 and INV-18: which charges credit lines give back, and the discount that goes with them")
class CreditedChargesTest {

    private static final String COUPON = "c";

    private static Period days(int from, int to) {
        return new Period(day(from), day(to));
    }

    private static Instant day(int day) {
        return Instant.parse("2026-01-01T00:00:00Z").plusSeconds(86_400L * day);
    }

    private static InvoiceLine plan(String plan, long price, long cents, Period period) {
        return new InvoiceLine(
                InvoiceLine.Kind.PLAN,
                "",
                null,
                plan,
                BigDecimal.ONE,
                BigDecimal.valueOf(price),
                cents,
                period,
                cents < 0);
    }

    private static InvoiceLine usage(InvoiceLine.Kind kind, long cents, Period period) {
        return usage(kind, "tokens", cents, period);
    }

    /** @param meter null for what is of all usage */
    private static InvoiceLine usage(InvoiceLine.Kind kind, @Nullable String meter, long cents, Period period) {
        return new InvoiceLine(kind, "", meter, "pro", BigDecimal.TEN, BigDecimal.ONE, cents, period, false);
    }

    /** @param discounts of each line, 0 or left out for none */
    private static List<Invoiced> invoiced(List<InvoiceLine> lines, long... discounts) {
        UUID invoice = UUID.randomUUID();
        List<Invoiced> invoiced = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            List<DiscountShare> shares = i >= discounts.length || discounts[i] == 0
                    ? List.of()
                    : List.of(new DiscountShare(COUPON, discounts[i]));
            InvoiceLine line = lines.get(i);
            invoiced.add(new Invoiced(
                    new Place(invoice, i + 1),
                    line,
                    new InvoicedLine(String.valueOf(i + 1), line.amountCents(), shares, List.of())));
        }
        return invoiced;
    }

    private static List<InvoiceDraft.Line> draft(List<List<Invoiced>> earlier, InvoiceLine... lines) {
        return CreditedCharges.draft(made(earlier), List.of(lines), "services").lines();
    }

    /** The invoices as they were made one after the other, each with its notes before the next. */
    private static List<Invoiced> made(List<List<Invoiced>> invoices) {
        List<Invoiced> made = new ArrayList<>();
        for (List<Invoiced> invoice : invoices) {
            List<InvoiceLine> lines = invoice.stream().map(Invoiced::line).toList();
            List<Given> given = CreditedCharges.draft(made, lines, "services").given();
            made.addAll(invoice);
            UUID id = invoice.get(0).place().invoice();
            given.stream().map(one -> one.of(id)).forEach(one -> write(made, one));
        }
        return made;
    }

    private static void write(List<Invoiced> made, Given given) {
        made.replaceAll(one -> {
            List<Given> gives = new ArrayList<>(one.gives());
            if (one.place().equals(given.credit())) {
                gives.add(given);
            }
            return new Invoiced(one.place(), one.line(), one.amounts(), one.isVoid(), one.noted(), gives);
        });
    }

    /** @return by the position of the charge among all lines, from 0 */
    private static Map<Integer, List<Long>> taken(List<List<Invoiced>> invoices) {
        List<Invoiced> lines = made(invoices);
        List<Place> places = lines.stream().map(Invoiced::place).toList();
        Map<Integer, List<Long>> taken = new HashMap<>();
        CreditedCharges.givenBack(lines)
                .forEach((place, credited) -> taken.put(
                        places.indexOf(place),
                        credited.stream().map(CreditedLine::cents).toList()));
        return taken;
    }

    @Test
    void ofAnInvoicedChargeItsShare() {
        List<Invoiced> year = invoiced(List.of(plan("pro", 1_000, 1_000, days(0, 100))), 501);
        InvoiceLine half = plan("pro", 1_000, -500, days(50, 100));
        InvoiceLine rest = plan("pro", 1_000, -500, days(0, 50));
        assertThat(draft(List.of(year), half).get(0).takenBack()).isEqualTo(Map.of(COUPON, 251L));
        assertThat(draft(List.of(year, invoiced(List.of(half), -251)), rest)
                        .get(0)
                        .takenBack())
                .as("the parts take back exactly what was granted")
                .isEqualTo(Map.of(COUPON, 250L));
    }

    @Test
    void ofAnotherPriceOrTimeNothing() {
        List<Invoiced> charge = invoiced(List.of(plan("pro", 1_000, 1_000, days(0, 100))), 500);
        assertThat(List.of(
                        plan("team", 1_000, -500, days(50, 100)),
                        plan("pro", 900, -500, days(50, 100)),
                        plan("pro", 1_000, -500, days(50, 101))))
                .allSatisfy(credit -> assertThat(
                                draft(List.of(charge), credit).get(0).takenBack())
                        .isEmpty());
    }

    @Test
    void theLastChargeFirst() {
        List<Invoiced> charges = invoiced(
                List.of(
                        plan("pro", 1_000, 1_000, days(0, 100)),
                        plan("pro", 1_000, -500, days(50, 100)),
                        plan("pro", 1_000, 500, days(50, 100))),
                0,
                0,
                100);
        assertThat(draft(List.of(charges), plan("pro", 1_000, -250, days(75, 100)))
                        .get(0)
                        .takenBack())
                .isEqualTo(Map.of(COUPON, 50L));
    }

    @Test
    void aChargeThatComesLaterIsGrantedNothingOnWhatWasGivenBack() {
        InvoiceLine credit = plan("pro", 1_000, -500, days(50, 100));
        InvoiceLine charge = plan("pro", 1_000, 1_000, days(0, 100));
        assertThat(draft(List.of(), credit, charge))
                .extracting(InvoiceDraft.Line::creditedAheadCents)
                .as("on the same invoice")
                .containsExactly(0L, 500L);
        List<Invoiced> before = invoiced(List.of(credit), 0);
        assertThat(draft(List.of(before), charge).get(0).creditedAheadCents()).isEqualTo(500);
        assertThat(draft(List.of(before, invoiced(List.of(charge), 250)), charge)
                        .get(0)
                        .creditedAheadCents())
                .as("each credit once")
                .isZero();
    }

    @Test
    void anAdjustmentOfTheMonthsUsage() {
        List<Invoiced> month = invoiced(
                List.of(
                        usage(InvoiceLine.Kind.OVERAGE, 600, days(0, 10)),
                        usage(InvoiceLine.Kind.OVERAGE, 400, days(10, 30))),
                300,
                200);
        assertThat(draft(List.of(month), usage(InvoiceLine.Kind.ADJUSTMENT, -700, days(0, 30)))
                        .get(0)
                        .takenBack())
                .as("over both lines")
                .isEqualTo(Map.of(COUPON, 350L));
        assertThat(draft(List.of(month), usage(InvoiceLine.Kind.ADJUSTMENT, -700, days(30, 60)))
                        .get(0)
                        .takenBack())
                .isEmpty();
    }

    @Test
    void whatIsAboveTheMaximumOfAMonth() {
        InvoiceLine most = new InvoiceLine(
                InvoiceLine.Kind.COMMITMENT, "", null, "pro", BigDecimal.ONE, BigDecimal.ONE, -300, days(0, 30), false);
        assertThat(draft(List.of(), usage(InvoiceLine.Kind.OVERAGE, 1_000, days(0, 30)), most))
                .extracting(InvoiceDraft.Line::creditedAheadCents)
                .as("nobody pays for it, so it is granted no discount")
                .containsExactly(300L, 0L);
    }

    @Test
    void unusedTimeIsOfTheLastChargeThatCoversIt() {
        assertThat(taken(List.of(
                        invoiced(List.of(plan("pro", 3_000, 3_000, days(0, 30)))),
                        invoiced(List.of(
                                plan("pro", 3_000, -2_000, days(10, 30)), plan("team", 12_000, 8_000, days(10, 30)))),
                        invoiced(List.of(
                                plan("team", 12_000, -6_000, days(15, 30)), plan("pro", 3_000, 1_500, days(15, 30)))),
                        invoiced(List.of(plan("pro", 3_000, -1_000, days(20, 30)))))))
                .isEqualTo(Map.of(0, List.of(2_000L), 2, List.of(6_000L), 4, List.of(1_000L)));
    }

    @Test
    void whereAPeriodIsChargedAtItsEndItIsTheNextOne() {
        assertThat(taken(List.of(
                        invoiced(List.of(
                                plan("team", 19_900, -9_950, days(14, 28)), plan("pro", 4_900, 2_450, days(14, 28)))),
                        invoiced(List.of(plan("team", 19_900, 19_900, days(0, 28)))))))
                .isEqualTo(Map.of(2, List.of(9_950L)));
    }

    @Test
    void anAdjustmentIsForTheUsageOfItsMonth() {
        assertThat(taken(List.of(
                        invoiced(List.of(
                                usage(InvoiceLine.Kind.OVERAGE, 500, days(0, 30)),
                                usage(InvoiceLine.Kind.OVERAGE, "executions", 700, days(0, 30)))),
                        invoiced(List.of(usage(InvoiceLine.Kind.OVERAGE, 900, days(30, 60)))),
                        invoiced(List.of(usage(InvoiceLine.Kind.ADJUSTMENT, -200, days(0, 30)))))))
                .isEqualTo(Map.of(0, List.of(200L)));
    }

    @Test
    void lateUsageTakesThePlaceOfWhatAMonthWasLiftedTo() {
        assertThat(taken(List.of(
                        invoiced(List.of(
                                usage(InvoiceLine.Kind.OVERAGE, 500, days(0, 30)),
                                usage(InvoiceLine.Kind.COMMITMENT, null, 400, days(0, 30)))),
                        invoiced(List.of(
                                usage(InvoiceLine.Kind.ADJUSTMENT, 300, days(0, 30)),
                                usage(InvoiceLine.Kind.ADJUSTMENT, null, -300, days(0, 30)))))))
                .isEqualTo(Map.of(1, List.of(300L)));
    }

    @Test
    void aCreditThatIsMoreThanTheLastChargeIsOfTheOneBeforeToo() {
        assertThat(taken(List.of(
                        invoiced(List.of(usage(InvoiceLine.Kind.OVERAGE, 500, days(0, 30)))),
                        invoiced(List.of(usage(InvoiceLine.Kind.ADJUSTMENT, 100, days(0, 30)))),
                        invoiced(List.of(usage(InvoiceLine.Kind.ADJUSTMENT, -250, days(0, 30)))),
                        invoiced(List.of(usage(InvoiceLine.Kind.ADJUSTMENT, -350, days(0, 30)))))))
                .isEqualTo(Map.of(1, List.of(100L), 0, List.of(150L, 350L)));
    }

    @Test
    void whatAnInvoiceGivesBackOfItselfIsDoneWith() {
        List<Invoiced> invoice = invoiced(
                List.of(plan("pro", 3_000, 3_000, days(0, 30)), plan("pro", 3_000, -1_000, days(20, 30))), 1_000);
        assertThat(taken(List.of(invoice)))
                .as("of both lines")
                .isEqualTo(Map.of(0, List.of(1_000L), 1, List.of(-1_000L)));
        InvoiceLine more = plan("pro", 3_000, -1_000, days(10, 20));
        assertThat(draft(List.of(invoice), more).get(0).takenBack())
                .as("the discount was granted on the other 2,000")
                .isEqualTo(Map.of(COUPON, 500L));
        UUID id = invoice.get(0).place().invoice();
        assertThat(CreditedCharges.isGivenBackElsewhere(id, made(List.of(invoice))))
                .isFalse();
        assertThat(CreditedCharges.isGivenBackElsewhere(id, made(List.of(invoice, invoiced(List.of(more))))))
                .isTrue();
        assertThat(CreditedCharges.isGivenBackElsewhere(
                        id, made(List.of(invoice, noted(invoiced(List.of(more)), -1_000)))))
                .as("a note has undone it")
                .isFalse();
    }

    @Test
    void whatWasDecidedANoteDoesNotMove() {
        List<Invoiced> plan = invoiced(List.of(plan("pro", 4_900, 4_900, days(0, 30))));
        List<Invoiced> month = invoiced(List.of(usage(InvoiceLine.Kind.OVERAGE, 400, days(0, 30)), MOST));
        List<Invoiced> lines = made(List.of(plan, month));
        lines.set(0, noted(List.of(lines.get(0)), 4_300).get(0));
        assertThat(CreditedCharges.givenBack(lines).get(lines.get(0).place()))
                .as("the maximum took 600 of it before the note")
                .extracting(CreditedLine::cents)
                .containsExactly(600L);
        assertThat(CreditedCharges.capped(lines, List.of(plan("pro", 4_900, -1_000, days(20, 30)))))
                .as("nothing is left")
                .isEmpty();
    }

    @Test
    void aNoteUndoesFirstWhatWaitsThenWhatWasGivenLast() {
        List<Invoiced> month = invoiced(List.of(usage(InvoiceLine.Kind.OVERAGE, 300, days(0, 30))));
        List<Invoiced> late = invoiced(List.of(usage(InvoiceLine.Kind.ADJUSTMENT, 100, days(0, 30))));
        List<Invoiced> less = invoiced(List.of(usage(InvoiceLine.Kind.ADJUSTMENT, -450, days(0, 30))));
        assertThat(taken(List.of(month, late, noted(less, -50)))).isEqualTo(Map.of(1, List.of(100L), 0, List.of(300L)));
        assertThat(taken(List.of(month, late, noted(less, -150))))
                .isEqualTo(Map.of(1, List.of(100L), 0, List.of(200L)));
        assertThat(taken(List.of(month, late, noted(less, -400)))).isEqualTo(Map.of(1, List.of(50L)));
        List<Invoiced> more = invoiced(List.of(usage(InvoiceLine.Kind.ADJUSTMENT, 70, days(0, 30))));
        assertThat(taken(List.of(month, late, noted(less, -20), more)))
                .as("30 waited for it")
                .isEqualTo(Map.of(1, List.of(100L), 0, List.of(300L), 3, List.of(30L)));
    }

    @Test
    void whatWentToTheBalanceIsNoCharge() {
        assertThat(taken(List.of(
                        invoiced(List.of(usage(InvoiceLine.Kind.BALANCE, null, 400, days(0, 30)))),
                        invoiced(List.of(usage(InvoiceLine.Kind.ADJUSTMENT, null, -300, days(0, 30)))))))
                .isEmpty();
    }

    /** The lines once a note has taken that much off each; 0 for nothing. */
    private static List<Invoiced> noted(List<Invoiced> lines, long... cents) {
        List<Invoiced> noted = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Invoiced one = lines.get(i);
            List<CreditedLine> taken = cents[i] == 0
                    ? List.of()
                    : List.of(new CreditedLine(
                            String.valueOf(i + 1),
                            cents[i],
                            cents[i]
                                    * one.amounts().discountCents()
                                    / one.line().amountCents(),
                            List.of()));
            noted.add(new Invoiced(one.place(), one.line(), one.amounts(), false, taken, List.of()));
        }
        return noted;
    }

    private static List<Long> capped(List<List<Invoiced>> earlier, InvoiceLine... lines) {
        return CreditedCharges.capped(made(earlier), List.of(lines)).stream()
                .map(InvoiceLine::amountCents)
                .toList();
    }

    @Test
    void aCreditBearsTheTaxesOfItsCharge() {
        InvoiceLine credit = plan("pro", 3_000, -1_500, days(15, 30));
        assertThat(draft(List.of(bearing(plan("pro", 3_000, 3_000, days(0, 30)), VAT)), credit))
                .extracting(InvoiceDraft.Line::taxes)
                .containsExactly(List.of(VAT));
        assertThat(draft(List.of(bearing(plan("pro", 3_000, 3_000, days(0, 30)))), credit))
                .as("reverse charge then, whatever is now")
                .extracting(InvoiceDraft.Line::taxes)
                .containsExactly(List.of());
        assertThat(draft(
                        List.of(
                                bearing(plan("pro", 3_000, 1_600, days(0, 30)), VAT),
                                bearing(plan("pro", 3_000, 700, days(14, 30)), LOWER)),
                        credit))
                .as("of the charge that most of it gives back")
                .extracting(InvoiceDraft.Line::taxes)
                .containsExactly(List.of(VAT));
        assertThat(draft(List.of(), credit, plan("pro", 3_000, 3_000, days(0, 30))))
                .as("what is not invoiced yet bears those in force")
                .extracting(InvoiceDraft.Line::taxes)
                .containsExactly(null, null);
        List<Invoiced> ahead = bearing(plan("pro", 3_000, -1_500, days(15, 30)), VAT);
        assertThat(draft(List.of(ahead), plan("pro", 3_000, 3_000, days(0, 30))))
                .extracting(InvoiceDraft.Line::taxes, InvoiceDraft.Line::creditedAheadCents)
                .containsExactly(tuple(null, 1_500L));
    }

    private static final Tax VAT = new Tax("vat", new BigDecimal("19"), false);
    private static final Tax LOWER = new Tax("vat", new BigDecimal("16"), false);

    private static List<Invoiced> bearing(InvoiceLine line, Tax... taxes) {
        List<InvoicedLine.TaxShare> shares = Stream.of(taxes)
                .map(tax -> new InvoicedLine.TaxShare(tax, line.amountCents() / 5))
                .toList();
        return List.of(new Invoiced(
                new Place(UUID.randomUUID(), 1), line, new InvoicedLine("1", line.amountCents(), List.of(), shares)));
    }

    @Test
    void unusedTimeIsGivenBackAsFarAsNoNoteHas() {
        List<Invoiced> month = invoiced(List.of(plan("pro", 3_000, 3_000, days(0, 30))));
        InvoiceLine rest = plan("pro", 3_000, -2_000, days(10, 30));
        InvoiceLine charge = plan("team", 6_000, 4_000, days(10, 30));
        assertThat(capped(List.of(month), rest, charge)).containsExactly(-2_000L, 4_000L);
        assertThat(capped(List.of(noted(month, 1_300)), rest, charge)).containsExactly(-1_700L, 4_000L);
        assertThat(capped(List.of(noted(month, 1_300)), plan("pro", 3_000, -1_000, days(10, 20)), rest))
                .as("once in all")
                .containsExactly(-1_000L, -700L);
        assertThat(capped(List.of(noted(month, 3_000)), rest, charge)).containsExactly(4_000L);
        assertThat(capped(List.of(noted(month, 1_300)), plan("pro", 4_000, -2_000, days(10, 30))))
                .as("of another charge")
                .containsExactly(-2_000L);
        assertThat(capped(
                        List.of(month.stream()
                                .map(one -> new Invoiced(
                                        one.place(), one.line(), one.amounts(), true, List.of(), List.of()))
                                .toList()),
                        rest,
                        charge))
                .as("a void charge was never owed")
                .containsExactly(4_000L);
    }

    @Test
    void whatALaterInvoiceHasGivenBackCountsBesideTheNote() {
        List<Invoiced> charge = noted(invoiced(List.of(plan("pro", 3_000, 3_000, days(0, 30)))), 1_300);
        List<Invoiced> credit = invoiced(List.of(plan("pro", 3_000, -1_000, days(20, 30))));
        assertThat(capped(List.of(charge, credit), plan("pro", 3_000, -1_000, days(10, 20))))
                .containsExactly(-700L);
    }

    @Test
    void whatANoteHasGivenBackIsNotGivenBackByALine() {
        List<Invoiced> month = invoiced(List.of(usage(InvoiceLine.Kind.OVERAGE, 500, days(0, 30))));
        List<Invoiced> late = invoiced(List.of(usage(InvoiceLine.Kind.ADJUSTMENT, 100, days(0, 30))));
        List<Invoiced> less = invoiced(List.of(usage(InvoiceLine.Kind.ADJUSTMENT, -300, days(0, 30))));
        assertThat(taken(List.of(month, late, less))).isEqualTo(Map.of(1, List.of(100L), 0, List.of(200L)));
        assertThat(taken(List.of(month, noted(late, 100), less))).isEqualTo(Map.of(0, List.of(300L)));
        assertThat(taken(List.of(month, late, noted(less, -300))))
                .as("what a note has undone")
                .isEmpty();
    }

    @Test
    void aNoteAndALineTogetherTakeExactlyTheDiscountBack() {
        List<Invoiced> charge = invoiced(List.of(plan("pro", 1_000, 1_000, days(0, 100))), 501);
        // A third of the discount, rounded down.
        assertThat(draft(List.of(noted(charge, 333)), plan("pro", 1_000, -667, days(0, 100)))
                        .get(0)
                        .takenBack())
                .isEqualTo(Map.of(COUPON, 335L));
    }

    @Test
    void whatIsAboveTheMaximumIsOfTheUsageFirstThenOfThePlan() {
        List<Invoiced> plan = invoiced(List.of(plan("pro", 4_900, 4_900, days(0, 30))), 490);
        InvoiceLine overage = usage(InvoiceLine.Kind.OVERAGE, 1_000, days(0, 30));
        InvoiceLine most = new InvoiceLine(
                InvoiceLine.Kind.COMMITMENT,
                "",
                null,
                "pro",
                BigDecimal.ONE,
                BigDecimal.ONE,
                -3_000,
                days(0, 30),
                false);
        assertThat(draft(List.of(plan), overage, most))
                .satisfiesExactly(
                        line -> assertThat(line.creditedAheadCents()).isEqualTo(1_000),
                        line -> assertThat(line.takenBack()).isEqualTo(Map.of(COUPON, 200L)));
        assertThat(taken(List.of(plan, invoiced(List.of(overage, most), 0, -200))))
                .isEqualTo(Map.of(0, List.of(2_000L), 1, List.of(1_000L), 2, List.of(-1_000L)));
        InvoiceLine late = usage(InvoiceLine.Kind.ADJUSTMENT, 100, days(0, 30));
        InvoiceLine less = usage(InvoiceLine.Kind.ADJUSTMENT, null, -100, days(0, 30));
        assertThat(draft(List.of(plan), late, less))
                .as("late usage")
                .extracting(InvoiceDraft.Line::creditedAheadCents)
                .containsExactly(100L, 0L);
        assertThat(taken(List.of(invoiced(List.of(plan("pro", 4_900, 4_900, days(30, 60)))), invoiced(List.of(most)))))
                .as("of another month")
                .isEmpty();
    }

    private static final InvoiceLine MOST = usage(InvoiceLine.Kind.COMMITMENT, null, -1_000, days(0, 30));

    @Test
    void correctedUsageTakesWhatTheMaximumGivesBackToo() {
        List<Invoiced> month = invoiced(List.of(usage(InvoiceLine.Kind.OVERAGE, 1_200, days(0, 30)), MOST));
        InvoiceLine less = usage(InvoiceLine.Kind.ADJUSTMENT, -700, days(0, 30));
        InvoiceLine restored = usage(InvoiceLine.Kind.ADJUSTMENT, null, 600, days(0, 30));
        assertThat(draft(List.of(month), less, restored))
                .as("of the usage the 200 that were paid, the rest of what is charged now")
                .extracting(InvoiceDraft.Line::creditedAheadCents)
                .containsExactly(0L, 500L);
        assertThat(taken(List.of(month, invoiced(List.of(restored)), invoiced(List.of(less)))))
                .isEqualTo(Map.of(0, List.of(1_000L, 200L), 1, List.of(-1_000L), 2, List.of(500L)));
        assertThat(taken(List.of(
                        invoiced(List.of(usage(InvoiceLine.Kind.ADJUSTMENT, "executions", 600, days(0, 30)))),
                        invoiced(List.of(usage(InvoiceLine.Kind.ADJUSTMENT, null, 600, days(30, 60)))),
                        invoiced(List.of(less)))))
                .as("of another meter, not of another month")
                .isEqualTo(Map.of(0, List.of(600L)));
    }

    @Test
    void correctedUsageIsGivenBackAsFarAsItWasOwed() {
        List<Invoiced> plan = invoiced(List.of(plan("pro", 4_900, 4_900, days(0, 30))));
        List<Invoiced> month = invoiced(List.of(usage(InvoiceLine.Kind.OVERAGE, 1_000, days(0, 30)), MOST));
        InvoiceLine less = usage(InvoiceLine.Kind.ADJUSTMENT, -1_000, days(0, 30));
        InvoiceLine restored = usage(InvoiceLine.Kind.ADJUSTMENT, null, 400, days(0, 30));
        assertThat(capped(List.of(noted(plan, 4_900), month), less, restored)).containsExactly(-400L, 400L);
        assertThat(CreditedCharges.isCapped(less)).isTrue();
        assertThat(CreditedCharges.isCapped(restored)).isFalse();
    }

    @Test
    void aMonthsOwnChargesComeBeforeTheYears() {
        List<Invoiced> month = invoiced(List.of(plan("team", 700, 700, days(0, 20))));
        List<Invoiced> year = invoiced(List.of(plan("pro", 49_000, 49_000, days(20, 385))));
        assertThat(taken(List.of(month, year, invoiced(List.of(MOST)))))
                .isEqualTo(Map.of(0, List.of(700L), 1, List.of(300L)));
    }

    @Test
    void aNoteTakesItsDiscountOffThePartsNoneMoreThanItIs() {
        List<Invoiced> seat = invoiced(List.of(plan("seat", 300, 300, days(0, 30))), 300);
        List<Invoiced> team = invoiced(List.of(plan("team", 700, 700, days(0, 30))));
        List<Invoiced> most = invoiced(List.of(MOST), -300);
        Map<Place, List<CreditedLine>> whole = CreditedCharges.givenBack(made(List.of(seat, team, most)));
        Map<Place, List<CreditedLine>> taken = CreditedCharges.givenBack(made(List.of(seat, team, noted(most, -290))));
        assertThat(List.of(seat, team))
                .extracting(charge -> whole.get(charge.get(0).place()).get(0).discountCents())
                .containsExactly(300L, 0L);
        assertThat(List.of(seat, team))
                .as("10 of the seat stay given back: 213 less what the note has")
                .extracting(charge -> taken.get(charge.get(0).place()).get(0).discountCents())
                .containsExactly(10L, 203L);
    }
}
