package com.cognitionos.kernel;

import java.util.Arrays;
import java.util.Optional;

/**
 * What may be told to a tenant's own programs, with what is told of it. Names and payloads are promises: they may grow, and
 * never change their meaning.
 */
public enum EventType {
    INVOICE_FINALIZED("invoice.finalized", "An invoice got its number and is to be paid"),
    INVOICE_PAID("invoice.paid", "Nothing of an invoice is due any more"),
    INVOICE_VOIDED("invoice.voided", "An invoice was withdrawn, as if it had never been made"),
    INVOICE_WRITTEN_OFF("invoice.written_off", "An invoice is not expected to be paid any more"),
    CREDIT_NOTE_ISSUED("credit_note.issued", "A part of an invoice, or all of it, was given back"),
    PAYMENT_SUCCEEDED("payment.succeeded", "An invoice was charged to a payment method"),
    PAYMENT_FAILED("payment.failed", "An invoice could not be charged; failure_code says why"),
    PAYMENT_METHOD_ADDED("payment_method.added", "A payment method was added"),
    PAYMENT_METHOD_REMOVED("payment_method.removed", "A payment method was removed"),
    SUBSCRIPTION_CREATED("subscription.created", "A subscription or a trial began"),
    SUBSCRIPTION_UPDATED(
            "subscription.updated",
            "A subscription's plan, state or add-ons changed, or a change was put down or withdrawn"),
    SUBSCRIPTION_CANCELED("subscription.canceled", "A subscription ended"),
    TENANT_SUSPENDED("tenant.suspended", "The account was suspended; only billing stays open"),
    TENANT_REACTIVATED("tenant.reactivated", "The account was opened again"),
    WEBHOOK_PING("webhook.ping", "Sent on request, to see whether an endpoint works; it passes every filter");

    private final String code;
    private final String description;

    EventType(String code, String description) {
        this.code = code;
        this.description = description;
    }

    /** {@code <what>.<done>}, as it is sent. */
    public String code() {
        return code;
    }

    /** In one sentence without a full stop. */
    public String description() {
        return description;
    }

    public static Optional<EventType> of(String code) {
        return Arrays.stream(values()).filter(type -> type.code.equals(code)).findFirst();
    }

    @Override
    public String toString() {
        return code;
    }
}
