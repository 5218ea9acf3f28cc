package com.cognitionos.payment.entity;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is told of an attempt to collect an invoice.
 *
 * @param amountCents in the currency's minor unit
 * @param failureCode why it was declined, in the provider's word; null where it succeeded
 */
public record PaymentNews(
        UUID id,
        UUID tenantId,
        UUID invoiceId,
        UUID paymentMethodId,
        String status,
        long amountCents,
        String currency,
        @Nullable String failureCode) {

    public static PaymentNews of(Payment payment, ChargeOutcome outcome) {
        return new PaymentNews(
                payment.id(),
                payment.tenantId(),
                payment.invoiceId(),
                payment.paymentMethodId(),
                outcome.succeeded() ? "succeeded" : "failed",
                payment.amountCents(),
                payment.currency(),
                outcome.failureCode());
    }
}
