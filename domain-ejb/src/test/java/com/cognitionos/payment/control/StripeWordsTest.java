package com.cognitionos.payment.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.payment.entity.ChargeOutcome.Status;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.StripeError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PAY-10: what Stripe's states mean. */
class StripeWordsTest {

    private static StripeError error(String code, @Nullable String decline, @Nullable String advice) {
        StripeError error = new StripeError();
        error.setCode(code);
        error.setDeclineCode(decline);
        error.setAdviceCode(advice);
        return error;
    }

    private static PaymentIntent intent(String status, @Nullable StripeError error) {
        PaymentIntent intent = new PaymentIntent();
        intent.setId("pi_1");
        intent.setStatus(status);
        intent.setLastPaymentError(error);
        return intent;
    }

    @ParameterizedTest
    @CsvSource({
        "succeeded, SUCCEEDED",
        "processing, PROCESSING",
        "requires_capture, PROCESSING",
        "canceled, FAILED",
        "a_state_of_tomorrow, PROCESSING"
    })
    void statesOfACharge(String status, Status meaning) {
        ChargeOutcome outcome = StripeWords.of(intent(status, null)).orElseThrow();

        assertThat(outcome.status()).isEqualTo(meaning);
        assertThat(outcome.ref()).isEqualTo("pi_1");
        assertThat(outcome.fee()).as("not known yet").isNull();
    }

    @Test
    void aChargeThatWasRefusedHasFailedAndOneThatWaitsHasNot() {
        StripeError declined = error("card_declined", "insufficient_funds", null);

        assertThat(StripeWords.of(intent("requires_payment_method", declined)))
                .contains(ChargeOutcome.failed("pi_1", "card_declined", "insufficient_funds", true));
        assertThat(StripeWords.of(intent("requires_payment_method", null))).isEmpty();
        assertThat(StripeWords.of(intent("requires_confirmation", null))).isEmpty();
        assertThat(StripeWords.of(intent("requires_action", declined))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "card_declined, insufficient_funds, null, true",
                "card_declined, generic_decline, null, true",
                "card_declined, stolen_card, null, false",
                "card_declined, generic_decline, do_not_try_again, false",
                "card_declined, stolen_card, try_again_later, true",
                "expired_card, null, null, false",
                "authentication_required, authentication_required, null, false",
                "processing_error, null, null, true",
            },
            nullValues = "null")
    void whatMayBeTriedAgain(String code, @Nullable String decline, @Nullable String advice, boolean retryable) {
        assertThat(StripeWords.declined(null, error(code, decline, advice), "?").retryable())
                .isEqualTo(retryable);
    }

    @ParameterizedTest
    @CsvSource({
        "succeeded, SUCCEEDED",
        "pending, PROCESSING",
        "requires_action, PROCESSING",
        "failed, FAILED",
        "canceled, FAILED"
    })
    void statesOfARefund(String status, Status meaning) {
        Refund refund = new Refund();
        refund.setId("re_1");
        refund.setStatus(status);

        assertThat(StripeWords.of(refund).status()).isEqualTo(meaning);
    }
}
