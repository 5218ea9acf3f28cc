package com.cognitionos.invoicing.entity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is told of an invoice, in the API's words, without its lines; amounts in the currency's minor unit. */
public record InvoiceNews(
        UUID id,
        @Nullable String number,
        UUID tenantId,
        UUID subscriptionId,
        String kind,
        String status,
        String currency,
        long subtotalCents,
        long discountCents,
        long taxCents,
        long totalCents,
        long amountPaidCents,
        long amountDueCents,
        long balanceAppliedCents,
        long creditedCents,
        Instant periodStart,
        Instant periodEnd,
        @Nullable Instant finalizedAt,
        @Nullable Instant dueDate,
        @Nullable Instant paidAt,
        Instant createdAt) {

    public static InvoiceNews of(Invoice i) {
        return new InvoiceNews(
                i.id(),
                i.number(),
                i.tenantId(),
                i.subscriptionId(),
                i.kind().code(),
                i.status().code(),
                i.currency(),
                i.subtotalCents(),
                i.discountCents(),
                i.taxCents(),
                i.totalCents(),
                i.amountPaidCents(),
                i.amountDueCents(),
                i.balanceAppliedCents(),
                i.creditedCents(),
                i.period().start(),
                i.period().end(),
                i.finalizedAt(),
                i.dueDate(),
                i.paidAt(),
                i.createdAt());
    }
}
