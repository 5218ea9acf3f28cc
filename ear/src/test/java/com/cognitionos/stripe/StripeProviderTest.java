package com.cognitionos.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cognitionos.container.ProviderContract;
import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.control.PaymentProvider;
import com.cognitionos.payment.control.ProviderRecords;
import com.cognitionos.payment.control.StripeProvider;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.param.PaymentIntentCreateParams;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter, against the double: PAY-9, PAY-10. */
@DisplayName("The Stripe adapter")
class StripeProviderTest implements ProviderContract {

    private static final String CHARGE = "POST /v1/payment_intents";
    private static final String REFUND = "POST /v1/refunds";

    private static final Set<String> EXERCISED = new TreeSet<>();

    private final StripeDouble stripe = StripeDouble.start();
    private PaymentProvider adapter;

    @BeforeEach
    void connect() {
        adapter = adapter(20_000, 100);
    }

    private PaymentProvider adapter(int readMillis, int failuresToOpen) {
        return new StripeProvider(
                "sk_test_double",
                URI.create(stripe.base()),
                new StripeProvider.Limits(
                        Duration.ofSeconds(20), Duration.ofMillis(readMillis), 0, failuresToOpen, Duration.ofHours(1)));
    }

    /** Does not wait for long; whether it gives up too early makes no difference. */
    private PaymentProvider impatient() {
        return adapter(500, 100);
    }

    @AfterEach
    void stop() {
        EXERCISED.addAll(stripe.calls().keySet());
        stripe.close();
        assertThat(stripe.violations()).isEmpty();
    }

    /** Of the class as a whole: a single test of it that is run by itself leaves operations out. */
    @AfterAll
    static void eachOperationThatTheProductUsesWasExercised() {
        Set<String> used;
        try (StripeDouble knows = StripeDouble.start()) {
            used = UsedOperations.ofTheProduct(knows.known());
            assertThat(knows.operations()).as("the double's").containsAll(used);
        }
        assertThat(used).as("found in the byte code").contains(CHARGE, REFUND, "GET /v1/refunds");
        assertThat(EXERCISED).as("asked for by the tests").containsAll(used);
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
            mode = EnumSource.Mode.EXCLUDE,
            // What is kept wrong, and what waits, have tests of their own.
            names = {"ERROR_KEPT", "HELD"})
    @DisplayName("PAY-10: whatever becomes of the answer, asking again with the same key charges once")
    void chargedOnceWhateverBecomesOfTheAnswer(Fault fault) {
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        stripe.faults().next(CHARGE, fault);

        ChargeOutcome first = impatient().charge(charge);
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
    @DisplayName("PAY-10: while the first request is under way the same is unknown, and then what came of the first")
    void secondWhileTheFirstIsUnderWay() throws Exception {
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        stripe.faults().next(CHARGE, Fault.HELD);
        CompletableFuture<ChargeOutcome> first = CompletableFuture.supplyAsync(() -> adapter.charge(charge));
        stripe.faults().awaitWaiting(1);

        ChargeOutcome second = adapter.charge(charge);
        stripe.faults().release();

        assertThat(second).isEqualTo(ChargeOutcome.unknown());
        assertThat(first.get(60, TimeUnit.SECONDS).succeeded()).isTrue();
        assertThat(adapter.charge(charge)).isEqualTo(first.get());
        assertThat(stripe.all(com.stripe.model.Charge.class)).hasSize(1);
    }

    @Test
    @DisplayName("PAY-11: a fee that comes later than its charge is found then, and is the same each time")
    void feeComesLater() {
        stripe.feesLater();
        PaymentProvider.Charge charge = charge(GOOD, 4_900);

        ChargeOutcome paid = adapter.charge(charge);

        assertThat(paid.succeeded()).isTrue();
        assertThat(paid.fee()).isNull();
        assertThat(adapter.find(charge).orElseThrow().fee()).isNull();
        stripe.tellFees();
        // 2.9 % and 30 cents, in the currency of the payout.
        ChargeOutcome.Fee fee = adapter.find(charge).orElseThrow().fee();
        assertThat(fee).isEqualTo(theirs(paid).outcome().fee()).isNotNull();
        assertThat(fee.cents()).isPositive();
        assertThat(adapter.find(ProviderContract.known(charge, paid))
                        .orElseThrow()
                        .fee())
                .isEqualTo(fee);
    }

    private ProviderRecords.TheirPayment theirs(ChargeOutcome charged) {
        return adapter.records().payment(String.valueOf(charged.ref())).orElseThrow();
    }

    @Test
    @DisplayName("PAY-16: the records tell a payment, its refunds and its dispute as they stand")
    void records() {
        PaymentProvider.Charge charge = charge("pm_card_createDispute", 4_900);
        ChargeOutcome paid = adapter.charge(charge);
        PaymentProvider.Charge other = charge("pm_card_pendingRefund", 2_000);
        ChargeOutcome otherPaid = adapter.charge(other);
        PaymentProvider.Repayment back = ProviderContract.back(other, otherPaid, 700);
        ChargeOutcome refund = adapter.refund(back);
        ProviderRecords records = adapter.records();

        assertThat(theirs(paid).payment()).isEqualTo(charge.payment());
        assertThat(theirs(paid).cents()).isEqualTo(4_900);
        assertThat(theirs(paid).currency()).isEqualTo("USD");
        assertThat(theirs(paid).outcome()).isEqualTo(paid);
        assertThat(records.payment("pi_of_nobody")).isEmpty();

        ProviderRecords.TheirRefund theirRefund =
                records.refund(String.valueOf(refund.ref())).orElseThrow();
        assertThat(theirRefund.refund()).isEqualTo(back.refund());
        assertThat(theirRefund.paymentRef()).isEqualTo(otherPaid.ref());
        assertThat(theirRefund.cents()).isEqualTo(700);
        assertThat(theirRefund.outcome().isSettled()).isFalse();
        stripe.settleRefund(String.valueOf(refund.ref()), true);
        assertThat(records.refundsOf(String.valueOf(otherPaid.ref())))
                .singleElement()
                .satisfies(one -> assertThat(one.outcome().succeeded()).isTrue());
        assertThat(records.refundsOf(String.valueOf(paid.ref()))).isEmpty();
        assertThat(records.refund("re_of_nobody")).isEmpty();

        List<ProviderRecords.TheirDispute> disputes = new ArrayList<>();
        records.disputes(Instant.EPOCH, disputes::add);
        ProviderRecords.TheirDispute dispute =
                records.dispute(disputes.get(0).ref()).orElseThrow();
        assertThat(disputes).containsExactly(dispute);
        assertThat(dispute.paymentRef()).isEqualTo(paid.ref());
        assertThat(dispute.stage()).isEqualTo(ProviderRecords.Stage.OPEN);
        assertThat(dispute.cents()).isEqualTo(4_900);
        stripe.decide(dispute.ref(), false);
        assertThat(records.dispute(dispute.ref()).orElseThrow().stage()).isEqualTo(ProviderRecords.Stage.LOST);
        assertThat(records.dispute("du_of_nobody")).isEmpty();
    }

    @Test
    @DisplayName("PAY-17: the records list all that was made since a moment, over pages")
    void recordsSince() {
        PaymentProvider.Charge charge = charge(GOOD, 250_00);
        ChargeOutcome paid = adapter.charge(charge);
        for (int i = 0; i < 101; i++) {
            assertThat(adapter.refund(ProviderContract.back(charge, paid, 100)).succeeded())
                    .isTrue();
        }
        List<String> payments = new ArrayList<>();
        List<String> refunds = new ArrayList<>();
        List<String> later = new ArrayList<>();

        adapter.records().payments(Instant.EPOCH, one -> payments.add(one.ref()));
        adapter.records().refunds(Instant.EPOCH, one -> refunds.add(one.ref()));
        adapter.records().payments(Instant.now().plusSeconds(3_600), one -> later.add(one.ref()));
        adapter.records().refunds(Instant.now().plusSeconds(3_600), one -> later.add(one.ref()));
        adapter.records().disputes(Instant.now().plusSeconds(3_600), one -> later.add(one.ref()));

        assertThat(payments).containsExactly(paid.ref());
        assertThat(refunds).hasSize(101).doesNotHaveDuplicates();
        assertThat(adapter.records().refundsOf(String.valueOf(paid.ref()))).hasSize(101);
        assertThat(later).isEmpty();
    }

    @Test
    @DisplayName("PAY-16: the records tell whether a card and its customer are kept")
    void recordsOfCards() throws StripeException {
        PaymentProvider.Charge charge = charge(GOOD, 100);
        String customer = String.valueOf(charge.customer());
        ProviderRecords records = adapter.records();

        assertThat(records.keepsCard(charge.card())).isTrue();
        assertThat(records.keepsCustomer(customer)).isTrue();
        adapter.release(charge.card());
        assertThat(records.keepsCard(charge.card())).isFalse();
        Wired.client(stripe).v1().customers().delete(customer);
        assertThat(records.keepsCustomer(customer)).isFalse();
    }

    private static String session(URI page) {
        String path = page.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private PaymentProvider.HostedPages pages() {
        return adapter.pages().orElseThrow();
    }

    private static Problem refusal(ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(Problem.class, call);
    }

    @Test
    @DisplayName(
            "PAY-9: a card that was entered at Stripe's page is kept, by the page's session, for its customer alone")
    void cardFromTheHostedPage() {
        String customer = adapter.customer(somebody());
        String session = session(pages().setUp(customer, URI.create("https://a.example/billing?x=1")));

        assertThat(refusal(() -> adapter.keep(customer, session)).code())
                .as("not filled in yet")
                .isEqualTo("authentication_required");
        stripe.complete(session, "pm_card_mastercard");

        assertThat(adapter.keep(customer, session).last4()).isEqualTo("4444");
        assertThat(adapter.keep(customer, session))
                .as("the page is loaded again")
                .isEqualTo(adapter.keep(customer, session));
        adapter.release(adapter.keep(customer, session).ref());
        assertThat(refusal(() -> adapter.keep(customer, session)).kind())
                .as("loaded again when the card is removed")
                .isEqualTo(Problem.Kind.INVALID);
        String other = adapter.customer(somebody());
        assertThat(refusal(() -> adapter.keep(other, session)).kind()).isEqualTo(Problem.Kind.INVALID);
        assertThat(refusal(() -> adapter.keep(other, "cs_test_of_nobody")).kind())
                .isEqualTo(Problem.Kind.INVALID);
    }

    @Test
    @DisplayName("PAY-9: the customer portal is a page of the customer's")
    void portal() {
        String customer = adapter.customer(somebody());

        assertThat(pages().portal(customer, URI.create("https://a.example/billing")))
                .asString()
                .startsWith(stripe.base());
    }

    @Test
    @DisplayName("A card whose holder is asked each time is not charged when nobody is there")
    void authenticationRequired() {
        PaymentProvider.NewCustomer somebody = somebody();
        String customer = adapter.customer(somebody);
        assertThat(refusal(() -> adapter.keep(customer, "pm_card_authenticationRequired"))
                        .code())
                .isEqualTo("authentication_required");
        String session = session(pages().setUp(customer, URI.create("https://a.example/billing")));
        stripe.complete(session, "pm_card_authenticationRequired");
        PaymentProvider.Charge charge = new PaymentProvider.Charge(
                UUID.randomUUID(),
                UUID.randomUUID(),
                somebody.tenant(),
                customer,
                adapter.keep(customer, session).ref(),
                4_900,
                "USD",
                null);

        ChargeOutcome outcome = adapter.charge(charge);

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.failureCode()).isEqualTo("authentication_required");
        assertThat(outcome.retryable()).isFalse();
        assertThat(adapter.find(charge).orElseThrow().failed()).isTrue();
    }

    @Test
    @DisplayName("PAY-10: a charge that waits for its payer is cancelled before it counts as failed")
    void waitsForItsPayer() throws StripeException {
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        String waiting = Wired.client(stripe)
                .v1()
                .paymentIntents()
                .create(PaymentIntentCreateParams.builder()
                        .setAmount(4_900L)
                        .setCurrency("usd")
                        .setCustomer(charge.customer())
                        .setPaymentMethod(charge.card())
                        .addPaymentMethodType("card")
                        .putMetadata("payment_id", charge.payment().toString())
                        .build())
                .getId();
        stripe.faults().next("POST /v1/payment_intents/{intent}/cancel", Fault.UNAVAILABLE);

        assertThat(adapter.find(charge)).contains(ChargeOutcome.processing(waiting));
        ChargeOutcome outcome = adapter.find(charge).orElseThrow();

        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.failureCode()).isEqualTo("authentication_required");
        assertThat(stripe.all(PaymentIntent.class))
                .extracting(PaymentIntent::getStatus)
                .containsExactly("canceled");
        assertThat(adapter.find(charge).orElseThrow().failed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "pm_card_double_insufficientFunds, card_declined, insufficient_funds, true",
                "pm_card_double_stolenCard, card_declined, stolen_card, false",
                "pm_card_double_expiredCard, expired_card, null, false",
            },
            nullValues = "null")
    @DisplayName("A refusal comes with the bank's reason, and with whether it may be tried again")
    void declined(String token, String code, @Nullable String decline, boolean retryable) {
        ChargeOutcome outcome = adapter.charge(charge(token, 4_900));

        assertThat(outcome.failureCode()).isEqualTo(code);
        assertThat(outcome.declineCode()).isEqualTo(decline);
        assertThat(outcome.retryable()).isEqualTo(retryable);
        assertThat(outcome.ref()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("A refund that takes days is processing until then")
    void refundComesLater(boolean succeeds) {
        PaymentProvider.Charge charge = charge("pm_card_pendingRefund", 4_900);
        PaymentProvider.Repayment back = ProviderContract.back(charge, adapter.charge(charge), 1_000);

        ChargeOutcome first = adapter.refund(back);
        assertThat(first.status()).isEqualTo(ChargeOutcome.Status.PROCESSING);
        stripe.settleRefund(first.ref(), succeeds);

        PaymentProvider.Repayment known = new PaymentProvider.Repayment(
                back.refund(),
                back.creditNote(),
                back.tenant(),
                back.chargeRef(),
                back.cents(),
                back.currency(),
                first.ref());
        assertThat(adapter.find(known).orElseThrow().succeeded()).isEqualTo(succeeds);
        assertThat(adapter.find(known).orElseThrow().isSettled()).isTrue();
    }

    @Test
    @DisplayName("An amount that Stripe cannot charge has failed without being sent")
    void amountNotChargeable() {
        PaymentProvider.Charge dollars = charge(GOOD, 1);
        PaymentProvider.Charge ariary = new PaymentProvider.Charge(
                dollars.payment(),
                dollars.invoice(),
                dollars.tenant(),
                dollars.customer(),
                dollars.card(),
                501,
                "MGA",
                null);

        assertThat(adapter.charge(ariary).failureCode()).isEqualTo("amount_not_chargeable");
        assertThat(stripe.calls()).doesNotContainKey(CHARGE);
    }

    @Test
    @DisplayName("PAY-10: the same payment with other facts is what it was the first time")
    void keyWithOtherFacts() {
        PaymentProvider.Charge first = charge(GOOD, 4_900);
        ChargeOutcome outcome = adapter.charge(first);
        PaymentProvider.Charge changed = new PaymentProvider.Charge(
                first.payment(),
                UUID.randomUUID(),
                first.tenant(),
                first.customer(),
                first.card(),
                first.cents(),
                first.currency(),
                null);

        assertThat(adapter.charge(changed)).isEqualTo(outcome);
    }

    @Test
    @DisplayName("Each write has a key, and each payment's is its own id")
    void eachWriteHasAKey() {
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        adapter.refund(ProviderContract.back(charge, adapter.charge(charge), 1));
        adapter.release(charge.card());
        pages().setUp(String.valueOf(charge.customer()), URI.create("https://a.example/billing"));
        pages().portal(String.valueOf(charge.customer()), URI.create("https://a.example/billing"));

        assertThat(stripe.exercised())
                .filteredOn(exercise -> exercise.operation().startsWith("POST"))
                .hasSizeGreaterThanOrEqualTo(7)
                .allSatisfy(exercise -> assertThat(exercise.idempotencyKey()).isNotBlank());
        assertThat(stripe.exercised())
                .filteredOn(exercise -> exercise.operation().equals(CHARGE))
                .extracting(Exercise::idempotencyKey)
                .containsExactly(charge.payment().toString());
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ERROR_KEPT", "HELD"})
    @DisplayName("PAY-10: a refund is made once, whatever becomes of the answer")
    void refundedOnce(Fault fault) {
        PaymentProvider.Charge charge = charge(GOOD, 4_900);
        PaymentProvider.Repayment back = ProviderContract.back(charge, adapter.charge(charge), 1_000);
        stripe.faults().next(REFUND, fault);

        ChargeOutcome first = impatient().refund(back);
        ChargeOutcome second = first.isSettled() ? first : adapter.refund(back);

        assertThat(second.succeeded()).as("%s, then %s", first, second).isTrue();
        assertThat(adapter.find(back)).contains(second);
        assertThat(adapter.refund(ProviderContract.back(charge, adapter.charge(charge), 3_900))
                        .succeeded())
                .as("all but 1000 of 4900 are left")
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

        Problem problem = refusal(() -> adapter.customer(somebody()));

        assertThat(problem.kind()).isEqualTo(Problem.Kind.UNAVAILABLE);
        assertThat(problem.code()).isEqualTo("provider_unavailable");
    }

    @Test
    @DisplayName("After failures in a row Stripe is left alone, and charges stay unknown")
    void circuitOpens() {
        PaymentProvider hasty = adapter(20_000, 2);
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
