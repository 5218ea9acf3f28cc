package com.cognitionos.invoicing.control;

import static com.cognitionos.invoicing.control.SampleDocument.VAT;
import static com.cognitionos.invoicing.control.SampleDocument.VAT_IN_PRICES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.invoicing.entity.BillingDocument.By;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.InvoicedLine.TaxShare;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Taxes;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InvoiceDocumentTest {

    private static final Instant AT = Instant.parse("2026-02-01T00:00:00Z");
    private static final Period JANUARY = new Period(Instant.parse("2026-01-01T00:00:00Z"), AT);

    private static InvoiceLine line(InvoiceLine.Kind kind, @Nullable String meter, long cents) {
        return new InvoiceLine(
                kind,
                kind.code(),
                meter,
                "pro",
                BigDecimal.ONE,
                BigDecimal.valueOf(Math.abs(cents)),
                cents,
                JANUARY,
                false);
    }

    private static InvoicedLine amounts(long cents, TaxShare... taxes) {
        return new InvoicedLine("1", cents, List.of(), List.of(taxes));
    }

    /** @param applied all that is not to be paid in money, with the prepaid and the carried over part */
    private static InvoiceView invoice(
            long total,
            long paid,
            long applied,
            long prepaid,
            long carried,
            List<InvoiceLine> lines,
            List<InvoicedLine> amounts) {
        return new InvoiceView(
                UUID.randomUUID(),
                "INV-2026-000001",
                UUID.randomUUID(),
                UUID.randomUUID(),
                "period",
                paid > 0 ? "paid" : "open",
                "EUR",
                lines.stream().mapToLong(InvoiceLine::amountCents).sum(),
                0,
                amounts.stream().mapToLong(InvoicedLine::taxCents).sum(),
                0,
                Taxes.Treatment.STANDARD,
                total,
                paid,
                total - applied - paid,
                applied,
                prepaid,
                carried,
                0,
                JANUARY,
                SampleDocument.FRENCH,
                AT,
                AT,
                paid > 0 ? AT : null,
                AT,
                lines,
                amounts);
    }

    private static BillingDocument document(InvoiceView invoice) {
        return InvoiceDocument.of(invoice, SampleDocument.GERMAN, Map.of("executions", "execution"), ZoneOffset.UTC);
    }

    @Test
    @DisplayName("A payment changes nothing: the document tells what was due at the finalisation")
    void payment() {
        List<InvoiceLine> lines =
                List.of(line(InvoiceLine.Kind.PLAN, null, 4900), line(InvoiceLine.Kind.OVERAGE, "executions", 100));
        List<InvoicedLine> amounts =
                List.of(amounts(4900, new TaxShare(VAT, 931)), amounts(100, new TaxShare(VAT, 19)));
        BillingDocument open = document(invoice(5950, 0, 950, 700, 200, lines, amounts));
        BillingDocument paid = document(invoice(5950, 5000, 950, 700, 200, lines, amounts));

        assertThat(paid.dueCents()).isEqualTo(open.dueCents()).isEqualTo(5000);
        assertThat(paid.settlements()).isEqualTo(open.settlements());
        assertThat(open.settlements())
                .extracting(BillingDocument.Settlement::by, BillingDocument.Settlement::cents)
                .containsExactly(tuple(By.PREPAID_CREDIT, 700L), tuple(By.BALANCE, 50L), tuple(By.CARRIED_OVER, 200L));
        assertThat(open.lines()).extracting(BillingDocument.Line::unit).containsExactly("period", "execution");
        assertThat(open.totalCents()).isEqualTo(5950);
    }

    @Test
    @DisplayName("What an earlier invoice left adds to what is due")
    void leftFromEarlier() {
        BillingDocument document = document(
                invoice(100, 0, -30, 0, 0, List.of(line(InvoiceLine.Kind.PLAN, null, 100)), List.of(amounts(100))));
        assertThat(document.dueCents()).isEqualTo(130);
    }

    @Test
    @DisplayName("A credit to the balance is no line; nothing is due")
    void creditToBalance() {
        BillingDocument document = document(invoice(
                0,
                0,
                0,
                0,
                0,
                List.of(line(InvoiceLine.Kind.PLAN, null, -1000), line(InvoiceLine.Kind.BALANCE, null, 1190)),
                List.of(amounts(-1000, new TaxShare(VAT, -190)), amounts(1190))));
        assertThat(document.lines()).hasSize(1);
        assertThat(document.totalCents()).isEqualTo(-1190);
        assertThat(document.settledCents()).isEqualTo(-1190);
        assertThat(document.dueCents()).isZero();
    }

    @Test
    @DisplayName("A line without a meter is of a period, or what was charged once")
    void units() {
        BillingDocument document = document(invoice(
                30,
                0,
                0,
                0,
                0,
                List.of(
                        line(InvoiceLine.Kind.PLAN, null, 10),
                        line(InvoiceLine.Kind.COMMITMENT, null, 10),
                        line(InvoiceLine.Kind.CHARGE, null, 10)),
                List.of(amounts(10), amounts(10), amounts(10))));
        assertThat(document.lines())
                .extracting(BillingDocument.Line::unit)
                .containsExactly("period", "period", "piece");
    }

    @Test
    @DisplayName("Tax in the prices is part of the total, not on top")
    void inclusive() {
        BillingDocument document = document(invoice(
                1190,
                0,
                0,
                0,
                0,
                List.of(line(InvoiceLine.Kind.PLAN, null, 1190)),
                List.of(amounts(1190, new TaxShare(VAT_IN_PRICES, 190)))));
        assertThat(document.netCents()).isEqualTo(1000);
        assertThat(document.includedTaxCents()).isEqualTo(190);
        assertThat(document.totalCents()).isEqualTo(1190);
    }
}
