package com.cognitionos.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Tells when the server takes requests, or why it never will. */
final class Readiness {

    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final Duration INTERVAL = Duration.ofMillis(250);
    /** Liberty's messages carry a code whose last letter is E for an error. */
    private static final Pattern ERROR = Pattern.compile("\\b[A-Z]{4,5}\\d{4}E:");
    /** An application that has failed to start stays down: no use in waiting. */
    private static final Pattern HOPELESS = Pattern.compile("\\b(CWWKZ000[2-6]E|CWWKE0701E|CWWKG0014E):");

    private static final int LINES_SHOWN = 6;
    private static final int COLUMNS_SHOWN = 300;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final HttpRequest request;
    private final Path console;

    Readiness(Settings settings, Path console) {
        this.request = HttpRequest.newBuilder(URI.create(settings.baseUrl() + "/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        this.console = console;
    }

    /** @throws StartFailure with the last errors of the server's log, if it has not become ready within 180 s */
    void await(LibertyServer server) throws StartFailure, IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end) {
            if (!server.isRunning()) {
                throw failure("Open Liberty ended while it started");
            }
            if (answers()) {
                return;
            }
            if (lines(HOPELESS).size() > 0) {
                throw failure("Open Liberty could not start the application");
            }
            Thread.sleep(INTERVAL.toMillis());
        }
        throw failure("Open Liberty did not become ready within " + LIMIT.toSeconds() + " s");
    }

    private boolean answers() throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private StartFailure failure(String what) throws IOException {
        var errors = lines(ERROR);
        var last = errors.subList(Math.max(0, errors.size() - LINES_SHOWN), errors.size());
        return new StartFailure(what + "; see " + console + "." + String.join("", last));
    }

    private List<String> lines(Pattern pattern) throws IOException {
        // A line may be torn while it is being written; that must not fail the start.
        return new String(Files.readAllBytes(console), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> pattern.matcher(line).find())
                .map(line -> System.lineSeparator() + "  " + line.substring(0, Math.min(line.length(), COLUMNS_SHOWN)))
                .toList();
    }
}
