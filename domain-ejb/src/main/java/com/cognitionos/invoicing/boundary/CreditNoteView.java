package com.cognitionos.invoicing.boundary;

import com.cognitionos.invoicing.entity.Buyer;
import com.cognitionos.invoicing.entity.CreditNote;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.Taxes;
import java.time.Instant;
import java.util.List;

/**
 * A credit note with what it says of its invoice.
 *
 * @param invoiceNumber of the invoice that it takes from
 * @param invoiceIssuedAt when that was finalised
 * @param lines in the order of the invoice
 */
public record CreditNoteView(
        CreditNote note,
        String invoiceNumber,
        Instant invoiceIssuedAt,
        Buyer buyer,
        Taxes.Treatment taxTreatment,
        List<Line> lines) {

    /**
     * @param position on the invoice, from 1
     * @param line as it was invoiced
     */
    public record Line(int position, InvoiceLine line, CreditedLine credited) {}

    public CreditNoteView {
        lines = List.copyOf(lines);
    }
}
