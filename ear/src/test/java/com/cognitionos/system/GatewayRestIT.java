package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and rate limits as a client sees them. */
@SharedProduct
class GatewayRestIT {

    private static final Api OPERATOR = Product.shared().api();
    private static final Api NOBODY = OPERATOR.as("");

    private static String tenant;

    @BeforeAll
    static void tenant() {
        tenant = OPERATOR.testTenant("gateway-it", "pro", "2026-01-31T00:00:00Z");
    }

    private static JsonObject issue(String body) {
        return OPERATOR.forTenant(tenant).post("/v3/api-keys", body).expect(201).json();
    }

    /** The policies of a key with a limit of its own, in a reply of any status. */
    private static void assertHeaders(Api.Reply reply, int ownLimit, int ownLeft) {
        assertThat(reply.header("RateLimit-Policy"))
                .isEqualTo("\"key\";q=" + ownLimit + ";w=60, \"tenant\";q=300;w=60");
        assertThat(reply.header("RateLimit"))
                .matches("\"key\";r=" + ownLeft + ";t=([1-5]?[0-9]|60), \"tenant\";r=\\d+;t=([1-5]?[0-9]|60)");
        assertThat(reply.header("X-RateLimit-Limit")).isEqualTo(Integer.toString(ownLimit));
        assertThat(reply.header("X-RateLimit-Remaining")).isEqualTo(Integer.toString(ownLeft));
        assertThat(Long.parseLong(reply.header("X-RateLimit-Reset"))
                        - Instant.now().getEpochSecond())
                .isBetween(0L, 62L);
    }

    @Test
    void everyReplySaysWhatIsLeftAndOneTooManyIsRefused() {
        Api key = OPERATOR.as(issue("""
                {"name": "few", "scopes": ["usage:read", "usage:write"], "rate_limit_per_minute": 6}""").get("key").getAsString());
        assertHeaders(key.get("/v3/usage?meter=tokens").expect(200), 6, 5);
        assertHeaders(key.get("/v3/invoices").expect(403), 6, 4);
        assertHeaders(key.get("/v3/no-such-thing").expect(404), 6, 3);
        assertHeaders(key.post("/v3/usage/events", "{}").expect(422), 6, 2);
        assertHeaders(
                key.with("X-Tenant-ID", UUID.randomUUID().toString())
                        .get("/v3/usage")
                        .expect(403),
                6,
                1);
        assertHeaders(key.get("/api/nothing-here-either").expect(404), 6, 0);

        Api.Reply refused = key.get("/v3/usage?meter=tokens").expect(429);
        assertThat(refused.code()).isEqualTo("rate_limited");
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 60);
        assertHeaders(refused, 6, 0);
        assertThat(refused.text()).doesNotContain(key.key());
    }

    @Test
    void withoutAGoodKeyTheAddressHasALimit() {
        for (Api caller : List.of(NOBODY, OPERATOR.as("cog_" + "5".repeat(32)))) {
            Api.Reply plans = caller.get("/v3/plans").expect(200);
            assertThat(plans.header("RateLimit-Policy")).matches("\"address\";q=\\d+;w=60");
            assertThat(caller.get("/v3/usage").expect(401).header("RateLimit")).startsWith("\"address\";r=");
        }
        assertThat(NOBODY.get("/health/live").expect(200).header("RateLimit-Policy"))
                .isEmpty();
        assertThat(NOBODY.get("/openapi").expect(200).header("RateLimit-Policy"))
                .isEmpty();
    }

    @Test
    void aProxySpeaksForItsClients() {
        String one =
                NOBODY.with("X-Forwarded-For", "198.51.100.7").get("/v3/plans").header("X-RateLimit-Remaining");
        String same =
                NOBODY.with("X-Forwarded-For", "198.51.100.7").get("/v3/plans").header("X-RateLimit-Remaining");
        String other =
                NOBODY.with("X-Forwarded-For", "198.51.100.8").get("/v3/plans").header("X-RateLimit-Remaining");
        assertThat(Integer.parseInt(same)).isEqualTo(Integer.parseInt(one) - 1);
        assertThat(other).isEqualTo(one);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api_key=", "key=x&access_token=", "a%3Db="})
    void aKeyInTheAddressIsRefusedAndNotLogged(String parameter) throws Exception {
        Api key = OPERATOR.keyFor(tenant, "usage:read");
        for (String shown : List.of(key.key(), key.key().replace("_", "%5F"), "cog_" + "7".repeat(32))) {
            assertThat(key.get("/v3/usage?meter=tokens&" + parameter + shown)
                            .expect(400)
                            .code())
                    .isEqualTo("key_in_query");
        }
        String secret = key.key().substring(4);
        try (Stream<java.nio.file.Path> files =
                Files.walk(Product.shared().data().resolve("logs"))) {
            assertThat(files.filter(Files::isRegularFile).toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(
                                    new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)
                                            .contains(secret))
                            .as("%s", file)
                            .isFalse());
        }
        OPERATOR.forTenant(tenant)
                .get("/v3/api-keys")
                .expect(200)
                .json()
                .getAsJsonArray("api_keys")
                .forEach(made -> {
                    JsonObject one = made.getAsJsonObject();
                    if (key.key().startsWith(one.get("prefix").getAsString())) {
                        OPERATOR.forTenant(tenant)
                                .delete("/v3/api-keys/" + one.get("id").getAsString())
                                .expect(204);
                    }
                });
    }

    @Test
    void financeHasAKeyOfItsOwn() {
        JsonObject made = OPERATOR.post(
                        "/v3/platform-keys",
                        "{\"name\": \"finance\", \"scopes\": [\"finance:read\", \"finance:write\"]}")
                .expect(201)
                .json();
        Api finance = OPERATOR.as(made.get("key").getAsString());
        String path = "/v3/platform-keys/" + made.get("id").getAsString();
        assertThat(finance.get("/v3/finance/trial-balance").expect(200).header("RateLimit-Policy"))
                .isEqualTo("\"key\";q=10000;w=60");
        assertThat(finance.get("/v3/tenants").expect(403).code()).isEqualTo("insufficient_scope");
        assertThat(finance.get("/v3/platform-keys").expect(403).code()).isEqualTo("insufficient_scope");
        finance.delete(path).expect(403);

        JsonObject next = OPERATOR.post(path + "/rotate", "{\"overlap_seconds\": 0}")
                .expect(201)
                .json();
        finance.get("/v3/finance/trial-balance").expect(401);
        Api successor = OPERATOR.as(next.get("key").getAsString());
        successor.get("/v3/finance/trial-balance").expect(200);
        OPERATOR.delete("/v3/platform-keys/" + next.get("id").getAsString()).expect(204);
        successor.get("/v3/finance/trial-balance").expect(401);
        assertThat(OPERATOR.forTenant(tenant)
                        .get("/v3/platform-keys")
                        .expect(200)
                        .text())
                .contains(next.get("prefix").getAsString())
                .doesNotContain(next.get("key").getAsString());
        OPERATOR.delete("/v3/platform-keys/" + UUID.randomUUID()).expect(404);
        OPERATOR.post("/v3/platform-keys", "{\"name\": \"x\", \"scopes\": [\"root\"]}")
                .expect(422);
    }

    @Test
    void theUsageOfAKey() {
        JsonObject made = issue("{\"name\": \"used\", \"scopes\": [\"keys:read\"]}");
        Api key = OPERATOR.as(made.get("key").getAsString());
        String path = "/v3/api-keys/" + made.get("id").getAsString() + "/usage";
        JsonObject usage = key.get(path + "?from=2026-01-01&to=2026-01-31&granularity=month")
                .expect(200)
                .json();
        assertThat(usage.get("prefix")).isEqualTo(made.get("prefix"));
        assertThat(usage.get("meter").getAsString()).isEqualTo("api_calls");
        assertThat(usage.getAsJsonArray("series")).hasSize(1);
        assertThat(key.get(path).expect(200).json().getAsJsonArray("series")).hasSizeGreaterThanOrEqualTo(30);
        key.get(path + "?granularity=week").expect(422);
        key.get(path + "?from=yesterday").expect(422);
        key.get("/v3/api-keys/" + UUID.randomUUID() + "/usage").expect(404);
        OPERATOR.forTenant(tenant)
                .delete("/v3/api-keys/" + made.get("id").getAsString())
                .expect(204);
    }
}
