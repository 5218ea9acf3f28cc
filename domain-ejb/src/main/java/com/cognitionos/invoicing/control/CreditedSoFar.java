package com.cognitionos.invoicing.control;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.invoicing.entity.CreditNote;
import com.cognitionos.invoicing.entity.CreditedCharges;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.invoicing.entity.Invoiced;
import com.cognitionos.invoicing.entity.Invoiced.Given;
import com.cognitionos.invoicing.entity.Invoiced.Place;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoicedLine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What has been given back of an invoice's charges: by its notes, and by credit lines of invoices. */
@ApplicationScoped
public class CreditedSoFar {

    @Inject
    private Sql sql;

    @Inject
    private InvoiceLines invoiceLines;

    @Inject
    private CreditNoteRecords notes;

    /** Until the transaction ends no invoice of the subscription is made, credited or withdrawn by anybody else. */
    public void lock(UUID subscription) {
        sql.query(
                "SELECT 1 FROM subscriptions WHERE tenant_id = ? AND id = ? FOR NO KEY UPDATE",
                row -> row.getInt(1),
                Caller.currentTenant(),
                subscription);
    }

    /** By line, several where it was credited several times; a line's id is its position. */
    public List<CreditedLine> of(Invoice invoice) {
        List<CreditedLine> credited = new ArrayList<>();
        for (CreditNote note : notes.of(List.of(invoice.id()))) {
            credited.addAll(note.amounts().lines());
        }
        CreditedCharges.givenBack(with(List.of(invoice.id()))).forEach((place, ofLine) -> {
            if (place.invoice().equals(invoice.id())) {
                credited.addAll(ofLine);
            }
        });
        return credited;
    }

    /** Whether a note or another invoice has given a part of it back. */
    public boolean isGivenBack(Invoice invoice) {
        return !notes.of(List.of(invoice.id())).isEmpty()
                || CreditedCharges.isGivenBackElsewhere(invoice.id(), with(List.of(invoice.id())));
    }

    /** The lines as {@link CreditedCharges#capped} leaves them. @param lines about to be invoiced */
    public DueLines due(UUID subscription, List<InvoiceLine> lines) {
        return due(subscription, lines, true);
    }

    /** As {@link #due(UUID, List)}. @param credited false where nothing was ever given back by a line */
    public DueLines due(UUID subscription, List<InvoiceLine> lines, boolean credited) {
        boolean gives = lines.stream().anyMatch(line -> line.amountCents() < 0);
        List<Invoiced> earlier =
                gives || credited && isCreditedAround(subscription, lines) ? around(subscription, lines) : List.of();
        boolean capped = lines.stream().anyMatch(CreditedCharges::isCapped);
        return new DueLines(capped ? CreditedCharges.capped(earlier, lines) : lines, earlier);
    }

    /** Most invoices have nothing to do with any credit. */
    private boolean isCreditedAround(UUID subscription, List<InvoiceLine> lines) {
        return !lines.isEmpty()
                && sql.queryOne("""
                        SELECT 1 FROM invoices i JOIN invoice_lines l ON l.tenant_id = i.tenant_id AND l.invoice_id = i.id
                        WHERE i.tenant_id = ? AND i.subscription_id = ? AND l.amount_cents < 0
                          AND l.period_start < ? AND l.period_end > ? LIMIT 1""", row -> true, Caller.currentTenant(), subscription, end(lines), start(lines))
                        .isPresent();
    }

    /** What is about to be invoiced of a subscription. */
    public record Planned(UUID tenant, UUID subscription, List<InvoiceLine> lines) {
        public Planned {
            lines = List.copyOf(lines);
        }
    }

    /** For the platform: the subscriptions of which some credit has to do with what is about to be invoiced. */
    public Set<UUID> creditedAround(List<Planned> planned) {
        List<Planned> some =
                planned.stream().filter(one -> !one.lines().isEmpty()).toList();
        return Set.copyOf(sql.query(
                """
                SELECT DISTINCT i.subscription_id
                FROM unnest(?::uuid[], ?::uuid[], ?::timestamptz[], ?::timestamptz[])
                    AS n (tenant_id, subscription_id, starts, ends)
                JOIN invoice_lines l ON l.tenant_id = n.tenant_id AND l.amount_cents < 0
                    AND l.period_start < n.ends AND l.period_end > n.starts
                JOIN invoices i ON i.tenant_id = l.tenant_id AND i.id = l.invoice_id
                    AND i.subscription_id = n.subscription_id""",
                row -> row.getObject("subscription_id", UUID.class),
                column(some, "uuid", Planned::tenant),
                column(some, "uuid", Planned::subscription),
                column(some, "timestamptz", one -> start(one.lines()).toString()),
                column(some, "timestamptz", one -> end(one.lines()).toString())));
    }

    private List<Invoiced> around(UUID subscription, List<InvoiceLine> lines) {
        return with(sql.query(
                """
                SELECT id FROM invoices i
                WHERE tenant_id = ? AND subscription_id = ? AND EXISTS (
                    SELECT FROM invoice_lines l WHERE l.tenant_id = i.tenant_id AND l.invoice_id = i.id
                      AND l.period_start < ? AND l.period_end > ?)""",
                row -> row.getObject("id", UUID.class),
                Caller.currentTenant(),
                subscription,
                end(lines),
                start(lines)));
    }

    private static Instant start(List<InvoiceLine> lines) {
        return lines.stream()
                .map(line -> line.period().start())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    private static Instant end(List<InvoiceLine> lines) {
        return lines.stream()
                .map(line -> line.period().end())
                .max(Instant::compareTo)
                .orElseThrow();
    }

    /** All lines of the invoices and of those that give a part of them back, in the order in which they were made. */
    private List<Invoiced> with(List<UUID> some) {
        if (some.isEmpty()) {
            return List.of();
        }
        Map<UUID, Boolean> invoices = new LinkedHashMap<>();
        sql.query(
                        """
                        SELECT id, status FROM invoices i
                        WHERE tenant_id = ? AND (id = ANY (?) OR id IN (
                            SELECT invoice_id FROM invoice_line_credits
                            WHERE tenant_id = ? AND charge_invoice_id = ANY (?)))
                        ORDER BY finalized_at, id""",
                        row -> Map.entry(
                                row.getObject("id", UUID.class),
                                row.getString("status").equals("void")),
                        Caller.currentTenant(),
                        new Sql.Array("uuid", some.toArray()),
                        Caller.currentTenant(),
                        new Sql.Array("uuid", some.toArray()))
                .forEach(entry -> invoices.put(entry.getKey(), entry.getValue()));
        Map<Place, List<CreditedLine>> noted = new HashMap<>();
        for (CreditNote note : notes.of(invoices.keySet())) {
            for (CreditedLine line : note.amounts().lines()) {
                Place place = new Place(note.invoiceId(), Integer.parseInt(line.lineId()));
                noted.computeIfAbsent(place, none -> new ArrayList<>()).add(line);
            }
        }
        Map<UUID, List<InvoiceLine>> lines = invoiceLines.of(invoices.keySet());
        Map<UUID, List<InvoicedLine>> amounts = invoiceLines.amountsOf(lines);
        Map<Place, List<Given>> given = invoiceLines.given(invoices.keySet());
        List<Invoiced> all = new ArrayList<>();
        invoices.forEach((invoice, isVoid) -> {
            List<InvoiceLine> ofInvoice = lines.getOrDefault(invoice, List.of());
            for (int i = 0; i < ofInvoice.size(); i++) {
                Place place = new Place(invoice, i + 1);
                all.add(new Invoiced(
                        place,
                        ofInvoice.get(i),
                        amounts.getOrDefault(invoice, List.of()).get(i),
                        isVoid,
                        noted.getOrDefault(place, List.of()),
                        given.getOrDefault(place, List.of())));
            }
        });
        return all;
    }
}
