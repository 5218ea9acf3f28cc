package com.cognitionos.payment.control;

import com.cognitionos.payment.entity.ChargeOutcome;
import com.stripe.model.BalanceTransaction;
import com.stripe.model.Charge;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.StripeError;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Stripe's answers mean to us. */
final class StripeWords {

    /** The cardholder must do something, or the bank will never agree; Stripe's documentation, "Decline codes". */
    private static final Set<String> FOR_GOOD = Set.of(
            "authentication_required",
            "card_not_supported",
            "currency_not_supported",
            "do_not_try_again",
            "expired_card",
            "fraudulent",
            "incorrect_cvc",
            "incorrect_number",
            "invalid_account",
            "invalid_cvc",
            "invalid_expiry_month",
            "invalid_expiry_year",
            "invalid_number",
            "lost_card",
            "merchant_blacklist",
            "new_account_information_available",
            "pickup_card",
            "restricted_card",
            "revocation_of_all_authorizations",
            "revocation_of_authorization",
            "security_violation",
            "stolen_card",
            "stop_payment_order",
            "transaction_not_allowed");

    private StripeWords() {}

    /** Empty where it waits for somebody to go on, who never will: it is to be cancelled. */
    static Optional<ChargeOutcome> of(PaymentIntent intent) {
        return switch (intent.getStatus()) {
            case "succeeded" -> Optional.of(ChargeOutcome.succeeded(intent.getId(), fee(intent)));
            case "canceled" -> Optional.of(canceled(intent));
            case "requires_payment_method" ->
                intent.getLastPaymentError() == null
                        ? Optional.empty()
                        : Optional.of(declined(intent.getId(), intent.getLastPaymentError(), "card_declined"));
            case "requires_action", "requires_confirmation" -> Optional.empty();
            default -> Optional.of(ChargeOutcome.processing(intent.getId()));
        };
    }

    /** Whoever cancels a charge says nothing about the card. */
    private static ChargeOutcome canceled(PaymentIntent intent) {
        return intent.getLastPaymentError() == null
                ? ChargeOutcome.failed(intent.getId(), "canceled", null, true)
                : declined(intent.getId(), intent.getLastPaymentError(), "canceled");
    }

    /** @param error null where it has none @param otherwise the code without one */
    static ChargeOutcome declined(@Nullable String ref, @Nullable StripeError error, String otherwise) {
        if (error == null) {
            return ChargeOutcome.failed(ref, otherwise, null, false);
        }
        String code = error.getCode() == null ? otherwise : error.getCode();
        return ChargeOutcome.failed(ref, code, error.getDeclineCode(), retryable(error));
    }

    private static boolean retryable(StripeError error) {
        if (error.getAdviceCode() != null) {
            return error.getAdviceCode().equals("try_again_later");
        }
        return !FOR_GOOD.contains(String.valueOf(error.getDeclineCode()))
                && !FOR_GOOD.contains(String.valueOf(error.getCode()));
    }

    static ChargeOutcome of(Refund refund) {
        return switch (String.valueOf(refund.getStatus())) {
            case "succeeded" -> ChargeOutcome.succeeded(refund.getId(), null);
            case "failed" ->
                ChargeOutcome.failed(
                        refund.getId(),
                        refund.getFailureReason() == null ? "refund_failed" : refund.getFailureReason(),
                        null,
                        false);
            case "canceled" -> ChargeOutcome.failed(refund.getId(), "canceled", null, false);
            default -> ChargeOutcome.processing(refund.getId());
        };
    }

    /** @param booked whether its money was moved already */
    static ProviderRecords.Stage of(String disputeStatus, boolean booked) {
        return switch (disputeStatus) {
            case "won" -> ProviderRecords.Stage.WON;
            case "lost" -> ProviderRecords.Stage.LOST;
            case "needs_response", "under_review" ->
                booked ? ProviderRecords.Stage.OPEN : ProviderRecords.Stage.ANNOUNCED;
            // An inquiry, or one that was prevented.
            default -> ProviderRecords.Stage.INQUIRY;
        };
    }

    private static ChargeOutcome.@Nullable Fee fee(PaymentIntent intent) {
        Charge charge = intent.getLatestChargeObject();
        BalanceTransaction booked = charge == null ? null : charge.getBalanceTransactionObject();
        return booked == null
                ? null
                : new ChargeOutcome.Fee(
                        StripeAmount.fromStripe(booked.getFee(), booked.getCurrency()),
                        StripeAmount.code(booked.getCurrency()));
    }
}
