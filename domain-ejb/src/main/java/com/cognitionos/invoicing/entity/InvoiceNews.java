package com.cognitionos.invoicing.entity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is told of an invoice, in the API's words, without its lines; amounts in the currency's minor unit.
 *
 * @param balanceAppliedCents all of the total that is not to be paid in money: prepaid credits, balance, carried over
 * @param creditedCents what credit notes took off the amount due
 */
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
        Instant createdAt) {}
