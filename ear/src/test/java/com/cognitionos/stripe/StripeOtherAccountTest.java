package com.cognitionos.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cognitionos.container.Payer;
import com.cognitionos.container.ProviderContract;
import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.control.PaymentProvider;
import com.cognitionos.payment.control.StripeProvider;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.stripe.exception.StripeException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What Stripe does not know, because our key is another account's, is nobody's fault; what it refuses has failed: PAY-20. */
@DisplayName("The Stripe adapter, refused")
class StripeOtherAccountTest implements Payer {

    private final StripeDouble ours = StripeDouble.start();
    private final StripeDouble another = StripeDouble.start();
    private final PaymentProvider adapter = adapter(ours);
    private final PaymentProvider wrong = adapter(another);

    private static PaymentProvider adapter(StripeDouble stripe) {
        return new StripeProvider(
                "sk_test_double",
                URI.create(stripe.base()),
                new StripeProvider.Limits(Duration.ofSeconds(20), Duration.ofSeconds(20), 0, 100, Duration.ofHours(1)));
    }

    @Override
    public PaymentProvider provider() {
        return adapter;
    }

    @AfterEach
    void stop() {
        ours.close();
        another.close();
        assertThat(ours.violations()).isEmpty();
        assertThat(another.violations()).isEmpty();
    }

    private static Problem refusal(ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(Problem.class, call);
    }

    @Test
    @DisplayName("Another account knows neither customer, card nor payment, and says nothing about them")
    void anotherAccount() {
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        PaymentProvider.Repayment back = ProviderContract.back(charge, adapter.charge(charge), 100);

        assertThat(wrong.charge(charge)).isEqualTo(ChargeOutcome.unknown());
        assertThat(wrong.refund(back)).isEqualTo(ChargeOutcome.unknown());
        assertThat(List.of(
                        refusal(() -> wrong.keep(String.valueOf(charge.customer()), GOOD)),
                        refusal(() -> wrong.pages()
                                .orElseThrow()
                                .portal(String.valueOf(charge.customer()), URI.create("https://a.example/"))),
                        refusal(() -> wrong.records().keepsCard(charge.card())),
                        refusal(() -> wrong.records().keepsCustomer(String.valueOf(charge.customer())))))
                .allSatisfy(problem -> assertThat(problem)
                        .isNotInstanceOf(PaymentProvider.UnknownCustomer.class)
                        .extracting(Problem::kind)
                        .isEqualTo(Problem.Kind.UNAVAILABLE));
        assertThat(another.events()).isEmpty();
    }

    @Test
    @DisplayName("A customer that was deleted there is gone with its cards")
    void deleted() throws StripeException {
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        String customer = String.valueOf(charge.customer());
        Wired.client(ours).v1().customers().delete(customer);

        ChargeOutcome outcome = adapter.charge(charge);
        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.retryable()).isFalse();
        assertThat(refusal(() -> adapter.keep(customer, GOOD))).isInstanceOf(PaymentProvider.UnknownCustomer.class);
        assertThat(adapter.records().keepsCustomer(customer)).isFalse();
    }

    @Test
    @DisplayName("A card that was taken from its customer cannot be charged any more")
    void detached() {
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        adapter.release(charge.card());

        ChargeOutcome outcome = adapter.charge(charge);

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.retryable()).isFalse();
        assertThat(adapter.records().keepsCard(charge.card())).isFalse();
    }

    @Test
    @DisplayName("An amount that Stripe does not charge says nothing about the card")
    void tooSmall() {
        ChargeOutcome outcome = adapter.charge(charge(GOOD, 30));

        assertThat(outcome.failureCode()).isEqualTo("amount_too_small");
        assertThat(outcome.retryable()).isTrue();
    }

    @Test
    @DisplayName("A page of a list that does not come leaves it open whether there is something")
    void laterPage() {
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        adapter.charge(charge);
        IntStream.range(0, 100).forEach(n -> adapter.charge(like(charge)));
        ours.faults().nth("GET /v1/payment_intents", 2, Fault.UNAVAILABLE);

        assertThat(adapter.find(charge)).contains(ChargeOutcome.unknown());
        assertThat(adapter.find(charge).orElseThrow().succeeded()).isTrue();
    }

    private static PaymentProvider.Charge like(PaymentProvider.Charge other) {
        return new PaymentProvider.Charge(
                UUID.randomUUID(),
                UUID.randomUUID(),
                other.tenant(),
                other.customer(),
                other.card(),
                other.cents(),
                other.currency(),
                null);
    }
}
