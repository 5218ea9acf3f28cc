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

    @Column(name = "amount_cents")
    private long amountCents;

    private String currency;
    private String status;
    private String provider;

    @Column(name = "provider_ref")
    private @Nullable String providerRef;

    @Column(name = "failure_code")
    private @Nullable String failureCode;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "settled_at")
    private @Nullable Instant settledAt;

    @Version
    private long version;

    /** For JPA. */
    protected Payment() {}

    public Payment(UUID id, PaymentMethod method, UUID invoiceId, long amountCents, String currency, Instant at) {
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

    /** @throws Problem CONFLICT when the outcome is known already */
    public void settle(ChargeOutcome outcome, Instant at) {
        if (!isProcessing()) {
            throw Problem.conflict("wrong_state", "The payment is settled already.");
        }
        providerRef = outcome.ref();
        failureCode = outcome.failureCode();
        status = outcome.succeeded() ? "succeeded" : "failed";
        settledAt = at;
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

    /** What the provider calls it; null until it is settled. */
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
