package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.CreditNote;
import com.cognitionos.invoicing.entity.GivenBack;
import com.cognitionos.invoicing.entity.GivenBack.Invoiced;
import com.cognitionos.invoicing.entity.GivenBack.Place;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoicedLine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What has been given back of an invoice's charges: by its notes, and by credit lines of later invoices. */
@ApplicationScoped
public class CreditedSoFar {

    @Inject
    private Sql sql;

    @Inject
    private InvoiceLines invoiceLines;

    @Inject
    private CreditNoteRecords notes;

    /** By line, several where it was credited several times; a line's id is its position. */
    public List<CreditedLine> of(Invoice invoice) {
        List<CreditedLine> credited = new ArrayList<>();
        for (CreditNote note : notes.of(List.of(invoice.id()))) {
            credited.addAll(note.amounts().lines());
        }
        GivenBack.byCharge(invoiced(invoice.subscriptionId())).forEach((place, lines) -> {
            if (place.invoice().equals(invoice.id())) {
                credited.addAll(lines);
            }
        });
        return credited;
    }

    /** The lines of the subscription's invoices that are not void, in the order in which they were invoiced. */
    private List<Invoiced> invoiced(UUID subscription) {
        List<UUID> invoices =
                sql.query("""
                SELECT id FROM invoices WHERE tenant_id = ? AND subscription_id = ? AND status <> 'void'
                ORDER BY finalized_at, id""", row -> row.getObject("id", UUID.class), Caller.currentTenant(), subscription);
        Map<UUID, List<InvoiceLine>> lines = invoiceLines.of(invoices);
        Map<UUID, List<InvoicedLine>> amounts = invoiceLines.amountsOf(lines);
        List<Invoiced> all = new ArrayList<>();
        for (UUID invoice : invoices) {
            List<InvoiceLine> ofInvoice = lines.getOrDefault(invoice, List.of());
            for (int i = 0; i < ofInvoice.size(); i++) {
                all.add(new Invoiced(
                        new Place(invoice, i + 1),
                        ofInvoice.get(i),
                        amounts.getOrDefault(invoice, List.of()).get(i)));
            }
        }
        return all;
    }
}
