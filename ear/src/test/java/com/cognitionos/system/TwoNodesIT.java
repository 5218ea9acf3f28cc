package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** GAT-3, GAT-8: two servers on one database are one gate. */
@OwnProduct
class TwoNodesIT {

    private static final String OPERATOR_KEY =
            "cog_" + UUID.randomUUID().toString().replace("-", "");

    private static EmbeddedPostgres database;
    private static final List<Product> NODES = new ArrayList<>();
    private static Api operator;

    @BeforeAll
    static void start() throws Exception {
        String password = UUID.randomUUID().toString();
        database = EmbeddedPostgres.builder()
                .setLocaleConfig("locale", "C")
                .setServerConfig("max_connections", "150")
                .start();
        try (Connection superuser = database.getPostgresDatabase().getConnection();
                Statement statement = superuser.createStatement()) {
            statement.execute("CREATE ROLE shop LOGIN CREATEROLE CREATEDB PASSWORD '" + password + "'");
            statement.execute("ALTER ROLE shop SET createrole_self_grant = 'set, inherit'");
            statement.execute("CREATE DATABASE shop OWNER shop");
        }
        for (String name : List.of("node-a", "node-b")) {
            NODES.add(Product.start(
                    name,
                    Map.of(
                            "COGNITIONOS_DB_URL",
                            "jdbc:postgresql://localhost:" + database.getPort() + "/shop",
                            "COGNITIONOS_DB_USER",
                            "shop",
                            "COGNITIONOS_DB_PASSWORD",
                            password,
                            "COGNITIONOS_OPERATOR_KEY",
                            OPERATOR_KEY)));
        }
        operator = new Api(NODES.get(0).url(), OPERATOR_KEY);
    }

    @AfterAll
    static void stop() throws Exception {
        NODES.forEach(Product::close);
        database.close();
    }

    private static Api onOther(Api api) {
        return new Api(NODES.get(1).url(), api.key());
    }

    /** That many requests at once, every other one to the other node. */
    private static List<Api.Reply> storm(Api key, int requests) throws Exception {
        Api other = onOther(key);
        ExecutorService threads = Executors.newFixedThreadPool(40);
        try {
            List<Callable<Api.Reply>> calls = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                Api caller = i % 2 == 0 ? key : other;
                calls.add(() -> caller.get("/v3/subscriptions/current"));
            }
            List<Api.Reply> replies = new ArrayList<>();
            for (Future<Api.Reply> reply : threads.invokeAll(calls)) {
                replies.add(reply.get());
            }
            return replies;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void ofManyRequestsAtOnceTheLimitIsAdmittedAndNotOneMore() throws Exception {
        String tenant = operator.testTenant("storm", "free", "2026-01-31T00:00:00Z");
        Api key = operator.keyFor(tenant, "subscriptions:read");

        List<Api.Reply> replies = storm(key, 240);

        List<Api.Reply> admitted =
                replies.stream().filter(reply -> reply.status() == 200).toList();
        assertThat(admitted).hasSize(60);
        TreeSet<Integer> left = new TreeSet<>();
        admitted.forEach(reply -> left.add(Integer.parseInt(reply.header("X-RateLimit-Remaining"))));
        assertThat(left).as("each has another place").hasSize(60);
        assertThat(left.first()).isZero();
        assertThat(left.last()).isEqualTo(59);
        assertThat(replies)
                .filteredOn(reply -> reply.status() != 200)
                .hasSize(180)
                .allSatisfy(reply -> {
                    assertThat(reply.status()).isEqualTo(429);
                    assertThat(reply.code()).isEqualTo("rate_limited");
                    int wait = Integer.parseInt(reply.header("Retry-After"));
                    assertThat(wait).isBetween(1, 60);
                    assertThat(reply.header("RateLimit-Policy")).isEqualTo("\"tenant\";q=60;w=60");
                    assertThat(reply.header("RateLimit")).isEqualTo("\"tenant\";r=0;t=" + wait);
                    assertThat(reply.header("X-RateLimit-Limit")).isEqualTo("60");
                    assertThat(reply.header("X-RateLimit-Remaining")).isEqualTo("0");
                });
        assertThat(admitted)
                .as("both nodes took part")
                .extracting(reply -> reply.raw().uri().getPort())
                .contains(NODES.get(0).port(), NODES.get(1).port());
    }

    @Test
    void aRevokedKeyIsRefusedByTheOtherNodeFromTheNextRequestOn() {
        String tenant = operator.testTenant("revoked", "pro", "2026-01-31T00:00:00Z");
        for (int i = 0; i < 5; i++) {
            JsonObject made = operator.forTenant(tenant)
                    .post("/v3/api-keys", "{\"name\": \"short\", \"scopes\": [\"subscriptions:read\"]}")
                    .expect(201)
                    .json();
            Api key = operator.as(made.get("key").getAsString());
            onOther(key).get("/v3/subscriptions/current").expect(200);
            operator.forTenant(tenant)
                    .delete("/v3/api-keys/" + made.get("id").getAsString())
                    .expect(204);
            onOther(key).get("/v3/subscriptions/current").expect(401);
        }
    }
}
