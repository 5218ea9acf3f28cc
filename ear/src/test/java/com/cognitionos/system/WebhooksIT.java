package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.system.WebhookReceiver.Message;
import com.google.gson.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Outgoing webhooks, as the server that receives them sees them: what is told, and signed by which secret. */
@SharedProduct
class WebhooksIT {

    private static final Api OPERATOR = Hook.OPERATOR;
    private static final DatabaseOwner OWNER = Hook.OWNER;
    private static WebhookReceiver receiver;

    @BeforeAll
    static void open() {
        receiver = new WebhookReceiver();
    }

    @AfterAll
    static void close() {
        receiver.close();
    }

    @Test
    @DisplayName("WHK-2, WHK-3: what happens is told at once, signed, in the API's words and by the tenant's clock")
    void theStoryOfAMonth() {
        Hook all = Hook.of(receiver, "[]");
        Hook money = all.another(all.path() + "-money", "[\"invoice.paid\", \"payment.failed\"]");

        JsonObject card = all.api()
                .post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}")
                .expect(201)
                .json();
        Message added = receiver.message(all.path(), 1);
        assertThat(added.type()).isEqualTo("payment_method.added");
        assertThat(added.isSignedBy(all.secret())).isTrue();
        assertThat(added.isSignedBy(money.secret())).isFalse();
        assertThat(added.json().keySet()).containsExactly("type", "timestamp", "data");
        assertThat(added.json().get("timestamp").getAsString()).isEqualTo(Hook.CLOCK);
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
        assertThat(receiver.types(all.path()))
                .as("in whatever order")
                .contains("invoice.finalized", "payment.succeeded", "invoice.paid");
        assertThat(receiver.types(money.path())).isNotEmpty().containsOnly("invoice.paid");

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
        Hook all = Hook.of(receiver, "[\"*\"]");
        all.api()
                .post("/v3/payment-methods", "{\"token\": \"pm_card_visa_chargeDeclined\"}")
                .expect(402);
        all.awaits(all.ping(), "delivered");
        assertThat(receiver.types(all.path())).containsExactly("webhook.ping");
    }

    @Test
    @DisplayName("WHK-4: a rotated secret signs along for the overlap, and not without one")
    void rotation() {
        Hook rotating = Hook.of(receiver, "[]");
        String second = rotating.rotated("{\"overlap_seconds\": 3600}");
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

        String third = rotating.rotated("{\"overlap_seconds\": 0}");
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

    @Test
    @DisplayName("WHK-4: a secret is shown once and kept sealed")
    void secretsAreSealed() {
        Hook endpoint = Hook.of(receiver, "[]");
        assertThat(endpoint.secret()).matches("whsec_[A-Za-z0-9+/]{43}=");
        assertThat(endpoint.shown().keySet()).doesNotContain("secret");
        byte[] raw = java.util.Base64.getDecoder().decode(endpoint.secret().substring(6));
        assertThat(OWNER.texts("SELECT position(? IN secret) FROM webhook_endpoints WHERE id = ?", raw, endpoint.id()))
                .containsExactly("0");
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
