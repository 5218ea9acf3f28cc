package com.cognitionos.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cognitionos.container.ProviderContract;
import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.control.PaymentProvider;
import com.cognitionos.payment.control.StripeProvider;
import com.cognitionos.payment.entity.ChargeOutcome;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The adapter, against the double: PAY-9, PAY-10. */
@DisplayName("The Stripe adapter")
class StripeProviderTest implements ProviderContract {

    private static final String CHARGE = "POST /v1/payment_intents";
    private static final String REFUND = "POST /v1/refunds";

    private final StripeDouble stripe = StripeDouble.start();
    private PaymentProvider adapter;

    @BeforeEach
    void connect() {
        adapter = adapter(100);
    }

    private PaymentProvider adapter(int failuresToOpen) {
        return new StripeProvider(
                "sk_test_double",
                URI.create(stripe.base()),
                new StripeProvider.Limits(
                        Duration.ofSeconds(5), Duration.ofMillis(700), 0, failuresToOpen, Duration.ofHours(1)));
    }

    @AfterEach
    void stop() {
        stripe.close();
        assertThat(stripe.violations()).isEmpty();
    }

    @Override
    public PaymentProvider provider() {
        return adapter;
    }

    private long succeeded() {
        return stripe.calls().getOrDefault(CHARGE, 0L);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {
                "TIME_OUT_AFTER",
                "CUT_AFTER",
                "ERROR_AFTER",
                "CONFLICT",
                "RATE_LIMITED",
                "UNAVAILABLE",
                "CUT_BEFORE"
            })
    @DisplayName("PAY-10: whatever becomes of the answer, asking again with the same key charges once")
    void chargedOnceWhateverBecomesOfTheAnswer(Fault fault) {
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        stripe.faults().next(CHARGE, fault);

        ChargeOutcome first = adapter.charge(charge);
        ChargeOutcome second = first.isSettled() ? first : adapter.charge(charge);

        assertThat(second.succeeded()).as("%s, then %s", first, second).isTrue();
        assertThat(stripe.events())
                .filteredOn(event -> event.getType().equals("charge.succeeded"))
                .hasSize(1);
        assertThat(adapter.find(charge)).contains(second);
    }

    @Test
    @DisplayName("PAY-10: an error that Stripe keeps without a charge stays unknown, and nothing is found")
    void errorKept() {
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        stripe.faults().next(CHARGE, Fault.ERROR_KEPT);

        assertThat(adapter.charge(charge)).isEqualTo(ChargeOutcome.unknown());
        assertThat(adapter.charge(charge)).isEqualTo(ChargeOutcome.unknown());
        assertThat(adapter.find(charge)).isEmpty();
    }

    @Test
    @DisplayName("PAY-10: a provider that cannot be asked has not said that there is nothing")
    void cannotBeAsked() {
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        stripe.faults().next("GET /v1/payment_intents", Fault.UNAVAILABLE);

        assertThat(adapter.find(charge)).contains(ChargeOutcome.unknown());
        assertThat(adapter.find(charge)).isEmpty();
    }

    @Test
    @DisplayName("A charge whose outcome comes later is processing until then")
    void outcomeComesLater() {
        PaymentProvider.Charge charge = charge("pm_card_double_processing", 4_900);

        ChargeOutcome first = adapter.charge(charge);
        assertThat(first.status()).isEqualTo(ChargeOutcome.Status.PROCESSING);
        PaymentProvider.Charge known = ProviderContract.known(charge, first);
        assertThat(adapter.find(known)).contains(first);
        stripe.settle(first.ref());

        assertThat(adapter.find(known).orElseThrow().succeeded()).isTrue();
    }

    @Test
    @DisplayName("A card whose holder is asked each time is not charged when nobody is there")
    void authenticationRequired() {
        PaymentProvider.Charge charge = charge("pm_card_authenticationRequired", 4_900);

        ChargeOutcome outcome = adapter.charge(charge);

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.failureCode()).isEqualTo("authentication_required");
        assertThat(outcome.retryable()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"TIME_OUT_AFTER", "CUT_AFTER", "ERROR_AFTER", "UNAVAILABLE"})
    @DisplayName("PAY-10: a refund is made once, whatever becomes of the answer")
    void refundedOnce(Fault fault) {
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        PaymentProvider.Repayment back = ProviderContract.back(charge, adapter.charge(charge), 1_000);
        stripe.faults().next(REFUND, fault);

        ChargeOutcome first = adapter.refund(back);
        ChargeOutcome second = first.isSettled() ? first : adapter.refund(back);

        assertThat(second.succeeded()).as("%s, then %s", first, second).isTrue();
        assertThat(adapter.find(back)).contains(second);
        assertThat(adapter.refund(ProviderContract.back(charge, adapter.charge(charge), 3_901))
                        .failed())
                .as("1000 of 4900 are gone")
                .isTrue();
    }

    @Test
    @DisplayName("A customer whose key Stripe has forgotten is found by its tenant")
    void customerIsFoundLater() {
        PaymentProvider.NewCustomer somebody = somebody();
        String made = adapter.customer(somebody);

        assertThat(adapter.customer(new PaymentProvider.NewCustomer(
                        somebody.key(), false, somebody.tenant(), somebody.name(), somebody.email())))
                .isEqualTo(made);
        assertThat(stripe.calls()).containsEntry("POST /v1/customers", 1L);
    }

    @Test
    @DisplayName("Where Stripe does not answer, nothing is kept and the caller may try again")
    void unavailable() {
        stripe.faults().next("POST /v1/customers", Fault.UNAVAILABLE);

        Problem problem = catchThrowableOfType(Problem.class, () -> adapter.customer(somebody()));

        assertThat(problem.kind()).isEqualTo(Problem.Kind.UNAVAILABLE);
        assertThat(problem.code()).isEqualTo("provider_unavailable");
    }

    @Test
    @DisplayName("After failures in a row Stripe is left alone, and charges stay unknown")
    void circuitOpens() {
        PaymentProvider hasty = adapter(2);
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        stripe.faults().next(Faults.ANY, Fault.CUT_BEFORE);
        assertThat(hasty.charge(charge)).isEqualTo(ChargeOutcome.unknown());
        stripe.faults().next(Faults.ANY, Fault.CUT_BEFORE);
        assertThat(hasty.charge(charge)).isEqualTo(ChargeOutcome.unknown());
        long before = succeeded();

        assertThat(hasty.charge(charge)).isEqualTo(ChargeOutcome.unknown());
        assertThat(hasty.find(charge)).contains(ChargeOutcome.unknown());

        assertThat(succeeded()).as("asked").isEqualTo(before);
    }
}
