package com.cognitionos.payment.boundary;

import com.cognitionos.payment.boundary.PaymentIndex.OurPayment;
import com.cognitionos.payment.boundary.PaymentIndex.OurRefund;
import com.cognitionos.payment.control.ProviderRecords.Stage;
import com.cognitionos.payment.control.ProviderRecords.TheirDispute;
import com.cognitionos.payment.control.ProviderRecords.TheirPayment;
import com.cognitionos.payment.control.ProviderRecords.TheirRefund;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.payment.entity.Finding;
import com.cognitionos.payment.entity.Finding.Kind;
import com.cognitionos.payment.entity.Finding.Side;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds what a provider has against what we have of it (PAY-17). Nothing there or here at all is not asked. */
final class Comparison {

    private Comparison() {}

    static Optional<Finding> payment(String provider, @Nullable OurPayment ours, @Nullable TheirPayment theirs) {
        return Optional.ofNullable(kind(ours, theirs))
                .map(kind -> new Finding(
                        provider,
                        kind,
                        theirs != null ? theirs.ref() : name(ours),
                        theirs != null ? theirs.ref() : name(ours),
                        ours == null ? null : ours.tenant(),
                        ours == null ? null : ours.id(),
                        ours == null ? Side.NOTHING : new Side(ours.status(), ours.cents(), ours.currency()),
                        theirs == null
                                ? Side.NOTHING
                                : new Side(state(theirs.outcome()), theirs.cents(), theirs.currency()),
                        theirs != null ? theirs.createdAt() : ours.begunAt()));
    }

    private static @Nullable Kind kind(@Nullable OurPayment ours, @Nullable TheirPayment theirs) {
        if (ours == null) {
            // What others do with the provider's account is not ours to look after.
            return theirs != null
                            && theirs.payment() != null
                            && theirs.outcome().succeeded()
                    ? Kind.PAYMENT_UNKNOWN_HERE
                    : null;
        }
        ChargeOutcome outcome = theirs == null ? null : theirs.outcome();
        boolean same = theirs == null
                || ours.cents() == theirs.cents() && ours.currency().equals(theirs.currency());
        return switch (ours.status()) {
            // That it is not there is known by who asked for it, once a day has passed.
            case "processing" ->
                outcome == null || !outcome.isSettled()
                        ? null
                        : same || outcome.failed() ? Kind.PAYMENT_UNSETTLED : Kind.PAYMENT_AMOUNT;
            case "succeeded" ->
                outcome == null || !outcome.succeeded() ? Kind.PAYMENT_NOT_THERE : same ? null : Kind.PAYMENT_AMOUNT;
            default -> outcome != null && outcome.succeeded() ? Kind.PAYMENT_SUCCEEDED_THERE : null;
        };
    }

    /** @param payment ours that it is of; null where it is of none */
    static Optional<Finding> refund(
            String provider, @Nullable OurPayment payment, @Nullable OurRefund ours, @Nullable TheirRefund theirs) {
        return Optional.ofNullable(kind(payment, ours, theirs))
                .map(kind -> new Finding(
                        provider,
                        kind,
                        theirs != null ? theirs.ref() : name(ours),
                        theirs != null ? theirs.paymentRef() : ours.paymentRef(),
                        ours != null ? ours.tenant() : payment == null ? null : payment.tenant(),
                        ours == null ? null : ours.id(),
                        ours == null ? Side.NOTHING : new Side(ours.status(), ours.cents(), ours.currency()),
                        theirs == null
                                ? Side.NOTHING
                                : new Side(state(theirs.outcome()), theirs.cents(), theirs.currency()),
                        theirs != null ? theirs.createdAt() : ours.begunAt()));
    }

    private static @Nullable Kind kind(
            @Nullable OurPayment payment, @Nullable OurRefund ours, @Nullable TheirRefund theirs) {
        ChargeOutcome outcome = theirs == null ? null : theirs.outcome();
        if (ours == null) {
            // What goes back of a payment that brought nothing here changes nothing here.
            return payment != null && payment.status().equals("succeeded") && outcome != null && outcome.succeeded()
                    ? Kind.REFUND_UNKNOWN_HERE
                    : null;
        }
        boolean same = theirs == null
                || ours.cents() == theirs.cents() && ours.currency().equals(theirs.currency());
        return switch (ours.status()) {
            case "processing" ->
                outcome == null || !outcome.isSettled()
                        ? null
                        : same || outcome.failed() ? Kind.REFUND_UNSETTLED : Kind.REFUND_AMOUNT;
            case "succeeded" ->
                outcome == null || outcome.failed() ? Kind.REFUND_NOT_THERE : same ? null : Kind.REFUND_AMOUNT;
            default -> outcome != null && outcome.succeeded() ? Kind.REFUND_SUCCEEDED_THERE : null;
        };
    }

    /** @param status ours; null where it is not entered */
    static Optional<Finding> dispute(
            String provider, @Nullable OurPayment payment, @Nullable String status, TheirDispute theirs) {
        String there = theirs.stage().name().toLowerCase(Locale.ROOT);
        boolean moved = theirs.stage() != Stage.INQUIRY && theirs.stage() != Stage.ANNOUNCED;
        return payment == null || !moved || there.equals(status)
                ? Optional.empty()
                : Optional.of(new Finding(
                        provider,
                        Kind.DISPUTE_NOT_ENTERED,
                        theirs.ref(),
                        theirs.paymentRef(),
                        payment.tenant(),
                        payment.id(),
                        new Side(status, null, null),
                        new Side(there, theirs.cents(), theirs.currency()),
                        theirs.createdAt()));
    }

    private static String name(OurPayment ours) {
        return ours.ref() == null ? ours.id().toString() : ours.ref();
    }

    private static String name(OurRefund ours) {
        return ours.ref() == null ? ours.id().toString() : ours.ref();
    }

    private static String state(ChargeOutcome outcome) {
        return outcome.status().name().toLowerCase(Locale.ROOT);
    }
}
