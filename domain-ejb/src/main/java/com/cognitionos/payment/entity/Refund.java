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

/** Money of a payment on its way back: processing until the provider's answer is known, then succeeded or failed for good. */
@Entity
@Table(name = "refunds")
public class Refund {

    @Id
    private UUID id;

    @Column(name = "tenant_id")
    private UUID tenantId;

    @Column(name = "payment_id")
    private UUID paymentId;

    @Column(name = "credit_note_id")
    private UUID creditNoteId;

    @Column(name = "amount_cents")
    private long amountCents;

    private String currency;
    private String status;

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
    protected Refund() {}

    /** @param cents from 1, at most what the payment brought */
    public Refund(UUID id, Payment payment, UUID creditNoteId, long cents, Instant at) {
        this.id = id;
        this.tenantId = payment.tenantId();
        this.paymentId = payment.id();
        this.creditNoteId = creditNoteId;
        this.amountCents = cents;
        this.currency = payment.currency();
        this.status = "processing";
        this.createdAt = at;
    }

    /** Enters what the provider calls it, and the outcome once it is settled. @throws Problem CONFLICT when it was before */
    public void settle(ChargeOutcome outcome, Instant at) {
        if (!isProcessing()) {
            throw Problem.conflict("wrong_state", "The refund is settled already.");
        }
        if (outcome.ref() != null) {
            providerRef = outcome.ref();
        }
        if (outcome.isSettled()) {
            failureCode = outcome.failureCode();
            status = outcome.succeeded() ? "succeeded" : "failed";
            settledAt = at;
        }
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

    public UUID paymentId() {
        return paymentId;
    }

    public UUID creditNoteId() {
        return creditNoteId;
    }

    public long amountCents() {
        return amountCents;
    }

    public String currency() {
        return currency;
    }

    public String status() {
        return status;
    }

    /** Why it failed, in the provider's word; null unless it did. */
    public @Nullable String failureCode() {
        return failureCode;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public @Nullable Instant settledAt() {
        return settledAt;
    }
}
