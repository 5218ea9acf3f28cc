package com.cognitionos.invoicing.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.invoicing.entity.GivenBack.Invoiced;
import com.cognitionos.invoicing.entity.GivenBack.Place;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** INV-18: which charge a credit line gives back. */
class GivenBackTest {

    private final List<Invoiced> lines = new ArrayList<>();

    private static Period days(int from, int to) {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        return new Period(start.plusSeconds(86_400L * from), start.plusSeconds(86_400L * to));
    }

    private UUID invoice(InvoiceLine... ofInvoice) {
        UUID id = UUID.randomUUID();
        for (int i = 0; i < ofInvoice.length; i++) {
            lines.add(new Invoiced(
                    new Place(id, i + 1),
                    ofInvoice[i],
                    new InvoicedLine(String.valueOf(i + 1), ofInvoice[i].amountCents(), List.of(), List.of())));
        }
        return id;
    }

    private static InvoiceLine line(
            InvoiceLine.Kind kind, @Nullable String meter, String plan, long cents, Period period) {
        return new InvoiceLine(
                kind, "", meter, plan, BigDecimal.ONE, BigDecimal.valueOf(cents), cents, period, cents < 0);
    }

    private static InvoiceLine plan(String plan, long cents, Period period) {
        return line(InvoiceLine.Kind.PLAN, null, plan, cents, period);
    }

    private Map<Place, List<Long>> taken() {
        Map<Place, List<Long>> taken = new HashMap<>();
        GivenBack.byCharge(lines)
                .forEach((place, credited) -> taken.put(
                        place, credited.stream().map(CreditedLine::cents).toList()));
        return taken;
    }

    @Test
    void unusedTimeIsOfTheLastChargeThatCoversIt() {
        invoice(plan("pro", 3_000, days(0, 30)));
        invoice(plan("pro", -2_000, days(10, 30)), plan("team", 8_000, days(10, 30)));
        UUID again = invoice(plan("team", -6_000, days(15, 30)), plan("pro", 1_500, days(15, 30)));
        invoice(plan("pro", -1_000, days(20, 30)));

        assertThat(taken())
                .containsOnly(
                        Map.entry(lines.get(0).place(), List.of(2_000L)),
                        Map.entry(lines.get(2).place(), List.of(6_000L)),
                        Map.entry(new Place(again, 2), List.of(1_000L)));
    }

    @Test
    void whereAPeriodIsChargedAtItsEndItIsTheNextOne() {
        invoice(plan("team", -9_950, days(14, 28)), plan("pro", 2_450, days(14, 28)));
        UUID end = invoice(plan("team", 19_900, days(0, 28)));

        assertThat(taken()).containsOnly(Map.entry(new Place(end, 1), List.of(9_950L)));
    }

    @Test
    void anAdjustmentIsForTheUsageOfItsMonth() {
        UUID month = invoice(
                line(InvoiceLine.Kind.OVERAGE, "tokens", "pro", 500, days(0, 30)),
                line(InvoiceLine.Kind.OVERAGE, "executions", "pro", 700, days(0, 30)));
        invoice(line(InvoiceLine.Kind.OVERAGE, "tokens", "pro", 900, days(30, 60)));
        invoice(line(InvoiceLine.Kind.ADJUSTMENT, "tokens", "pro", -200, days(0, 30)));

        assertThat(taken()).containsOnly(Map.entry(new Place(month, 1), List.of(200L)));
    }

    @Test
    void aCreditThatIsMoreThanTheLastChargeIsOfTheOneBeforeToo() {
        UUID month = invoice(line(InvoiceLine.Kind.OVERAGE, "tokens", "pro", 500, days(0, 30)));
        UUID late = invoice(line(InvoiceLine.Kind.ADJUSTMENT, "tokens", "pro", 100, days(0, 30)));
        invoice(line(InvoiceLine.Kind.ADJUSTMENT, "tokens", "pro", -250, days(0, 30)));
        invoice(line(InvoiceLine.Kind.ADJUSTMENT, "tokens", "pro", -350, days(0, 30)));

        assertThat(taken())
                .containsOnly(
                        Map.entry(new Place(late, 1), List.of(100L)),
                        Map.entry(new Place(month, 1), List.of(150L, 350L)));
    }

    @Test
    void aLineOfTheSameInvoiceIsNotGivenBackByIt() {
        invoice(plan("pro", 3_000, days(0, 30)), plan("pro", -1_000, days(20, 30)));

        assertThat(taken()).isEmpty();
    }
}
