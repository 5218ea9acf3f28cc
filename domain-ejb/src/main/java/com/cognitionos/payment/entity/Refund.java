package com.cognitionos.payment.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Money of a payment on its way back. */
@Entity
@Table(name = "refunds")
public class Refund extends Transfer {

    @Column(name = "payment_id")
    private UUID paymentId;

    @Column(name = "credit_note_id")
    private @Nullable UUID creditNoteId;

    /** For JPA. */
    protected Refund() {}

    /**
     * @param creditNoteId null where nothing was left to credit
     * @param cents from 1, at most what the payment brought
     */
    public Refund(UUID id, Payment payment, @Nullable UUID creditNoteId, long cents, Instant at) {
        super(id, payment.tenantId(), cents, payment.currency(), at);
        this.paymentId = payment.id();
        this.creditNoteId = creditNoteId;
    }

    @Override
    String noun() {
        return "refund";
    }

    public UUID paymentId() {
        return paymentId;
    }

    public @Nullable UUID creditNoteId() {
        return creditNoteId;
    }
}
