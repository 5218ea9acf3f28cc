package com.cognitionos.system;

import static com.cognitionos.system.PerformanceReport.median;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** From the command to the first page, and what the idle server takes, with the options that the launcher gives it. */
class StartBenchmark {

    private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 5);
    private static final long IDLE_S = Integer.getInteger("benchmark.idle", 30);

    @Test
    void startAndMemory() throws Exception {
        List<Double> banner = new ArrayList<>();
        List<Double> page = new ArrayList<>();
        List<Double> heap = new ArrayList<>();
        List<Double> resident = new ArrayList<>();
        Product product = Product.start("start", Map.of("COGNITIONOS_DEMO", "true", "COGNITIONOS_JVM_OPTIONS", ""));
        try {
            for (int round = 0; round < ROUNDS; round++) {
                product.stop();
                long begun = System.nanoTime();
                product.start();
                banner.add(seconds(begun));
                if (new Http(product.url()).get("/sign-in").status() != 200) {
                    throw new AssertionError("no first page");
                }
                page.add(seconds(begun));
                TimeUnit.SECONDS.sleep(IDLE_S);
                ServerMemory memory = new ServerMemory(product);
                heap.add(memory.kept());
                resident.add(memory.resident());
            }
        } finally {
            product.close();
        }
        PerformanceReport.section(
                "start",
                "Start and memory",
                String.format(
                        Locale.ROOT,
                        "A later start with the demo world, from the launcher's start, and the server after %d s without a"
                                + " request: its heap after a full collection, and what it keeps in memory in all (`-Xmx1g`,"
                                + " without PostgreSQL). Medians of %d starts.%n%n"
                                + "| to the box on the console | to the first page | heap of the idle server | resident |%n"
                                + "|---|---|---|---|%n| %.1f s | %.1f s | %.0f MB | %.0f MB |%n",
                        IDLE_S,
                        ROUNDS,
                        middle(banner),
                        middle(page),
                        middle(heap),
                        middle(resident)));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static double middle(List<Double> figures) {
        return median(figures, Double::doubleValue);
    }
}
