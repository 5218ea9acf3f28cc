package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.invoicing.entity.BillingDocument.By;
import com.cognitionos.invoicing.entity.BillingDocument.Settlement;
import com.cognitionos.invoicing.entity.CreditNote;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.invoicing.entity.Seller;
import com.cognitionos.rating.entity.CreditNoteAmounts;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.InvoicedLine.DiscountShare;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** What the document of a credit note says, as at its issue: a refund that fails later is not among it. */
public final class CreditNoteDocument {

    /** What a line is counted in of which not all is credited: no quantity of it is. */
    private static final String PART = "part";

    private CreditNoteDocument() {}

    /** @param units by meter, in the singular */
    public static BillingDocument of(CreditNoteView view, Seller seller, Map<String, String> units, ZoneId zone) {
        CreditNote note = view.note();
        CreditNoteAmounts amounts = note.amounts();
        return new BillingDocument(
                BillingDocument.Type.CREDIT_NOTE,
                note.id(),
                note.number(),
                new BillingDocument.Reference(view.invoiceNumber(), view.invoiceIssuedAt()),
                note.reason(),
                seller,
                view.buyer(),
                note.issuedAt(),
                null,
                note.currency(),
                null,
                zone,
                view.taxTreatment(),
                view.lines().stream().map(line -> line(line, units)).toList(),
                List.of(
                        new Settlement(By.REDUCED_DUE, amounts.reducedDueCents()),
                        new Settlement(By.REFUND, amounts.refundCents()),
                        new Settlement(By.CREDITED_TO_BALANCE, amounts.toBalanceCents())));
    }

    private static BillingDocument.Line line(CreditNoteView.Line line, Map<String, String> units) {
        InvoiceLine invoiced = line.line();
        CreditedLine credited = line.credited();
        boolean whole = credited.cents() == invoiced.amountCents();
        return new BillingDocument.Line(
                invoiced.description(),
                whole ? InvoiceDocument.unit(invoiced, units) : PART,
                whole ? invoiced.quantity() : BigDecimal.ONE,
                whole ? invoiced.unitPrice() : BigDecimal.valueOf(Math.abs(credited.cents())),
                invoiced.period(),
                new InvoicedLine(
                        credited.lineId(),
                        credited.cents(),
                        credited.discountCents() == 0
                                ? List.of()
                                : List.of(new DiscountShare("credited", credited.discountCents())),
                        credited.taxes()));
    }
}
