package com.cognitionos.payment.boundary;

import com.cognitionos.kernel.Caller;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a payment that a cardholder's bank took back.
 *
 * @param status open, won or lost
 * @param amountCents taken back, in the currency's minor unit
 * @param reason in the provider's words, such as {@code fraudulent}
 */
public record DisputeNews(
        UUID id,
        UUID tenantId,
        UUID paymentId,
        String status,
        long amountCents,
        String currency,
        String reason,
        Instant openedAt,
        @Nullable Instant closedAt) {

    static DisputeNews of(Disputes.DisputeView dispute) {
        return new DisputeNews(
                dispute.id(),
                Caller.currentTenant(),
                dispute.payment(),
                dispute.status().code(),
                dispute.cents(),
                dispute.currency(),
                dispute.reason(),
                dispute.openedAt(),
                dispute.closedAt());
    }
}
