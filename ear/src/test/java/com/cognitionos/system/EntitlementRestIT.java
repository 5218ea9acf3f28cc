package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** SPEC section 5, entitlements, and section 9, flags, over HTTP; API calls of section 1. */
@SharedProduct
class EntitlementRestIT {

    private static final Api OPERATOR = Product.shared().api();
    private static final String START = "2026-01-31T00:00:00Z";
    private static final String REFUSED = "entitlement_exceeded";

    private final String tenant;
    private final Api key;

    EntitlementRestIT() {
        tenant = tenant("free");
        key = OPERATOR.keyFor(tenant, "entitlements:read", "entitlements:write", "usage:read", "usage:write");
    }

    private static String tenant(String tier) {
        String id = OPERATOR.testTenant("ent-" + UUID.randomUUID().toString().substring(0, 13), tier, START);
        OPERATOR.withoutRateLimit(id);
        return id;
    }

    @Test
    void aCheckSaysHowItStands() {
        report("executions", 40);

        JsonObject check =
                key.get("/v3/entitlements/executions?quantity=60").expect(200).json();

        assertThat(check.get("allowed").getAsBoolean()).isTrue();
        assertThat(check.get("reason").getAsString()).isEqualTo("included");
        assertThat(check.get("current_usage").getAsInt()).isEqualTo(40);
        assertThat(check.get("limit").getAsInt()).isEqualTo(100);
        assertThat(check.get("remaining").getAsInt()).isEqualTo(60);
        assertThat(check.get("reset_at").getAsString()).isEqualTo("2026-02-28T00:00:00Z");
        JsonObject more =
                key.get("/v3/entitlements/executions?quantity=60.5").expect(200).json();
        assertThat(more.get("allowed").getAsBoolean()).isFalse();
        assertThat(more.get("reason").getAsString()).isEqualTo("limit_reached");
        assertThat(key.get("/v3/entitlements/bananas").expect(404).code()).isEqualTo("not_found");
        for (String bad : List.of("x", "-1", "1e99999", "0.0000001", "")) {
            assertThat(key.get("/v3/entitlements/executions?quantity=" + bad)
                            .expect(422)
                            .code())
                    .as(bad)
                    .isEqualTo("validation_failed");
        }
    }

    @Test
    void theListHasEveryFeature() {
        Map<String, JsonObject> all = list();

        assertThat(all.keySet())
                .contains(
                        "executions",
                        "tokens",
                        "api_calls",
                        "storage_mb",
                        "plugin_calls",
                        "seats",
                        "agents",
                        "workflows",
                        "api_keys",
                        "api_requests_per_minute",
                        "plugins",
                        "custom_models",
                        "priority_execution",
                        "advanced_analytics",
                        "sso",
                        "api_v4");
        assertThat(all.get("plugins").get("allowed").getAsBoolean()).isFalse();
        assertThat(all.get("plugins").get("kind").getAsString()).isEqualTo("boolean");
        assertThat(all.get("plugin_calls").get("limit").isJsonNull()).isTrue();
        assertThat(all.get("api_keys").get("current_usage").getAsInt()).isEqualTo(1);
        assertThat(all.get("seats").get("limit").getAsInt()).isEqualTo(5);
    }

    @Test
    void aReservationIsCommittedOrReleased() {
        String id = reserve(30).expect(201).json().get("id").getAsString();
        String path = "/v3/entitlements/executions/reservations/" + id;

        assertThat(reserve(71).expect(402).code()).isEqualTo(REFUSED);
        assertThat(key.post(path + "/commit", "{\"quantity\": 31}").expect(422).code())
                .isEqualTo("validation_failed");
        JsonObject done =
                key.post(path + "/commit", "{\"quantity\": 10}").expect(200).json();
        assertThat(done.get("status").getAsString()).isEqualTo("committed");
        assertThat(done.get("committed_quantity").getAsInt()).isEqualTo(10);
        key.post(path + "/commit", "{\"quantity\": 10}").expect(200);
        assertThat(key.post(path + "/release", "").expect(409).code()).isEqualTo("wrong_state");
        assertThat(list().get("executions").get("current_usage").getAsInt()).isEqualTo(10);
        assertThat(list().get("executions").get("remaining").getAsInt()).isEqualTo(90);

        String other = reserve(90).expect(201).json().get("id").getAsString();
        key.post("/v3/entitlements/tokens/reservations/" + other + "/release", "")
                .expect(404);
        key.post("/v3/entitlements/executions/reservations/" + other + "/release", "")
                .expect(200);
        key.post("/v3/entitlements/executions/reservations/" + other + "/commit", "")
                .expect(409);
        reserve(90).expect(201);
        for (String body : List.of(
                "{\"quantity\": 0}",
                "{\"quantity\": \"1\"}",
                "{\"quantity\": 1e400}",
                "{\"ttl_seconds\": 0}",
                "{\"ttl_seconds\": 86401}",
                "{\"ttl_seconds\": -9223372036854775808}")) {
            assertThat(key.post("/v3/entitlements/executions/reservations", body)
                            .expect(422)
                            .code())
                    .as(body)
                    .isEqualTo("validation_failed");
        }
        key.post("/v3/entitlements/seats/reservations", "{}").expect(422);
    }

    @Test
    void fiveHundredCallersOnAHundredGetAHundred() {
        Map<Integer, Long> statuses = statuses(
                500,
                i -> key.post("/v3/entitlements/executions/reservations", "{\"quantity\": 1, \"ttl_seconds\": 3600}"));

        assertThat(statuses).isEqualTo(Map.of(201, 100L, 402, 400L));
    }

    @Test
    void call1001IsRefusedAndSoIsNoneBefore() {
        report("api_calls", 960);
        assertThat(list().get("api_calls").get("current_usage").getAsInt())
                .as("neither reporting nor asking counts")
                .isEqualTo(960);

        Map<Integer, Long> statuses = statuses(60, i -> key.get("/v3/usage?meter=tokens"));

        assertThat(statuses).isEqualTo(Map.of(200, 40L, 402, 20L));
        Api.Reply refused = key.get("/v3/usage?meter=api_calls").expect(402);
        assertThat(refused.code()).isEqualTo(REFUSED);
        assertThat(refused.json().get("detail").getAsString()).contains("1000 api_calls", "1001");
        assertThat(list().get("api_calls").get("current_usage").getAsInt()).isEqualTo(1000);
        assertThat(OPERATOR.forTenant(tenant)
                        .get("/v3/usage?meter=api_calls&from=2026-01-31&to=2026-01-31&group_by=subject")
                        .expect(200)
                        .text())
                .as("per key, and the operator's own call is free")
                .contains("\"group\":\"cog_", "\"quantity\":40");
        report("executions", 1);
    }

    @Test
    void theCapIsSetSeenAndLifted() {
        String pro = tenant("pro");
        Api own = OPERATOR.keyFor(pro, "entitlements:read", "invoices:write", "usage:write");
        own.put("/v3/entitlements/spending-cap", "{\"amount_cents\": 25}").expect(200);

        report(own, "executions", 10_002);

        assertThat(own.get("/v3/entitlements").expect(200).json().getAsJsonObject("spending_cap"))
                .hasToString("{\"amount_cents\":25,\"spent_cents\":20}");
        Api.Reply refused = own.post("/v3/usage/events", event("executions", 1)).expect(402);
        assertThat(refused.code()).isEqualTo(REFUSED);
        assertThat(own.get("/v3/entitlements/executions").json().get("reason").getAsString())
                .isEqualTo("spending_cap_reached");
        own.put("/v3/entitlements/spending-cap", "{\"amount_cents\": -1}").expect(422);
        own.put("/v3/entitlements/spending-cap", "{\"amount_cents\": null}").expect(200);
        report(own, "executions", 1);
    }

    @Test
    void alertsBudgetsAndTheForecast() {
        String pro = tenant("pro");
        Api own = OPERATOR.keyFor(pro, "usage:read", "usage:write", "invoices:write");
        JsonObject usual = own.get("/v3/usage/alerts/settings").expect(200).json();
        assertThat(usual.get("thresholds")).hasToString("[50,75,90,100]");
        assertThat(usual.get("recipients")).hasToString("[\"billing_email\",\"owner\"]");
        assertThat(usual.get("anomalies")).hasToString("{\"sensitivity\":\"normal\",\"except\":[]}");
        String chosen = """
                {"thresholds": [80], "meters": [{"meter": "tokens", "thresholds": []}], "recipients": [], "version": 0,
                 "anomalies": {"sensitivity": "high", "except": ["tokens"]}}""";
        JsonObject changed =
                own.put("/v3/usage/alerts/settings", chosen).expect(200).json();
        assertThat(changed.get("meters")).hasToString("[{\"meter\":\"tokens\",\"thresholds\":[]}]");
        assertThat(changed.get("anomalies")).hasToString("{\"sensitivity\":\"high\",\"except\":[\"tokens\"]}");
        assertThat(own.put("/v3/usage/alerts/settings", chosen).expect(409).code())
                .isEqualTo("stale_version");
        for (String wrong : List.of(
                "{\"thresholds\": [0]}",
                "{\"thresholds\": [90, 50]}",
                "{\"thresholds\": [null]}",
                "{\"meters\": [null]}",
                "{\"meters\": [{\"meter\": \"bananas\", \"thresholds\": []}]}",
                "{\"recipients\": [\"everybody\"]}",
                "{\"recipients\": [null]}",
                "{\"anomalies\": {\"sensitivity\": \"very\"}}",
                "{\"anomalies\": {\"except\": [\"bananas\"]}}",
                "{\"anomalies\": {\"except\": [null]}}")) {
            own.put("/v3/usage/alerts/settings", wrong).expect(422);
        }

        for (String wrong : List.of(
                "{\"name\": \" \", \"amount_cents\": 1}",
                "{\"name\": \"b\", \"amount_cents\": 0}",
                "{\"name\": \"b\", \"amount_cents\": 1, \"basis\": \"net\"}",
                "{\"name\": \"b\", \"amount_cents\": 1, \"thresholds\": []}",
                "{\"name\": \"b\", \"amount_cents\": 1, \"basis\": \"total\", \"meter\": \"tokens\"}")) {
            own.post("/v3/budgets", wrong).expect(422);
        }
        JsonObject budget = own.post("/v3/budgets", "{\"name\": \"Month\", \"amount_cents\": 100}")
                .expect(201)
                .json();
        String path = "/v3/budgets/" + budget.get("id").getAsString();
        report(own, "executions", 10_005);
        assertThat(own.get(path).expect(200).json().get("spent_cents").getAsLong())
                .isEqualTo(50);

        Await.until(
                "the timer to tell",
                90,
                () -> own.get("/v3/usage/alerts?status=open")
                                .expect(200)
                                .json()
                                .get("total")
                                .getAsInt()
                        == 2);
        JsonArray alerts = own.get("/v3/usage/alerts").expect(200).json().getAsJsonArray("alerts");
        JsonObject usage = alerts.get(1).getAsJsonObject();
        JsonObject spend = alerts.get(0).getAsJsonObject();
        assertThat(usage.get("kind").getAsString() + usage.get("threshold_percent"))
                .isEqualTo("usage80");
        assertThat(spend.get("kind").getAsString() + spend.get("threshold_percent"))
                .isEqualTo("budget50");
        assertThat(spend.get("budget_id")).isEqualTo(budget.get("id"));
        assertThat(spend.get("delivered_to")).hasToString("[]");
        String alert = "/v3/usage/alerts/" + spend.get("id").getAsString();
        assertThat(own.get(alert).expect(200).json().get("acknowledged_at").isJsonNull())
                .isTrue();
        assertThat(own.post(alert + "/acknowledge", "")
                        .expect(200)
                        .json()
                        .get("acknowledged_by")
                        .getAsString())
                .startsWith("key:cog_");
        assertThat(own.get("/v3/usage/alerts?status=open").json().get("total").getAsInt())
                .isEqualTo(1);
        own.get("/v3/usage/alerts?status=shut").expect(422);

        own.put(path, "{\"name\": \"More\", \"amount_cents\": 200, \"version\": 1}")
                .expect(200);
        own.put(path, "{\"name\": \"More\", \"amount_cents\": 300, \"version\": 1}")
                .expect(409);
        own.delete(path).expect(204);
        own.get(path).expect(404);
        assertThat(own.get("/v3/budgets").expect(200).text()).isEqualTo("{\"budgets\":[]}");

        JsonObject forecast = own.get("/v3/usage/forecast").expect(200).json();
        assertThat(forecast.get("low_cents").getAsLong())
                .isEqualTo(forecast.get("total_cents").getAsLong())
                .isLessThan(forecast.get("expected_cents").getAsLong());
        JsonObject executions = forecast.getAsJsonArray("metrics").get(0).getAsJsonObject();
        assertThat(executions.get("metric_name").getAsString()).isEqualTo("executions");
        assertThat(executions.get("current_value").getAsLong()).isEqualTo(10_005);
        assertThat(executions.get("low").getAsLong()).isEqualTo(10_005);
        assertThat(executions.get("high").getAsLong()).isGreaterThan(10_005);
    }

    @Test
    void operatorsKeepFlagsAndTenantsSeeTheirs() {
        String flag = "rest_" + UUID.randomUUID().toString().substring(0, 8);
        String path = "/v3/feature-flags/" + flag;
        assertThat(OPERATOR.get("/v3/feature-flags").expect(200).text()).contains("\"key\":\"plugins_enabled\"");
        assertThat(key.get("/v3/feature-flags").expect(403).code()).isEqualTo("insufficient_scope");
        assertThat(key.put(path, "{}").expect(403).code()).isEqualTo("insufficient_scope");

        JsonObject made = OPERATOR.put(path, flag(tenant, 0, null)).expect(200).json();

        assertThat(made.get("version").getAsLong()).isEqualTo(1);
        assertThat(key.get("/v3/entitlements/" + flag)
                        .expect(200)
                        .json()
                        .get("allowed")
                        .getAsBoolean())
                .isTrue();
        assertThat(OPERATOR.put(path, flag(null, 0, 1))
                        .expect(200)
                        .json()
                        .get("version")
                        .getAsLong())
                .isEqualTo(2);
        assertThat(list().get(flag).get("allowed").getAsBoolean()).isFalse();
        assertThat(OPERATOR.put(path, flag(null, 0, 1)).expect(409).code()).isEqualTo("stale_version");
        OPERATOR.put(path, flag(null, 101, null)).expect(422);
        OPERATOR.put(path, "{}").expect(422);
        OPERATOR.put("/v3/feature-flags/Not-A-Key", flag(null, 0, null)).expect(422);
    }

    private static String flag(String tenant, int percentage, Integer version) {
        return """
                {"enabled_globally": false, "enabled_tiers": [], "enabled_tenant_ids": [%s],
                 "rollout_percentage": %d, "version": %s}""".formatted(tenant == null ? "" : "\"" + tenant + "\"", percentage, version);
    }

    private Map<String, JsonObject> list() {
        return StreamSupport.stream(
                        key.get("/v3/entitlements")
                                .expect(200)
                                .json()
                                .getAsJsonArray("entitlements")
                                .spliterator(),
                        false)
                .map(JsonElement::getAsJsonObject)
                .collect(Collectors.toMap(e -> e.get("feature").getAsString(), Function.identity()));
    }

    private Api.Reply reserve(int quantity) {
        return key.post(
                "/v3/entitlements/executions/reservations",
                "{\"quantity\": %d, \"ttl_seconds\": 600}".formatted(quantity));
    }

    private void report(String meter, long quantity) {
        report(key, meter, quantity);
    }

    private static void report(Api api, String meter, long quantity) {
        api.post("/v3/usage/events", event(meter, quantity)).expect(202);
    }

    private static String event(String meter, long quantity) {
        return "{\"id\": \"%s\", \"meter\": \"%s\", \"quantity\": %d}".formatted(UUID.randomUUID(), meter, quantity);
    }

    private static Map<Integer, Long> statuses(int calls, IntFunction<Api.Reply> call) {
        ExecutorService crowd = Executors.newFixedThreadPool(50);
        try {
            List<Future<Integer>> replies = IntStream.range(0, calls)
                    .mapToObj(i -> crowd.submit(() -> call.apply(i).status()))
                    .toList();
            return replies.stream()
                    .map(EntitlementRestIT::await)
                    .collect(Collectors.groupingBy(status -> status, Collectors.counting()));
        } finally {
            crowd.shutdownNow();
        }
    }

    private static int await(Future<Integer> reply) {
        try {
            return reply.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
