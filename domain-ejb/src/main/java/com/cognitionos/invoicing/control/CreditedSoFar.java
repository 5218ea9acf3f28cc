package com.cognitionos.invoicing.control;

import com.cognitionos.invoicing.entity.CreditNote;
import com.cognitionos.invoicing.entity.CreditedCharges;
import com.cognitionos.invoicing.entity.CreditedCharges.Invoiced;
import com.cognitionos.invoicing.entity.CreditedCharges.Place;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
        List<InvoiceLine> lines = invoiceLines.of(List.of(invoice.id())).getOrDefault(invoice.id(), List.of());
        CreditedCharges.byCharge(around(invoice.subscriptionId(), lines)).forEach((charge, ofCharge) -> {
            if (charge.invoice().equals(invoice.id())) {
                credited.addAll(ofCharge);
            }
        });
        return credited;
    }

    /** As {@link CreditedCharges#capped}. @param lines about to be invoiced */
    public List<InvoiceLine> capped(UUID subscription, List<InvoiceLine> lines) {
        List<InvoiceLine> given =
                lines.stream().filter(CreditedCharges::isCapped).toList();
        return given.isEmpty() ? lines : CreditedCharges.capped(around(subscription, given), lines);
    }

    /**
     * Of the subscription's invoices, in the order in which they were made, those whose lines these may give back or be
     * given back by: with a line for a time that overlaps theirs, or one that overlaps it in its turn.
     */
    List<Invoiced> around(UUID subscription, List<InvoiceLine> lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        Instant from = lines.stream()
                .map(line -> line.period().start())
                .min(Instant::compareTo)
                .orElseThrow();
        Instant to = lines.stream()
                .map(line -> line.period().end())
                .max(Instant::compareTo)
                .orElseThrow();
        Map<UUID, Boolean> invoices = new LinkedHashMap<>();
        sql.query(
                        """
                        WITH invoiced AS (
                            SELECT i.id, i.finalized_at, i.status, l.position, l.period_start, l.period_end,
                                max(l.period_end) OVER (ORDER BY l.period_start, l.period_end, i.id, l.position
                                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
                            FROM invoices i
                            JOIN invoice_lines l ON l.tenant_id = i.tenant_id AND l.invoice_id = i.id
                            WHERE i.tenant_id = ? AND i.subscription_id = ?),
                        chained AS (
                            SELECT *, count(*) FILTER (WHERE reached <= period_start) OVER (
                                ORDER BY period_start, period_end, id, position ROWS UNBOUNDED PRECEDING) AS chain
                            FROM invoiced)
                        SELECT DISTINCT finalized_at, id, status FROM chained
                        WHERE chain IN (SELECT chain FROM chained WHERE period_start < ? AND period_end > ?)
                        ORDER BY finalized_at, id""",
                        row -> Map.entry(
                                row.getObject("id", UUID.class),
                                row.getString("status").equals("void")),
                        Caller.currentTenant(),
                        subscription,
                        to,
                        from)
                .forEach(entry -> invoices.put(entry.getKey(), entry.getValue()));
        Map<Place, List<CreditedLine>> noted = new HashMap<>();
        for (CreditNote note : notes.of(invoices.keySet())) {
            for (CreditedLine line : note.amounts().lines()) {
                Place place = new Place(note.invoiceId(), Integer.parseInt(line.lineId()));
                noted.computeIfAbsent(place, none -> new ArrayList<>()).add(line);
            }
        }
        return invoiceLines.invoiced(invoices.keySet()).stream()
                .map(one -> new Invoiced(
                        one.place(),
                        one.line(),
                        one.amounts(),
                        invoices.get(one.place().invoice()),
                        noted.getOrDefault(one.place(), List.of())))
                .toList();
    }
}
