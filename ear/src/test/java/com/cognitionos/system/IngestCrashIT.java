package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * kill -9 of all the product, or of a process of PostgreSQL alone, which then restarts, while clients send events one by one
 * and in batches, and send again what was not answered. A million of them by hand: {@code -Dingest.events=1000000
 * -Dingest.kills=100}.
 */
@OwnProduct
class IngestCrashIT {

    private static final int EVENTS = Integer.getInteger("ingest.events");
    private static final int KILLS = Integer.getInteger("ingest.kills");
    private static final long SEED = Long.getLong("ingest.seed", System.nanoTime());
    private static final int CLIENTS = 12;
    private static final int LARGEST = 200;
    private static final int ROWS = 100_000;
    private static final List<String> TIERS = List.of("enterprise", "pro", "team", "enterprise");
    private static final List<String> METERS = List.of("tokens", "executions", "plugin_calls");

    private static Product product;
    private static DatabaseOwner owner;

    private final AtomicInteger next = new AtomicInteger();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final List<String> tenants = new ArrayList<>();
    private final List<Api> keys = new ArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean up = true;

    @BeforeAll
    static void start() {
        product = Product.startLean("ingest-crash", Map.of("COGNITIONOS_DEMO", "false"));
        owner = new DatabaseOwner(product);
    }

    @AfterAll
    static void stop() {
        product.close();
    }

    @Test
    @DisplayName("MET-1, MET-2, MET-12: whatever is killed, what was answered is stored, and nothing twice")
    void nothingIsLostOrDoubled() throws Exception {
        System.out.println("IngestCrashIT: " + EVENTS + " events, " + KILLS + " kills, -Dingest.seed=" + SEED);
        Api operator = product.api();
        for (String tier : TIERS) {
            String tenant = operator.testTenant("ingest-" + tenants.size(), tier, "2026-01-31T00:00:00Z");
            operator.withoutRateLimit(tenant);
            tenants.add(tenant);
            keys.add(operator.keyFor(tenant, "usage:write"));
        }
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> all = IntStream.range(0, CLIENTS)
                    .<Future<?>>mapToObj(number -> clients.submit(() -> send(new Random(SEED + number))))
                    .toList();
            for (int kill = 1; kill <= KILLS; kill++) {
                int due = (int) ((long) EVENTS * kill / (KILLS + 1));
                Await.until(
                        "event " + due,
                        600,
                        () -> acknowledged.size() >= due || all.stream().anyMatch(Future::isDone));
                if (kill % 2 == 1) {
                    up = false;
                    product.kill();
                    product.start();
                    up = true;
                } else {
                    killOneBackend();
                }
            }
            for (Future<?> one : all) {
                one.get(20, TimeUnit.MINUTES);
            }
        } finally {
            clients.shutdownNow();
        }
        System.out.println("IngestCrashIT: refused while there was no database: " + refusals);
        check();
    }

    /** PostgreSQL takes such a death as a reason to end all connections and recover. */
    private static void killOneBackend() {
        String pid = owner
                .texts(
                        "SELECT pid FROM pg_stat_activity WHERE usename = 'cog_app' ORDER BY state = 'active' DESC LIMIT 1")
                .stream()
                .findFirst()
                .orElseThrow(() -> new AssertionError("no connection of the product's"));
        assertThat(ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::destroyForcibly))
                .as("process %s", pid)
                .contains(true);
    }

    /** A part is taken in in some ten milliseconds, and there are a hundred. */
    @Test
    @Tag("nightly")
    @DisplayName("MET-24: a file whose server is killed is taken in to its end, each row once")
    void aFileIsTakenInOnce() {
        String tenant = product.api().testTenant("ingest-file", "enterprise", "2026-01-31T00:00:00Z");
        Api key = product.api().keyFor(tenant, "usage:write", "usage:read");
        String rows = IntStream.range(0, ROWS)
                .mapToObj(n -> "f" + n + ",tokens," + quantity(n) + "\n")
                .collect(Collectors.joining("", "id,meter,quantity\n", ""));
        String upload = key.post("/v3/usage/uploads?start=true", "text/csv", rows)
                .expect(201)
                .json()
                .get("id")
                .getAsString();
        Await.until("rows to be taken in", 60, () -> rowsRead(upload) > 0);
        List<String> fence = fences(tenant);

        product.kill();
        product.start();

        assertThat(rowsRead(upload)).as("rows that were taken in before").isGreaterThanOrEqualTo(1000);
        Await.until("another to go on", 60, () -> !fence.containsAll(fences(tenant)));
        String state = "/v3/usage/uploads/" + upload;
        Await.until(
                "the file to be taken in",
                120,
                () -> !List.of("queued", "running")
                        .contains(key.get(state).json().get("status").getAsString()));
        JsonObject done = key.get(state).expect(200).json();
        assertThat(done.get("status").getAsString()).isEqualTo("completed");
        assertThat(done.get("taken").getAsInt()).isEqualTo(ROWS);
        assertThat(done.get("duplicates").getAsInt()).isZero();
        assertThat(owner.texts("""
                        SELECT count(*) || ' ' || count(DISTINCT event_id) || ' ' || sum(quantity)::bigint FROM usage_records
                        WHERE tenant_id = ?::uuid AND meter = 'tokens'""", tenant))
                .containsExactly(ROWS + " " + ROWS + " "
                        + IntStream.range(0, ROWS).map(IngestCrashIT::quantity).sum());
        assertThat(owner.texts(
                        "SELECT used::bigint FROM usage_counters WHERE tenant_id = ?::uuid AND meter = 'tokens'",
                        tenant))
                .isSubsetOf(String.valueOf(
                        IntStream.range(0, ROWS).map(IngestCrashIT::quantity).sum()));
    }

    private static int rowsRead(String upload) {
        return Integer.parseInt(owner.texts("SELECT read FROM usage_uploads WHERE id = ?::uuid", upload)
                .get(0));
    }

    /** That of who works on a tenant's files; none where nobody does. */
    private static List<String> fences(String tenant) {
        return owner.texts("SELECT fence FROM leases WHERE name = ?", "usage-upload:" + tenant);
    }

    private void send(Random random) {
        while (true) {
            int size = random.nextInt(3) == 0 ? 1 : 1 + random.nextInt(LARGEST);
            int from = next.getAndAdd(size);
            if (from >= EVENTS) {
                return;
            }
            int tenant = random.nextInt(tenants.size());
            List<Integer> numbers =
                    IntStream.range(from, Math.min(EVENTS, from + size)).boxed().toList();
            String body = numbers.stream()
                    .map(n -> "{\"id\":\"e%d\",\"meter\":\"%s\",\"quantity\":%d}"
                            .formatted(n, METERS.get(n % METERS.size()), quantity(n)))
                    .collect(Collectors.joining(",", "{\"events\":[", "]}"));
            while (!isStored(keys.get(tenant), body, numbers.size())) {
                pause();
            }
            numbers.forEach(n -> acknowledged.add(tenants.get(tenant) + " e" + n));
            if (random.nextInt(10) == 0) {
                isStored(keys.get(tenant), body, numbers.size());
            }
        }
    }

    private static int quantity(int number) {
        return number % 7;
    }

    /** @return false where it has to be sent again */
    private boolean isStored(Api key, String body, int events) {
        boolean served = up;
        try {
            Api.Reply reply = key.post("/v3/usage/events", body);
            if (reply.status() == 202) {
                JsonObject result = reply.json();
                assertThat(result.getAsJsonArray("rejected")).isEmpty();
                assertThat(result.get("accepted").getAsInt()
                                + result.get("duplicates").getAsInt())
                        .isEqualTo(events);
                return true;
            }
            if (served) {
                assertThat(reply.status()).as(reply.text()).isEqualTo(503);
                assertThat(reply.header("Retry-After")).isNotEmpty();
                refusals.incrementAndGet();
            }
            return false;
        } catch (UncheckedIOException cutOff) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void check() {
        assertThat(acknowledged).hasSize(EVENTS);
        List<String> stored =
                owner.texts("SELECT tenant_id || ' ' || event_id FROM usage_records WHERE event_id LIKE 'e%'");
        assertThat(stored).as("seed %d", SEED).doesNotHaveDuplicates().hasSize(EVENTS);
        assertThat(acknowledged.containsAll(stored)).isTrue();
        assertThat(owner.texts("SELECT count(*) FROM usage_keys WHERE event_id LIKE 'e%'"))
                .containsExactly(Integer.toString(EVENTS));
        assertThat(owner.texts("SELECT DISTINCT meter FROM usage_counters WHERE used > 0"))
                .as("meters with counters")
                .isNotEmpty();
        assertThat(owner.texts("""
                SELECT c.tenant_id || ' ' || c.meter || ' ' || c.used FROM usage_counters c WHERE c.used <> (
                    SELECT coalesce(sum(r.quantity), 0) FROM usage_records r
                    WHERE r.tenant_id = c.tenant_id AND r.meter = c.meter
                      AND r.counted_at >= c.period_start AND r.counted_at < c.period_end)"""))
                .as("counters that differ from their records, seed %d", SEED)
                .isEmpty();
        Map<String, Long> sums = new TreeMap<>();
        owner.texts(
                        "SELECT meter || ' ' || sum(quantity)::bigint FROM usage_records WHERE event_id LIKE 'e%' GROUP BY meter")
                .forEach(sum -> sums.put(sum.split(" ")[0], Long.parseLong(sum.split(" ")[1])));
        Map<String, Long> sent = new TreeMap<>();
        IntStream.range(0, EVENTS)
                .forEach(n -> sent.merge(METERS.get(n % METERS.size()), (long) quantity(n), Long::sum));
        assertThat(sums).isEqualTo(sent);
    }
}
