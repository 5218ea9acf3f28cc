package com.cognitionos.payment.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.payment.boundary.PaymentIndex.OurPayment;
import com.cognitionos.payment.boundary.PaymentIndex.OurRefund;
import com.cognitionos.payment.control.ProviderRecords.Stage;
import com.cognitionos.payment.control.ProviderRecords.TheirDispute;
import com.cognitionos.payment.control.ProviderRecords.TheirPayment;
import com.cognitionos.payment.control.ProviderRecords.TheirRefund;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.payment.entity.Finding;
import com.cognitionos.payment.entity.Finding.Kind;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** PAY-17: which difference it is. */
class ComparisonTest {

    private static final UUID ID = UUID.randomUUID();
    private static final ChargeOutcome DONE = ChargeOutcome.succeeded("x", null);
    private static final ChargeOutcome FAILED = ChargeOutcome.failed("x", "card_declined", null, true);
    private static final ChargeOutcome UNDER_WAY = ChargeOutcome.processing("x");

    private static OurPayment ours(String status) {
        return new OurPayment(ID, ID, ID, status, "x", 100, "EUR", Instant.EPOCH);
    }

    private static TheirPayment theirs(ChargeOutcome outcome, long cents) {
        return new TheirPayment("x", ID, cents, "EUR", outcome, Instant.EPOCH);
    }

    private static @Nullable Kind payment(@Nullable OurPayment ours, @Nullable TheirPayment theirs) {
        return Comparison.payment("stripe", ours, theirs).map(Finding::kind).orElse(null);
    }

    @Test
    void ofPayments() {
        assertThat(payment(ours("processing"), theirs(UNDER_WAY, 100))).isNull();
        assertThat(payment(ours("processing"), null)).isNull();
        assertThat(payment(ours("processing"), theirs(DONE, 100))).isEqualTo(Kind.PAYMENT_UNSETTLED);
        assertThat(payment(ours("processing"), theirs(FAILED, 100))).isEqualTo(Kind.PAYMENT_UNSETTLED);
        assertThat(payment(ours("processing"), theirs(DONE, 99))).isEqualTo(Kind.PAYMENT_AMOUNT);
        assertThat(payment(ours("succeeded"), theirs(DONE, 100))).isNull();
        assertThat(payment(ours("succeeded"), theirs(DONE, 99))).isEqualTo(Kind.PAYMENT_AMOUNT);
        assertThat(payment(ours("succeeded"), theirs(FAILED, 100))).isEqualTo(Kind.PAYMENT_NOT_THERE);
        assertThat(payment(ours("succeeded"), theirs(UNDER_WAY, 100))).isEqualTo(Kind.PAYMENT_NOT_THERE);
        assertThat(payment(ours("succeeded"), null)).isEqualTo(Kind.PAYMENT_NOT_THERE);
        assertThat(payment(ours("failed"), theirs(DONE, 100))).isEqualTo(Kind.PAYMENT_SUCCEEDED_THERE);
        assertThat(payment(ours("failed"), theirs(FAILED, 100))).isNull();
        assertThat(payment(ours("failed"), null)).isNull();
        assertThat(payment(null, theirs(DONE, 100))).isEqualTo(Kind.PAYMENT_UNKNOWN_HERE);
        assertThat(payment(null, theirs(FAILED, 100))).isNull();
        assertThat(payment(null, new TheirPayment("x", null, 100, "EUR", DONE, Instant.EPOCH)))
                .as("of somebody else")
                .isNull();
        assertThat(payment(ours("succeeded"), new TheirPayment("x", ID, 100, "USD", DONE, Instant.EPOCH)))
                .isEqualTo(Kind.PAYMENT_AMOUNT);
    }

    private static OurRefund back(String status) {
        return new OurRefund(ID, ID, status, "r", "x", 40, "EUR", Instant.EPOCH);
    }

    private static TheirRefund there(ChargeOutcome outcome, long cents) {
        return new TheirRefund("r", "x", null, cents, "EUR", outcome, Instant.EPOCH);
    }

    private static @Nullable Kind refund(
            @Nullable OurPayment payment, @Nullable OurRefund ours, @Nullable TheirRefund theirs) {
        return Comparison.refund("stripe", payment, ours, theirs)
                .map(Finding::kind)
                .orElse(null);
    }

    @Test
    void ofRefunds() {
        OurPayment paid = ours("succeeded");
        assertThat(refund(paid, back("processing"), there(DONE, 40))).isEqualTo(Kind.REFUND_UNSETTLED);
        assertThat(refund(paid, back("processing"), there(UNDER_WAY, 40))).isNull();
        assertThat(refund(paid, back("processing"), there(DONE, 41))).isEqualTo(Kind.REFUND_AMOUNT);
        assertThat(refund(paid, back("succeeded"), there(DONE, 40))).isNull();
        assertThat(refund(paid, back("succeeded"), there(DONE, 41))).isEqualTo(Kind.REFUND_AMOUNT);
        assertThat(refund(paid, back("succeeded"), there(FAILED, 40))).isEqualTo(Kind.REFUND_NOT_THERE);
        assertThat(refund(null, back("succeeded"), null)).isEqualTo(Kind.REFUND_NOT_THERE);
        assertThat(refund(paid, back("failed"), there(DONE, 40))).isEqualTo(Kind.REFUND_SUCCEEDED_THERE);
        assertThat(refund(paid, back("failed"), there(FAILED, 40))).isNull();
        assertThat(refund(paid, null, there(DONE, 40))).isEqualTo(Kind.REFUND_UNKNOWN_HERE);
        assertThat(refund(paid, null, there(UNDER_WAY, 40))).isNull();
        assertThat(refund(ours("failed"), null, there(DONE, 40))).isNull();
        assertThat(refund(null, null, there(DONE, 40))).isNull();
    }

    private static @Nullable Kind dispute(@Nullable OurPayment payment, @Nullable String ours, Stage stage) {
        TheirDispute theirs = new TheirDispute("d", "x", stage, 100, "EUR", "fraudulent", null, Instant.EPOCH);
        return Comparison.dispute("stripe", payment, ours, theirs)
                .map(Finding::kind)
                .orElse(null);
    }

    @Test
    void ofDisputes() {
        OurPayment paid = ours("succeeded");
        assertThat(dispute(paid, null, Stage.OPEN)).isEqualTo(Kind.DISPUTE_NOT_ENTERED);
        assertThat(dispute(paid, "open", Stage.OPEN)).isNull();
        assertThat(dispute(paid, "open", Stage.WON)).isEqualTo(Kind.DISPUTE_NOT_ENTERED);
        assertThat(dispute(paid, null, Stage.INQUIRY)).isNull();
        assertThat(dispute(paid, null, Stage.ANNOUNCED)).isNull();
        assertThat(dispute(null, null, Stage.OPEN)).isNull();
    }
}
