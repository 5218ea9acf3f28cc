package com.cognitionos.payment.entity;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is told of money on its way back.
 *
 * @param creditNoteId null where nothing was left to credit
 * @param status processing, succeeded or failed
 * @param amountCents in the currency's minor unit
 * @param failureCode why it failed, in the provider's word; null unless it did
 */
public record RefundNews(
        UUID id,
        UUID tenantId,
        UUID paymentId,
        @Nullable UUID creditNoteId,
        String status,
        long amountCents,
        String currency,
        @Nullable String failureCode,
        Instant createdAt,
        @Nullable Instant settledAt) {

    public static RefundNews of(Refund refund) {
        return new RefundNews(
                refund.id(),
                refund.tenantId(),
                refund.paymentId(),
                refund.creditNoteId(),
                refund.status(),
                refund.amountCents(),
                refund.currency(),
                refund.failureCode(),
                refund.createdAt(),
                refund.settledAt());
    }
}
