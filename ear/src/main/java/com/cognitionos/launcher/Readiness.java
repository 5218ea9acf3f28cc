package com.cognitionos.launcher;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Tells when the server takes requests, or why it never will. */
final class Readiness {

    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final int INTERVAL_MS = 100;
    /** Its log is read so many times more seldom than its port is tried. */
    private static final int ROUNDS_PER_LOOK = 10;

    private static final int CONNECT_MS = 2_000;
    private static final int ANSWER_MS = 5_000;
    /** Liberty's messages carry a code whose last letter is E for an error. */
    private static final Pattern ERROR = Pattern.compile("\\b[A-Z]{4,5}\\d{4}E:");
    /** An application that has failed to start stays down: no use in waiting. */
    private static final Pattern HOPELESS = Pattern.compile("\\b(CWWKZ000[2-6]E|CWWKE0701E|CWWKG0014E):");

    private static final int LINES_SHOWN = 6;
    private static final int COLUMNS_SHOWN = 300;

    private final URL ready;
    private final Path console;

    Readiness(Settings settings, Path console) throws MalformedURLException {
        this.ready = URI.create(settings.baseUrl() + "/health/ready").toURL();
        this.console = console;
    }

    /** @throws StartFailure with the last errors of the server's log, if it has not become ready within 180 s */
    void await(LibertyServer server) throws StartFailure, IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        for (int round = 0; System.nanoTime() < end; round++) {
            if (!server.isRunning()) {
                throw failure("Open Liberty ended while it started");
            }
            if (answers()) {
                return;
            }
            if (round % ROUNDS_PER_LOOK == 0 && !lines(HOPELESS).isEmpty()) {
                throw failure("Open Liberty could not start the application");
            }
            Thread.sleep(INTERVAL_MS);
        }
        throw failure("Open Liberty did not become ready within " + LIMIT.toSeconds() + " s");
    }

    /** By what every JVM has loaded anyway: it takes turns with the server, which has none to spare now. */
    private boolean answers() {
        try {
            var request = (HttpURLConnection) ready.openConnection(Proxy.NO_PROXY);
            request.setConnectTimeout(CONNECT_MS);
            request.setReadTimeout(ANSWER_MS);
            return request.getResponseCode() == HttpURLConnection.HTTP_OK;
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
