package com.cognitionos.invoicing.control;

import static com.cognitionos.invoicing.control.SampleDocument.VAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.invoicing.entity.BillingDocument.By;
import com.cognitionos.invoicing.entity.CreditNote;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.rating.entity.CreditNoteAmounts;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
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

class CreditNoteDocumentTest {

    private static final Instant INVOICED = Instant.parse("2026-02-01T00:00:00Z");
    private static final Instant ISSUED = Instant.parse("2026-03-05T12:00:00Z");
    private static final Period JANUARY = new Period(Instant.parse("2026-01-01T00:00:00Z"), INVOICED);

    private static InvoiceLine line(@Nullable String meter, String quantity, String price, long cents) {
        return new InvoiceLine(
                meter == null ? InvoiceLine.Kind.PLAN : InvoiceLine.Kind.OVERAGE,
                "a line",
                meter,
                "pro",
                new BigDecimal(quantity),
                new BigDecimal(price),
                cents,
                JANUARY,
                false);
    }

    private static BillingDocument document(
            long reducedDue, long refund, long toBalance, List<InvoiceLine> lines, List<CreditedLine> credited) {
        List<CreditNoteView.Line> views = new java.util.ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            views.add(new CreditNoteView.Line(i + 1, lines.get(i), credited.get(i)));
        }
        CreditNote note = new CreditNote(
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                "CN-2026-000003",
                "EUR",
                "a reason",
                ISSUED,
                new CreditNoteAmounts(credited, reducedDue, refund, toBalance));
        return CreditNoteDocument.of(
                new CreditNoteView(
                        note, "INV-2026-000007", INVOICED, SampleDocument.FRENCH, Taxes.Treatment.STANDARD, views),
                SampleDocument.GERMAN,
                Map.of("executions", "execution"),
                ZoneOffset.UTC);
    }

    @Test
    @DisplayName("It names the invoice, its day and the reason; nothing is due, whatever becomes of the credit")
    void head() {
        BillingDocument document = document(
                100,
                200,
                890,
                List.of(line(null, "1", "1000", 1000)),
                List.of(new CreditedLine("1", 1000, 0, List.of(new TaxShare(VAT, 190)))));
        assertThat(document.type()).isEqualTo(BillingDocument.Type.CREDIT_NOTE);
        assertThat(document.number()).isEqualTo("CN-2026-000003");
        assertThat(document.corrects()).isEqualTo(new BillingDocument.Reference("INV-2026-000007", INVOICED));
        assertThat(document.reason()).isEqualTo("a reason");
        assertThat(document.issuedAt()).isEqualTo(ISSUED);
        assertThat(document.dueAt()).isNull();
        assertThat(document.totalCents()).isEqualTo(1190);
        assertThat(document.dueCents()).isZero();
        assertThat(document.settlements())
                .extracting(BillingDocument.Settlement::by, BillingDocument.Settlement::cents)
                .containsExactly(
                        tuple(By.REDUCED_DUE, 100L), tuple(By.REFUND, 200L), tuple(By.CREDITED_TO_BALANCE, 890L));
    }

    @Test
    @DisplayName("A whole line has its quantity and price, a part of one only its amount; discounts and signs stay")
    void lines() {
        BillingDocument document = document(
                0,
                0,
                1390,
                List.of(
                        line("executions", "100", "10", 1000),
                        line(null, "1", "4900", 4900),
                        line(null, "1", "700", -700)),
                List.of(
                        new CreditedLine("1", 1000, 100, List.of()),
                        new CreditedLine("2", 900, 90, List.of()),
                        new CreditedLine("3", -320, 0, List.of())));
        assertThat(document.lines())
                .extracting(
                        line -> line.quantity().toPlainString() + " " + line.unit() + " at " + line.unitPrice(),
                        line -> line.amounts().cents(),
                        line -> line.amounts().discountCents())
                .containsExactly(
                        tuple("100 execution at 10", 1000L, 100L),
                        tuple("1 part at 900", 900L, 90L),
                        tuple("1 part at 320", -320L, 0L));
        assertThat(document.totalCents()).isEqualTo(1390);
    }
}
