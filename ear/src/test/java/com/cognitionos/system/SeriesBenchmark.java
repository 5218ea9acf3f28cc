package com.cognitionos.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/**
 * How long a tenant of a million and of ten million events in a month waits for its usage: {@code ./mvnw -Pbenchmarks verify
 * -Dit.test=SeriesBenchmark}. Events are written as bare rows and rolled up by the job; the last hour's come through the API
 * and are read from the records. It asserts nothing about time.
 */
class SeriesBenchmark {

    private static final List<Integer> SIZES = Stream.of(
                    System.getProperty("benchmark.events", "1000000,10000000").split(","))
            .map(Integer::valueOf)
            .toList();
    private static final Duration PHASE = Duration.ofSeconds(Integer.getInteger("benchmark.seconds", 10));
    private static final String SPAN = "/api/v3/usage?meter=tokens&from=2026-01-31T12:00:00Z&to=2026-03-02T12:00:00Z";

    private static final Map<String, String> READINGS = new LinkedHashMap<>();

    static {
        READINGS.put("by hour, 720 points", SPAN + "&granularity=hour");
        READINGS.put("by day", SPAN + "&granularity=day");
        READINGS.put("by hour of one model", SPAN + "&granularity=hour&filter=model:m3");
        READINGS.put("by day and API key, 5 keys", SPAN + "&granularity=day&group_by=key");
        READINGS.put("by day and subject, the first 20 of 1,000", SPAN + "&granularity=day&group_by=subject");
        READINGS.put("the running month of all meters", "/api/v3/subscriptions/current/usage");
    }

    private static final String EVENTS = """
            INSERT INTO usage_records (tenant_id, event_id, meter, quantity, occurred_at, counted_at, received_at, subject,
                properties, key_prefix)
            SELECT ?::uuid, 'b' || i, 'tokens', 1 + i % 1000, at, at, at, 'u' || i % 1000,
                jsonb_build_object('model', 'm' || i % 8, 'plugin', 'p' || i % 12), 'cog_0000000' || i % 5
            FROM (SELECT i, timestamptz '2026-01-31T00:00:00Z' + i * interval '30 days 12 hours' / ? AS at
                  FROM generate_series(0, ? - 1) AS i) AS e""";

    private static final String MARKS = """
            INSERT INTO usage_pending (tenant_id, meter, day, changed_at, hours)
            SELECT ?::uuid, 'tokens', day::date, now() - interval '1 hour', 16777215
            FROM generate_series('2026-01-31'::date, '2026-03-02', '1 day') AS day
            ON CONFLICT (tenant_id, meter, day) DO UPDATE SET hours = excluded.hours""";

    private record Measured(int events, double rollupSeconds, Map<String, Histogram> latencies) {}

    @Test
    void readingUsage() throws Exception {
        List<Measured> all = new ArrayList<>();
        try (Product product =
                Product.start("series-benchmark", Map.of("COGNITIONOS_DEMO", "false", "COGNITIONOS_JVM_OPTIONS", ""))) {
            DatabaseOwner owner = new DatabaseOwner(product);
            for (int size : SIZES) {
                all.add(measured(product, owner, size));
            }
        }
        PerformanceReport.section("series", "Reading usage", report(all));
    }

    private static Measured measured(Product product, DatabaseOwner owner, int size) throws Exception {
        Api operator = product.api();
        String tenant = operator.testTenant("series-" + size, "enterprise", "2026-01-31T00:00:00Z");
        operator.withoutRateLimit(tenant);
        operator.moveClock(tenant, "2026-03-02T12:30:00Z");
        Api key = operator.keyFor(tenant, "usage:read", "usage:write", "subscriptions:read");
        owner.update(EVENTS, tenant, size, size);
        owner.update(MARKS, tenant);
        owner.update("ANALYZE usage_records");
        long start = System.nanoTime();
        operator.post("/v3/finance/usage-rollups", "{}");
        Await.until(
                "the rollup of " + size + " events",
                3600,
                () -> owner.texts("SELECT 1 FROM usage_pending WHERE tenant_id = ?::uuid LIMIT 1", tenant)
                        .isEmpty());
        double seconds = (System.nanoTime() - start) / 1e9;
        StringBuilder last = new StringBuilder("{\"events\": [");
        for (int n = 0; n < 1000; n++) {
            last.append(n == 0 ? "" : ",")
                    .append("{\"id\": \"last-" + n + "\", \"meter\": \"tokens\", \"quantity\": 1}");
        }
        key.post("/v3/usage/events", last + "]}").expect(202);
        Map<String, Histogram> latencies = new LinkedHashMap<>();
        for (Map.Entry<String, String> reading : READINGS.entrySet()) {
            Load load = Load.of(product.port(), reading.getValue(), key.key(), "");
            load.closed(1, PHASE.dividedBy(2));
            latencies.put(reading.getKey(), load.closed(1, PHASE).latency());
        }
        return new Measured(size, seconds, latencies);
    }

    private static String report(List<Measured> all) {
        StringBuilder text = new StringBuilder();
        text.append("One tenant with so many events of a meter in 30 days,")
                .append(
                        " 1,000 subjects, 12 plugins, 8 models, 5 keys; what the last hour brought is read from its records. One")
                .append(" connection, through REST with a key; in ms.\n\n| 30 days |");
        all.forEach(one -> text.append(String.format(Locale.ROOT, " %,d events: p50 | p95 | p99 |", one.events())));
        text.append("\n|---|").append("---|---|---|".repeat(all.size())).append('\n');
        for (String reading : READINGS.keySet()) {
            text.append("| ").append(reading).append(" |");
            for (Measured one : all) {
                Histogram latency = one.latencies().get(reading);
                for (double percentile : new double[] {50, 95, 99}) {
                    text.append(String.format(
                            Locale.ROOT, " %.1f |", PerformanceReport.ms(latency.getValueAtPercentile(percentile))));
                }
            }
            text.append('\n');
        }
        text.append('\n');
        all.forEach(one -> text.append(String.format(
                Locale.ROOT,
                "All of the %,d events rolled up in %.0f s, %,.0f a second.%n",
                one.events(),
                one.rollupSeconds(),
                one.events() / one.rollupSeconds())));
        return text.toString();
    }
}
