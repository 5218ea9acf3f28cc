package com.cognitionos.payment.entity;

import com.cognitionos.kernel.Problem;
import jakarta.persistence.Column;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Money that a provider is asked to move: processing until its answer is known, then succeeded or failed for good. */
@MappedSuperclass
public abstract class Transfer {

    @Id
    private UUID id;

    @Column(name = "tenant_id")
    private UUID tenantId;

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
    protected Transfer() {}

    Transfer(UUID id, UUID tenantId, long amountCents, String currency, Instant at) {
        this.id = id;
        this.tenantId = tenantId;
        this.amountCents = amountCents;
        this.currency = currency;
        this.status = "processing";
        this.createdAt = at;
    }

    /** Enters what the provider calls it, and the outcome once it is settled. @throws Problem CONFLICT when it was before */
    public void settle(ChargeOutcome outcome, Instant at) {
        if (!isProcessing()) {
            throw Problem.conflict("wrong_state", "The " + noun() + " is settled already.");
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

    /** What was settled is open again. */
    final void reopen() {
        status = "processing";
    }

    /** For people. */
    abstract String noun();

    public boolean isProcessing() {
        return status.equals("processing");
    }

    public UUID id() {
        return id;
    }

    public UUID tenantId() {
        return tenantId;
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

    /** What the provider calls it; null until that is known, and where it never came to be. */
    public @Nullable String providerRef() {
        return providerRef;
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
