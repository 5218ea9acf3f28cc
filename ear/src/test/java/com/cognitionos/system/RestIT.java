package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API as SPEC writes it, fed with good input and with rubbish. */
@SharedProduct
class RestIT {

    private static final Api OPERATOR = Product.shared().api();
    private static final Api NOBODY = OPERATOR.as("");

    private static String tenant;
    private static Api key;
    private static String neighbour;

    @BeforeAll
    static void tenants() {
        tenant = OPERATOR.testTenant("rest-it", "pro", "2026-01-31T00:00:00Z");
        neighbour = OPERATOR.testTenant("rest-neighbour", "pro", "2026-01-31T00:00:00Z");
        key = OPERATOR.keyFor(
                tenant,
                "usage:write",
                "usage:read",
                "subscriptions:read",
                "subscriptions:write",
                "invoices:read",
                "invoices:write",
                "tenants:read",
                "tenants:write",
                "keys:read",
                "keys:write");
    }

    // Who gets in

    @ParameterizedTest
    @CsvSource({
        "GET,/v3/tenants",
        "GET,/v3/subscriptions/current",
        "GET,/v3/subscriptions/usage",
        "GET,/v3/subscriptions/invoices",
        "GET,/v3/usage",
        "GET,/v3/invoices",
        "GET,/v3/payment-methods",
        "GET,/v3/api-keys",
        "GET,/v3/finance/trial-balance",
        "GET,/v3/finance/invoice-runs",
        "POST,/v3/usage/events",
        "POST,/v3/tenants",
        "POST,/v3/subscriptions",
        "POST,/v3/finance/invoice-runs",
        "POST,/v3/api-keys"
    })
    void withoutAKeyOrWithAWrongOneThereIsNothing(String method, String path) {
        for (String wrong :
                List.of("", "cog_00000000000000000000000000000000", "cog_short", "Basic x", "cog_" + "A".repeat(32))) {
            Api caller = OPERATOR.as(wrong);
            Api.Reply reply = method.equals("GET") ? caller.get(path) : caller.post(path, "{}");
            assertProblem(reply, 401, "unauthenticated");
            assertThat(reply.header("WWW-Authenticate")).contains("Bearer");
        }
    }

    @Test
    void plansHealthAndOpenApiAreForEverybody() {
        JsonObject plans = NOBODY.get("/v3/plans").expect(200).json();
        assertThat(plans.getAsJsonArray("plans")).hasSize(4);
        assertThat(NOBODY.get("/health/ready").expect(200).text()).contains("\"database\"", "UP");
        assertThat(NOBODY.get("/openapi").expect(200).text()).contains("/usage/events", "openapi: 3.1");
    }

    @Test
    void aForeignTenantIsForbiddenWhetherItExistsOrNot() {
        for (String other : List.of(neighbour, UUID.randomUUID().toString(), "nonsense")) {
            assertProblem(key.with("X-Tenant-ID", other).get("/v3/subscriptions/current"), 403, "tenant_forbidden");
            assertProblem(key.get("/v3/tenants/" + other), 403, "tenant_forbidden");
            assertProblem(key.put("/v3/tenants/" + other + "/settings", "{}"), 403, "tenant_forbidden");
        }
        assertProblem(key.with("X-Tenant-Slug", "rest-neighbour").get("/v3/invoices"), 403, "tenant_forbidden");
        assertProblem(key.with("X-Tenant-Slug", "no-such-slug").get("/v3/invoices"), 403, "tenant_forbidden");
        key.with("X-Tenant-ID", tenant).get("/v3/subscriptions/current").expect(200);
    }

    @Test
    void aKeyMayDoWhatItsScopesSay() {
        Api reader = OPERATOR.keyFor(tenant, "usage:read");
        reader.get("/v3/usage?meter=executions").expect(200);
        assertProblem(reader.post("/v3/usage/events", "{}"), 403, "insufficient_scope");
        assertProblem(reader.get("/v3/invoices"), 403, "insufficient_scope");
        assertProblem(key.get("/v3/tenants"), 403, "insufficient_scope");
        assertProblem(key.get("/v3/finance/trial-balance"), 403, "insufficient_scope");
        assertProblem(
                key.post("/v3/api-keys", "{\"name\": \"more\", \"scopes\": [\"operator:write\"]}"),
                422,
                "validation_failed");
        assertProblem(
                key.post("/v3/api-keys", "{\"name\": \"more\", \"scopes\": [\"audit:read\"]}"),
                403,
                "insufficient_scope");
    }

    @Test
    void aRevokedKeyIsRefusedAtOnce() {
        JsonObject made = OPERATOR.forTenant(neighbour)
                .post("/v3/api-keys", "{\"name\": \"short-lived\", \"scopes\": [\"usage:read\"]}")
                .expect(201)
                .json();
        assertThat(made.get("key").getAsString())
                .matches("cog_[0-9a-f]{32}")
                .startsWith(made.get("prefix").getAsString());
        Api shortLived = OPERATOR.as(made.get("key").getAsString());
        shortLived.get("/v3/usage?meter=tokens").expect(200);
        OPERATOR.forTenant(neighbour)
                .delete("/v3/api-keys/" + made.get("id").getAsString())
                .expect(204);
        assertProblem(shortLived.get("/v3/usage?meter=tokens"), 401, "unauthenticated");
        assertThat(OPERATOR.forTenant(neighbour).get("/v3/api-keys").expect(200).text())
                .doesNotContain(made.get("key").getAsString());
    }

    // Tenants

    @Test
    void aTenantsLife() {
        JsonObject made = OPERATOR.post("/v3/tenants", """
                        {"name": "Life & Söhne", "slug": "life", "owner_email": "a@life.example",
                         "billing_email": "b@life.example", "tier": "team", "test_mode": true}""").expect(201).json();
        String id = made.get("id").getAsString();
        assertThat(made.get("status").getAsString()).isEqualTo("active");
        assertThat(made.get("tier").getAsString()).isEqualTo("team");

        JsonObject changed = OPERATOR.put(
                        "/v3/tenants/" + id, "{\"name\": \"Life 2\", \"version\": " + made.get("version") + "}")
                .expect(200)
                .json();
        assertThat(changed.get("name").getAsString()).isEqualTo("Life 2");
        assertProblem(
                OPERATOR.put("/v3/tenants/" + id, "{\"name\": \"Life 3\", \"version\": " + made.get("version") + "}"),
                409,
                "stale_version");

        assertProblem(OPERATOR.post("/v3/tenants/" + id + "/reactivate", ""), 409, "wrong_state");
        Api own = OPERATOR.keyFor(id, "usage:write", "subscriptions:read", "invoices:read", "tenants:read");
        JsonObject suspended = OPERATOR.post("/v3/tenants/" + id + "/suspend", "{\"reason\": \"unpaid\"}")
                .expect(200)
                .json();
        assertThat(suspended.get("suspended_reason").getAsString()).isEqualTo("unpaid");
        assertProblem(OPERATOR.post("/v3/tenants/" + id + "/suspend", "{\"reason\": \"again\"}"), 409, "wrong_state");
        assertProblem(
                own.post("/v3/usage/events", "{\"id\": \"x\", \"meter\": \"tokens\", \"quantity\": 1}"),
                403,
                "tenant_suspended");
        own.get("/v3/invoices").expect(200);
        own.get("/v3/subscriptions/current").expect(200);
        OPERATOR.post("/v3/tenants/" + id + "/reactivate", "").expect(200);
        own.post("/v3/usage/events", "{\"id\": \"x\", \"meter\": \"tokens\", \"quantity\": 1}")
                .expect(202);

        assertThat(OPERATOR.get("/v3/tenants?q=life%202&status=active")
                        .expect(200)
                        .json()
                        .get("total")
                        .getAsInt())
                .isEqualTo(1);
        assertProblem(OPERATOR.get("/v3/tenants?status=asleep"), 422, "validation_failed");
        assertProblem(OPERATOR.get("/v3/tenants/" + UUID.randomUUID()), 404, "not_found");
        assertProblem(OPERATOR.get("/v3/tenants/nonsense"), 404, "not_found");
    }

    @Test
    void settingsFollowThePlanUnlessOverridden() {
        String path = "/v3/tenants/" + tenant + "/settings";
        JsonObject settings = settings(key.get(path).expect(200).json());
        assertThat(settings.get("max_users").getAsInt()).isEqualTo(10);
        assertThat(settings.get("api_rate_limit_per_minute").getAsInt()).isEqualTo(300);
        assertThat(settings.get("enable_custom_models").getAsBoolean()).isFalse();

        key.put(path, "{\"max_users\": 7, \"metadata\": {\"team\": \"a\"}}").expect(200);
        Api.Reply above = key.put(path, "{\"max_users\": 11, \"enable_custom_models\": true}");
        assertProblem(above, 422, "validation_failed");
        OPERATOR.put(path, "{\"max_users\": 500}").expect(200);
        assertThat(settings(key.get(path).expect(200).json()).get("max_users").getAsInt())
                .isEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | /name /slug /owner_email /billing_email",
                "{\"name\": 5, \"slug\": [], \"owner_email\": null, \"billing_email\": \"b@x.example\"} | /name /slug /owner_email",
                "{\"name\": \"X\", \"slug\": \"Bad Slug\", \"owner_email\": \"a@x.example\", \"billing_email\": \"b@x.example\"} | /slug",
                "{\"name\": \"X\", \"slug\": \"admin\", \"owner_email\": \"a@x.example\", \"billing_email\": \"b@x.example\"} | /slug",
                "{\"name\": \"X\", \"slug\": \"xyz\", \"owner_email\": \"nobody\", \"billing_email\": \"b@x.example\"} | /owner_email",
                "{\"name\": \"X\", \"slug\": \"xyz\", \"owner_email\": \"a@x.example\", \"billing_email\": \"b@x.example\", \"tier\": \"gold\"} | /tier",
                "{\"name\": \"X\", \"slug\": \"xyz\", \"owner_email\": \"a@x.example\", \"billing_email\": \"b@x.example\", \"trial_days\": 9999} | /trial_days",
                "{\"name\": \"X\", \"slug\": \"xyz\", \"owner_email\": \"a@x.example\", \"billing_email\": \"b@x.example\", \"test_clock_start\": \"2026-01-01T00:00:00Z\"} | /test_clock_start",
                "{\"name\": \"X\", \"slug\": \"xyz\", \"owner_email\": \"a@x.example\", \"billing_email\": \"b@x.example\", \"test_mode\": true, \"test_clock_start\": \"9999-12-01T00:00:00Z\"} | /test_clock_start",
                "{\"name\": \"X\", \"slug\": \"xyz\", \"owner_email\": \"a@x.example\", \"billing_email\": \"b@x.example\", \"test_mode\": true, \"test_clock_start\": \"1969-12-31T00:00:00Z\"} | /test_clock_start"
            })
    void eachBadFieldIsNamed(String body, String pointers) {
        Api.Reply reply = OPERATOR.post("/v3/tenants", body);
        assertProblem(reply, 422, "validation_failed");
        List<String> found = new ArrayList<>();
        reply.json()
                .getAsJsonArray("errors")
                .forEach(error ->
                        found.add(error.getAsJsonObject().get("pointer").getAsString()));
        assertThat(found).containsExactlyInAnyOrder(pointers.strip().split(" "));
    }

    @Test
    void aSlugIsTakenOnce() {
        assertProblem(OPERATOR.post("/v3/tenants", """
                        {"name": "X", "slug": "rest-it", "owner_email": "a@x.example", "billing_email": "b@x.example"}"""), 409, "slug_taken");
    }

    // Usage

    @Test
    void oneBadEventAmongGoodOnesIsRefusedAlone() {
        JsonObject reply = key.post("/v3/usage/events", """
                        {"events": [
                         {"id": "m-0", "meter": "executions", "quantity": 1},
                         {"id": "m-1", "meter": "executions", "quantity": -1},
                         {"id": "m-2", "meter": "wishes", "quantity": 1},
                         {"id": "m-3", "meter": "executions", "quantity": 0.0000001},
                         {"id": "m-4", "meter": "executions", "quantity": 1e400},
                         {"id": "m-5", "meter": "executions", "quantity": "7"},
                         {"id": "m-6", "meter": "executions", "quantity": 1, "timestamp": "2026-01-31T02:00:00Z"},
                         {"id": "m-7", "meter": "executions", "quantity": 1, "timestamp": "2025-12-01T00:00:00Z"},
                         {"id": "m-8", "meter": "executions", "quantity": 1, "timestamp": "yesterday"},
                         {"meter": "executions", "quantity": 1},
                         {"id": "%s", "meter": "executions", "quantity": 1},
                         17,
                         {"id": "m-0", "meter": "executions", "quantity": 1},
                         {"id": "m-0", "meter": "executions", "quantity": 2},
                         {"id": "m-14", "meter": "tokens", "quantity": 2.5, "subject": "a", "properties": {"b": 1}}]}""".formatted("x".repeat(256)))
                .expect(202)
                .json();
        assertThat(reply.get("accepted").getAsInt()).isEqualTo(2);
        assertThat(reply.get("duplicates").getAsInt()).isEqualTo(1);
        List<String> rejected = new ArrayList<>();
        for (JsonElement element : reply.getAsJsonArray("rejected")) {
            JsonObject one = element.getAsJsonObject();
            rejected.add(one.get("index").getAsInt() + " " + one.get("code").getAsString());
            assertThat(one.get("detail").getAsString()).isNotBlank();
        }
        assertThat(rejected)
                .containsExactly(
                        "1 invalid_quantity",
                        "2 unknown_meter",
                        "3 invalid_quantity",
                        "4 invalid_quantity",
                        "5 invalid_quantity",
                        "6 timestamp_in_future",
                        "7 too_late",
                        "8 invalid_timestamp",
                        "9 invalid_id",
                        "10 invalid_id",
                        "11 malformed",
                        "13 id_conflict");
    }

    @Test
    void cloudEventsCountToo() {
        String one = """
                {"specversion": "1.0", "type": "usage", "source": "/app", "id": "ce-%d", "time": "2026-01-31T00:30:00Z",
                 "subject": "s", "data": {"meter": "plugin_calls", "quantity": %d}}""";
        JsonObject single = key.post("/v3/usage/events", "application/cloudevents+json", one.formatted(1, 3))
                .expect(202)
                .json();
        assertThat(single.get("accepted").getAsInt()).isEqualTo(1);
        JsonObject batch = key.post(
                        "/v3/usage/events",
                        "application/cloudevents-batch+json",
                        "[" + one.formatted(1, 3) + "," + one.formatted(2, 4) + ", {\"specversion\": \"0.3\"}]")
                .expect(202)
                .json();
        assertThat(batch.get("accepted").getAsInt()).isEqualTo(1);
        assertThat(batch.get("duplicates").getAsInt()).isEqualTo(1);
        assertThat(batch.getAsJsonArray("rejected")).hasSize(1);
        JsonObject series = key.get("/v3/usage?meter=plugin_calls&from=2026-01-31&to=2026-02-01&granularity=hour")
                .expect(200)
                .json();
        assertThat(series.getAsJsonArray("series")
                        .get(0)
                        .getAsJsonObject()
                        .get("quantity")
                        .getAsInt())
                .isEqualTo(7);
    }

    @Test
    void usageByGroup() {
        String tenant = OPERATOR.testTenant("usage-groups", "enterprise", "2026-02-09T00:00:00Z");
        OPERATOR.moveClock(tenant, "2026-02-10T10:00:00Z");
        Api own = OPERATOR.forTenant(tenant);
        StringBuilder events = new StringBuilder();
        for (int n = 0; n < 6; n++) {
            events.append(n == 0 ? "" : ",").append("""
                    {"id": "g%d", "meter": "tokens", "quantity": %d, "timestamp": "2026-02-10T0%d:30:00Z",
                     "properties": {"model": "m%d"}}""".formatted(n, 1 << n, n, n % 3));
        }
        own.post("/v3/usage/events", "{\"events\": [" + events + "]}").expect(202);
        String day = "/v3/usage?meter=tokens&from=2026-02-10&to=2026-02-10";
        JsonObject grouped =
                own.get(day + "&group_by=model&limit=1").expect(200).json();
        assertThat(grouped.get("group_by").getAsString()).isEqualTo("model");
        assertThat(grouped.getAsJsonArray("groups").toString()).isEqualTo("[\"m2\"]");
        Map<String, Integer> quantities = new HashMap<>();
        grouped.getAsJsonArray("series").forEach(step -> {
            JsonObject one = step.getAsJsonObject();
            quantities.put(
                    one.get("other").getAsBoolean()
                            ? "others"
                            : one.get("group").getAsString(),
                    one.get("quantity").getAsInt());
        });
        assertThat(quantities).isEqualTo(Map.of("m2", 36, "others", 27));
        JsonArray hours = own.get(day + "&granularity=hour&filter=model:m1")
                .expect(200)
                .json()
                .getAsJsonArray("series");
        assertThat(hours).hasSize(24);
        assertThat(hours.get(4).getAsJsonObject().get("quantity").getAsInt()).isEqualTo(16);
        assertThat(hours.get(5).getAsJsonObject().get("quantity").getAsInt()).isZero();
        assertThat(own.get(day + "&group_by=model&format=csv").expect(200).text())
                .startsWith("start,end,meter,unit,group,quantity\r\n")
                .contains("2026-02-10T00:00:00Z,2026-02-11T00:00:00Z,tokens,token,m2,36\r\n");
        assertProblem(own.get(day + "&group_by=colour"), 422, "validation_failed");
        assertProblem(own.get(day + "&group_by=model&limit=101"), 422, "validation_failed");
        assertThat(own.get(day + "&group_by=model&filter=plugin:x")
                        .expect(200)
                        .json()
                        .getAsJsonArray("groups"))
                .isEmpty();
        assertProblem(own.get(day + "&filter=model"), 422, "validation_failed");
        assertProblem(
                own.get("/v3/usage?meter=storage_mb&from=2026-02-10&to=2026-02-10&group_by=model"),
                422,
                "validation_failed");
    }

    @Test
    void eventsComeALineEachAndPacked() throws IOException {
        String lines = """
                {"id": "line-1", "meter": "plugin_calls", "quantity": 0, "timestamp": "2026-01-31T00:30:00Z"}
                {"id": "line-2", "meter": "plugin_calls"
                {"specversion": "1.0", "type": "plugin_calls", "source": "/a", "id": "line-3", "data": {"quantity": 0}}
                """;
        JsonObject reply = key.post("/v3/usage/events", "application/x-ndjson", lines)
                .expect(202)
                .json();
        assertThat(reply.get("accepted").getAsInt()).isEqualTo(2);
        JsonObject rejected = reply.getAsJsonArray("rejected").get(0).getAsJsonObject();
        assertThat(rejected.get("index").getAsInt()).isEqualTo(1);
        assertThat(rejected.get("code").getAsString()).isEqualTo("malformed");

        Api packed = key.with("Content-Encoding", "gzip");
        JsonObject again = packed.post(
                        "/v3/usage/events", "application/x-ndjson", gzip(lines.getBytes(StandardCharsets.UTF_8)))
                .expect(202)
                .json();
        assertThat(again.get("duplicates").getAsInt()).isEqualTo(2);
        JsonObject once = packed.with("Idempotency-Key", "packed")
                .post("/v3/usage/events", "application/x-ndjson", gzip(lines.getBytes(StandardCharsets.UTF_8)))
                .expect(202)
                .json();
        assertThat(once).isEqualTo(again);

        byte[] bomb = gzip(new byte[50_000_000]);
        assertThat(bomb.length).isLessThan(100_000);
        assertProblem(packed.post("/v3/usage/events", "application/x-ndjson", bomb), 413, "payload_too_large");
        assertProblem(packed.post("/v3/usage/events", "{}"), 400, "malformed_encoding");
        assertProblem(key.with("Content-Encoding", "br").post("/v3/usage/events", "{}"), 415, "unsupported_media_type");
    }

    @Test
    void usageComesAsAFile() throws IOException {
        String uploads = "/v3/usage/uploads";
        String tenant = OPERATOR.testTenant("filed-by-rest", "enterprise", "2026-01-31T00:00:00Z");
        Api own = OPERATOR.keyFor(tenant, "usage:write", "usage:read");
        String file = "id;meter;quantity;region\na;tokens;2;eu\nb;tokens;none;eu\nc;tokens;3;us\n";
        JsonObject checked = own.post(uploads + "?file_name=march.csv", "text/csv", file)
                .expect(201)
                .json();
        String one = uploads + "/" + checked.get("id").getAsString();
        assertThat(checked.get("status").getAsString()).isEqualTo("checked");
        assertThat(checked.get("file_name").getAsString()).isEqualTo("march.csv");
        assertThat(checked.get("uploaded_by").getAsString()).startsWith("key:cog_");
        assertThat(checked.get("rows").getAsInt()).isEqualTo(3);
        assertThat(checked.getAsJsonArray("notes").toString()).contains("Line 3: The quantity must be a number");
        assertProblem(own.post(one + "/stop", ""), 409, "wrong_state");
        assertProblem(own.get(one + "/rejected"), 404, "not_found");

        own.post(one + "/start", "").expect(202);
        Await.until(
                "the file to be taken in",
                60,
                () -> own.get(one).json().get("status").getAsString().equals("completed"));
        JsonObject done = own.get(one).json();
        assertThat(done.get("taken").getAsInt()).isEqualTo(2);
        assertThat(done.get("rejected").getAsInt()).isEqualTo(1);
        Api.Reply rejected = own.get(one + "/rejected").expect(200);
        assertThat(rejected.header("Content-Type")).startsWith("text/csv");
        assertThat(rejected.text()).contains("b,tokens,none,eu,3,invalid_quantity,");
        assertThat(own.get("/v3/usage?meter=tokens&from=2026-01-31&to=2026-01-31")
                        .json()
                        .getAsJsonArray("series")
                        .get(0)
                        .getAsJsonObject()
                        .get("quantity")
                        .getAsInt())
                .isEqualTo(5);
        assertProblem(own.delete(one), 409, "wrong_state");

        byte[] packed = gzip(file.getBytes(StandardCharsets.UTF_8));
        String again = own.with("Content-Encoding", "gzip")
                .post(uploads + "?start=true", "text/csv", packed)
                .expect(201)
                .json()
                .get("id")
                .getAsString();
        Await.until(
                "what was there to be found",
                60,
                () -> own.get(uploads + "/" + again).json().get("duplicates").getAsInt() == 2);
        assertThat(own.get(uploads).json().get("total").getAsInt()).isEqualTo(2);

        Api.Reply unreadable = own.post(uploads, "text/csv", "a,b\n1,2\n");
        assertProblem(unreadable, 422, "unreadable_file");
        assertThat(unreadable.json().getAsJsonArray("errors")).hasSize(3);
        assertThat(own.get(uploads).json().get("total").getAsInt())
                .as("nothing of it is kept")
                .isEqualTo(2);
        Api.Reply json = own.post(uploads, "{}");
        assertProblem(json, 415, "unsupported_media_type");
        assertThat(json.json().get("detail").getAsString()).contains("text/csv");
        own.delete(uploads + "/"
                        + own.post(uploads, "Text/CSV", file)
                                .expect(201)
                                .json()
                                .get("id")
                                .getAsString())
                .expect(204);
        assertProblem(own.post(uploads + "?start=perhaps", "text/csv", file), 422, "validation_failed");
        Api.Reply unpacked = own.with("Content-Encoding", "gzip").post(uploads, "text/csv", gzip(new byte[27_000_000]));
        assertProblem(unpacked, 413, "payload_too_large");
        assertThat(unpacked.json().get("detail").getAsString()).contains("25 MB");
        String large = "a,b\n" + "1,2\n".repeat(1_500_000);
        assertProblem(own.post(uploads, "text/csv", large), 422, "unreadable_file");
        assertProblem(own.with("Idempotency-Key", "large").post(uploads, "text/csv", large), 413, "payload_too_large");

        String discarded =
                own.post(uploads, "text/csv", file).expect(201).json().get("id").getAsString();
        own.delete(uploads + "/" + discarded).expect(204);
        assertProblem(own.get(uploads + "/" + discarded), 404, "not_found");
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    @Test
    void rubbishIsAProblemReply() {
        assertProblem(key.post("/v3/usage/events", "{\"events\": ["), 400, "malformed_json");
        assertProblem(key.post("/v3/usage/events", ""), 422, "validation_failed");
        assertProblem(key.post("/v3/usage/events", "\u0000\u0001"), 400, "malformed_json");
        assertThat(key.post("/v3/usage/events", "text/plain", "hello").status()).isEqualTo(415);
        assertThat(key.post("/v3/usage/events", "{\"events\": 5}").status()).isEqualTo(422);
        assertThat(key.post("/v3/usage/events", "{\"events\": []}").status()).isIn(202, 422);
        StringBuilder many = new StringBuilder("{\"events\": [");
        for (int n = 0; n <= 1000; n++) {
            many.append(n == 0 ? "" : ",")
                    .append("{\"id\": \"many-")
                    .append(n)
                    .append("\", \"meter\": \"tokens\", \"quantity\": 1}");
        }
        assertProblem(key.post("/v3/usage/events", many + "]}"), 422, "validation_failed");
        assertProblem(
                key.post("/v3/usage/events", "{\"events\": [\"" + "x".repeat(6_000_000) + "\"]}"),
                413,
                "payload_too_large");
        assertProblem(key.get("/v3/usage?meter=wishes"), 422, "validation_failed");
        assertProblem(key.get("/v3/usage?meter=tokens&from=never"), 422, "validation_failed");
        assertProblem(key.get("/v3/nothing/here"), 404, "not_found");
        assertThat(key.delete("/v3/plans").status()).isEqualTo(405);
        assertProblem(key.get("/v3/invoices/" + UUID.randomUUID()), 404, "not_found");
        assertProblem(key.get("/v3/invoices?page=0"), 422, "validation_failed");
    }

    @Test
    void thePlanFreeRefusesWhatItDoesNotInclude() {
        String free = OPERATOR.testTenant("rest-free", "free", "2026-01-31T00:00:00Z");
        Api own = OPERATOR.keyFor(free, "usage:write", "subscriptions:read");
        own.post("/v3/usage/events", "{\"id\": \"a\", \"meter\": \"executions\", \"quantity\": 100}")
                .expect(202);
        assertProblem(
                own.post("/v3/usage/events", "{\"id\": \"b\", \"meter\": \"executions\", \"quantity\": 1}"),
                402,
                "entitlement_exceeded");
        assertThat(own.post("/v3/usage/events", "{\"id\": \"a\", \"meter\": \"executions\", \"quantity\": 100}")
                        .expect(202)
                        .json()
                        .get("duplicates")
                        .getAsInt())
                .isEqualTo(1);
    }

    // Subscriptions, invoices and money

    @Test
    void oneSubscriptionLivesAtATime() {
        String id = OPERATOR.testTenant("rest-subs", "pro", "2026-01-31T00:00:00Z");
        Api own = OPERATOR.keyFor(id, "subscriptions:read", "subscriptions:write", "invoices:read");
        JsonObject current = own.get("/v3/subscriptions/current").expect(200).json();
        assertThat(current.get("status").getAsString()).isEqualTo("active");
        assertThat(current.get("amount_cents").getAsLong()).isEqualTo(4900);
        assertThat(current.get("current_period_end").getAsString()).isEqualTo("2026-02-28T00:00:00Z");
        assertProblem(
                own.post("/v3/subscriptions", "{\"tier\": \"team\", \"billing_cycle\": \"monthly\"}"),
                409,
                "subscription_exists");
        assertThat(own.post("/v3/subscriptions", "{\"tier\": \"gold\"}").status())
                .isEqualTo(422);

        OPERATOR.moveClock(id, "2026-02-14T00:00:00Z");
        own.post("/v3/subscriptions/cancel", "{\"immediate\": true, \"reason\": \"moving on\"}")
                .expect(200);
        assertThat(own.invoices())
                .extracting(invoice -> invoice.get("total_cents").getAsLong())
                .containsExactly(2450L);
        JsonObject yearly = own.post("/v3/subscriptions", "{\"tier\": \"team\", \"billing_cycle\": \"yearly\"}")
                .expect(201)
                .json();
        assertThat(yearly.get("current_period_end").getAsString()).isEqualTo("2027-02-14T00:00:00Z");
        assertThat(own.invoices())
                .extracting(invoice -> invoice.get("total_cents").getAsLong())
                .containsExactly(2450L, 199_000L);
    }

    @Test
    void anInvoiceIsPaidWithACard() {
        String id = OPERATOR.testTenant("rest-card", "pro", "2026-01-31T00:00:00Z");
        Api own = OPERATOR.keyFor(id, "subscriptions:read", "invoices:read", "invoices:write", "subscriptions:write");
        OPERATOR.moveClock(id, "2026-03-01T00:00:00Z");
        String invoice = own.invoices().get(0).get("id").getAsString();
        assertProblem(own.post("/v3/invoices/" + invoice + "/pay", ""), 409, "no_payment_method");
        assertProblem(own.post("/v3/payment-methods", "{\"token\": \"4242424242424242\"}"), 422, "validation_failed");
        assertProblem(
                own.post("/v3/payment-methods", "{\"token\": \"pm_card_visa_chargeDeclined\"}"), 402, "card_declined");
        own.post("/v3/payment-methods", "{\"token\": \"pm_card_chargeCustomerFail\"}")
                .expect(201);
        assertProblem(own.post("/v3/invoices/" + invoice + "/pay", ""), 402, "card_declined");
        assertThat(own.get("/v3/subscriptions/current").json().get("status").getAsString())
                .isEqualTo("past_due");

        own.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
        JsonObject paid =
                own.post("/v3/invoices/" + invoice + "/pay", "").expect(200).json();
        assertThat(paid.get("status").getAsString()).isEqualTo("paid");
        assertThat(paid.get("amount_due_cents").getAsLong()).isZero();
        assertProblem(own.post("/v3/invoices/" + invoice + "/pay", ""), 409, "wrong_state");
        assertThat(own.get("/v3/subscriptions/current").json().get("status").getAsString())
                .isEqualTo("active");

        OPERATOR.moveClock(id, "2026-04-01T00:00:00Z");
        assertThat(own.invoices())
                .extracting(one -> one.get("status").getAsString())
                .containsOnly("paid");
    }

    @Test
    void aTrialEndsInFreeWithoutACardAndInActiveWithOne() {
        String body = """
                {"name": "T", "slug": "%s", "owner_email": "a@t.example", "billing_email": "b@t.example", "tier": "pro",
                 "trial_days": 14, "test_mode": true, "test_clock_start": "2026-01-31T00:00:00Z"}""";
        String with = OPERATOR.post("/v3/tenants", body.formatted("trial-card"))
                .expect(201)
                .json()
                .get("id")
                .getAsString();
        String without = OPERATOR.post("/v3/tenants", body.formatted("trial-none"))
                .expect(201)
                .json()
                .get("id")
                .getAsString();
        OPERATOR.forTenant(with)
                .post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}")
                .expect(201);
        for (String id : List.of(with, without)) {
            JsonObject trialing = OPERATOR.forTenant(id)
                    .get("/v3/subscriptions/current")
                    .expect(200)
                    .json();
            assertThat(trialing.get("status").getAsString()).isEqualTo("trialing");
            assertThat(trialing.get("trial_end").getAsString()).isEqualTo("2026-02-14T00:00:00Z");
            OPERATOR.moveClock(id, "2026-03-20T00:00:00Z");
        }
        JsonObject converted =
                OPERATOR.forTenant(with).get("/v3/subscriptions/current").json();
        assertThat(converted.get("tier").getAsString()).isEqualTo("pro");
        assertThat(OPERATOR.forTenant(with).invoices())
                .extracting(one -> one.get("total_cents").getAsLong())
                .containsExactly(4900L);
        JsonObject lapsed =
                OPERATOR.forTenant(without).get("/v3/subscriptions/current").json();
        assertThat(lapsed.get("tier").getAsString()).isEqualTo("free");
        assertThat(lapsed.get("status").getAsString()).isEqualTo("active");
        assertThat(OPERATOR.forTenant(without).invoices()).isEmpty();
    }

    @Test
    void aCanceledTrialEndsWithoutAChargeAndAFirstInstantCancellationToo() {
        String trial =
                OPERATOR.post("/v3/tenants", """
                        {"name": "T", "slug": "trial-canceled", "owner_email": "a@t.example", "billing_email": "b@t.example",
                         "tier": "pro", "trial_days": 14, "test_mode": true, "test_clock_start": "2026-01-31T00:00:00Z"}""").expect(201).json().get("id").getAsString();
        Api own = OPERATOR.forTenant(trial);
        own.post("/v3/payment-methods", "{\"token\": \"pm_card_visa\"}").expect(201);
        own.post("/v3/subscriptions/cancel", "{}").expect(200);
        OPERATOR.moveClock(trial, "2026-04-01T00:00:00Z");
        assertThat(own.get("/v3/subscriptions/current")
                        .expect(200)
                        .json()
                        .get("status")
                        .getAsString())
                .isEqualTo("canceled");
        assertThat(own.invoices()).isEmpty();

        Api atOnce = OPERATOR.forTenant(OPERATOR.testTenant("first-instant", "pro", "2026-01-31T00:00:00Z"));
        atOnce.post("/v3/usage/events", "{\"id\": \"e\", \"meter\": \"executions\", \"quantity\": 10003}")
                .expect(202);
        atOnce.post("/v3/subscriptions/cancel", "{\"immediate\": true}").expect(200);
        assertThat(atOnce.invoices())
                .extracting(one -> one.get("total_cents").getAsLong())
                .containsExactly(30L);
    }

    @Test
    void aKeyCannotRotateItselfIntoMoreRights() {
        String id = OPERATOR.testTenant("rest-rotate", "pro", "2026-01-31T00:00:00Z");
        String strong = OPERATOR.forTenant(id)
                .post("/v3/api-keys", "{\"name\": \"strong\", \"scopes\": [\"tenants:write\"]}")
                .expect(201)
                .json()
                .get("id")
                .getAsString();
        Api weak = OPERATOR.keyFor(id, "keys:read", "keys:write");
        assertProblem(weak.post("/v3/api-keys/" + strong + "/rotate", "{}"), 403, "insufficient_scope");
    }

    @Test
    void runsAndClocksRefuseWhatCannotBe() {
        assertProblem(
                OPERATOR.post("/v3/finance/invoice-runs", "{\"as_of\": \"2199-01-01\"}"), 422, "validation_failed");
        assertProblem(OPERATOR.post("/v3/finance/invoice-runs", "{}"), 422, "validation_failed");
        assertProblem(
                OPERATOR.post(
                        "/v3/finance/invoice-runs",
                        "{\"as_of\": \"2026-05-01\", \"tenant_ids\": [\"" + UUID.randomUUID() + "\"]}"),
                422,
                "validation_failed");
        assertProblem(OPERATOR.get("/v3/finance/invoice-runs/" + UUID.randomUUID()), 404, "not_found");
        assertProblem(
                key.put("/v3/tenants/" + tenant + "/test-clock", "{\"now\": \"2020-01-01T00:00:00Z\"}"),
                422,
                "validation_failed");
        assertProblem(
                key.put("/v3/tenants/" + tenant + "/test-clock", "{\"now\": \"soon\"}"), 422, "validation_failed");
        String live =
                OPERATOR.post("/v3/tenants", """
                        {"name": "L", "slug": "rest-live", "owner_email": "a@l.example", "billing_email": "b@l.example"}""").expect(201).json().get("id").getAsString();
        assertProblem(OPERATOR.get("/v3/tenants/" + live + "/test-clock"), 404, "not_found");
        assertProblem(
                OPERATOR.post(
                        "/v3/finance/invoice-runs", "{\"as_of\": \"2199-01-01\", \"tenant_ids\": [\"" + live + "\"]}"),
                422,
                "validation_failed");
    }

    @Test
    void aDryRunTellsWhatTheRunWillDo() {
        String id = OPERATOR.testTenant("rest-dry", "team", "2026-01-31T00:00:00Z");
        String order = "{\"as_of\": \"2026-04-30\", \"tenant_ids\": [\"" + id + "\"]";
        JsonObject dry = OPERATOR.run(order + ", \"dry_run\": true}");
        assertThat(OPERATOR.forTenant(id).invoices()).isEmpty();
        JsonObject real = OPERATOR.run(order + "}");
        assertThat(real.get("invoices").getAsLong())
                .isEqualTo(3)
                .isEqualTo(dry.get("invoices").getAsLong());
        assertThat(real.get("amount_cents").getAsLong())
                .isEqualTo(59_700)
                .isEqualTo(dry.get("amount_cents").getAsLong());

        String changes = "/v3/finance/invoice-runs/" + real.get("id").getAsString() + "/changes";
        JsonObject compared = OPERATOR.get(changes).expect(200).json();
        assertThat(compared.getAsJsonObject("against").get("run_id")).isEqualTo(dry.get("id"));
        assertThat(compared.getAsJsonObject("against").get("scope").getAsString())
                .isEqualTo("named");
        assertThat(compared.get("total").getAsLong())
                .as("it made what was counted")
                .isZero();
        JsonObject same = OPERATOR.get(changes + "?kind=same&min_percent=12.5&against="
                        + dry.get("id").getAsString())
                .expect(200)
                .json()
                .getAsJsonArray("changes")
                .get(0)
                .getAsJsonObject();
        assertThat(same.get("tenant_slug").getAsString()).isEqualTo("rest-dry");
        assertThat(same.get("amount_cents").getAsLong()).isEqualTo(59_700);
        assertThat(OPERATOR.get(changes + "?kind=same&format=csv").expect(200).text())
                .contains(",rest-dry,same,USD,597.00,597.00,0.00,0.0,3,3,59700,59700,0\r\n");
        for (String wrong : List.of("kind=other", "min_percent=-1", "min_percent=1e9", "against=me", "page=0")) {
            assertProblem(OPERATOR.get(changes + "?" + wrong), 422, "validation_failed");
        }
        assertProblem(OPERATOR.get(changes + "?against=" + UUID.randomUUID()), 404, "not_found");
        assertProblem(OPERATOR.get("/v3/finance/invoice-runs/" + UUID.randomUUID() + "/changes"), 404, "not_found");
    }

    @Test
    void theRollupJobStartsByRequest() {
        assertThat(OPERATOR.post("/v3/finance/usage-rollups", "")
                        .expect(202)
                        .json()
                        .get("execution_id")
                        .getAsLong())
                .isPositive();
    }

    @Test
    void rollupsAreComparedWithTheirEvents() {
        String id = OPERATOR.testTenant("rest-differences", "team", "2026-01-31T10:00:00Z");
        OPERATOR.keyFor(id, "usage:write")
                .post("/v3/usage/events", "{\"id\": \"a\", \"meter\": \"tokens\", \"quantity\": 7}")
                .expect(202);
        String differences = "/v3/finance/usage-rollups/differences";
        JsonObject found =
                OPERATOR.get(differences + "?tenant_id=" + id).expect(200).json();
        assertThat(found.get("from").getAsString()).isEqualTo("2026-01-24");
        assertThat(found.get("to").getAsString()).isEqualTo("2026-01-31");
        assertThat(found.getAsJsonArray("differences")).isEmpty();
        for (String wrong : List.of(
                "",
                "?tenant_id=x",
                "?tenant_id=" + id + "&from=soon",
                "?tenant_id=" + id + "&from=2026-02-01",
                "?tenant_id=" + id + "&from=2025-12-01")) {
            assertProblem(OPERATOR.get(differences + wrong), 422, "validation_failed");
        }
    }

    private static JsonObject settings(JsonObject reply) {
        return reply.has("settings") ? reply.getAsJsonObject("settings") : reply;
    }

    private static void assertProblem(Api.Reply reply, int status, String code) {
        reply.expect(status);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        JsonObject problem = reply.json();
        assertThat(problem.get("code").getAsString()).isEqualTo(code);
        assertThat(problem.get("status").getAsInt()).isEqualTo(status);
        for (String field : List.of("type", "title", "detail", "instance", "trace_id")) {
            assertThat(problem.get(field).getAsString()).as(field).isNotBlank();
        }
        assertThat(reply.text()).doesNotContain("Exception", "SELECT ", "org.postgresql");
    }
}
