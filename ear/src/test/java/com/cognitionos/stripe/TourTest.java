package com.cognitionos.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.model.Customer;
import com.stripe.model.Dispute;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.SetupIntent;
import com.stripe.model.StripeObjectInterface;
import com.stripe.model.checkout.Session;
import com.stripe.param.ChargeSearchParams;
import com.stripe.param.ChargeUpdateParams;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.CustomerSearchParams;
import com.stripe.param.CustomerUpdateParams;
import com.stripe.param.DisputeUpdateParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentSearchParams;
import com.stripe.param.PaymentIntentUpdateParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.param.PaymentMethodCreateParams;
import com.stripe.param.PaymentMethodListParams;
import com.stripe.param.PaymentMethodUpdateParams;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundUpdateParams;
import com.stripe.param.SetupIntentConfirmParams;
import com.stripe.param.SetupIntentCreateParams;
import com.stripe.param.SetupIntentUpdateParams;
import com.stripe.param.checkout.SessionCreateParams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Through all operations once: with Stripe's own files, without them, and over a restart. */
class TourTest {

    /** What replies lack of Stripe's examples, as Stripe lacks it too unless it is asked for. */
    private static final Set<String> LEFT_OUT =
            Set.of("charge.refunds", "payment_intent.managed_payments", "dispute.description");

    @Test
    void eachOperationAnswersWhatTheLibraryReads() throws StripeException {
        assumeTrue(StripeDouble.hasSources(), "Stripe's files are not beside the project, in ../shared/data/stripe");
        try (StripeDouble stripe = StripeDouble.start()) {
            Map<String, JsonObject> replies = tour(stripe);
            assertThat(stripe.violations()).isEmpty();
            assertThat(stripe.calls().keySet()).containsExactlyInAnyOrderElementsOf(stripe.operations());
            assertThat(replies.keySet()).containsExactlyInAnyOrderElementsOf(sent());
            JsonObject examples = Sources.examples().orElseThrow();
            replies.forEach((type, reply) -> {
                Set<String> missing = new TreeSet<>();
                for (String field : Json.child(examples, type).keySet()) {
                    if (!reply.has(field) && !LEFT_OUT.contains(type + "." + field)) {
                        missing.add(type + "." + field);
                    }
                }
                assertThat(missing).isEmpty();
            });
        }
    }

    private static List<String> sent() {
        return Arrays.stream(Type.values())
                .filter(type -> type.model() != null)
                .map(Type::object)
                .toList();
    }

    @Test
    void withoutStripesFilesItAnswersAllTheSame() throws StripeException {
        try (StripeDouble stripe = StripeDouble.startWithoutSources()) {
            Map<String, JsonObject> replies = tour(stripe);
            assertThat(replies.keySet()).containsExactlyInAnyOrderElementsOf(sent());
            assertThat(replies.get("customer").keySet()).contains("invoice_credit_balance", "cash_balance");
            assertThat(replies.get("charge").keySet()).contains("presentment_details", "level3");
            assertThat(stripe.violations()).isEmpty();
            assertThat(stripe.calls().keySet()).containsExactlyInAnyOrderElementsOf(stripe.operations());
        }
    }

    @Test
    void aJournalOutlivesTheProcess(@TempDir Path directory) throws StripeException, IOException {
        Path journal = directory.resolve("state").resolve("double.jsonl");
        String customer;
        try (StripeDouble stripe = StripeDouble.start(0, Clock.systemUTC(), journal)) {
            customer = create(stripe).getId();
            Wired.client(stripe).v1().customers().delete(create(stripe, "k-2").getId());
        }
        // Killed in the middle of a line.
        Files.writeString(journal, "[{\"type\":\"CUSTOMER\",\"obj", StandardOpenOption.APPEND);
        for (int i = 0; i < 2; i++) {
            try (StripeDouble stripe = StripeDouble.start(0, Clock.systemUTC(), journal)) {
                Customer again = create(stripe);
                assertThat(again.getId()).isEqualTo(customer);
                assertThat(again.getLastResponse().headers().firstValue("Idempotent-Replayed"))
                        .contains("true");
                assertThat(Wired.client(stripe).v1().customers().list().getData())
                        .extracting(Customer::getId)
                        .containsExactly(customer);
                assertThat(stripe.events()).hasSize(3);
            }
        }
    }

    private static Customer create(StripeDouble stripe) throws StripeException {
        return create(stripe, "k-1");
    }

    private static Customer create(StripeDouble stripe, String key) throws StripeException {
        return Wired.client(stripe)
                .v1()
                .customers()
                .create(CustomerCreateParams.builder().setName("Ada").build(), Wired.key(key));
    }

    /** @return a reply of each type */
    private static Map<String, JsonObject> tour(StripeDouble stripe) throws StripeException {
        StripeClient client = Wired.client(stripe);
        var v1 = client.v1();
        List<StripeObjectInterface> replies = new ArrayList<>();

        Customer customer = v1.customers()
                .create(CustomerCreateParams.builder().putMetadata("a", "b").build());
        String id = customer.getId();
        replies.add(customer);
        replies.add(v1.customers()
                .update(id, CustomerUpdateParams.builder().setName("Ada").build()));
        replies.add(v1.customers().retrieve(id));
        replies.add(v1.customers().list());
        replies.add(v1.customers()
                .search(CustomerSearchParams.builder().setQuery("name:'Ada'").build()));

        replies.add(v1.paymentMethods()
                .create(PaymentMethodCreateParams.builder()
                        .setType(PaymentMethodCreateParams.Type.CARD)
                        .setCard(PaymentMethodCreateParams.Token.builder()
                                .setToken("tok_visa")
                                .build())
                        .build()));
        String card = v1.paymentMethods()
                .attach(
                        "pm_card_visa",
                        PaymentMethodAttachParams.builder().setCustomer(id).build())
                .getId();
        replies.add(v1.paymentMethods().retrieve(card));
        replies.add(v1.paymentMethods()
                .update(
                        card,
                        PaymentMethodUpdateParams.builder()
                                .putMetadata("a", "b")
                                .build()));
        replies.add(v1.paymentMethods()
                .list(PaymentMethodListParams.builder().setCustomer(id).build()));
        replies.add(v1.customers().paymentMethods().list(id));
        replies.add(v1.customers().paymentMethods().retrieve(id, card));

        PaymentIntent open = v1.paymentIntents()
                .create(PaymentIntentCreateParams.builder()
                        .setAmount(5_00L)
                        .setCurrency("eur")
                        .setCustomer(id)
                        .addPaymentMethodType("card")
                        .build());
        replies.add(v1.paymentIntents()
                .update(
                        open.getId(),
                        PaymentIntentUpdateParams.builder()
                                .setPaymentMethod(card)
                                .build()));
        replies.add(v1.paymentIntents().confirm(open.getId()));
        PaymentIntent paid = v1.paymentIntents().retrieve(open.getId());
        replies.add(paid);
        replies.add(v1.paymentIntents().list());
        replies.add(v1.paymentIntents()
                .search(PaymentIntentSearchParams.builder()
                        .setQuery("status:'succeeded'")
                        .build()));
        replies.add(v1.paymentIntents()
                .cancel(v1.paymentIntents()
                        .create(PaymentIntentCreateParams.builder()
                                .setAmount(5_00L)
                                .setCurrency("eur")
                                .build())
                        .getId()));

        Charge charge = v1.charges().retrieve(paid.getLatestCharge());
        replies.add(charge);
        replies.add(v1.charges()
                .update(
                        charge.getId(),
                        ChargeUpdateParams.builder().setDescription("d").build()));
        replies.add(v1.charges().list());
        replies.add(v1.charges()
                .search(ChargeSearchParams.builder().setQuery("amount:500").build()));
        replies.add(v1.balance().retrieve());
        replies.add(v1.balanceTransactions().retrieve(charge.getBalanceTransaction()));
        replies.add(v1.balanceTransactions().list());

        Refund refund = v1.refunds()
                .create(RefundCreateParams.builder().setCharge(charge.getId()).build());
        replies.add(v1.refunds().retrieve(refund.getId()));
        replies.add(v1.refunds()
                .update(
                        refund.getId(),
                        RefundUpdateParams.builder().putMetadata("a", "b").build()));
        replies.add(v1.refunds().list());

        for (int i = 0; i < 2; i++) {
            v1.paymentIntents()
                    .create(PaymentIntentCreateParams.builder()
                            .setAmount(5_00L)
                            .setCurrency("eur")
                            .setPaymentMethod("pm_card_createDispute")
                            .addPaymentMethodType("card")
                            .setConfirm(true)
                            .build());
        }
        List<Dispute> disputes = v1.disputes().list().getData();
        replies.add(v1.disputes()
                .update(
                        disputes.get(0).getId(),
                        DisputeUpdateParams.builder()
                                .setEvidence(DisputeUpdateParams.Evidence.builder()
                                        .setUncategorizedText("losing_evidence")
                                        .build())
                                .build()));
        replies.add(v1.disputes().close(disputes.get(1).getId()));
        replies.add(v1.disputes().retrieve(disputes.get(0).getId()));

        SetupIntent setup = v1.setupIntents()
                .create(SetupIntentCreateParams.builder()
                        .addPaymentMethodType("card")
                        .build());
        replies.add(v1.setupIntents()
                .update(
                        setup.getId(),
                        SetupIntentUpdateParams.builder().setCustomer(id).build()));
        replies.add(v1.setupIntents()
                .confirm(
                        setup.getId(),
                        SetupIntentConfirmParams.builder()
                                .setPaymentMethod("pm_card_visa")
                                .build()));
        replies.add(v1.setupIntents().retrieve(setup.getId()));
        replies.add(v1.setupIntents().list());
        replies.add(v1.setupIntents()
                .cancel(v1.setupIntents()
                        .create(SetupIntentCreateParams.builder().build())
                        .getId()));

        Session session = v1.checkout()
                .sessions()
                .create(SessionCreateParams.builder()
                        .setMode(SessionCreateParams.Mode.SETUP)
                        .setCurrency("eur")
                        .setSuccessUrl("https://example.com")
                        .build());
        replies.add(v1.checkout().sessions().retrieve(session.getId()));
        replies.add(v1.checkout().sessions().list());
        replies.add(v1.checkout().sessions().expire(session.getId()));
        replies.add(v1.billingPortal()
                .sessions()
                .create(com.stripe.param.billingportal.SessionCreateParams.builder()
                        .setCustomer(id)
                        .build()));

        replies.add(v1.paymentMethods().detach(card));
        replies.add(v1.customers().delete(id));
        replies.add(v1.events().list());
        replies.add(v1.events().retrieve(v1.events().list().getData().get(0).getId()));
        // The library's own reader of an event's object knows each of them, and its version.
        stripe.events()
                .forEach(event -> assertThat(event.getDataObjectDeserializer().getObject())
                        .describedAs(event.getType())
                        .isPresent());

        Map<String, JsonObject> byType = new TreeMap<>();
        for (StripeObjectInterface each : replies) {
            JsonElement raw = JsonParser.parseString(each.getLastResponse().body());
            String type = Json.text(raw.getAsJsonObject(), "object");
            if (type != null && Type.of(type).isPresent() && !Json.flag(raw.getAsJsonObject(), "deleted")) {
                byType.put(type, raw.getAsJsonObject());
            }
        }
        return byType;
    }
}
