package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhook endpoints: what may be one, and the tenant setting that is one. */
@SharedProduct
class WebhookEndpointsIT {

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
            faults = OPERATOR.testTenant(Hook.unique(), "free", Hook.CLOCK);
        }
        return faults;
    }

    @Test
    @DisplayName("WHK-1: unknown types are refused at their place, all is one filter, 16 endpoints are the most")
    void filtersAndLimit() {
        Api tenant = OPERATOR.forTenant(OPERATOR.testTenant(Hook.unique(), "free", Hook.CLOCK));
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
        Hook endpoint = Hook.of(receiver, "[\"invoice.paid\"]");
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

    private static JsonObject settings(Api api, String tenant) {
        return api.get("/v3/tenants/" + tenant + "/settings").expect(200).json();
    }

    private static JsonArray endpoints(Api api) {
        return api.get("/v3/webhook-endpoints").expect(200).json().getAsJsonArray("webhook_endpoints");
    }

    private static Api.Reply set(Api api, String tenant, String url) {
        return api.put(
                "/v3/tenants/" + tenant + "/settings",
                "{\"webhook_url\": " + (url == null ? "null" : "\"" + url + "\"") + "}");
    }

    @Test
    @DisplayName("WHK-11: the setting webhook_url is an endpoint for everything, and either follows the other")
    void theSetting() {
        String tenant = Hook.newTenant();
        Api api = Hook.key(tenant);
        String path = "/" + Hook.unique();
        set(api, tenant, receiver.url(path)).expect(200);
        assertThat(endpoints(api)).hasSize(1);
        JsonObject shown = endpoints(api).get(0).getAsJsonObject();
        assertThat(shown.get("url").getAsString()).isEqualTo(receiver.url(path));
        assertThat(shown.get("from_settings").getAsBoolean()).isTrue();
        assertThat(shown.get("events").toString()).isEqualTo("[\"*\"]");
        Hook hook = new Hook(receiver, api, tenant, shown.get("id").getAsString(), path, "");
        String secret = hook.rotated("{\"overlap_seconds\": 0}");
        api.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
        assertThat(receiver.message(path, "payment_method.added").isSignedBy(secret))
                .isTrue();

        set(api, tenant, receiver.url(path + "-2")).expect(200);
        assertThat(hook.shown().get("url").getAsString()).isEqualTo(receiver.url(path + "-2"));
        api.patch(hook.at(), "{\"url\": \"" + receiver.url(path + "-3") + "\"}").expect(200);
        assertThat(settings(api, tenant).get("webhook_url").getAsString()).isEqualTo(receiver.url(path + "-3"));
        api.patch(hook.at(), "{\"enabled\": false}").expect(200);
        set(api, tenant, receiver.url(path)).expect(200);
        assertThat(hook.isEnabled()).as("somebody wanted it so").isFalse();
        OWNER.update("UPDATE webhook_endpoints SET disabled_reason = 'failing' WHERE id = ?", hook.id());
        set(api, tenant, receiver.url(path + "-4")).expect(200);
        assertThat(hook.isEnabled()).as("a new address has not failed").isTrue();

        api.delete(hook.at()).expect(204);
        assertThat(settings(api, tenant).get("webhook_url").isJsonNull()).isTrue();
        set(api, tenant, receiver.url(path)).expect(200);
        Hook.OPERATOR.forTenant(tenant).get("/v3/webhook-endpoints").expect(200);
        set(api, tenant, null).expect(200);
        assertThat(endpoints(api)).isEmpty();
        set(api, tenant, null).expect(200);
    }

    @ParameterizedTest
    @DisplayName("WHK-11: what is no address for webhooks is none for the setting, which stays as it was")
    @ValueSource(
            strings = {
                "http://example.org/hook",
                "http://10.0.0.1/hook",
                "https://user:secret@example.org/",
                "https://example.org/#fragment",
                "ftp://example.org/",
                "not an address"
            })
    void badSettings(String url) {
        String tenant = tenantForFaults();
        Api operator = OPERATOR.forTenant(tenant);
        set(operator, tenant, "https://example.org/hook").expect(200);
        JsonObject error = set(operator, tenant, url)
                .expect(422)
                .json()
                .getAsJsonArray("errors")
                .get(0)
                .getAsJsonObject();
        assertThat(error.get("pointer").getAsString()).isEqualTo("/webhook_url");
        assertThat(settings(operator, tenant).get("webhook_url").getAsString()).isEqualTo("https://example.org/hook");
    }
}
