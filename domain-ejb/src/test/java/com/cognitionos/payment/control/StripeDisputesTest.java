package com.cognitionos.payment.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.payment.control.ProviderRecords.Stage;
import com.cognitionos.payment.control.ProviderRecords.TheirDispute;
import com.cognitionos.payment.entity.ChargeOutcome.Fee;
import com.stripe.model.Dispute;
import com.stripe.net.ApiResource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Disputes as Stripe tells of them")
class StripeDisputesTest {

    private static TheirDispute told(String status, String moved) {
        return StripeRecords.of(ApiResource.GSON.fromJson("""
                {"id": "dp_1", "object": "dispute", "amount": 4900, "currency": "usd", "created": 1767225600,
                 "payment_intent": "pi_1", "reason": "fraudulent", "status": "%s", "balance_transactions": [%s]}""".formatted(status, moved), Dispute.class));
    }

    private static String move(long amount, long fee) {
        return """
                {"id": "txn_1", "object": "balance_transaction", "amount": %d, "fee": %d, "currency": "eur"}""".formatted(amount, fee);
    }

    @Test
    @DisplayName("PAY-12: the fee is what Stripe has kept over all, in the currency of the payout")
    void fee() {
        assertThat(told("needs_response", "").fee()).isNull();
        assertThat(told("needs_response", "").stage()).isEqualTo(Stage.ANNOUNCED);
        assertThat(told("needs_response", move(-4_500, 1_500)).fee()).isEqualTo(new Fee(1_500, "EUR"));
        assertThat(told("won", move(-4_500, 1_500) + "," + move(4_500, 0)).fee())
                .isEqualTo(new Fee(1_500, "EUR"));
        assertThat(told("won", move(-4_500, 1_500) + "," + move(4_500, -1_500)).fee())
                .isEqualTo(new Fee(0, "EUR"));
        assertThat(told("lost", move(-4_500, 1_500) + "," + move(0, 1_500)).fee())
                .as("that of an answer comes on top")
                .isEqualTo(new Fee(3_000, "EUR"));
    }
}
