package com.cognitionos.payment.entity;

import com.cognitionos.kernel.Problem;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One attempt to collect an invoice: processing until the provider's answer is known, then succeeded or failed for good. */
@Entity
@Table(name = "payments")
public class Payment {

    @Id
    private UUID id;

    @Column(name = "tenant_id")
    private UUID tenantId;

    @Column(name = "invoice_id")
    private UUID invoiceId;

    @Column(name = "payment_method_id")
    private UUID paymentMethodId;

    @Column(name = "customer_ref")
    private @Nullable String customerRef;

    @Column(name = "amount_cents")
    private long amountCents;

    private String currency;
    private String status;
    private String provider;

    @Column(name = "provider_ref")
    private @Nullable String providerRef;

    @Column(name = "failure_code")
    private @Nullable String failureCode;

    @Column(name = "decline_code")
    private @Nullable String declineCode;

    private @Nullable Boolean retryable;

    @Column(name = "fee_cents")
    private @Nullable Long feeCents;

    @Column(name = "fee_currency")
    private @Nullable String feeCurrency;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "settled_at")
    private @Nullable Instant settledAt;

    @Version
    private long version;

    /** For JPA. */
    protected Payment() {}

    /** @param customerRef whom the provider charges; null where it knows nobody of that kind */
    public Payment(
            UUID id,
            PaymentMethod method,
            UUID invoiceId,
            long amountCents,
            String currency,
            Instant at,
            @Nullable String customerRef) {
        this.customerRef = customerRef;
        this.id = id;
        this.tenantId = method.tenantId();
        this.invoiceId = invoiceId;
        this.paymentMethodId = method.id();
        this.amountCents = amountCents;
        this.currency = currency;
        this.status = "processing";
        this.provider = method.provider();
        this.createdAt = at;
    }

    /** Enters what the provider calls it, and the outcome once it is settled. @throws Problem CONFLICT when it was before */
    public void settle(ChargeOutcome outcome, Instant at) {
        if (!isProcessing()) {
            throw Problem.conflict("wrong_state", "The payment is settled already.");
        }
        if (outcome.ref() != null) {
            providerRef = outcome.ref();
        }
        if (outcome.isSettled()) {
            failureCode = outcome.failureCode();
            declineCode = outcome.declineCode();
            retryable = outcome.failed() ? outcome.retryable() : null;
            status = outcome.succeeded() ? "succeeded" : "failed";
            settledAt = at;
        }
    }

    /** The provider has moved the money of a payment that had failed after all. @throws Problem CONFLICT unless it had */
    public void correct(ChargeOutcome succeeded, Instant at) {
        if (!status.equals("failed")) {
            throw Problem.conflict("wrong_state", "The payment has not failed.");
        }
        status = "processing";
        settle(succeeded, at);
    }

    /** What the provider has kept of it; once known it stays. @return whether it was news */
    public boolean bear(ChargeOutcome.Fee fee) {
        if (feeCents != null) {
            return false;
        }
        feeCents = fee.cents();
        feeCurrency = fee.currency();
        return true;
    }

    public boolean isProcessing() {
        return status.equals("processing");
    }

    public UUID id() {
        return id;
    }

    public UUID tenantId() {
        return tenantId;
    }

    public String provider() {
        return provider;
    }

    public String status() {
        return status;
    }

    /** What the provider calls it; null until that is known, and where it never came to be. */
    public @Nullable String providerRef() {
        return providerRef;
    }

    public UUID invoiceId() {
        return invoiceId;
    }

    public UUID paymentMethodId() {
        return paymentMethodId;
    }

    public long amountCents() {
        return amountCents;
    }

    public String currency() {
        return currency;
    }
}
