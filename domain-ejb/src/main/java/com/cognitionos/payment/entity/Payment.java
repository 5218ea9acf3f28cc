package com.cognitionos.payment.entity;

import com.cognitionos.kernel.Problem;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One attempt to collect an invoice. */
@Entity
@Table(name = "payments")
public class Payment extends Transfer {

    @Column(name = "invoice_id")
    private UUID invoiceId;

    @Column(name = "payment_method_id")
    private UUID paymentMethodId;

    private String provider;

    @Column(name = "decline_code")
    private @Nullable String declineCode;

    private @Nullable Boolean retryable;

    @Column(name = "fee_cents")
    private @Nullable Long feeCents;

    @Column(name = "fee_currency")
    private @Nullable String feeCurrency;

    /** For JPA. */
    protected Payment() {}

    public Payment(UUID id, PaymentMethod method, UUID invoiceId, long amountCents, String currency, Instant at) {
        super(id, method.tenantId(), amountCents, currency, at);
        this.invoiceId = invoiceId;
        this.paymentMethodId = method.id();
        this.provider = method.provider();
    }

    @Override
    public void settle(ChargeOutcome outcome, Instant at) {
        super.settle(outcome, at);
        if (outcome.isSettled()) {
            declineCode = outcome.declineCode();
            retryable = outcome.failed() ? outcome.retryable() : null;
        }
    }

    /** The provider has moved the money of a payment that had failed after all. @throws Problem CONFLICT unless it had */
    public void correct(ChargeOutcome succeeded, Instant at) {
        if (!status().equals("failed")) {
            throw Problem.conflict("wrong_state", "The payment has not failed.");
        }
        reopen();
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

    @Override
    String noun() {
        return "payment";
    }

    public String provider() {
        return provider;
    }

    public UUID invoiceId() {
        return invoiceId;
    }

    public UUID paymentMethodId() {
        return paymentMethodId;
    }
}
