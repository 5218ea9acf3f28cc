package com.cognitionos.system;

import static com.cognitionos.system.PerformanceReport.median;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** From the command to the first page, and what the idle server takes, with the options that the launcher gives it. */
class StartBenchmark {

    private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 5);
    private static final long IDLE_S = Integer.getInteger("benchmark.idle", 30);
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

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
                long server = server(product);
                heap.add(used(server));
                resident.add(
                        found(RESIDENT, Files.readString(Path.of("/proc", Long.toString(server), "status"))) / 1024.0);
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

    private static long server(Product product) {
        return product.family().stream()
                .map(ProcessHandle::pid)
                .filter(pid -> {
                    try {
                        return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                                .contains("ws-server.jar");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .findFirst()
                .orElseThrow();
    }

    /** In MB, after a full collection. */
    private static double used(long server) throws IOException, InterruptedException {
        jcmd(server, "GC.run");
        return found(USED, jcmd(server, "GC.heap_info")) / 1024.0;
    }

    private static String jcmd(long server, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(server),
                        command)
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return said;
    }

    private static double found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError(pattern + " is not in " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
