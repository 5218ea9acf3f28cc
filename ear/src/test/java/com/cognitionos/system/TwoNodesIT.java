package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.db.Migrations;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** GAT-3, GAT-8, KER-9, RUN-6: two servers on one database are one gate, and one of them works on a run. */
@OwnProduct
class TwoNodesIT {

    private static final String OPERATOR_KEY =
            "cog_" + UUID.randomUUID().toString().replace("-", "");

    private static OwnPostgres database;
    private static final List<Product> NODES = new ArrayList<>();
    /** The bytes of "cogmigra": what everybody locks who changes the schema. */
    private static final long MIGRATING = 0x636f676d69677261L;

    private static final List<String> TOO_EARLY = new ArrayList<>();
    private static Api operator;

    @BeforeAll
    static void start() throws SQLException {
        database = OwnPostgres.start();
        Map<String, String> settings = new HashMap<>(database.settings(database.port()));
        settings.put("COGNITIONOS_OPERATOR_KEY", OPERATOR_KEY);
        NODES.add(startedWhileSomebodyMigrates(settings));
        NODES.add(Product.startLean("node-b", settings));
        operator = new Api(NODES.get(0).url(), OPERATOR_KEY);
    }

    /** All that a server could ask for is there, but that nobody says that it is all. */
    private static Product startedWhileSomebodyMigrates(Map<String, String> settings) throws SQLException {
        try (Connection owner = database.connectAsOwner();
                Statement statement = owner.createStatement()) {
            Migrations.migrate(owner);
            statement.execute("UPDATE databasechangelog SET tag = NULL");
            statement.execute("SELECT pg_advisory_lock(" + MIGRATING + ")");
            Product node = Product.launchLean("node-a", settings);
            try {
                Await.until(
                        "the server to ask for its database",
                        240,
                        () -> console(node).contains("Waiting for the database"));
                Await.until(
                        "the launcher to queue",
                        60,
                        () -> database.text("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                                .equals("1"));
                if (node.listens()) {
                    TOO_EARLY.add("an open port");
                }
                String sessions =
                        database.text("SELECT count(*) FROM pg_stat_activity WHERE usename IN ('cog_app', 'cog_jobs')");
                if (!sessions.equals("0")) {
                    TOO_EARLY.add(sessions + " sessions of the server");
                }
                statement.execute("SELECT pg_advisory_unlock(" + MIGRATING + ")");
                node.awaitStart();
            } catch (AssertionError e) {
                node.close();
                throw e;
            }
            return node;
        }
    }

    private static String console(Product product) {
        Path file = product.data().resolve("logs").resolve("console.log");
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("RUN-6: a server neither asks its database nor answers anybody before that has the right schema")
    void aServerWaitsForItsSchema() {
        assertThat(TOO_EARLY).isEmpty();
    }

    @AfterAll
    static void stop() {
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

    /** A run that waits in its middle: one of its tenants is locked, the others are done. */
    private final class WaitingRun implements AutoCloseable {

        private static final int TENANTS = 12;

        private final Connection lock = database.connect();
        private final String id;
        private final long fence;
        private final Product worker;

        WaitingRun(String name) throws SQLException {
            List<String> tenants = new ArrayList<>();
            for (int i = 0; i < TENANTS; i++) {
                String tenant = operator.testTenant(name + "-" + i, "pro", "2026-01-31T00:00:00Z");
                operator.forTenant(tenant)
                        .post("/v3/usage/events", """
                                {"id": "e", "meter": "executions", "quantity": %d, "timestamp": "2026-01-31T00:00:00Z"}""".formatted(10_000 + i))
                        .expect(202);
                tenants.add(tenant);
            }
            lock.setAutoCommit(false);
            try (Statement statement = lock.createStatement()) {
                statement.execute(
                        "SELECT 1 FROM subscriptions WHERE tenant_id = '" + tenants.get(TENANTS / 2) + "' FOR UPDATE");
            }
            id = operator.post(
                            "/v3/finance/invoice-runs",
                            "{\"as_of\": \"2026-05-01\", \"tenant_ids\": [\"" + String.join("\", \"", tenants) + "\"]}")
                    .expect(202)
                    .json()
                    .get("run_id")
                    .getAsString();
            Await.until("somebody to wait for the lock", 60, () -> !waiting().isEmpty());
            fence = Long.parseLong(lease("fence"));
            worker = NODES.stream()
                    .filter(node -> node.family().stream()
                            .anyMatch(process -> lease("holder").startsWith(process.pid() + "@")))
                    .findFirst()
                    .orElseThrow();
        }

        private String lease(String column) {
            return database.text("SELECT " + column + " FROM leases WHERE name = 'invoice-run " + id + "'");
        }

        private String waiting() {
            return database.text("""
                    SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'cog_app'
                    AND query NOT LIKE '%advisory%'""");
        }

        Product other() {
            return NODES.get(1 - NODES.indexOf(worker));
        }

        /** Nobody holds the tenant up any more. */
        void letGo() throws SQLException {
            lock.rollback();
        }

        /** Seen from the node that did not have it. @return after how many seconds it was at its end */
        double awaitEnd(long since) {
            Api there = new Api(other().url(), OPERATOR_KEY);
            JsonObject end = there.awaitRun(id);
            double seconds = (System.nanoTime() - since) / 1e9;
            assertThat(end.get("status").getAsString()).as(end.toString()).isEqualTo("completed");
            assertThat(end.get("failed").getAsInt()).isZero();
            assertThat(end.get("tenants_done").getAsInt()).isEqualTo(TENANTS);
            assertThat(end.get("invoices").getAsInt()).isEqualTo(3 * TENANTS);
            assertThat(end.get("amount_cents").getAsLong())
                    .as("three months of the plan, and 0 to 11 executions above the included ones")
                    .isEqualTo(TENANTS * 3 * 4_900L + 10 * 66);
            return seconds;
        }

        @Override
        public void close() throws SQLException {
            lock.close();
        }
    }

    @Test
    @DisplayName("KER-9, INV-7: a run whose node is killed goes on at the other one")
    void aRunOfAKilledNodeGoesOnAtTheOther() throws Exception {
        try (WaitingRun run = new WaitingRun("killed")) {
            long killed = System.nanoTime();
            run.worker.kill();
            run.letGo();
            System.out.printf("TwoNodesIT: %.1f s after the kill the other node was done%n", run.awaitEnd(killed));
            run.worker.start();
        }
        Integrity.holds(operator);
    }

    @Test
    @DisplayName("KER-9: a node that is stopped in the middle of a transaction and wakes up late cannot commit it")
    void aNodeThatWakesUpLateCannotCommit() throws Exception {
        try (WaitingRun run = new WaitingRun("stopped")) {
            String process = run.lease("holder").replaceFirst("@.*", "");
            signal("STOP", process);
            try {
                // It gets what it waited for, and would commit.
                run.letGo();
                System.out.printf(
                        "TwoNodesIT: %.1f s after the stop the other node was done%n", run.awaitEnd(System.nanoTime()));
            } finally {
                signal("CONT", process);
            }
            Await.until(
                    "the node to notice",
                    60,
                    () -> log(run.worker).contains("Lease[name=invoice-run " + run.id + ", fence=" + run.fence + "]"));
            new Api(run.worker.url(), OPERATOR_KEY)
                    .get("/v3/finance/invoice-runs/" + run.id)
                    .expect(200);
            run.awaitEnd(System.nanoTime());
        }
        Integrity.holds(operator);
    }

    @Test
    @DisplayName("INV-28: two runs of the same tenants, at once on two nodes, invoice each month once and without gaps")
    void twoRunsAtOnce() {
        int tenants = 8;
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < tenants; i++) {
            String tenant = operator.testTenant("twice-" + i, "pro", "2026-01-31T00:00:00Z");
            operator.forTenant(tenant)
                    .post("/v3/usage/events", """
                            {"id": "e", "meter": "executions", "quantity": %d, "timestamp": "2026-01-31T00:00:00Z"}""".formatted(10_000 + i))
                    .expect(202);
            ids.add(tenant);
        }
        String order = "{\"as_of\": \"2026-05-01\", \"tenant_ids\": [\"" + String.join("\", \"", ids) + "\"]}";
        List<String> runs = Stream.of(operator, onOther(operator))
                .map(node -> node.post("/v3/finance/invoice-runs", order)
                        .expect(202)
                        .json()
                        .get("run_id")
                        .getAsString())
                .toList();

        List<JsonObject> ends = runs.stream().map(operator::awaitRun).toList();

        assertThat(ends).allSatisfy(end -> {
            assertThat(end.get("status").getAsString()).isEqualTo("completed");
            assertThat(end.get("failed").getAsInt()).as(end.toString()).isZero();
            assertThat(end.get("tenants_done").getAsInt()).isEqualTo(tenants);
        });
        assertThat(ends.stream().mapToInt(end -> end.get("invoices").getAsInt()).sum())
                .isEqualTo(3 * tenants);
        assertThat(ends.stream()
                        .mapToLong(end -> end.get("amount_cents").getAsLong())
                        .sum())
                .isEqualTo(tenants * 3 * 4_900L + 10 * 28);
        for (int i = 0; i < tenants; i++) {
            assertThat(operator.forTenant(ids.get(i)).invoices())
                    .extracting(invoice -> invoice.get("total_cents").getAsLong())
                    .containsExactly(4_900L + 10 * i, 4_900L, 4_900L);
        }
        Integrity.holds(operator);
    }

    private static void signal(String name, String process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, process).start().waitFor())
                .isZero();
    }

    private static String log(Product product) {
        try (Stream<Path> files = Files.walk(product.data().resolve("logs"))) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
