package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.stripe.Fault;
import com.cognitionos.stripe.Signature;
import com.cognitionos.stripe.StripeDouble;
import com.google.gson.JsonObject;
import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.param.RefundCreateParams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The product with Stripe as its provider, which a double plays: PAY-14 to PAY-17 from the outside. */
@OwnProduct
@DisplayName("The product and Stripe")
class StripeIT {

    private static final String OLD_SECRET = "whsec_old";
    private static final String SECRET = "whsec_new";
    private static final String HOOK = "/v3/webhooks/stripe";

    private static StripeDouble stripe;
    private static Product product;
    private static Api operator;
    private static Api nobody;
    private static DatabaseOwner owner;

    @BeforeAll
    static void start() {
        stripe = StripeDouble.start();
        Map<String, String> settings = new HashMap<>(WithStripe.settings(stripe, OLD_SECRET + ", " + SECRET));
        // Of events, this limit must not stop one.
        settings.put("COGNITIONOS_ANONYMOUS_RATE_LIMIT", "5");
        product = Product.startLean("stripe", settings);
        operator = product.api();
        nobody = new Api(operator.base(), "");
        owner = new DatabaseOwner(product);
        stripe.webhooks().to(URI.create(product.url() + "/api" + HOOK), SECRET);
    }

    @AfterAll
    static void stop() {
        if (product != null) {
            product.close();
        }
        stripe.close();
    }

    private static String body(String id) {
        return """
                {"id": "%s", "object": "event", "type": "balance.available", "created": 1767225600,
                 "data": {"object": {"object": "balance", "client_secret": "hidden-here"}}}""".formatted(id);
    }

    private static String eventId() {
        return "evt_" + UUID.randomUUID().toString().replace("-", "");
    }

    private static Api.Reply send(String signature, String body) {
        return nobody.with("Stripe-Signature", signature).post(HOOK, body);
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    private static String serverLog() {
        try {
            return Files.readString(product.data().resolve("logs").resolve("messages.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void refused(Api.Reply reply, int status, String code) {
        assertThat(reply.expect(status).code()).isEqualTo(code);
    }

    private static long kept(String eventId) {
        return Long.parseLong(owner.texts("SELECT count(*) FROM provider_events WHERE event_ref = ?", eventId)
                .get(0));
    }

    @Test
    @DisplayName("PAY-14: only what Stripe has signed of late is taken")
    void signatures() {
        String id = eventId();
        String body = body(id);
        long now = now();

        refused(nobody.post(HOOK, body), 400, "signature_missing");
        refused(send("nonsense", body), 400, "signature_invalid");
        refused(send(Signature.header(body, now, List.of("whsec_other")), body), 400, "signature_invalid");
        refused(send(Signature.header(body, now, List.of(SECRET)), body + " "), 400, "signature_invalid");
        refused(send(Signature.header(body, now - 310, List.of(SECRET)), body), 400, "signature_expired");
        refused(send(Signature.header(body, now + 310, List.of(SECRET)), body), 400, "signature_expired");
        refused(send(Signature.header("{}", now, List.of(SECRET)), "{}"), 400, "malformed_event");
        send("t=1,v1=00", "x".repeat(1024 * 1024 + 1)).expect(413);
        assertThat(kept(id)).isZero();
        Await.until("the security log", 30, () -> serverLog().contains("event=bad_signature subject=- "));

        send(Signature.header(body, now, List.of("whsec_other", SECRET)), body).expect(200);
        assertThat(kept(id)).isEqualTo(1);
        String other = body(eventId());
        send(Signature.header(other, now - 290, List.of(OLD_SECRET)), other).expect(200);
        // More calls from one address than a minute has places for the unknown.
        for (int i = 0; i < 6; i++) {
            assertThat(send(Signature.header(body, now(), List.of(SECRET)), body)
                            .expect(200)
                            .json()
                            .get("duplicate")
                            .getAsBoolean())
                    .isTrue();
        }
        assertThat(kept(id)).isEqualTo(1);
    }

    @Test
    @DisplayName("PAY-14: what cannot be kept is not answered as taken")
    void keptBeforeTheReply() {
        String id = eventId();
        String body = body(id);
        owner.update("ALTER TABLE provider_events RENAME TO provider_events_away");
        try {
            assertThat(send(Signature.header(body, now(), List.of(SECRET)), body)
                            .status())
                    .isGreaterThanOrEqualTo(500);
        } finally {
            owner.update("ALTER TABLE provider_events_away RENAME TO provider_events");
        }

        Api.Reply taken =
                send(Signature.header(body, now(), List.of(SECRET)), body).expect(200);

        assertThat(taken.json().get("duplicate").getAsBoolean()).isFalse();
        assertThat(owner.texts("SELECT convert_from(payload, 'UTF8') FROM provider_events WHERE event_ref = ?", id))
                .containsExactly(body);
        String row = owner.texts("SELECT id::text FROM provider_events WHERE event_ref = ?", id)
                .get(0);
        Await.until(
                "the event to be looked at",
                60,
                () -> operator.get("/v3/finance/provider-events/" + row)
                        .expect(200)
                        .json()
                        .getAsJsonObject("event")
                        .get("status")
                        .getAsString()
                        .equals("ignored"));
        assertThat(operator.get("/v3/finance/provider-events/" + row).text()).doesNotContain("hidden-here");
    }

    /** A tenant that pays by Stripe, with that card, and an invoice that is open. */
    private record Payer(Api api, String tenant, String invoice) {
        Api.Reply pays() {
            return api.post("/v3/invoices/" + invoice + "/pay", "");
        }

        String status() {
            return api.get("/v3/invoices/" + invoice)
                    .expect(200)
                    .json()
                    .get("status")
                    .getAsString();
        }

        void awaitPaid() {
            Await.until("the invoice of " + tenant + " to be paid", 90, () -> status().equals("paid"));
        }

        String charge() {
            return owner.texts("SELECT provider_ref FROM payments WHERE tenant_id = ?", tenant)
                    .get(0);
        }
    }

    private static Payer payer(String card) {
        String slug = "stripe-" + UUID.randomUUID().toString().substring(0, 12);
        String tenant = operator.post("/v3/tenants", """
                        {"name": "%1$s", "slug": "%1$s", "owner_email": "owner@%1$s.example",
                         "billing_email": "billing@%1$s.example", "tier": "pro", "billing_cycle": "yearly"}""".formatted(slug))
                .expect(201)
                .json()
                .get("id")
                .getAsString();
        Api api = operator.forTenant(tenant);
        Await.until("the year's invoice", 90, () -> !api.invoices().isEmpty());
        api.post("/v3/payment-methods", "{\"token\": \"" + card + "\"}").expect(201);
        return new Payer(api, tenant, api.invoices().get(0).get("id").getAsString());
    }

    private static long intents(Payer payer) {
        return stripe.rawEvents().stream()
                .filter(event -> event.get("type").getAsString().equals("payment_intent.succeeded"))
                .filter(event -> event.toString().contains(payer.tenant()))
                .count();
    }

    private static long account(String name) {
        return operator.get("/v3/finance/trial-balance").expect(200).json().getAsJsonArray("accounts").asList().stream()
                .map(account -> account.getAsJsonObject())
                .filter(account -> account.get("account").getAsString().equals(name))
                .mapToLong(account -> account.get("balance_cents").getAsLong())
                .sum();
    }

    @Test
    @DisplayName("PAY-15: a payment of which the reply was lost is settled by its event, and charged once")
    void lostReply() {
        Payer payer = payer("pm_card_visa");
        stripe.faults().next("POST /v1/payment_intents", Fault.CUT_AFTER);
        stripe.faults().next("POST /v1/payment_intents", Fault.CUT_AFTER);

        payer.pays();

        payer.awaitPaid();
        assertThat(intents(payer)).isEqualTo(1);
        assertThat(owner.texts("SELECT status FROM payments WHERE tenant_id = ?", payer.tenant()))
                .containsExactly("succeeded");
        stripe.faults().clear();
    }

    @Test
    @DisplayName("PAY-16: disputes are posted as they are opened and decided")
    void disputes() {
        long before = account("disputes");
        Payer payer = payer("pm_card_createDispute");
        payer.pays();

        Await.until("the dispute", 90, () -> disputes(payer).equals(List.of("open")));
        assertThat(account("disputes") - before).isEqualTo(49_000);
        stripe.decide(
                owner.texts("SELECT provider_ref FROM disputes WHERE tenant_id = ?", payer.tenant())
                        .get(0),
                true);

        Await.until("its end", 90, () -> disputes(payer).equals(List.of("won")));
        assertThat(account("disputes")).isEqualTo(before);
        assertThat(owner.texts("""
                        SELECT sum(debit_cents) - sum(credit_cents) FROM ledger_entries e
                        JOIN ledger_transactions t ON t.tenant_id = e.tenant_id AND t.id = e.transaction_id
                        WHERE e.tenant_id = ?""", payer.tenant())).containsExactly("0");
    }

    private static List<String> disputes(Payer payer) {
        return owner.texts("SELECT status FROM disputes WHERE tenant_id = ?", payer.tenant());
    }

    @Test
    @DisplayName("PAY-16, PAY-17: a refund from Stripe's dashboard is listed, entered by one call, and compared once")
    void refundOfTheDashboard() throws StripeException {
        Payer payer = payer("pm_card_visa");
        payer.pays();
        payer.awaitPaid();
        String refund = StripeClient.builder()
                .setApiKey("sk_test_double")
                .setApiBase(stripe.base())
                .build()
                .v1()
                .refunds()
                .create(RefundCreateParams.builder()
                        .setPaymentIntent(payer.charge())
                        .setAmount(1_500L)
                        .build())
                .getId();

        Await.until("the difference", 90, () -> difference(refund).size() == 1);
        JsonObject listed = difference(refund).get(0);
        assertThat(listed.get("kind").getAsString()).isEqualTo("refund_unknown_here");
        assertThat(listed.getAsJsonArray("remedies").get(0).getAsString()).isEqualTo("record_refund");
        String remedy = "/v3/finance/differences/" + listed.get("id").getAsString() + "/remedy";
        JsonObject after = operator.post(remedy, "{\"action\": \"record_refund\"}")
                .expect(200)
                .json();

        assertThat(after.get("state").getAsString()).isEqualTo("resolved");
        assertThat(owner.texts(
                        "SELECT status || ' ' || amount_cents FROM refunds WHERE tenant_id = ? AND provider_ref = ?",
                        payer.tenant(),
                        refund))
                .containsExactly("succeeded 1500");
        JsonObject seen = operator.get(
                        "/v3/finance/payments?status=refunded&min_amount=490&max_amount=490.00&q=" + payer.charge())
                .expect(200)
                .json()
                .getAsJsonArray("payments")
                .get(0)
                .getAsJsonObject();
        assertThat(seen.get("refunded_cents").getAsLong()).isEqualTo(1_500);
        JsonObject detail = operator.get(
                        "/v3/finance/payments/" + seen.get("id").getAsString())
                .expect(200)
                .json();
        assertThat(detail.getAsJsonArray("refunds")
                        .get(0)
                        .getAsJsonObject()
                        .get("provider_ref")
                        .getAsString())
                .isEqualTo(refund);
        assertThat(detail.getAsJsonArray("disputes")).isEmpty();
        compare();
        assertThat(difference(refund)).hasSize(1);
        assertThat(difference(refund).get(0).get("state").getAsString()).isEqualTo("resolved");
        assertThat(stripe.violations()).isEmpty();
    }

    @Test
    @DisplayName("PAY-17: what no event has told is found by the comparison")
    void comparison() throws StripeException {
        Payer payer = payer("pm_card_createDispute");
        stripe.webhooks().nowhere();
        try {
            payer.pays();
            String charge = payer.charge();
            JsonObject run = compare();

            assertThat(run.get("status").getAsString()).isEqualTo("completed");
            assertThat(run.get("payments").getAsInt()).isPositive();
            List<JsonObject> found = all().stream()
                    .filter(one -> one.get("payment_reference").getAsString().equals(charge))
                    .toList();
            assertThat(found).hasSize(1);
            assertThat(found.get(0).get("kind").getAsString()).isEqualTo("dispute_not_entered");
            assertThat(operator.post(
                                    "/v3/finance/differences/"
                                            + found.get(0).get("id").getAsString() + "/remedy",
                                    "{\"action\": \"settle\"}")
                            .expect(200)
                            .json()
                            .get("state")
                            .getAsString())
                    .isEqualTo("resolved");
            assertThat(disputes(payer)).containsExactly("open");
        } finally {
            stripe.webhooks().to(URI.create(product.url() + "/api" + HOOK), SECRET);
        }
    }

    @Test
    @DisplayName("PAY-16: a card that its customer removes at Stripe is removed here")
    void detached() throws StripeException {
        Payer payer = payer("pm_card_visa");
        String card = owner.texts("SELECT provider_ref FROM payment_methods WHERE tenant_id = ?", payer.tenant())
                .get(0);

        StripeClient.builder()
                .setApiKey("sk_test_double")
                .setApiBase(stripe.base())
                .build()
                .v1()
                .paymentMethods()
                .detach(card);

        Await.until(
                "the card to be gone",
                90,
                () -> payer.api()
                        .get("/v3/payment-methods")
                        .expect(200)
                        .json()
                        .getAsJsonArray("payment_methods")
                        .isEmpty());
    }

    @Test
    @DisplayName("PAY-8: for a card after its customer was deleted at Stripe another customer is made")
    void deletedCustomer() throws StripeException {
        Payer payer = payer("pm_card_visa");
        String customer = customer(payer);
        // No event tells of it.
        stripe.webhooks().nowhere();
        try {
            StripeClient.builder()
                    .setApiKey("sk_test_double")
                    .setApiBase(stripe.base())
                    .build()
                    .v1()
                    .customers()
                    .delete(customer);

            payer.api()
                    .post("/v3/payment-methods/portal-session", "{\"return_url\": \"https://a.example/x\"}")
                    .expect(201);
            assertThat(customer(payer)).isNotEqualTo(customer);
            payer.api()
                    .post("/v3/payment-methods", "{\"token\": \"pm_card_mastercard\"}")
                    .expect(201);
            payer.pays();
            payer.awaitPaid();
        } finally {
            stripe.webhooks().to(URI.create(product.url() + "/api" + HOOK), SECRET);
        }
    }

    private static String customer(Payer payer) {
        return owner.texts("SELECT provider_ref FROM provider_customers WHERE tenant_id = ?", payer.tenant())
                .get(0);
    }

    private static List<JsonObject> all() {
        List<JsonObject> found = new ArrayList<>();
        operator.get("/v3/finance/differences?page_size=100")
                .expect(200)
                .json()
                .getAsJsonArray("differences")
                .forEach(one -> found.add(one.getAsJsonObject()));
        return found;
    }

    private static List<JsonObject> difference(String reference) {
        return all().stream()
                .filter(one -> one.get("reference").getAsString().equals(reference))
                .toList();
    }

    private static JsonObject compare() {
        String run = operator.post("/v3/finance/reconciliations", "")
                .expect(202)
                .json()
                .get("id")
                .getAsString();
        Await.until(
                "the comparison",
                120,
                () -> !List.of("queued", "running")
                        .contains(state(run).get("status").getAsString()));
        return state(run);
    }

    private static JsonObject state(String run) {
        return operator.get("/v3/finance/reconciliations/" + run).expect(200).json();
    }
}
