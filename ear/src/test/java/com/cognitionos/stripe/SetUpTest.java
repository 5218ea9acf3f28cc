package com.cognitionos.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.CardException;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.PaymentMethod;
import com.stripe.model.SetupIntent;
import com.stripe.model.checkout.Session;
import com.stripe.param.SetupIntentConfirmParams;
import com.stripe.param.SetupIntentCreateParams;
import com.stripe.param.SetupIntentListParams;
import com.stripe.param.SetupIntentUpdateParams;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionListParams;
import com.stripe.param.checkout.SessionRetrieveParams;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cards that are set up for later: setup intents and the pages that Stripe hosts. */
class SetUpTest {

    private final Wired wired = new Wired();
    private final HttpClient browser = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        assertThat(wired.stripe.violations()).isEmpty();
        wired.close();
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String url, String card, String action) throws IOException, InterruptedException {
        String form = "card=" + card + "&action=" + URLEncoder.encode(action, StandardCharsets.UTF_8);
        return browser.send(
                HttpRequest.newBuilder(URI.create(url))
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private SetupIntent setUp(String customer, String token) throws StripeException {
        return wired.client
                .v1()
                .setupIntents()
                .create(SetupIntentCreateParams.builder()
                        .setCustomer(customer)
                        .setPaymentMethod(token)
                        .addPaymentMethodType("card")
                        .setConfirm(true)
                        .build());
    }

    private List<String> types() {
        return wired.stripe.events().stream().map(event -> event.getType()).collect(Collectors.toList());
    }

    private SessionCreateParams.Builder session(String customer) {
        return SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.SETUP)
                .setCustomer(customer)
                .addPaymentMethodType(SessionCreateParams.PaymentMethodType.CARD)
                .setSuccessUrl("https://example.com/done?session={CHECKOUT_SESSION_ID}")
                .setCancelUrl("https://example.com/back")
                .setSetupIntentData(SessionCreateParams.SetupIntentData.builder()
                        .putMetadata("tenant", "t-1")
                        .build())
                .putMetadata("tenant", "t-1");
    }

    private Session retrieve(String id) throws StripeException {
        return wired.client
                .v1()
                .checkout()
                .sessions()
                .retrieve(
                        id,
                        SessionRetrieveParams.builder()
                                .addExpand("setup_intent.payment_method")
                                .build());
    }

    @Test
    void aCardIsSetUpAndThenKept() throws StripeException {
        String customer = wired.customer().getId();
        SetupIntent made = wired.client
                .v1()
                .setupIntents()
                .create(SetupIntentCreateParams.builder()
                        .setCustomer(customer)
                        .addPaymentMethodType("card")
                        .build());
        assertThat(made.getStatus()).isEqualTo("requires_payment_method");
        wired.client
                .v1()
                .setupIntents()
                .update(
                        made.getId(),
                        SetupIntentUpdateParams.builder()
                                .putMetadata("for", "later")
                                .build());
        SetupIntent done = wired.client
                .v1()
                .setupIntents()
                .confirm(
                        made.getId(),
                        SetupIntentConfirmParams.builder()
                                .setPaymentMethod("pm_card_visa")
                                .build());
        assertThat(done.getStatus()).isEqualTo("succeeded");
        assertThat(done.getMetadata()).containsEntry("for", "later");
        assertThat(wired.client
                        .v1()
                        .paymentMethods()
                        .retrieve(done.getPaymentMethod())
                        .getCustomer())
                .isEqualTo(customer);
        assertThat(types())
                .containsExactly(
                        "customer.created",
                        "setup_intent.created",
                        "payment_method.attached",
                        "setup_intent.succeeded");
        assertThatThrownBy(() -> wired.client.v1().setupIntents().cancel(made.getId()))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(wired.client
                        .v1()
                        .setupIntents()
                        .list(SetupIntentListParams.builder()
                                .setCustomer(customer)
                                .build())
                        .getData())
                .hasSize(1);
    }

    @Test
    void aRefusedCardIsNotSetUp() throws StripeException {
        String customer = wired.customer().getId();
        assertThatThrownBy(() -> setUp(customer, "pm_card_chargeDeclinedExpiredCard"))
                .isInstanceOfSatisfying(CardException.class, refused -> {
                    assertThat(refused.getCode()).isEqualTo("expired_card");
                    assertThat(refused.getStripeError().getSetupIntent().getStatus())
                            .isEqualTo("requires_payment_method");
                });
        assertThat(types()).endsWith("setup_intent.setup_failed");
        SetupIntent open = wired.client.v1().setupIntents().list().getData().get(0);
        assertThat(wired.client.v1().setupIntents().cancel(open.getId()).getStatus())
                .isEqualTo("canceled");
    }

    @Test
    void aCardThatWasAuthenticatedAtSetUpIsChargedWithoutItsHolder() throws StripeException {
        String customer = wired.customer().getId();
        SetupIntent asked = setUp(customer, "pm_card_authenticationRequiredOnSetup");
        assertThat(asked.getStatus()).isEqualTo("requires_action");
        wired.stripe.authenticate(asked.getId(), true);
        String card = wired.client.v1().setupIntents().retrieve(asked.getId()).getPaymentMethod();
        assertThat(wired.client
                        .v1()
                        .paymentIntents()
                        .create(wired.payment(customer, card).build())
                        .getStatus())
                .isEqualTo("succeeded");
        SetupIntent refused = setUp(customer, "pm_card_authenticationRequiredOnSetup");
        wired.stripe.authenticate(refused.getId(), false);
        assertThat(wired.client
                        .v1()
                        .setupIntents()
                        .retrieve(refused.getId())
                        .getLastSetupError()
                        .getCode())
                .isEqualTo("setup_intent_authentication_failure");
    }

    @Test
    void aBrowserSavesACardOnTheHostedPage() throws Exception {
        String customer = wired.customer().getId();
        Session made =
                wired.client.v1().checkout().sessions().create(session(customer).build());
        assertThat(made.getStatus()).isEqualTo("open");
        assertThat(get(made.getUrl()).body()).contains("pm_card_visa").contains("https://example.com/back");
        HttpResponse<String> refused = post(made.getUrl(), "pm_card_visa_chargeDeclined", "save");
        assertThat(refused.statusCode()).isEqualTo(200);
        assertThat(refused.body()).contains("role=\"alert\"");
        assertThat(post(made.getUrl(), "pm_card_threeDSecure2Required", "save").body())
                .contains("Your bank asks");
        HttpResponse<String> done = post(made.getUrl(), "", "bank-agree");
        assertThat(done.statusCode()).isEqualTo(303);
        assertThat(done.headers().firstValue("Location")).contains("https://example.com/done?session=" + made.getId());
        Session complete = retrieve(made.getId());
        assertThat(complete.getStatus()).isEqualTo("complete");
        SetupIntent intent = complete.getSetupIntentObject();
        assertThat(intent.getMetadata()).containsEntry("tenant", "t-1");
        assertThat(intent.getPaymentMethodObject().getCard().getLast4()).isEqualTo("3220");
        assertThat(intent.getPaymentMethodObject().getCustomer()).isEqualTo(customer);
        assertThat(types())
                .containsExactly(
                        "customer.created",
                        "setup_intent.created",
                        "setup_intent.setup_failed",
                        "setup_intent.requires_action",
                        "payment_method.attached",
                        "setup_intent.succeeded",
                        "checkout.session.completed");
        assertThat(post(made.getUrl(), "pm_card_visa", "save").statusCode()).isEqualTo(303);
        assertThat(wired.client.v1().customers().paymentMethods().list(customer).getData())
                .hasSize(1);
    }

    @Test
    void aSessionIsCompletedByACallOrExpires() throws Exception {
        String customer = wired.customer().getId();
        Session made =
                wired.client.v1().checkout().sessions().create(session(customer).build());
        wired.stripe.complete(made.getId(), "pm_card_authenticationRequired");
        assertThat(retrieve(made.getId()).getStatus()).isEqualTo("complete");
        Session late =
                wired.client.v1().checkout().sessions().create(session(customer).build());
        wired.pass(Duration.ofHours(24));
        assertThat(retrieve(late.getId()).getStatus()).isEqualTo("expired");
        assertThat(get(late.getUrl()).statusCode()).isEqualTo(410);
        Session dropped =
                wired.client.v1().checkout().sessions().create(session(customer).build());
        assertThat(wired.client
                        .v1()
                        .checkout()
                        .sessions()
                        .expire(dropped.getId())
                        .getStatus())
                .isEqualTo("expired");
        assertThat(types()).contains("checkout.session.expired");
        assertThat(wired.client
                        .v1()
                        .checkout()
                        .sessions()
                        .list(SessionListParams.builder()
                                .setStatus(SessionListParams.Status.EXPIRED)
                                .build())
                        .getData())
                .hasSize(2);
    }

    @Test
    void aBrowserManagesCardsInThePortal() throws Exception {
        Customer customer = wired.customer();
        PaymentMethod first = wired.attached("pm_card_mastercard", customer.getId());
        String url = wired.client
                .v1()
                .billingPortal()
                .sessions()
                .create(com.stripe.param.billingportal.SessionCreateParams.builder()
                        .setCustomer(customer.getId())
                        .setReturnUrl("https://example.com/billing")
                        .build())
                .getUrl();
        assertThat(get(url).body()).contains("Mastercard •••• 4444").contains("https://example.com/billing");
        assertThat(post(url, "pm_card_visa_chargeDeclined", "add").body()).contains("role=\"alert\"");
        post(url, "", "default:" + first.getId());
        assertThat(preferred(customer)).isEqualTo(first.getId());
        post(url, "pm_card_visa", "add");
        assertThat(preferred(customer)).isNotEqualTo(first.getId());
        post(url, "", "remove:" + first.getId());
        Matcher removals = Pattern.compile("remove:").matcher(get(url).body());
        assertThat(removals.results().count()).isEqualTo(1);
        assertThat(types())
                .containsExactly(
                        "customer.created",
                        "payment_method.attached",
                        "billing_portal.session.created",
                        "customer.updated",
                        "payment_method.attached",
                        "customer.updated",
                        "payment_method.detached");
    }

    @Test
    void thePortalsFlowLeadsBack() throws Exception {
        Customer customer = wired.customer();
        String url = wired.client
                .v1()
                .billingPortal()
                .sessions()
                .create(com.stripe.param.billingportal.SessionCreateParams.builder()
                        .setCustomer(customer.getId())
                        .setFlowData(
                                com.stripe.param.billingportal.SessionCreateParams.FlowData.builder()
                                        .setType(
                                                com.stripe.param.billingportal.SessionCreateParams.FlowData.Type
                                                        .PAYMENT_METHOD_UPDATE)
                                        .setAfterCompletion(com.stripe.param.billingportal.SessionCreateParams.FlowData
                                                .AfterCompletion.builder()
                                                .setType(
                                                        com.stripe.param.billingportal.SessionCreateParams.FlowData
                                                                .AfterCompletion.Type.REDIRECT)
                                                .setRedirect(com.stripe.param.billingportal.SessionCreateParams.FlowData
                                                        .AfterCompletion.Redirect.builder()
                                                        .setReturnUrl("https://example.com/thanks")
                                                        .build())
                                                .build())
                                        .build())
                        .build())
                .getUrl();
        assertThat(post(url, "pm_card_visa", "add").headers().firstValue("Location"))
                .contains("https://example.com/thanks");
        assertThat(get(wired.stripe.base() + "/p/session/bps_none").statusCode())
                .isEqualTo(404);
    }

    private String preferred(Customer customer) throws StripeException {
        return wired.client
                .v1()
                .customers()
                .retrieve(customer.getId())
                .getInvoiceSettings()
                .getDefaultPaymentMethod();
    }
}
