package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.BillingDocument;
import com.cognitionos.invoicing.entity.BillingDocument.By;
import com.cognitionos.invoicing.entity.BillingDocument.Settlement;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.invoicing.entity.Seller;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the document of a finalised invoice says, as at its finalisation. */
public final class InvoiceDocument {

    private InvoiceDocument() {}

    /**
     * What went to the customer's balance is no supply, so it is no line here: the total is then below 0.
     *
     * @param units by meter, in the singular
     */
    public static BillingDocument of(InvoiceView invoice, Seller seller, Map<String, String> units, ZoneId zone) {
        List<BillingDocument.Line> lines = new ArrayList<>();
        long toBalance = 0;
        for (int i = 0; i < invoice.lines().size(); i++) {
            InvoiceLine line = invoice.lines().get(i);
            if (line.kind() == InvoiceLine.Kind.BALANCE) {
                toBalance = Math.addExact(toBalance, line.amountCents());
            } else {
                lines.add(new BillingDocument.Line(
                        line.description(),
                        unit(line, units),
                        line.quantity(),
                        line.unitPrice(),
                        line.period(),
                        invoice.amounts().get(i)));
            }
        }
        long carried = invoice.carriedOverCents();
        long prepaid = invoice.prepaidAppliedCents();
        Instant issued = Objects.requireNonNull(invoice.finalizedAt());
        return new BillingDocument(
                BillingDocument.Type.INVOICE,
                invoice.id(),
                Objects.requireNonNull(invoice.number()),
                null,
                null,
                seller,
                invoice.buyer(),
                issued,
                invoice.dueDate(),
                invoice.currency(),
                invoice.period(),
                zone,
                invoice.taxTreatment(),
                lines,
                List.of(
                        new Settlement(By.PREPAID_CREDIT, prepaid),
                        new Settlement(By.BALANCE, invoice.balanceAppliedCents() - prepaid - carried),
                        new Settlement(By.CARRIED_OVER, carried),
                        new Settlement(By.CREDITED_TO_BALANCE, -toBalance)));
    }

    static String unit(InvoiceLine line, Map<String, String> units) {
        if (line.meter() != null) {
            return units.getOrDefault(line.meter(), line.meter());
        }
        return line.kind() == InvoiceLine.Kind.CHARGE ? "piece" : "period";
    }
}
