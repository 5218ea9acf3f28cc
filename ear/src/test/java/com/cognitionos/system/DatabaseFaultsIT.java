package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A database that restarts, falls silent or has no space left: the product says so, loses nothing and goes on by itself. */
@OwnProduct
class DatabaseFaultsIT {

    private static final int WRITERS = 4;
    private static final int SOCKET_TIMEOUT_S = 3;

    private static Product started(OwnPostgres database, int port) {
        Map<String, String> settings = new HashMap<>(database.settings(port));
        settings.put("COGNITIONOS_DB_SOCKET_TIMEOUT", Integer.toString(SOCKET_TIMEOUT_S));
        settings.put("COGNITIONOS_DEMO", "false");
        return Product.startLean("faults", settings);
    }

    /** Whom no rate holds up. */
    private static Api writer(Api operator, String slug) {
        String tenant = operator.testTenant(slug, "enterprise", "2026-01-31T00:00:00Z");
        operator.withoutRateLimit(tenant);
        return operator.keyFor(tenant, "usage:write");
    }

    private static int readiness(Product product) {
        return new Http(product.url()).get("/health/ready").status();
    }

    /** Programs that report one event after another, and go on after each refusal. */
    private static final class Writers implements AutoCloseable {

        private final AtomicBoolean over = new AtomicBoolean();
        private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        private final AtomicInteger unavailable = new AtomicInteger();
        private final Set<String> strange = ConcurrentHashMap.newKeySet();
        private final Thread[] threads = new Thread[WRITERS];

        Writers(Api tenant) {
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                threads[i] = new Thread(() -> write(tenant, "w" + writer + "-"), "writer " + i);
                threads[i].start();
            }
        }

        private void write(Api tenant, String prefix) {
            for (int n = 0; !over.get(); n++) {
                String id = prefix + n;
                while (!over.get() && !stored(tenant, id)) {
                    pause();
                }
            }
        }

        private boolean stored(Api tenant, String id) {
            Api.Reply reply = tenant.post(
                    "/v3/usage/events",
                    "{\"id\": \"" + id
                            + "\", \"meter\": \"tokens\", \"quantity\": 1, \"timestamp\": \"2026-01-31T00:00:00Z\"}");
            if (reply.status() == 202) {
                acknowledged.add(id);
                return true;
            }
            if (reply.status() == 503
                    && Set.of("unavailable", "storage_full").contains(reply.code())
                    && Integer.parseInt(reply.header("Retry-After")) >= 1) {
                unavailable.incrementAndGet();
            } else {
                strange.add(reply.status() + " " + reply.text());
            }
            return false;
        }

        private static void pause() {
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void awaitAcknowledged(String what, IntPredicate enough) {
            Await.until(what, 120, () -> enough.test(acknowledged.size()));
        }

        @Override
        public void close() {
            stop();
        }

        /** They have what they have. */
        void stop() {
            over.set(true);
            for (Thread thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private static void nothingIsMissing(OwnPostgres database, Writers writers) {
        assertThat(writers.strange).as("replies other than 202 and 503").isEmpty();
        assertThat(writers.unavailable.get()).as("refused meanwhile").isPositive();
        Set<String> stored = new HashSet<>(
                List.of(database.text("SELECT string_agg(event_id, ' ') FROM usage_records WHERE meter = 'tokens'")
                        .split(" ")));
        assertThat(stored).containsAll(writers.acknowledged);
    }

    @Tag("nightly")
    @Test
    @DisplayName("A restart in the middle: 503 with Retry-After, not ready, and all of it goes on by itself")
    void restart() throws Exception {
        try (OwnPostgres database = OwnPostgres.start();
                DatabaseProxy wire = new DatabaseProxy(database.port());
                Product product = started(database, wire.port())) {
            Api operator = product.api();
            String run;
            try (Writers writers = new Writers(writer(operator, "restart"))) {
                writers.awaitAcknowledged("some events", n -> n > 50);
                String billed = operator.testTenant("billed", "pro", "2026-01-31T00:00:00Z");
                String other = operator.testTenant("other", "pro", "2026-01-31T00:00:00Z");
                try (Connection blocker = database.connect();
                        Statement statement = blocker.createStatement()) {
                    blocker.setAutoCommit(false);
                    statement.execute("SELECT 1 FROM subscriptions WHERE tenant_id = '" + billed + "' FOR UPDATE");
                    run = operator.post("/v3/finance/invoice-runs", """
                                    {"as_of": "2026-05-01", "tenant_ids": ["%s", "%s"]}""".formatted(billed, other))
                            .expect(202)
                            .json()
                            .get("run_id")
                            .getAsString();
                    Await.until(
                            "the run to be in its middle",
                            60,
                            () -> database.text("""
                                    SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'
                                    AND usename = 'cog_app' AND query NOT LIKE '%advisory%'""").equals("1"));
                    assertThat(readiness(product)).isEqualTo(200);

                    wire.refuse();
                    Await.until("the node to be out of the rounds", 60, () -> readiness(product) == 503);
                    database.restart();
                }
                int refused = writers.unavailable.get();
                Await.until("refusals", 60, () -> writers.unavailable.get() > refused);
                wire.carry();
                Await.until("the node to be back", 60, () -> readiness(product) == 200);
                int before = writers.acknowledged.size();
                writers.awaitAcknowledged("events to be taken again", n -> n > before + 50);
                JsonObject end = operator.awaitRun(run);
                assertThat(end.get("status").getAsString()).as(end.toString()).isEqualTo("completed");
                assertThat(end.get("failed").getAsInt()).isZero();
                assertThat(end.get("invoices").getAsInt()).isEqualTo(6);

                wire.cut();
                int cut = writers.acknowledged.size();
                writers.awaitAcknowledged("events after the connections were cut", n -> n > cut + 50);
                wire.fallSilent();
                int silent = writers.unavailable.get();
                Await.until("the silence to be noticed", 60, () -> writers.unavailable.get() > silent + WRITERS);
                wire.carry();
                int noticed = writers.acknowledged.size();
                writers.awaitAcknowledged("events after the silence", n -> n > noticed + 50);
                writers.stop();
                nothingIsMissing(database, writers);
            }
            Integrity.holds(operator);
        }
    }

    @Tag("nightly")
    @Test
    @DisplayName("No space left: 503 with the reason, no partial invoice, and it goes on once there is space")
    void diskFull() throws Exception {
        Path disk = Files.createTempDirectory("cognitionos-disk");
        assumeTrue(
                mounts("mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", disk.toString()),
                "a small disk needs the right to mount one; skipped");
        try {
            Path place = Files.createDirectory(disk.resolve("place"));
            try (OwnPostgres database =
                            OwnPostgres.start("TABLESPACE small", "CREATE TABLESPACE small LOCATION '" + place + "'");
                    Product product = started(database, database.port())) {
                Api operator = product.api();
                String billed = operator.testTenant("billed", "pro", "2026-01-31T00:00:00Z");
                String order = "{\"as_of\": \"2027-01-31\", \"tenant_ids\": [\"" + billed + "\"]}";
                try (Writers writers = new Writers(writer(operator, "full"))) {
                    writers.awaitAcknowledged("some events", n -> n > 20);
                    Path filler = disk.resolve("filler");
                    fill(filler);
                    Await.until("the disk to be full", 120, () -> writers.unavailable.get() > 20);
                    Api.Reply refused = operator.post("/v3/finance/invoice-runs", order);
                    assertThat(refused.status()).as(refused.text()).isIn(202, 503);
                    Files.delete(filler);
                    int before = writers.acknowledged.size();
                    writers.awaitAcknowledged("events to be taken again", n -> n > before + 50);
                    JsonObject end = operator.awaitRun(
                            refused.status() == 202
                                    ? refused.json().get("run_id").getAsString()
                                    : operator.post("/v3/finance/invoice-runs", order)
                                            .expect(202)
                                            .json()
                                            .get("run_id")
                                            .getAsString());
                    assertThat(end.get("status").getAsString())
                            .as(end.toString())
                            .isEqualTo("completed");
                    assertThat(end.get("failed").getAsInt()).isZero();
                    assertThat(operator.forTenant(billed).invoices()).hasSize(12);
                    writers.stop();
                    nothingIsMissing(database, writers);
                    assertThat(product.console()).doesNotContain("PANIC");
                }
                Integrity.holds(operator);
            }
        } finally {
            mounts("umount", "-l", disk.toString());
        }
    }

    private static void fill(Path file) {
        byte[] block = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < 1_000_000; i++) {
                out.write(block);
                out.flush();
            }
            throw new AssertionError("the disk is not small");
        } catch (IOException full) {
            // as it should be
        }
    }

    private static boolean mounts(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
