package com.cognitionos.invoicing.entity;

import java.time.Instant;
import java.util.UUID;

/**
 * What is told of a credit note, in the API's words, without its lines; amounts in the currency's minor unit.
 *
 * @param reducedDueCents what came off the unpaid rest of the invoice
 * @param toBalanceCents what became credit on the customer's balance
 * @param refundCents what is paid back
 */
public record CreditNoteNews(
        UUID id,
        String number,
        UUID tenantId,
        UUID invoiceId,
        String invoiceNumber,
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

    public static CreditNoteNews of(CreditNote note, String invoiceNumber) {
        return new CreditNoteNews(
                note.id(),
                note.number(),
                note.tenantId(),
                note.invoiceId(),
                invoiceNumber,
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
