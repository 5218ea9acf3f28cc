package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/**
 * Usage events a second, with all that stands before them and committed before each reply, against the same rows written by
 * a bare JDBC loop into tables without partitions, policies and counters: {@code ./mvnw -Pbenchmarks verify
 * -Dit.test=IngestBenchmark}. It asserts nothing about time.
 */
class IngestBenchmark {

    private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 5);
    private static final Duration PHASE = Duration.ofSeconds(Integer.getInteger("benchmark.seconds", 10));
    /** Many threads leave the compiler few turns; what is measured is a server that has been at work for a while. */
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("benchmark.warmup", 60));

    private static final int TENANTS = 8;
    private static final int BATCH = 1000;
    private static final int BATCH_CONNECTIONS = 8;
    private static final int SINGLE_CONNECTIONS = 64;
    private static final int BARE_CONNECTIONS = 4;
    private static final String[] METERS = {"tokens", "executions", "plugin_calls"};

    private final AtomicLong ids = new AtomicLong();

    private record Measured(double perSecond, Histogram latency) {}

    private record Round(Measured batches, Measured singles, double bare) {}

    @Test
    void eventsASecond() throws Exception {
        try (Product product =
                Product.start("ingest-benchmark", Map.of("COGNITIONOS_DEMO", "false", "COGNITIONOS_JVM_OPTIONS", ""))) {
            Api operator = product.api();
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < TENANTS; i++) {
                String tenant = operator.testTenant("ingest-" + i, "enterprise", "2026-01-31T00:00:00Z");
                operator.withoutRateLimit(tenant);
                keys.add(operator.keyFor(tenant, "usage:write").key());
            }
            DatabaseOwner owner = new DatabaseOwner(product);
            owner.update("CREATE TABLE bare_keys (LIKE usage_keys INCLUDING ALL)");
            owner.update("CREATE TABLE bare_records (LIKE usage_records INCLUDING ALL)");
            http(product.port(), keys, BATCH_CONNECTIONS, BATCH, PHASE);
            http(product.port(), keys, BATCH_CONNECTIONS, 1, WARM_UP);
            http(product.port(), keys, SINGLE_CONNECTIONS, 1, PHASE);
            bare(owner);

            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                rounds.add(new Round(
                        http(product.port(), keys, BATCH_CONNECTIONS, BATCH, PHASE),
                        http(product.port(), keys, SINGLE_CONNECTIONS, 1, PHASE),
                        bare(owner)));
            }
            PerformanceReport.section(
                    "ingestion",
                    "Ingestion",
                    report(
                            rounds,
                            owner.texts("SELECT count(*) FROM usage_records").get(0)));
        }
    }

    private Measured http(int port, List<String> keys, int connections, int size, Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        Histogram all = new Histogram(Duration.ofMinutes(2).toNanos(), 3);
        long start = System.nanoTime();
        for (Histogram one : AtOnce.of(connections, number -> {
            Histogram latency = new Histogram(Duration.ofMinutes(2).toNanos(), 3);
            try (Client client = new Client(port, keys.get(number % keys.size()))) {
                for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                    client.post(body(size));
                    latency.recordValue(System.nanoTime() - now);
                }
            }
            return latency;
        })) {
            all.add(one);
        }
        return new Measured(all.getTotalCount() * (double) size / seconds(start), all);
    }

    private byte[] body(int size) {
        StringBuilder text = new StringBuilder(size == 1 ? "" : "{\"events\":[");
        for (int i = 0; i < size; i++) {
            long id = ids.incrementAndGet();
            text.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"event-")
                    .append(id)
                    .append("\",\"meter\":\"")
                    .append(METERS[(int) (id % METERS.length)])
                    .append("\",\"quantity\":")
                    .append(id % 1000)
                    .append(",\"timestamp\":\"2026-01-31T00:00:00Z\",\"subject\":\"agent-")
                    .append(id % 50)
                    .append("\"}");
        }
        return text.append(size == 1 ? "" : "]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The rows of events and their keys, a commit for each thousand. */
    private double bare(DatabaseOwner owner) throws Exception {
        long end = System.nanoTime() + PHASE.toNanos();
        long start = System.nanoTime();
        long rows = 0;
        for (long one : AtOnce.of(BARE_CONNECTIONS, number -> loop(owner, UUID.randomUUID(), end))) {
            rows += one;
        }
        return rows / seconds(start);
    }

    private long loop(DatabaseOwner owner, UUID tenant, long end) throws SQLException {
        long rows = 0;
        try (Connection connection = owner.connect("&reWriteBatchedInserts=true");
                PreparedStatement key = connection.prepareStatement(
                        "INSERT INTO bare_keys (tenant_id, event_id, content_hash) VALUES (?, ?, ?)");
                PreparedStatement record = connection.prepareStatement("""
                        INSERT INTO bare_records (tenant_id, event_id, meter, quantity, occurred_at, counted_at, received_at,
                            subject) VALUES (?, ?, ?, ?, ?, ?, ?, ?)""")) {
            connection.setAutoCommit(false);
            java.time.OffsetDateTime at = java.time.OffsetDateTime.parse("2026-01-31T00:00:00Z");
            while (System.nanoTime() < end) {
                for (int i = 0; i < BATCH; i++) {
                    long id = ids.incrementAndGet();
                    key.setObject(1, tenant);
                    key.setString(2, "event-" + id);
                    key.setBytes(3, new byte[32]);
                    key.addBatch();
                    record.setObject(1, tenant);
                    record.setString(2, "event-" + id);
                    record.setString(3, METERS[(int) (id % METERS.length)]);
                    record.setBigDecimal(4, java.math.BigDecimal.valueOf(id % 1000));
                    record.setObject(5, at);
                    record.setObject(6, at);
                    record.setObject(7, at);
                    record.setString(8, "agent-" + id % 50);
                    record.addBatch();
                }
                key.executeBatch();
                record.executeBatch();
                connection.commit();
                rows += BATCH;
            }
        }
        return rows;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static String report(List<Round> rounds, String stored) {
        return String.format(
                Locale.ROOT,
                """
                `POST /api/v3/usage/events` of %d tenants with keys: rate limit, validation, dedupe, limits, counters and rollup marks,
                each reply after its commit. The bare loop inserts the same records and keys by JDBC in batches of 1,000 with a commit
                each, over %d connections, into tables without partitions, row security, counters and marks. Medians of %d rounds of
                %d s; %s events in the table at the end.

                | | events/s | p50 ms | p99 ms |
                |---|---|---|---|
                | posts of 1,000, %d connections | %.0f | %.1f | %.1f |
                | one by one, %d connections | %.0f | %.1f | %.1f |
                | bare JDBC loop | %.0f | | |

                Posts of 1,000 come to %.2f of the bare loop.
                """,
                TENANTS,
                BARE_CONNECTIONS,
                rounds.size(),
                PHASE.toSeconds(),
                stored,
                BATCH_CONNECTIONS,
                PerformanceReport.median(rounds, round -> round.batches().perSecond()),
                PerformanceReport.median(rounds, round -> ms(round.batches(), 50)),
                PerformanceReport.median(rounds, round -> ms(round.batches(), 99)),
                SINGLE_CONNECTIONS,
                PerformanceReport.median(rounds, round -> round.singles().perSecond()),
                PerformanceReport.median(rounds, round -> ms(round.singles(), 50)),
                PerformanceReport.median(rounds, round -> ms(round.singles(), 99)),
                PerformanceReport.median(rounds, Round::bare),
                PerformanceReport.median(rounds, round -> round.batches().perSecond() / round.bare()));
    }

    private static double ms(Measured measured, double percentile) {
        return measured.latency().getValueAtPercentile(percentile) / 1e6;
    }

    /** Reports over a kept connection; every event of it is new and good. */
    private record Client(KeptConnection connection, String head) implements AutoCloseable {

        Client(int port, String key) throws IOException {
            this(
                    new KeptConnection(port),
                    "POST /api/v3/usage/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
                            + "\r\nContent-Type: application/json\r\nContent-Length: ");
        }

        void post(byte[] body) throws IOException {
            byte[] start = (head + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
            byte[] request = new byte[start.length + body.length];
            System.arraycopy(start, 0, request, 0, start.length);
            System.arraycopy(body, 0, request, start.length, body.length);
            assertThat(connection.call(request))
                    .startsWith("HTTP/1.1 202")
                    .contains("\"rejected\":[]")
                    .contains("\"duplicates\":0");
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }
}
