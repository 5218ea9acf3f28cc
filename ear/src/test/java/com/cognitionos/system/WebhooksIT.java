package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.system.WebhookReceiver.Answer;
import com.cognitionos.system.WebhookReceiver.Message;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outgoing webhooks, as the server that receives them sees it. */
@SharedProduct
class WebhooksIT {

    private static final Api OPERATOR = Product.shared().api();
    private static final DatabaseOwner OWNER = new DatabaseOwner(Product.shared());
    private static final String CLOCK = "2026-01-31T00:00:00Z";

    private static WebhookReceiver receiver;

    /** An endpoint of a tenant of its own; {@code api} is the tenant's key. */
    private record Endpoint(Api api, String tenant, String id, String path, String secret) {

        String at() {
            return "/v3/webhook-endpoints/" + id;
        }

        JsonObject shown() {
            return api.get(at()).expect(200).json();
        }

        boolean isEnabled() {
            return shown().get("enabled").getAsBoolean();
        }

        /** @return the delivery's id */
        String ping() {
            return api.post(at() + "/test", "").expect(202).json().get("id").getAsString();
        }

        JsonObject delivery(String id) {
            return api.get("/v3/webhook-deliveries/" + id).expect(200).json();
        }

        JsonArray deliveries(String status) {
            return api.get(at() + "/deliveries?status=" + status)
                    .expect(200)
                    .json()
                    .getAsJsonArray("deliveries");
        }

        JsonObject awaits(String delivery, String status) {
            Await.until(
                    "the delivery to be " + status,
                    60,
                    () -> delivery(delivery).get("status").getAsString().equals(status));
            return delivery(delivery);
        }

        /** As if the time until then had passed. */
        void isDueNow(String delivery) {
            OWNER.update("UPDATE webhook_deliveries SET next_attempt_at = now() WHERE id = ?", delivery);
        }

        Endpoint another(String path, String events) {
            return create(api, tenant, path, events);
        }
    }

    @BeforeAll
    static void open() {
        receiver = new WebhookReceiver();
    }

    @AfterAll
    static void close() {
        receiver.close();
    }

    private static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    private static Endpoint endpoint(String events) {
        String slug = unique("hooks");
        String tenant = OPERATOR.testTenant(slug, "pro", CLOCK);
        Api api = OPERATOR.keyFor(
                tenant, "webhooks:read", "webhooks:write", "invoices:read", "invoices:write", "subscriptions:read");
        return create(api, tenant, "/" + slug, events);
    }

    private static Endpoint create(Api api, String tenant, String path, String events) {
        JsonObject made = api.post("/v3/webhook-endpoints", """
                        {"url": "%s", "description": "of a test", "events": %s}""".formatted(receiver.url(path), events))
                .expect(201)
                .json();
        String secret = made.get("secret").getAsString();
        Leaks.secret(secret);
        return new Endpoint(api, tenant, made.get("id").getAsString(), path, secret);
    }

    private static List<String> types(List<Message> messages) {
        return messages.stream().map(Message::type).toList();
    }

    @Test
    @DisplayName("WHK-2, WHK-3: what happens is told at once, signed, in the API's words and by the tenant's clock")
    void theStoryOfAMonth() {
        Endpoint all = endpoint("[]");
        Endpoint money = all.another(all.path() + "-money", "[\"invoice.paid\", \"payment.failed\"]");

        JsonObject card = all.api()
                .post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}")
                .expect(201)
                .json();
        Message added = receiver.message(all.path(), 1);
        assertThat(added.type()).isEqualTo("payment_method.added");
        assertThat(added.isSignedBy(all.secret())).isTrue();
        assertThat(added.isSignedBy(money.secret())).isFalse();
        assertThat(added.json().keySet()).containsExactly("type", "timestamp", "data");
        assertThat(added.json().get("timestamp").getAsString()).isEqualTo(CLOCK);
        assertThat(added.headers().get("content-type")).containsExactly("application/json");
        card.entrySet()
                .forEach(field -> assertThat(added.data().get(field.getKey()))
                        .as(field.getKey())
                        .isEqualTo(field.getValue()));

        OPERATOR.moveClock(all.tenant(), "2026-03-05T00:00:00Z");
        Message finalized = receiver.message(all.path(), "invoice.finalized");
        Message paid = receiver.message(money.path(), "invoice.paid");
        assertThat(paid.id())
                .as("an event has one id at all endpoints")
                .isEqualTo(receiver.message(all.path(), "invoice.paid").id());
        assertThat(paid.isSignedBy(money.secret())).isTrue();
        JsonObject invoice = all.api().invoices().stream()
                .filter(one -> one.get("id").equals(finalized.data().get("id")))
                .findFirst()
                .orElseThrow();
        for (String field : finalized.data().keySet()) {
            if (!List.of("status", "amount_paid_cents", "amount_due_cents", "paid_at")
                    .contains(field)) {
                assertThat(finalized.data().get(field)).as(field).isEqualTo(invoice.get(field));
            }
        }
        assertThat(finalized.data().get("status").getAsString()).isEqualTo("open");
        assertThat(types(receiver.heard(all.path())))
                .as("in whatever order")
                .contains("invoice.finalized", "payment.succeeded", "invoice.paid");
        assertThat(types(receiver.heard(money.path()))).isNotEmpty().containsOnly("invoice.paid");

        OPERATOR.post("/v3/tenants/" + all.tenant() + "/suspend", "{\"reason\": \"a reason\"}")
                .expect(200);
        assertThat(receiver.message(all.path(), "tenant.suspended")
                        .data()
                        .get("suspended_reason")
                        .getAsString())
                .isEqualTo("a reason");
        OPERATOR.post("/v3/tenants/" + all.tenant() + "/reactivate", "").expect(200);
        receiver.message(all.path(), "tenant.reactivated");
        OPERATOR.forTenant(all.tenant())
                .post("/v3/subscriptions/current/cancel", "{\"immediate\": true}")
                .expect(200);
        assertThat(receiver.message(all.path(), "subscription.canceled")
                        .data()
                        .get("status")
                        .getAsString())
                .isEqualTo("canceled");
        all.api().delete("/v3/payment-methods/" + card.get("id").getAsString()).expect(204);
        assertThat(receiver.message(all.path(), "payment_method.removed").data().get("id"))
                .isEqualTo(card.get("id"));
    }

    @Test
    @DisplayName("WHK-2: what is refused has not happened")
    void nothingOfARefusedRequest() {
        Endpoint all = endpoint("[\"*\"]");
        all.api()
                .post("/v3/payment-methods", "{\"token\": \"pm_card_visa_chargeDeclined\"}")
                .expect(402);
        all.awaits(all.ping(), "delivered");
        assertThat(types(receiver.heard(all.path()))).containsExactly("webhook.ping");
    }

    @Test
    @DisplayName("WHK-5, WHK-9: a failure is tried again with the same id, and each attempt is kept")
    void aFailureIsTriedAgain() {
        Endpoint flaky = endpoint("[]");
        receiver.answers(
                flaky.path(),
                number -> number == 1
                        ? new Answer(302, Map.of("Location", receiver.url("/elsewhere")), "over there")
                        : Answer.OK);

        String delivery = flaky.ping();
        Message again = receiver.message(flaky.path(), 2);
        JsonObject done = flaky.awaits(delivery, "delivered");

        Message first = receiver.heard(flaky.path()).get(0);
        assertThat(again.id())
                .isEqualTo(first.id())
                .isEqualTo(done.get("event_id").getAsString());
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.isSignedBy(flaky.secret())).isTrue();
        assertThat(receiver.heard("/elsewhere")).isEmpty();
        List<JsonObject> attempts = new ArrayList<>();
        done.getAsJsonArray("attempts").forEach(attempt -> attempts.add(attempt.getAsJsonObject()));
        assertThat(attempts)
                .extracting(attempt -> attempt.get("status_code").getAsInt())
                .containsExactly(302, 200);
        assertThat(attempts)
                .extracting(attempt -> attempt.get("response_body").getAsString())
                .containsExactly("over there", "thanks");
        assertThat(done.getAsJsonObject("payload")).isEqualTo(first.json());
        assertThat(flaky.deliveries("delivered")).hasSize(1);
        assertThat(flaky.deliveries("failed")).isEmpty();
        assertThat(flaky.shown().get("failing_since").isJsonNull()).isTrue();
    }

    @Test
    @DisplayName("WHK-5: Retry-After puts it off; WHK-9: sent again by hand it goes at once, with the same id")
    void resending() {
        Endpoint busy = endpoint("[]");
        receiver.answers(
                busy.path(),
                number -> number == 1 ? new Answer(503, Map.of("Retry-After", "3600"), "busy") : Answer.OK);
        String delivery = busy.ping();
        Await.until(
                "the attempt to be entered",
                30,
                () -> busy.delivery(delivery).getAsJsonArray("attempts").size() == 1);
        JsonObject waiting = busy.delivery(delivery);
        assertThat(waiting.get("next_attempt_at").getAsString())
                .isGreaterThan(java.time.Instant.now().plusSeconds(3000).toString());

        busy.api().post("/v3/webhook-deliveries/" + delivery + "/resend", "").expect(202);
        busy.awaits(delivery, "delivered");
        busy.api().post("/v3/webhook-deliveries/" + delivery + "/resend", "").expect(202);
        receiver.message(busy.path(), 3);
        busy.awaits(delivery, "delivered");
        assertThat(receiver.heard(busy.path()))
                .extracting(Message::id)
                .hasSize(3)
                .containsOnly(waiting.get("event_id").getAsString());
    }

    @Test
    @DisplayName("WHK-5: what a node that crashed had taken goes to another once its lease is over")
    void aCrash() {
        Endpoint endpoint = endpoint("[]");
        receiver.answers(
                endpoint.path(),
                number -> number == 1 ? new Answer(503, Map.of("Retry-After", "3600"), "") : Answer.OK);
        String delivery = endpoint.ping();
        Await.until(
                "the attempt to be entered",
                30,
                () -> endpoint.delivery(delivery).getAsJsonArray("attempts").size() == 1);
        OWNER.update("""
                UPDATE webhook_deliveries
                SET attempts = 2, tries = 2, next_attempt_at = now(), leased_until = now() + interval '1 h' WHERE id = ?""", delivery);
        String held = endpoint.ping();
        Endpoint other = endpoint.another(endpoint.path() + "-other", "[]");
        other.awaits(other.ping(), "delivered");
        assertThat(endpoint.delivery(held).getAsJsonArray("attempts"))
                .as("one at a time")
                .isEmpty();
        OWNER.update("UPDATE webhook_deliveries SET leased_until = now() WHERE id = ?", delivery);
        JsonArray attempts = endpoint.awaits(delivery, "delivered").getAsJsonArray("attempts");
        assertThat(attempts).hasSize(2);
        assertThat(attempts.get(1).getAsJsonObject().get("number").getAsInt()).isEqualTo(3);
        endpoint.awaits(held, "delivered");
    }

    @Test
    @DisplayName(
            "WHK-7: 410 disables at once, with a mail and an entry; WHK-8: what waits goes when it is enabled again")
    void gone() {
        Endpoint gone = endpoint("[]");
        receiver.answers(gone.path(), number -> number == 1 ? Answer.of(410) : Answer.OK);

        String first = gone.ping();
        gone.awaits(first, "failed");
        Await.until("the endpoint to be disabled", 30, () -> !gone.isEnabled());
        assertThat(gone.shown().get("disabled_reason").getAsString()).isEqualTo("gone");
        assertThat(mailsOf(gone)).hasSize(2);
        assertThat(OPERATOR.forTenant(gone.tenant())
                        .get("/v3/audit?action=webhook_endpoint.disabled")
                        .expect(200)
                        .json()
                        .get("total")
                        .getAsInt())
                .isEqualTo(1);
        assertThat(gone.api().post(gone.at() + "/test", "").expect(409).code()).isEqualTo("endpoint_disabled");
        assertThat(gone.api()
                        .post("/v3/webhook-deliveries/" + first + "/resend", "")
                        .expect(409)
                        .code())
                .isEqualTo("endpoint_disabled");

        gone.api().patch(gone.at(), "{\"enabled\": true}").expect(200);
        assertThat(gone.shown().get("disabled_reason").isJsonNull()).isTrue();
        receiver.answers(gone.path(), number -> number == 2 ? Answer.of(500) : Answer.OK);
        String waits = gone.ping();
        receiver.message(gone.path(), 2);
        gone.api().patch(gone.at(), "{\"enabled\": false}").expect(200);
        gone.api().post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
        gone.api().patch(gone.at(), "{\"enabled\": true}").expect(200);
        gone.awaits(waits, "delivered");
        assertThat(types(receiver.heard(gone.path()))).doesNotContain("payment_method.added");
    }

    @Test
    @DisplayName("WHK-7: when the last attempt fails and nothing got through since, the endpoint is disabled")
    void theLastAttempt() {
        Endpoint dead = endpoint("[]");
        receiver.answers(dead.path(), number -> number == 2 ? Answer.OK : Answer.of(500));

        String delivery = dead.ping();
        receiver.message(dead.path(), 1);
        String other = dead.ping();
        receiver.message(dead.path(), 2);
        dead.awaits(other, "delivered");
        exhaust(dead, delivery);
        dead.awaits(delivery, "failed");
        assertThat(dead.isEnabled()).as("something got through meanwhile").isTrue();

        String second = dead.ping();
        Await.until(
                "the attempt to be entered",
                30,
                () -> dead.delivery(second).getAsJsonArray("attempts").size() == 1);
        exhaust(dead, second);
        dead.awaits(second, "failed");
        Await.until("the endpoint to be disabled", 30, () -> !dead.isEnabled());
        assertThat(dead.shown().get("disabled_reason").getAsString()).isEqualTo("failing");
        assertThat(mailsOf(dead)).hasSize(2);
    }

    private static void exhaust(Endpoint endpoint, String delivery) {
        OWNER.update("UPDATE webhook_deliveries SET tries = 9, next_attempt_at = now() WHERE id = ?", delivery);
        assertThat(endpoint.delivery(delivery).get("status").getAsString()).isNotEqualTo("delivered");
    }

    private static List<String> mailsOf(Endpoint endpoint) {
        return OWNER.texts(
                "SELECT recipient FROM mails WHERE sender_tenant = ? AND subject LIKE 'A webhook endpoint%'",
                endpoint.tenant());
    }

    @Test
    @DisplayName("WHK-7: so it is after five days of failures")
    void fiveDays() {
        Endpoint weak = endpoint("[]");
        receiver.answers(weak.path(), number -> Answer.of(500));
        String delivery = weak.ping();
        Await.until("it to fail", 30, () -> !weak.shown().get("failing_since").isJsonNull());
        assertThat(weak.isEnabled()).isTrue();
        OWNER.update("UPDATE webhook_endpoints SET failing_since = now() - interval '5 days' WHERE id = ?", weak.id());
        weak.isDueNow(delivery);
        Await.until("the endpoint to be disabled", 30, () -> !weak.isEnabled());
        assertThat(weak.delivery(delivery).get("status").getAsString())
                .as("what waits may still go")
                .isEqualTo("pending");
    }

    @Test
    @DisplayName("WHK-6: an endpoint that never answers holds up itself alone, and times out")
    void aSlowOneHoldsUpItself() {
        Endpoint slow = endpoint("[]");
        receiver.answers(slow.path(), number -> Answer.NEVER);
        Endpoint quick = slow.another(slow.path() + "-quick", "[]");

        String stuck = slow.ping();
        receiver.message(slow.path(), 1);
        String waits = slow.ping();
        quick.awaits(quick.ping(), "delivered");
        assertThat(slow.delivery(stuck).getAsJsonArray("attempts")).isEmpty();
        assertThat(receiver.heard(slow.path())).as("one at a time").hasSize(1);

        Await.until(
                "the time-out",
                60,
                () -> !slow.delivery(stuck).getAsJsonArray("attempts").isEmpty());
        JsonObject attempt =
                slow.delivery(stuck).getAsJsonArray("attempts").get(0).getAsJsonObject();
        assertThat(attempt.get("status_code").isJsonNull()).isTrue();
        assertThat(attempt.get("error").getAsString()).isEqualTo("There was no reply in time.");
        assertThat(receiver.message(slow.path(), 2).id())
                .isEqualTo(slow.delivery(waits).get("event_id").getAsString());
        slow.api().delete(slow.at()).expect(204);
        assertThat(slow.api().get("/v3/webhook-deliveries/" + stuck).status()).isEqualTo(404);
    }

    @Test
    @DisplayName("WHK-4: a rotated secret signs along for the overlap, and not without one")
    void rotation() {
        Endpoint rotating = endpoint("[]");
        String second = rotated(rotating, "{\"overlap_seconds\": 3600}");
        rotating.awaits(rotating.ping(), "delivered");
        Message both = receiver.message(rotating.path(), 1);
        assertThat(both.isSignedBy(rotating.secret())).isTrue();
        assertThat(both.isSignedBy(second)).isTrue();
        assertThat(rotating.shown().get("old_secret_until").isJsonNull()).isFalse();

        OWNER.update(
                "UPDATE webhook_endpoints SET former_secret_until = now() - interval '1 s' WHERE id = ?",
                rotating.id());
        rotating.awaits(rotating.ping(), "delivered");
        Message over = receiver.message(rotating.path(), 2);
        assertThat(over.isSignedBy(rotating.secret())).isFalse();
        assertThat(over.isSignedBy(second)).isTrue();

        String third = rotated(rotating, "{\"overlap_seconds\": 0}");
        rotating.awaits(rotating.ping(), "delivered");
        Message sudden = receiver.message(rotating.path(), 3);
        assertThat(sudden.isSignedBy(second)).isFalse();
        assertThat(sudden.isSignedBy(third)).isTrue();
        assertThat(rotating.api()
                        .post(rotating.at() + "/rotate-secret", "{\"overlap_seconds\": 604801}")
                        .expect(422)
                        .text())
                .contains("/overlap_seconds");
    }

    private static String rotated(Endpoint endpoint, String body) {
        String secret = endpoint.api()
                .post(endpoint.at() + "/rotate-secret", body)
                .expect(200)
                .json()
                .get("secret")
                .getAsString();
        Leaks.secret(secret);
        return secret;
    }

    @Test
    @DisplayName("WHK-4: a secret is shown once and kept sealed")
    void secretsAreSealed() {
        Endpoint endpoint = endpoint("[]");
        assertThat(endpoint.secret()).matches("whsec_[A-Za-z0-9+/]{43}=");
        assertThat(endpoint.shown().keySet()).doesNotContain("secret");
        byte[] raw = java.util.Base64.getDecoder().decode(endpoint.secret().substring(6));
        assertThat(OWNER.texts("SELECT position(? IN secret) FROM webhook_endpoints WHERE id = ?", raw, endpoint.id()))
                .containsExactly("0");
    }

    @ParameterizedTest
    @DisplayName("WHK-1: what is no address for webhooks is refused at its field")
    @CsvSource(textBlock = """
            http://example.org/hook, address_not_allowed
            http://10.0.0.1/hook, address_not_allowed
            ftp://localhost/hook, address_not_allowed
            https://user:secret@example.org/, address_not_allowed
            https://example.org/#fragment, address_not_allowed
            not an address, address_not_allowed
            """)
    void badAddresses(String url, String code) {
        Api operator = OPERATOR.forTenant(tenantForFaults());
        JsonObject problem = operator.post("/v3/webhook-endpoints", "{\"url\": \"" + url + "\"}")
                .expect(422)
                .json();
        JsonObject error = problem.getAsJsonArray("errors").get(0).getAsJsonObject();
        assertThat(error.get("pointer").getAsString()).isEqualTo("/url");
        assertThat(error.get("code").getAsString()).isEqualTo(code);
    }

    private static String faults;

    private static synchronized String tenantForFaults() {
        if (faults == null) {
            faults = OPERATOR.testTenant(unique("hooks"), "free", CLOCK);
        }
        return faults;
    }

    @Test
    @DisplayName("WHK-1: unknown types are refused at their place, all is one filter, 16 endpoints are the most")
    void filtersAndLimit() {
        Api tenant = OPERATOR.forTenant(OPERATOR.testTenant(unique("hooks"), "free", CLOCK));
        assertThat(tenant.post("/v3/webhook-endpoints", """
                                {"url": "https://example.org/", "events": ["invoice.paid", "invoice.payed"]}""").expect(422).text())
                .contains("/events/1", "unknown_event_type");
        JsonElement events =
                tenant.post("/v3/webhook-endpoints", """
                        {"url": "https://example.org/", "events": ["*", "invoice.paid"], "enabled": false}""").expect(201).json().get("events");
        assertThat(events.toString()).isEqualTo("[\"*\"]");
        for (int i = 1; i < 16; i++) {
            tenant.post("/v3/webhook-endpoints", "{\"url\": \"https://example.org/\", \"enabled\": false}")
                    .expect(201);
        }
        assertThat(tenant.post("/v3/webhook-endpoints", "{\"url\": \"https://example.org/\"}")
                        .expect(409)
                        .code())
                .isEqualTo("too_many");
        assertThat(tenant.get("/v3/webhook-endpoints").expect(200).json().getAsJsonArray("webhook_endpoints"))
                .hasSize(16);
    }

    @Test
    @DisplayName("WHK-1: a change takes what it names and leaves the rest")
    void changes() {
        Endpoint endpoint = endpoint("[\"invoice.paid\"]");
        JsonObject changed = endpoint.api()
                .patch(endpoint.at(), "{\"description\": \"Books\"}")
                .expect(200)
                .json();
        assertThat(changed.get("description").getAsString()).isEqualTo("Books");
        assertThat(changed.get("events").toString()).isEqualTo("[\"invoice.paid\"]");
        assertThat(changed.get("url").getAsString()).isEqualTo(receiver.url(endpoint.path()));
        endpoint.api()
                .patch(endpoint.at(), "{\"url\": \"http://example.org/\"}")
                .expect(422);
        endpoint.api().delete(endpoint.at()).expect(204);
        endpoint.api().get(endpoint.at()).expect(404);
    }

    @Test
    @DisplayName("WHK-2: the document lists every event with its payload")
    void theCatalogueIsDocumented() {
        JsonObject document = new Api(OPERATOR.base(), "")
                .get("/openapi?format=JSON")
                .expect(200)
                .json();
        JsonObject webhooks = document.getAsJsonObject("webhooks");
        assertThat(webhooks.keySet())
                .contains("invoice.finalized", "invoice.paid", "subscription.canceled", "webhook.ping");
        webhooks.entrySet().forEach(webhook -> {
            JsonObject message = webhook.getValue()
                    .getAsJsonObject()
                    .getAsJsonObject("post")
                    .getAsJsonObject("requestBody")
                    .getAsJsonObject("content")
                    .getAsJsonObject("application/json")
                    .getAsJsonObject("schema")
                    .getAsJsonObject("properties");
            assertThat(message.getAsJsonObject("type").getAsJsonArray("enum").toString())
                    .isEqualTo("[\"" + webhook.getKey() + "\"]");
            String data = message.getAsJsonObject("data").get("$ref").getAsString();
            assertThat(document.getAsJsonObject("components")
                            .getAsJsonObject("schemas")
                            .getAsJsonObject(data.substring(data.lastIndexOf('/') + 1))
                            .getAsJsonObject("properties")
                            .keySet())
                    .isNotEmpty();
        });
    }
}
