package com.cognitionos.invoicing.entity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is told of a credit note, in the API's words, without its lines; amounts in the currency's minor unit. */
public record CreditNoteNews(
        UUID id,
        String number,
        UUID tenantId,
        UUID invoiceId,
        @Nullable String invoiceNumber,
        String status,
        String currency,
        String reason,
        long subtotalCents,
        long discountCents,
        long taxCents,
        long totalCents,
        long reducedDueCents,
        long toBalanceCents,
        long refundCents,
        Instant issuedAt) {

    public static CreditNoteNews of(CreditNote note, Invoice invoice) {
        return new CreditNoteNews(
                note.id(),
                note.number(),
                note.tenantId(),
                note.invoiceId(),
                invoice.number(),
                "issued",
                note.currency(),
                note.reason(),
                note.subtotalCents(),
                note.amounts().discountCents(),
                note.amounts().taxCents(),
                note.amounts().totalCents(),
                note.amounts().reducedDueCents(),
                note.amounts().toBalanceCents(),
                note.amounts().refundCents(),
                note.issuedAt());
    }
}
