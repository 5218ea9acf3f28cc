package com.cognitionos.system;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.UUID;

/** A webhook endpoint of a tenant of its own, at a server of the test's; {@code api} is the tenant's key. */
record Hook(WebhookReceiver receiver, Api api, String tenant, String id, String path, String secret) {

    static final Api OPERATOR = Product.shared().api();
    static final DatabaseOwner OWNER = new DatabaseOwner(Product.shared());
    static final String CLOCK = "2026-01-31T00:00:00Z";

    static String unique() {
        return "hooks-" + UUID.randomUUID().toString().substring(0, 8);
    }

    static String newTenant() {
        return OPERATOR.testTenant(unique(), "pro", CLOCK);
    }

    static Api key(String tenant) {
        return OPERATOR.keyFor(
                tenant,
                "webhooks:read",
                "webhooks:write",
                "invoices:read",
                "invoices:write",
                "subscriptions:read",
                "tenants:read",
                "tenants:write");
    }

    /** Of a new tenant. @param events a JSON array; an empty one for all */
    static Hook of(WebhookReceiver receiver, String events) {
        String tenant = newTenant();
        return create(receiver, key(tenant), tenant, "/" + unique(), events);
    }

    private static Hook create(WebhookReceiver receiver, Api api, String tenant, String path, String events) {
        JsonObject made = api.post("/v3/webhook-endpoints", """
                        {"url": "%s", "description": "of a test", "events": %s}""".formatted(receiver.url(path), events))
                .expect(201)
                .json();
        String secret = made.get("secret").getAsString();
        Leaks.secret(secret);
        return new Hook(receiver, api, tenant, made.get("id").getAsString(), path, secret);
    }

    Hook another(String path, String events) {
        return create(receiver, api, tenant, path, events);
    }

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

    JsonArray attempts(String id) {
        return delivery(id).getAsJsonArray("attempts");
    }

    JsonArray deliveries(String status) {
        return api.get(at() + "/deliveries?status=" + status).expect(200).json().getAsJsonArray("deliveries");
    }

    JsonObject awaits(String delivery, String status) {
        Await.until(
                "the delivery to be " + status,
                60,
                () -> delivery(delivery).get("status").getAsString().equals(status));
        return delivery(delivery);
    }

    /** @return the attempts */
    JsonArray awaitsAttempts(String delivery, int number) {
        Await.until(
                "attempt " + number + " to be entered",
                60,
                () -> attempts(delivery).size() >= number);
        return attempts(delivery);
    }

    /** As if the time until then had passed. */
    void isDueNow(String delivery) {
        OWNER.update("UPDATE webhook_deliveries SET next_attempt_at = now() WHERE id = ?", delivery);
    }

    /** @param body of the rotation @return the new secret */
    String rotated(String body) {
        String secret = api.post(at() + "/rotate-secret", body)
                .expect(200)
                .json()
                .get("secret")
                .getAsString();
        Leaks.secret(secret);
        return secret;
    }

    /** Who got a mail that it was disabled. */
    List<String> mailed() {
        return OWNER.texts(
                "SELECT recipient FROM mails WHERE sender_tenant = ? AND subject LIKE 'A webhook endpoint%'", tenant);
    }
}
