package com.cognitionos.system;

import static com.cognitionos.system.PerformanceReport.median;
import static com.cognitionos.system.PerformanceReport.ms;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How long a caller waits for what programs ask most: an entitlement, a reservation, an invoice, a list of invoices. */
class LatencyBenchmark {

    private static final int RATE = 1_000;
    private static final int CONNECTIONS = 16;
    private static final int CLOSED_CONNECTIONS = 4;
    private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 5);
    private static final Duration PHASE = Duration.ofSeconds(Integer.getInteger("benchmark.seconds", 10));
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("benchmark.warmup", 15));

    private record Measured(List<Load.Result> open, List<Load.Result> closed) {}

    @Test
    void latencyOfTheApi() throws Exception {
        try (Product product =
                Product.start("latency", Map.of("COGNITIONOS_DEMO", "false", "COGNITIONOS_JVM_OPTIONS", ""))) {
            Map<String, Load> loads = loads(product);
            for (Load load : loads.values()) {
                load.once();
                load.closed(CLOSED_CONNECTIONS, WARM_UP);
            }
            Map<String, Measured> measured = new LinkedHashMap<>();
            loads.keySet().forEach(name -> measured.put(name, new Measured(new ArrayList<>(), new ArrayList<>())));
            for (int round = 0; round < ROUNDS; round++) {
                for (Map.Entry<String, Load> one : loads.entrySet()) {
                    measured.get(one.getKey()).open().add(one.getValue().open(CONNECTIONS, RATE, PHASE));
                    measured.get(one.getKey()).closed().add(one.getValue().closed(CLOSED_CONNECTIONS, PHASE));
                }
            }
            PerformanceReport.section("latency", "Latency of the API", report(measured));
        }
    }

    private static Map<String, Load> loads(Product product) {
        Api operator = product.api();
        String tenant = operator.testTenant("latency", "enterprise", "2025-01-31T00:00:00Z");
        operator.withoutRateLimit(tenant);
        Api key = operator.keyFor(tenant, "entitlements:read", "entitlements:write");
        String billed = operator.testTenant("latency-billed", "pro", "2025-01-31T00:00:00Z");
        operator.withoutRateLimit(billed);
        operator.moveClock(billed, "2026-02-01T00:00:00Z");
        Api reader = operator.keyFor(billed, "invoices:read", "subscriptions:read");
        String invoice = operator.forTenant(billed).invoices().get(0).get("id").getAsString();
        Map<String, Load> loads = new LinkedHashMap<>();
        loads.put(
                "an entitlement, `GET …/entitlements/executions`",
                Load.of(product.port(), "/api/v3/entitlements/executions", key.key(), ""));
        loads.put(
                "a reservation, `POST …/entitlements/executions/reservations`",
                Load.of(
                        product.port(),
                        "/api/v3/entitlements/executions/reservations",
                        key.key(),
                        "{\"quantity\": 1, \"ttl_seconds\": 600}"));
        loads.put(
                "an invoice, `GET …/invoices/{id}`",
                Load.of(product.port(), "/api/v3/invoices/" + invoice, reader.key(), ""));
        loads.put(
                "twelve invoices, `GET …/subscriptions/invoices`",
                Load.of(product.port(), "/api/v3/subscriptions/invoices?page_size=12", reader.key(), ""));
        return loads;
    }

    private static String report(Map<String, Measured> measured) {
        StringBuilder text = new StringBuilder();
        text.append("With a key, through all gates and with the call counted before the reply. Open loop: ")
                .append(RATE)
                .append(" requests/s, from the instant at which each was due; closed loop: ")
                .append(CLOSED_CONNECTIONS)
                .append(" connections. In ms, medians of ")
                .append(ROUNDS)
                .append(" rounds of ")
                .append(PHASE.toSeconds())
                .append(" s.\n\n| | open p50 | p99 | closed p50 | p99 | requests/s |\n|---|---|---|---|---|---|\n");
        measured.forEach((name, one) -> text.append(String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.2f | %.2f | %.0f |%n",
                name,
                percentile(one.open(), 50),
                percentile(one.open(), 99),
                percentile(one.closed(), 50),
                percentile(one.closed(), 99),
                median(one.closed(), Load.Result::perSecond))));
        return text.toString();
    }

    private static double percentile(List<Load.Result> rounds, double percentile) {
        return median(rounds, round -> ms(round.latency().getValueAtPercentile(percentile)));
    }
}
