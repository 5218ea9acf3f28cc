package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.system.WebhookReceiver.Answer;
import com.cognitionos.system.WebhookReceiver.Message;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Webhooks that do not get through: what is tried again, when, and when an endpoint is disabled. */
@SharedProduct
class WebhookRetriesIT {

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
    @DisplayName("WHK-5, WHK-9: a failure is tried again with the same id, and each attempt is kept")
    void aFailureIsTriedAgain() {
        Hook flaky = Hook.of(receiver, "[]");
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
    @DisplayName(
            "WHK-9: of what came back the first 1,000 characters are kept, as far as they can be, and count as the reply")
    void theReplyIsCut() {
        Hook chatty = Hook.of(receiver, "[]");
        receiver.answers(chatty.path(), number -> new Answer(500, Map.of(), "\u0000ä€" + "x".repeat(300_000)));
        JsonObject attempt = chatty.awaitsAttempts(chatty.ping(), 1).get(0).getAsJsonObject();
        assertThat(attempt.get("status_code").getAsInt()).isEqualTo(500);
        assertThat(attempt.get("response_body").getAsString()).isEqualTo("\uFFFDä€" + "x".repeat(997));
        assertThat(attempt.get("error").isJsonNull()).isTrue();
    }

    @Test
    @DisplayName("WHK-5: Retry-After puts it off; WHK-9: sent again by hand it goes at once, with the same id")
    void resending() {
        Hook busy = Hook.of(receiver, "[]");
        receiver.answers(
                busy.path(),
                number -> number <= 2 ? new Answer(503, Map.of("Retry-After", "3600"), "busy") : Answer.OK);
        String delivery = busy.ping();
        busy.awaitsAttempts(delivery, 1);
        JsonObject waiting = busy.delivery(delivery);
        assertThat(waiting.get("next_attempt_at").getAsString())
                .isGreaterThan(java.time.Instant.now().plusSeconds(3000).toString());

        OWNER.update("UPDATE webhook_deliveries SET tries = 9 WHERE id = ?", delivery);
        busy.api().post("/v3/webhook-deliveries/" + delivery + "/resend", "").expect(202);
        busy.awaitsAttempts(delivery, 2);
        assertThat(busy.delivery(delivery).get("status").getAsString())
                .as("it has all its retries again")
                .isEqualTo("pending");
        busy.api().post("/v3/webhook-deliveries/" + delivery + "/resend", "").expect(202);
        busy.awaits(delivery, "delivered");
        busy.api().post("/v3/webhook-deliveries/" + delivery + "/resend", "").expect(202);
        receiver.message(busy.path(), 4);
        busy.awaits(delivery, "delivered");
        assertThat(receiver.heard(busy.path()))
                .extracting(Message::id)
                .hasSize(4)
                .containsOnly(waiting.get("event_id").getAsString());
    }

    @Test
    @DisplayName("WHK-5: what a node that crashed had taken goes to another once its lease is over")
    void aCrash() {
        Hook endpoint = Hook.of(receiver, "[]");
        receiver.answers(
                endpoint.path(),
                number -> number == 1 ? new Answer(503, Map.of("Retry-After", "3600"), "") : Answer.OK);
        String delivery = endpoint.ping();
        endpoint.awaitsAttempts(delivery, 1);
        OWNER.update("""
                UPDATE webhook_deliveries
                SET attempts = 2, tries = 2, next_attempt_at = now(), leased_until = now() + interval '1 h' WHERE id = ?""", delivery);
        String held = endpoint.ping();
        Hook other = endpoint.another(endpoint.path() + "-other", "[]");
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
        Hook gone = Hook.of(receiver, "[]");
        receiver.answers(gone.path(), number -> number == 1 ? Answer.of(410) : Answer.OK);

        String first = gone.ping();
        gone.awaits(first, "failed");
        Await.until("the endpoint to be disabled", 30, () -> !gone.isEnabled());
        assertThat(gone.shown().get("disabled_reason").getAsString()).isEqualTo("gone");
        assertThat(gone.mailed()).hasSize(2);
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
        assertThat(receiver.types(gone.path())).doesNotContain("payment_method.added");
    }

    @Test
    @DisplayName("WHK-7: when the last attempt fails and nothing got through since, the endpoint is disabled")
    void theLastAttempt() {
        Hook dead = Hook.of(receiver, "[]");
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
        dead.awaitsAttempts(second, 1);
        exhaust(dead, second);
        dead.awaits(second, "failed");
        Await.until("the endpoint to be disabled", 30, () -> !dead.isEnabled());
        assertThat(dead.shown().get("disabled_reason").getAsString()).isEqualTo("failing");
        assertThat(dead.mailed()).hasSize(2);
    }

    private static void exhaust(Hook endpoint, String delivery) {
        OWNER.update("UPDATE webhook_deliveries SET tries = 9, next_attempt_at = now() WHERE id = ?", delivery);
        assertThat(endpoint.delivery(delivery).get("status").getAsString()).isNotEqualTo("delivered");
    }

    @Test
    @DisplayName("WHK-7: so it is after five days of failures")
    void fiveDays() {
        Hook weak = Hook.of(receiver, "[]");
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
        Hook slow = Hook.of(receiver, "[]");
        receiver.answers(slow.path(), number -> Answer.NEVER);
        Hook quick = slow.another(slow.path() + "-quick", "[]");

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
}
