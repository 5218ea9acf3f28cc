package com.cognitionos.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.BalanceTransaction;
import com.stripe.model.Charge;
import com.stripe.model.PaymentIntent;
import com.stripe.param.BalanceTransactionListParams;
import com.stripe.param.ChargeListParams;
import com.stripe.param.ChargeSearchParams;
import com.stripe.param.ChargeUpdateParams;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentListParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.PaymentIntentSearchParams;
import com.stripe.param.PaymentIntentUpdateParams;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Payment intents with their charges and balance transactions. */
class PaymentIntentsTest {

    private final Wired wired = new Wired();

    @AfterEach
    void close() {
        assertThat(wired.stripe.violations()).isEmpty();
        wired.close();
    }

    private List<String> types() {
        return wired.stripe.events().stream()
                .map(event -> event.getType())
                .filter(type -> !type.startsWith("customer.") && !type.startsWith("payment_method."))
                .collect(Collectors.toList());
    }

    private PaymentIntent retrieve(String id, String... expand) throws StripeException {
        return wired.client
                .v1()
                .paymentIntents()
                .retrieve(
                        id,
                        PaymentIntentRetrieveParams.builder()
                                .addAllExpand(List.of(expand))
                                .build());
    }

    @Test
    void aKeptCardIsChargedAndTheFeeTold() throws StripeException {
        PaymentIntent paid = wired.charge("pm_card_visa");
        assertThat(paid.getStatus()).isEqualTo("succeeded");
        assertThat(paid.getAmountReceived()).isEqualTo(10_00);
        PaymentIntent read = retrieve(paid.getId(), "latest_charge.balance_transaction", "customer");
        Charge charge = read.getLatestChargeObject();
        assertThat(charge.getPaid()).isTrue();
        assertThat(charge.getPaymentIntent()).isEqualTo(paid.getId());
        assertThat(charge.getPaymentMethodDetails().getCard().getLast4()).isEqualTo("4242");
        BalanceTransaction moved = charge.getBalanceTransactionObject();
        assertThat(moved.getAmount()).isEqualTo(10_00);
        assertThat(moved.getFee()).isEqualTo(59);
        assertThat(moved.getNet()).isEqualTo(9_41);
        assertThat(moved.getStatus()).isEqualTo("pending");
        assertThat(read.getCustomerObject().getName()).isEqualTo("Ada");
        assertThat(types()).containsExactly("payment_intent.created", "charge.succeeded", "payment_intent.succeeded");
        wired.pass(Duration.ofDays(2));
        assertThat(wired.client
                        .v1()
                        .balanceTransactions()
                        .retrieve(moved.getId())
                        .getStatus())
                .isEqualTo("available");
        assertThat(wired.client
                        .v1()
                        .balanceTransactions()
                        .list(BalanceTransactionListParams.builder()
                                .setType("charge")
                                .build())
                        .getData())
                .hasSize(1);
        assertThat(wired.client.v1().balance().retrieve().getAvailable().get(0).getAmount())
                .isEqualTo(9_41);
    }

    @Test
    void aRefusedCardSaysWhyAndCanBeFollowedByAnother() throws StripeException {
        String customer = wired.customer().getId();
        String bad = wired.attached("pm_card_chargeCustomerFail", customer).getId();
        String good = wired.attached("pm_card_visa", customer).getId();
        CardException refused = org.junit.jupiter.api.Assertions.assertThrows(
                CardException.class,
                () -> wired.client
                        .v1()
                        .paymentIntents()
                        .create(wired.payment(customer, bad).build()));
        assertThat(refused.getStatusCode()).isEqualTo(402);
        assertThat(refused.getDeclineCode()).isEqualTo("generic_decline");
        assertThat(refused.getCharge()).startsWith("ch_");
        String id = refused.getStripeError().getPaymentIntent().getId();
        PaymentIntent failed = retrieve(id, "latest_charge");
        assertThat(failed.getStatus()).isEqualTo("requires_payment_method");
        assertThat(failed.getLastPaymentError().getDeclineCode()).isEqualTo("generic_decline");
        assertThat(failed.getLatestChargeObject().getFailureCode()).isEqualTo("card_declined");
        assertThat(failed.getPaymentMethod()).isNull();
        PaymentIntent paid = wired.client
                .v1()
                .paymentIntents()
                .confirm(
                        id,
                        PaymentIntentConfirmParams.builder()
                                .setPaymentMethod(good)
                                .setOffSession(true)
                                .build());
        assertThat(paid.getStatus()).isEqualTo("succeeded");
        assertThat(paid.getLastPaymentError()).isNull();
        assertThat(types())
                .containsExactly(
                        "payment_intent.created",
                        "charge.failed",
                        "payment_intent.payment_failed",
                        "charge.succeeded",
                        "payment_intent.succeeded");
        assertThat(wired.client
                        .v1()
                        .charges()
                        .list(ChargeListParams.builder().setPaymentIntent(id).build())
                        .getData())
                .extracting(Charge::getStatus)
                .containsExactly("succeeded", "failed");
    }

    @Test
    void eachRefusalHasItsCode() throws StripeException {
        record Case(String token, String code, String declineCode) {}
        for (Case each : List.of(
                new Case("pm_card_double_insufficientFunds", "card_declined", "insufficient_funds"),
                new Case("pm_card_double_expiredCard", "expired_card", null),
                new Case("pm_card_authenticationRequired", "authentication_required", "authentication_required"))) {
            assertThatThrownBy(() -> wired.charge(each.token)).isInstanceOfSatisfying(CardException.class, refused -> {
                assertThat(refused.getCode()).isEqualTo(each.code);
                assertThat(refused.getDeclineCode()).isEqualTo(each.declineCode);
            });
        }
    }

    @Test
    void theHolderIsAskedAndAgreesOrNot() throws StripeException {
        for (boolean agrees : List.of(true, false)) {
            String customer = wired.customer().getId();
            String card =
                    wired.attached("pm_card_authenticationRequired", customer).getId();
            PaymentIntent asked = wired.client
                    .v1()
                    .paymentIntents()
                    .create(PaymentIntentCreateParams.builder()
                            .setAmount(5_00L)
                            .setCurrency("usd")
                            .setCustomer(customer)
                            .setPaymentMethod(card)
                            .setAutomaticPaymentMethods(PaymentIntentCreateParams.AutomaticPaymentMethods.builder()
                                    .setEnabled(true)
                                    .build())
                            .setReturnUrl("https://example.com/back")
                            .setConfirm(true)
                            .build());
            assertThat(asked.getStatus()).isEqualTo("requires_action");
            assertThat(asked.getNextAction().getRedirectToUrl().getReturnUrl()).isEqualTo("https://example.com/back");
            wired.stripe.authenticate(asked.getId(), agrees);
            assertThat(retrieve(asked.getId()).getStatus()).isEqualTo(agrees ? "succeeded" : "requires_payment_method");
        }
    }

    @Test
    void anOutcomeComesLater() throws StripeException {
        PaymentIntent first = wired.charge("pm_card_double_processing");
        PaymentIntent second = wired.charge("pm_card_double_processing");
        assertThat(first.getStatus()).isEqualTo("processing");
        assertThat(retrieve(first.getId(), "latest_charge")
                        .getLatestChargeObject()
                        .getStatus())
                .isEqualTo("pending");
        wired.stripe.settle(first.getId());
        wired.stripe.fail(second.getId(), "insufficient_funds");
        assertThat(retrieve(first.getId()).getStatus()).isEqualTo("succeeded");
        PaymentIntent failed = retrieve(second.getId());
        assertThat(failed.getStatus()).isEqualTo("requires_payment_method");
        assertThat(failed.getLastPaymentError().getDeclineCode()).isEqualTo("insufficient_funds");
        assertThat(types())
                .containsExactly(
                        "payment_intent.created",
                        "charge.pending",
                        "payment_intent.processing",
                        "payment_intent.created",
                        "charge.pending",
                        "payment_intent.processing",
                        "charge.succeeded",
                        "payment_intent.succeeded",
                        "charge.failed",
                        "payment_intent.payment_failed");
    }

    @Test
    void anIntentIsConfirmedLaterChangedListedFoundAndCanceled() throws StripeException {
        String customer = wired.customer().getId();
        String card = wired.attached("pm_card_visa", customer).getId();
        PaymentIntent made = wired.client
                .v1()
                .paymentIntents()
                .create(PaymentIntentCreateParams.builder()
                        .setAmount(7_00L)
                        .setCurrency("eur")
                        .setCustomer(customer)
                        .addPaymentMethodType("card")
                        .build());
        assertThat(made.getStatus()).isEqualTo("requires_payment_method");
        assertThat(made.getClientSecret()).startsWith(made.getId() + "_secret_");
        PaymentIntent changed = wired.client
                .v1()
                .paymentIntents()
                .update(
                        made.getId(),
                        PaymentIntentUpdateParams.builder()
                                .setAmount(8_00L)
                                .setPaymentMethod(card)
                                .putMetadata("payment", "p-2")
                                .build());
        assertThat(changed.getStatus()).isEqualTo("requires_confirmation");
        assertThat(wired.client.v1().paymentIntents().confirm(made.getId()).getAmountReceived())
                .isEqualTo(8_00);
        PaymentIntent second = wired.client
                .v1()
                .paymentIntents()
                .create(PaymentIntentCreateParams.builder()
                        .setAmount(9_00L)
                        .setCurrency("eur")
                        .build());
        assertThat(wired.client.v1().paymentIntents().cancel(second.getId()).getStatus())
                .isEqualTo("canceled");
        assertThatThrownBy(() -> wired.client.v1().paymentIntents().cancel(made.getId()))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo("payment_intent_unexpected_state"));
        assertThatThrownBy(() -> wired.client.v1().paymentIntents().confirm(second.getId()))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(wired.client
                        .v1()
                        .paymentIntents()
                        .list(PaymentIntentListParams.builder()
                                .setCustomer(customer)
                                .build())
                        .getData())
                .extracting(PaymentIntent::getId)
                .containsExactly(made.getId());
        assertThat(wired.client
                        .v1()
                        .paymentIntents()
                        .search(PaymentIntentSearchParams.builder()
                                .setQuery("metadata['payment']:'p-2' AND status:'succeeded' AND amount>=800")
                                .build())
                        .getData())
                .extracting(PaymentIntent::getId)
                .containsExactly(made.getId());
        wired.stripe.searchLag(Duration.ofMinutes(1));
        PaymentIntentSearchParams all =
                PaymentIntentSearchParams.builder().setQuery("currency:'eur'").build();
        assertThat(wired.client.v1().paymentIntents().search(all).getData()).isEmpty();
        wired.pass(Duration.ofMinutes(1));
        assertThat(wired.client.v1().paymentIntents().search(all).getData()).hasSize(2);
    }

    @Test
    void aFeeIsToldLater() throws StripeException {
        wired.stripe.feesLater();
        PaymentIntent paid = wired.charge("pm_card_visa");
        assertThat(wired.client.v1().charges().retrieve(paid.getLatestCharge()).getBalanceTransaction())
                .isNull();
        wired.stripe.tellFees();
        assertThat(retrieve(paid.getId(), "latest_charge.balance_transaction")
                        .getLatestChargeObject()
                        .getBalanceTransactionObject()
                        .getFee())
                .isEqualTo(59);
        assertThat(types()).endsWith("payment_intent.succeeded", "charge.updated");
        assertThat(wired.stripe.all(Charge.class)).extracting(Charge::getId).containsExactly(paid.getLatestCharge());
    }

    @Test
    void aChargeIsChangedAndFound() throws StripeException {
        PaymentIntent paid = wired.charge("pm_card_visa");
        wired.client
                .v1()
                .charges()
                .update(
                        paid.getLatestCharge(),
                        ChargeUpdateParams.builder().putMetadata("seen", "yes").build());
        assertThat(wired.client
                        .v1()
                        .charges()
                        .search(ChargeSearchParams.builder()
                                .setQuery("metadata['seen']:'yes'")
                                .build())
                        .getData())
                .hasSize(1);
        assertThat(wired.client.v1().charges().retrieve(paid.getLatestCharge()).getMetadata())
                .containsEntry("payment", "p-1");
    }

    @Test
    void whatStripeRefusesIsRefused() throws StripeException {
        String customer = wired.customer().getId();
        String card = wired.attached("pm_card_visa", customer).getId();
        String other = wired.customer().getId();
        refused(wired.payment(other, card), null, "payment_method");
        refused(wired.payment(customer, card).setAmount(49L), "amount_too_small", "amount");
        refused(wired.payment(customer, card).setAmount(0L), "parameter_invalid_integer", "amount");
        refused(wired.payment(customer, card).setAmount(100_000_000L), "amount_too_large", "amount");
        refused(wired.payment(customer, card).setCurrency("xyz"), null, "currency");
        refused(wired.payment("cus_none", card), "resource_missing", "customer");
        refused(wired.payment(customer, card).setConfirm(false), null, "off_session");
        // Methods of the account may redirect: neither a way back nor a word against it.
        refused(
                PaymentIntentCreateParams.builder()
                        .setAmount(10_00L)
                        .setCurrency("eur")
                        .setCustomer(customer)
                        .setPaymentMethod(card)
                        .setConfirm(true),
                null,
                null);
        assertThat(wired.client.v1().paymentIntents().list().getData()).isEmpty();
    }

    private void refused(PaymentIntentCreateParams.Builder params, String code, String param) {
        assertThatThrownBy(() -> wired.client.v1().paymentIntents().create(params.build()))
                .isInstanceOfSatisfying(InvalidRequestException.class, refused -> {
                    assertThat(refused.getStatusCode()).isEqualTo(400);
                    assertThat(refused.getCode()).isEqualTo(code);
                    assertThat(refused.getParam()).isEqualTo(param);
                });
    }
}
