package com.cognitionos.invoicing.entity;

import com.cognitionos.rating.entity.CreditNoteAmounts;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoicedLine.TaxShare;
import java.time.Instant;
import java.util.UUID;
import java.util.function.ToLongFunction;

/**
 * What was taken off an invoice, and what became of it; it is issued once and never changes. Amounts are in the
 * currency's minor unit.
 *
 * @param amounts the ids of its lines are positions on the invoice
 */
public record CreditNote(
        UUID id,
        UUID tenantId,
        UUID invoiceId,
        String number,
        String currency,
        String reason,
        Instant issuedAt,
        CreditNoteAmounts amounts) {

    public CreditNote with(CreditNoteAmounts known) {
        return new CreditNote(id, tenantId, invoiceId, number, currency, reason, issuedAt, known);
    }

    /** Before discounts and exclusive taxes. */
    public long subtotalCents() {
        return sum(CreditedLine::cents);
    }

    /** What of the tax the prices include: total = subtotal - discount + tax - that. */
    public long taxIncludedCents() {
        return sum(line -> line.taxes().stream()
                .filter(share -> share.tax().inclusive())
                .mapToLong(TaxShare::cents)
                .reduce(0, Math::addExact));
    }

    private long sum(ToLongFunction<CreditedLine> cents) {
        return amounts.lines().stream().mapToLong(cents).reduce(0, Math::addExact);
    }
}
