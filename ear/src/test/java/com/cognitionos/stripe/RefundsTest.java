package com.cognitionos.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.BalanceTransaction;
import com.stripe.model.Charge;
import com.stripe.model.Dispute;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.param.ChargeRetrieveParams;
import com.stripe.param.DisputeListParams;
import com.stripe.param.DisputeUpdateParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import com.stripe.param.RefundUpdateParams;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Money that goes back: refunds and disputes. */
class RefundsTest {

    private final Wired wired = new Wired();

    @AfterEach
    void close() {
        assertThat(wired.stripe.violations()).isEmpty();
        wired.close();
    }

    private Refund refund(PaymentIntent paid, long amount) throws StripeException {
        return wired.client
                .v1()
                .refunds()
                .create(RefundCreateParams.builder()
                        .setPaymentIntent(paid.getId())
                        .setAmount(amount)
                        .setReason(RefundCreateParams.Reason.REQUESTED_BY_CUSTOMER)
                        .putMetadata("refund", "r-1")
                        .build());
    }

    private Charge charge(PaymentIntent paid) throws StripeException {
        return wired.client
                .v1()
                .charges()
                .retrieve(
                        paid.getLatestCharge(),
                        ChargeRetrieveParams.builder().addExpand("refunds").build());
    }

    private Dispute dispute(PaymentIntent paid) throws StripeException {
        return wired.client
                .v1()
                .disputes()
                .list(DisputeListParams.builder().setPaymentIntent(paid.getId()).build())
                .getData()
                .get(0);
    }

    private long balance() throws StripeException {
        return wired.client.v1().balanceTransactions().list().getData().stream()
                .mapToLong(BalanceTransaction::getNet)
                .sum();
    }

    private List<String> typesAfterPayment() {
        List<String> types =
                wired.stripe.events().stream().map(event -> event.getType()).collect(Collectors.toList());
        return types.subList(types.indexOf("payment_intent.succeeded") + 1, types.size());
    }

    @Test
    void aChargeIsPaidBackInParts() throws StripeException {
        PaymentIntent paid = wired.charge("pm_card_visa");
        Refund part = refund(paid, 3_00);
        assertThat(part.getStatus()).isEqualTo("succeeded");
        assertThat(part.getReason()).isEqualTo("requested_by_customer");
        assertThat(charge(paid).getRefunded()).isFalse();
        assertThatThrownBy(() -> refund(paid, 7_01))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refused -> assertThat(refused.getParam()).isEqualTo("amount"));
        Refund rest = wired.client
                .v1()
                .refunds()
                .create(RefundCreateParams.builder()
                        .setCharge(paid.getLatestCharge())
                        .build());
        assertThat(rest.getAmount()).isEqualTo(7_00);
        Charge charge = charge(paid);
        assertThat(charge.getRefunded()).isTrue();
        assertThat(charge.getAmountRefunded()).isEqualTo(10_00);
        assertThat(charge.getRefunds().getData()).extracting(Refund::getAmount).containsExactly(7_00L, 3_00L);
        assertThatThrownBy(() -> refund(paid, 1))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo("charge_already_refunded"));
        assertThat(typesAfterPayment())
                .containsExactly("refund.created", "charge.refunded", "refund.created", "charge.refunded");
        // The fee is not given back.
        assertThat(balance()).isEqualTo(-59);
        wired.client
                .v1()
                .refunds()
                .update(
                        part.getId(),
                        RefundUpdateParams.builder().putMetadata("seen", "yes").build());
        assertThat(wired.client.v1().refunds().retrieve(part.getId()).getMetadata())
                .containsEntry("seen", "yes")
                .containsEntry("refund", "r-1");
        assertThat(wired.client
                        .v1()
                        .refunds()
                        .list(RefundListParams.builder()
                                .setPaymentIntent(paid.getId())
                                .build())
                        .getData())
                .hasSize(2);
    }

    @Test
    void aRefundHangsAndEnds() throws StripeException {
        PaymentIntent paid = wired.charge("pm_card_pendingRefund");
        Refund first = refund(paid, 4_00);
        Refund second = refund(paid, 6_00);
        assertThat(first.getStatus()).isEqualTo("pending");
        wired.stripe.settleRefund(first.getId(), true);
        wired.stripe.settleRefund(second.getId(), false);
        assertThat(wired.client.v1().refunds().retrieve(first.getId()).getStatus())
                .isEqualTo("succeeded");
        assertThat(charge(paid).getAmountRefunded()).isEqualTo(4_00);
        assertThat(typesAfterPayment())
                .containsExactly(
                        "refund.created",
                        "charge.refunded",
                        "refund.created",
                        "charge.refunded",
                        "refund.updated",
                        "charge.refund.updated",
                        "refund.failed",
                        "charge.refund.updated",
                        "refund.updated",
                        "charge.updated");
    }

    @Test
    void aRefundFailsAfterItHadSucceeded() throws StripeException {
        PaymentIntent paid = wired.charge("pm_card_refundFail");
        Refund refund = refund(paid, 10_00);
        assertThat(refund.getStatus()).isEqualTo("succeeded");
        wired.stripe.settleRefund(refund.getId(), false);
        Refund failed = wired.client.v1().refunds().retrieve(refund.getId());
        assertThat(failed.getStatus()).isEqualTo("failed");
        assertThat(failed.getFailureReason()).isEqualTo("expired_or_canceled_card");
        assertThat(failed.getFailureBalanceTransaction()).startsWith("txn_");
        assertThat(charge(paid).getRefunded()).isFalse();
        assertThat(balance()).isEqualTo(10_00 - 59);
    }

    @Test
    void whatWasNotPaidIsNotRefunded() throws StripeException {
        PaymentIntent processing = wired.charge("pm_card_double_processing");
        assertThatThrownBy(() -> refund(processing, 1_00)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> wired.client
                        .v1()
                        .refunds()
                        .create(RefundCreateParams.builder().build()))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(wired.client.v1().refunds().list().getData()).isEmpty();
    }

    @Test
    void aDisputeTakesTheMoneyAndAFee() throws StripeException {
        PaymentIntent paid = wired.charge("pm_card_createDispute");
        Dispute dispute = dispute(paid);
        assertThat(dispute.getStatus()).isEqualTo("needs_response");
        assertThat(dispute.getReason()).isEqualTo("fraudulent");
        assertThat(dispute.getBalanceTransactions().get(0).getFee()).isEqualTo(15_00);
        assertThat(charge(paid).getDisputed()).isTrue();
        assertThat(balance()).isEqualTo(-59 - 15_00);
        assertThatThrownBy(() -> refund(paid, 1_00))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo("charge_disputed"));
        Dispute won = wired.client
                .v1()
                .disputes()
                .update(
                        dispute.getId(),
                        DisputeUpdateParams.builder()
                                .setEvidence(DisputeUpdateParams.Evidence.builder()
                                        .setUncategorizedText("winning_evidence")
                                        .build())
                                .setSubmit(true)
                                .build());
        assertThat(won.getStatus()).isEqualTo("won");
        assertThat(won.getEvidenceDetails().getSubmissionCount()).isEqualTo(1);
        assertThat(balance()).isEqualTo(10_00 - 59 - 15_00);
        assertThat(typesAfterPayment())
                .containsExactly(
                        "charge.updated",
                        "charge.dispute.created",
                        "charge.dispute.funds_withdrawn",
                        "charge.dispute.updated",
                        "charge.dispute.closed",
                        "charge.dispute.funds_reinstated");
    }

    @Test
    void aDisputeIsGivenUpOrDecidedByTheBank() throws StripeException {
        Dispute givenUp = dispute(wired.charge("pm_card_createDisputeProductNotReceived"));
        assertThat(wired.client.v1().disputes().close(givenUp.getId()).getStatus())
                .isEqualTo("lost");
        assertThatThrownBy(() -> wired.client.v1().disputes().close(givenUp.getId()))
                .isInstanceOf(InvalidRequestException.class);
        Dispute decided = dispute(wired.charge("pm_card_createDispute"));
        wired.stripe.decide(decided.getId(), false);
        assertThat(wired.client.v1().disputes().retrieve(decided.getId()).getStatus())
                .isEqualTo("lost");
    }
}
