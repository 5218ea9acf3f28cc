package com.cognitionos.payment.control;

import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.entity.ChargeOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a provider has, whoever asked for it: for the events that it sends, and to be compared with ours. Asking moves
 * nothing. Each method throws a {@link Problem} UNAVAILABLE when the provider does not answer.
 */
public interface ProviderRecords {

    /**
     * A payment there, as it is at present.
     *
     * @param payment our id that it was asked for under; null where it was not by us
     * @param cents in the minor unit of ISO 4217
     */
    record TheirPayment(
            String ref,
            @Nullable UUID payment,
            long cents,
            String currency,
            ChargeOutcome outcome,
            Instant createdAt) {}

    /** A refund there. @param refund our id that it was asked for under; null where it was made at the provider */
    record TheirRefund(
            String ref,
            String paymentRef,
            @Nullable UUID refund,
            long cents,
            String currency,
            ChargeOutcome outcome,
            Instant createdAt) {}

    /** A dispute there. @param fee kept for it so far, less what was given back; null for none */
    record TheirDispute(
            String ref,
            String paymentRef,
            Stage stage,
            long cents,
            String currency,
            String reason,
            ChargeOutcome.@Nullable Fee fee,
            Instant createdAt) {}

    /** How a dispute stands. */
    enum Stage {
        /** The bank only asks; no money has moved, or ever will. */
        INQUIRY,
        /** It is opened, and the money will be taken. */
        ANNOUNCED,
        /** The money is taken until it is decided. */
        OPEN,
        WON,
        LOST
    }

    Optional<TheirPayment> payment(String ref);

    Optional<TheirRefund> refund(String ref);

    /** All refunds of a payment. */
    List<TheirRefund> refundsOf(String paymentRef);

    Optional<TheirDispute> dispute(String ref);

    /** Whether it still keeps a card for some customer. @throws Problem UNAVAILABLE also for one that it never had (PAY-20) */
    boolean keepsCard(String cardRef);

    /** As {@link #keepsCard}. */
    boolean keepsCustomer(String customerRef);

    /** Those that were made since then. */
    void payments(Instant since, Consumer<TheirPayment> each);

    void refunds(Instant since, Consumer<TheirRefund> each);

    void disputes(Instant since, Consumer<TheirDispute> each);
}
