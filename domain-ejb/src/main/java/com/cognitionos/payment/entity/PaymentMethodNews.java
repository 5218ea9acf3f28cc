package com.cognitionos.payment.entity;

import java.time.Instant;
import java.util.UUID;

/** What is told of a payment method, in the API's words. */
public record PaymentMethodNews(
        UUID id,
        UUID tenantId,
        String type,
        String brand,
        String last4,
        int expMonth,
        int expYear,
        boolean isDefault,
        Instant createdAt) {

    public static PaymentMethodNews of(PaymentMethod method) {
        return new PaymentMethodNews(
                method.id(),
                method.tenantId(),
                method.type(),
                method.brand(),
                method.last4(),
                method.expMonth(),
                method.expYear(),
                method.isDefault(),
                method.createdAt());
    }
}
