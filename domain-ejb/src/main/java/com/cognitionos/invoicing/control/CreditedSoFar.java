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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

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
        List<Invoiced> standing = invoiced(invoice.subscriptionId()).stream()
                .filter(stored -> !stored.isVoid())
                .map(Stored::invoiced)
                .toList();
        credited.addAll(ofInvoice(GivenBack.byCharge(standing), invoice.id()));
        return credited;
    }

    /**
     * A plan's unused time is given back as far as a note has not given it back already, and not at all where its charge is
     * void: nobody gets back more than was owed.
     *
     * @param lines about to be invoiced
     */
    public List<InvoiceLine> capped(UUID subscription, List<InvoiceLine> lines) {
        if (lines.stream().noneMatch(CreditedSoFar::isUnusedTime)) {
            return lines;
        }
        List<Stored> stored = invoiced(subscription);
        Map<Place, Long> left = left(stored);
        List<Invoiced> all = stored.stream().map(Stored::invoiced).toList();
        List<InvoiceLine> capped = new ArrayList<>();
        for (InvoiceLine line : lines) {
            Place charge = isUnusedTime(line)
                    ? GivenBack.chargeOf(line, all).map(Invoiced::place).orElse(null)
                    : null;
            Long rest = charge == null ? null : left.get(charge);
            if (charge == null || rest == null) {
                capped.add(line);
                continue;
            }
            long cents = Math.max(line.amountCents(), Math.negateExact(rest));
            left.put(charge, Math.addExact(rest, cents));
            if (cents != 0) {
                capped.add(line.of(cents));
            }
        }
        return List.copyOf(capped);
    }

    private static boolean isUnusedTime(InvoiceLine line) {
        return line.kind().isRecurring() && GivenBack.isCredit(line);
    }

    /** What may still be given back of the charges that a note or a withdrawal has touched; others are absent. */
    private Map<Place, Long> left(List<Stored> stored) {
        Map<Place, Long> left = new HashMap<>();
        Map<UUID, List<CreditNote>> byInvoice =
                notes
                        .of(stored.stream()
                                .map(one -> one.invoiced().place().invoice())
                                .distinct()
                                .toList())
                        .stream()
                        .collect(Collectors.groupingBy(CreditNote::invoiceId));
        Map<Place, List<CreditedLine>> byLines = GivenBack.byCharge(stored.stream()
                .filter(one -> !one.isVoid())
                .map(Stored::invoiced)
                .toList());
        for (Stored one : stored) {
            Place place = one.invoiced().place();
            if (one.isVoid()) {
                left.put(place, 0L);
                continue;
            }
            long noted = byInvoice.getOrDefault(place.invoice(), List.of()).stream()
                    .flatMap(note -> note.amounts().lines().stream())
                    .filter(line -> line.lineId().equals(String.valueOf(place.position())))
                    .mapToLong(CreditedLine::cents)
                    .sum();
            if (noted != 0) {
                long before = byLines.getOrDefault(place, List.of()).stream()
                        .mapToLong(CreditedLine::cents)
                        .sum();
                left.put(place, Math.max(0, one.invoiced().line().amountCents() - noted - before));
            }
        }
        return left;
    }

    private static List<CreditedLine> ofInvoice(Map<Place, List<CreditedLine>> byCharge, UUID invoice) {
        return byCharge.entrySet().stream()
                .filter(entry -> entry.getKey().invoice().equals(invoice))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    private record Stored(Invoiced invoiced, boolean isVoid) {}

    /** The lines of the subscription's invoices, in the order in which they were invoiced. */
    private List<Stored> invoiced(UUID subscription) {
        Map<UUID, Boolean> invoices = new LinkedHashMap<>();
        sql.query(
                        """
                        SELECT id, status FROM invoices WHERE tenant_id = ? AND subscription_id = ?
                        ORDER BY finalized_at, id""",
                        row -> Map.entry(
                                row.getObject("id", UUID.class),
                                row.getString("status").equals("void")),
                        Caller.currentTenant(),
                        subscription)
                .forEach(entry -> invoices.put(entry.getKey(), entry.getValue()));
        Map<UUID, List<InvoiceLine>> lines = invoiceLines.of(invoices.keySet());
        Map<UUID, List<InvoicedLine>> amounts = invoiceLines.amountsOf(lines);
        List<Stored> all = new ArrayList<>();
        invoices.forEach((invoice, isVoid) -> {
            List<InvoiceLine> ofInvoice = lines.getOrDefault(invoice, List.of());
            for (int i = 0; i < ofInvoice.size(); i++) {
                all.add(new Stored(
                        new Invoiced(
                                new Place(invoice, i + 1),
                                ofInvoice.get(i),
                                amounts.getOrDefault(invoice, List.of()).get(i)),
                        isVoid));
            }
        });
        return all;
    }
}
