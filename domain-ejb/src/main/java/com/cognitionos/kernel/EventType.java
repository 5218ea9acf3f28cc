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
    REFUND_CREATED("refund.created", "Money of a payment is to be paid back, for a credit note"),
    REFUND_SUCCEEDED("refund.succeeded", "Money of a payment was paid back"),
    REFUND_FAILED("refund.failed", "Money could not be paid back and went to the balance; failure_code says why"),
    DISPUTE_OPENED("dispute.opened", "A cardholder's bank took a payment back until it is decided who is right"),
    DISPUTE_WON("dispute.won", "A dispute was decided for the seller: the payment stands"),
    DISPUTE_LOST("dispute.lost", "A dispute was decided for the cardholder: the payment stays taken back"),
    DUNNING_CASE_BEGUN(
            "dunning_case.begun",
            "An invoice could not be collected, or was due without a card; next_at says what comes"),
    DUNNING_CASE_RETRY_FAILED(
            "dunning_case.retry_failed",
            "A retry failed, or there was no card that may be charged, and more retries come"),
    DUNNING_CASE_UNPAID("dunning_case.unpaid", "The last retry is over; the subscription is unpaid"),
    DUNNING_CASE_EXHAUSTED(
            "dunning_case.exhausted", "The grace is over; nothing more happens until the invoice is paid"),
    DUNNING_CASE_RECOVERED("dunning_case.recovered", "An invoice that could not be collected was paid after all"),
    DUNNING_CASE_CLOSED(
            "dunning_case.closed",
            "An invoice that could not be collected was withdrawn or written off, or it is let be"),
    PAYMENT_METHOD_ADDED("payment_method.added", "A payment method was added"),
    PAYMENT_METHOD_EXPIRING(
            "payment_method.expiring", "The default card ends with the month, told as that begins, or ends today"),
    PAYMENT_METHOD_REMOVED("payment_method.removed", "A payment method was removed"),
    PREPAID_CREDIT_GRANTED("prepaid_credit.granted", "A prepaid credit was given"),
    PREPAID_CREDIT_EXPIRED("prepaid_credit.expired", "What was left of a prepaid credit cannot be used any more"),
    PREPAID_CREDIT_VOIDED("prepaid_credit.voided", "A prepaid credit was taken back"),
    SUBSCRIPTION_CREATED("subscription.created", "A subscription or a trial began"),
    SUBSCRIPTION_UPDATED(
            "subscription.updated",
            "A subscription's plan, state or add-ons changed, or a change was put down or withdrawn"),
    SUBSCRIPTION_RENEWED("subscription.renewed", "A subscription's next period began"),
    SUBSCRIPTION_TRIAL_WILL_END(
            "subscription.trial_will_end", "A trial ends in three days, or began with no more than that left"),
    SUBSCRIPTION_CANCELED("subscription.canceled", "A subscription ended"),
    TENANT_SUSPENDED("tenant.suspended", "The account was suspended; only billing stays open"),
    TENANT_REACTIVATED("tenant.reactivated", "The account was opened again"),
    USAGE_ALERT_TRIGGERED(
            "usage.alert_triggered",
            "A meter's use reached a share of what the month allows or includes, once a month"),
    BUDGET_ALERT_TRIGGERED("budget.alert_triggered", "A share of a budget is spent, once a month"),
    USAGE_ANOMALY_DETECTED("usage.anomaly_detected", "A day of a meter is unlike the tenant's own history, once a day"),
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
