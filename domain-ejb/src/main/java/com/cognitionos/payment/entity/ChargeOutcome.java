package com.cognitionos.payment.entity;

import org.jspecify.annotations.Nullable;

/** The provider's word on a charge or a refund; {@code failureCode} is null when the money moved. */
public record ChargeOutcome(String ref, @Nullable String failureCode) {
    public boolean succeeded() {
        return failureCode == null;
    }
}
