package com.cognitionos.invoicing.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.invoicing.entity.CreditedCharges.Invoiced;
import com.cognitionos.rating.entity.InvoiceDraft;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.InvoicedLine.DiscountShare;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("INV-15: a credit line takes the discount of its charge back")
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
        return new InvoiceLine(kind, "", "tokens", "pro", BigDecimal.TEN, BigDecimal.ONE, cents, period, false);
    }

    /** @param discounts of each line, 0 for none */
    private static Invoiced invoiced(List<InvoiceLine> lines, long... discounts) {
        List<InvoicedLine> amounts = new ArrayList<>();
        for (int i = 0; i < discounts.length; i++) {
            amounts.add(new InvoicedLine(
                    String.valueOf(i + 1),
                    lines.get(i).amountCents(),
                    discounts[i] == 0 ? List.of() : List.of(new DiscountShare(COUPON, discounts[i])),
                    List.of()));
        }
        return new Invoiced(lines, amounts);
    }

    private static List<InvoiceDraft.Line> draft(List<Invoiced> earlier, InvoiceLine... lines) {
        return CreditedCharges.draft(earlier, List.of(lines), "services");
    }

    @Test
    void ofAnInvoicedChargeItsShare() {
        Invoiced year = invoiced(List.of(plan("pro", 1_000, 1_000, days(0, 100))), 501);
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
        Invoiced charge = invoiced(List.of(plan("pro", 1_000, 1_000, days(0, 100))), 500);
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
        Invoiced charges = invoiced(
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
        Invoiced before = invoiced(List.of(credit), 0);
        assertThat(draft(List.of(before), charge).get(0).creditedAheadCents()).isEqualTo(500);
        assertThat(draft(List.of(before, invoiced(List.of(charge), 250)), charge)
                        .get(0)
                        .creditedAheadCents())
                .as("each credit once")
                .isZero();
    }

    @Test
    void anAdjustmentOfTheMonthsUsage() {
        Invoiced month = invoiced(
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
}
