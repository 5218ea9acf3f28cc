package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.system.bare.BareGate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jboss.shrinkwrap.api.Node;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/**
 * What authentication, rate limit and entitlement add to a request: {@code ./mvnw -Pbenchmarks verify}.
 *
 * <p>One server, one database, one endpoint ({@code GET /v3/api-keys}: a transaction with one small query), deployed three
 * times: as it is, at {@code /limited} without its entitlement, the count of the call, and at {@code /bare} with
 * {@link BareGate} in the place of all gates. They are measured in turn, round by round, and the figures are medians of
 * the rounds. It asserts nothing about time.
 */
class GateBenchmark {

    private static final int RATE = 2_000;
    private static final int CONNECTIONS = 16;
    private static final int CLOSED_CONNECTIONS = 4;
    private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 7);
    private static final Duration PHASE = Duration.ofSeconds(Integer.getInteger("benchmark.seconds", 10));
    private static final Duration WARM_UP = Duration.ofSeconds(20);

    /** The same work with nothing before it, with key and rate limit, and with all of it, under the same load. */
    private record Round(List<Load.Result> results) {

        Load.Result bare() {
            return results.get(0);
        }
    }

    @Test
    void theCostOfTheGate() throws Exception {
        Path home = Path.of(System.getProperty("cognitionos.home"));
        try (Product product = Product.start(
                "benchmark",
                Map.of(
                        "JAVA_TOOL_OPTIONS",
                        "-Dcognitionos.home=" + withTwins(home),
                        "COGNITIONOS_DEMO",
                        "false",
                        "COGNITIONOS_JVM_OPTIONS",
                        ""))) {
            Api operator = product.api();
            String tenant = operator.testTenant("benchmark", "enterprise", "2026-01-31T00:00:00Z");
            operator.withoutRateLimit(tenant);
            Api key = operator.keyFor(tenant, "keys:read");
            String bearer = "Authorization: Bearer " + key.key();
            List<Load> loads = List.of(
                    new Load(product.port(), request("/bare/v3/api-keys", BareGate.TENANT + ": " + tenant)),
                    new Load(product.port(), request("/limited/v3/api-keys", bearer)),
                    new Load(product.port(), request("/api/v3/api-keys", bearer)));
            assertThat(loads.get(0).once()).startsWith("HTTP/1.1 200").doesNotContain("RateLimit");
            assertThat(loads.get(1).once()).startsWith("HTTP/1.1 200").contains("RateLimit");
            assertThat(loads.get(2).once()).startsWith("HTTP/1.1 200").contains("RateLimit");

            for (Load load : loads) {
                load.closed(CLOSED_CONNECTIONS, WARM_UP);
                load.open(CONNECTIONS, RATE, WARM_UP);
            }
            List<Round> open = new ArrayList<>();
            List<Round> closed = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                open.add(round(i, loads, load -> load.open(CONNECTIONS, RATE, PHASE)));
                closed.add(round(i, loads, load -> load.closed(CLOSED_CONNECTIONS, PHASE)));
            }
            PerformanceReport.section("gate", "Gate", report(open, closed));
        }
    }

    @FunctionalInterface
    private interface Measured {
        Load.Result of(Load load) throws Exception;
    }

    /** Each starts a round as often as the others. */
    private static Round round(int number, List<Load> loads, Measured measured) throws Exception {
        Load.Result[] results = new Load.Result[loads.size()];
        for (int i = 0; i < results.length; i++) {
            int turn = (number + i) % results.length;
            results[turn] = measured.of(loads.get(turn));
        }
        return new Round(List.of(results));
    }

    private static String request(String path, String header) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n\r\n";
    }

    /** A place that looks like the built product, whose EAR has the API three times. */
    private static Path withTwins(Path home) throws IOException {
        Path built = home.resolve("ear/target");
        EnterpriseArchive ear = ShrinkWrap.create(ZipImporter.class, "cognitionos.ear")
                .importFrom(built.resolve("cognitionos.ear").toFile())
                .as(EnterpriseArchive.class);
        Path api = Files.createTempFile("api-rest", ".war");
        try (var in = ear.get("api-rest.war").getAsset().openStream()) {
            Files.copy(in, api, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        WebArchive limited = without("limited.war", api, "ScopeGate");
        WebArchive bare = without("bare.war", api, "ScopeGate|OperatorGate")
                .addClass(BareGate.class)
                .setWebXML(new StringAsset(text(limited.get("/WEB-INF/web.xml"))
                        .replace("com.cognitionos.rest.ApiGate", BareGate.class.getName())));
        String descriptor = text(ear.get("META-INF/application.xml"));
        ear.setApplicationXML(new StringAsset(descriptor.replaceFirst(
                        "(?=<library-directory>)",
                        Stream.of("bare", "limited")
                                .map(name -> "<module><web><web-uri>" + name + ".war</web-uri><context-root>/" + name
                                        + "</context-root></web></module>")
                                .collect(Collectors.joining()))))
                .addAsModule(bare)
                .addAsModule(limited);

        Path place = Files.createTempDirectory("cognitionos-benchmark");
        Path target = Files.createDirectories(place.resolve("ear/target"));
        Files.createSymbolicLink(place.resolve("server.xml"), home.resolve("server.xml"));
        Files.createSymbolicLink(target.resolve("liberty"), built.resolve("liberty"));
        Files.createDirectories(built.resolve("postgresql"));
        Files.createSymbolicLink(target.resolve("postgresql"), built.resolve("postgresql"));
        ear.as(ZipExporter.class).exportTo(target.resolve("cognitionos.ear").toFile());
        Files.delete(api);
        return place;
    }

    private static WebArchive without(String name, Path war, String gates) {
        WebArchive copy = ShrinkWrap.create(ZipImporter.class, name)
                .importFrom(war.toFile())
                .as(WebArchive.class);
        List.copyOf(copy.getContent().keySet()).stream()
                .filter(path ->
                        path.get().matches("/WEB-INF/classes/com/cognitionos/rest/(" + gates + ")(\\$.*)?\\.class"))
                .forEach(copy::delete);
        return copy;
    }

    private static String text(Node node) throws IOException {
        try (var in = node.getAsset().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String report(List<Round> open, List<Round> closed) {
        StringBuilder text = new StringBuilder();
        text.append(
                        "What authentication, rate limit and entitlement add to a request: `GET /api/v3/api-keys` with a key,")
                .append(
                        " against the same resource in the same server without any gate. \"Limited\" has the key looked up")
                .append(
                        " and the rate limited, \"all\" also checks the scope and counts the call, committed before the")
                .append(" reply. Medians of ")
                .append(open.size())
                .append(" rounds of ")
                .append(PHASE.toSeconds())
                .append(" s each, in ms; \"+\" is the median of the rounds' differences.\n\n");
        text.append("| load | percentile | without | limited | + | all | + |\n|---|---|---|---|---|---|---|\n");
        rows(text, "open loop, " + RATE + " requests/s, from the intended start", open);
        rows(text, "closed loop, " + CLOSED_CONNECTIONS + " connections", closed);
        text.append(String.format(
                Locale.ROOT,
                "%nClosed loop: %.0f requests/s without, %.0f limited, %.0f with all.%n",
                PerformanceReport.median(closed, round -> round.results().get(0).perSecond()),
                PerformanceReport.median(closed, round -> round.results().get(1).perSecond()),
                PerformanceReport.median(closed, round -> round.results().get(2).perSecond())));
        return text.toString();
    }

    private static void rows(StringBuilder text, String load, List<Round> rounds) {
        for (double percentile : new double[] {50, 90, 99}) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | p%.0f | %.2f |",
                    load,
                    percentile,
                    PerformanceReport.median(rounds, round -> ms(round.bare().latency(), percentile))));
            for (int i = 1; i <= 2; i++) {
                int gated = i;
                text.append(String.format(
                        Locale.ROOT,
                        " %.2f | %.2f |",
                        PerformanceReport.median(
                                rounds, round -> ms(round.results().get(gated).latency(), percentile)),
                        PerformanceReport.median(
                                rounds,
                                round -> ms(round.results().get(gated).latency(), percentile)
                                        - ms(round.bare().latency(), percentile))));
            }
            text.append('\n');
        }
    }

    private static double ms(Histogram latency, double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e6;
    }
}
