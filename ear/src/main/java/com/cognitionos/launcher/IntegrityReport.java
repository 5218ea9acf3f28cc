package com.cognitionos.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a running installation whether all that it stores agrees with itself, and prints what it says. */
final class IntegrityReport {

    /** Everything holds. */
    static final int HELD = 0;

    /** Something does not hold; what, is printed. */
    static final int BROKEN = 1;

    /** It could not be asked. */
    static final int UNKNOWN = 2;

    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([0-9a-f-]{36})\"");
    private static final String CHECKS = "/api/v3/operator/integrity-checks";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PAUSE_MS = 500;

    private final String base;
    private final String key;
    private final PrintStream out;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private IntegrityReport(String base, String key, PrintStream out) {
        this.base = base;
        this.key = key;
        this.out = out;
    }

    /** Of the installation with these settings, by its operator key. @return the exit code */
    static int print(Settings settings, Map<String, String> environment, PrintStream out)
            throws StartFailure, InterruptedException {
        String key = operatorKey(settings, environment)
                .orElseThrow(() -> new StartFailure("There is no operator key: neither COGNITIONOS_OPERATOR_KEY nor "
                        + settings.data().resolve("operator.key")));
        return new IntegrityReport(settings.baseUrl(), key, out).print();
    }

    private static Optional<String> operatorKey(Settings settings, Map<String, String> environment)
            throws StartFailure {
        for (String name : new String[] {"COGNITIONOS_BOOTSTRAP_OPERATOR_KEY", "COGNITIONOS_OPERATOR_KEY"}) {
            String given = environment.get(name);
            if (given != null && !given.isBlank()) {
                return Optional.of(given.strip());
            }
        }
        var file = settings.data().resolve("operator.key");
        try {
            return Files.isReadable(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new StartFailure("The operator key in " + file + " cannot be read.", e);
        }
    }

    private int print() throws StartFailure, InterruptedException {
        Matcher id = ID.matcher(send(request(CHECKS).POST(HttpRequest.BodyPublishers.noBody())));
        if (!id.find()) {
            throw new StartFailure(base + " says nothing of a check.");
        }
        String report = send(request(CHECKS + "/" + id.group(1) + "/report"));
        while (report.startsWith("running")) {
            Thread.sleep(PAUSE_MS);
            report = send(request(CHECKS + "/" + id.group(1) + "/report"));
        }
        out.print(report);
        out.flush();
        return report.startsWith("held") ? HELD : report.startsWith("broken") ? BROKEN : UNKNOWN;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + key);
    }

    private String send(HttpRequest.Builder request) throws StartFailure, InterruptedException {
        try {
            HttpResponse<String> reply = http.send(request.build(), BodyHandlers.ofString());
            if (reply.statusCode() / 100 != 2) {
                throw new StartFailure(base + " refuses the check with status " + reply.statusCode() + ": "
                        + reply.body().lines().findFirst().orElse(""));
            }
            return reply.body();
        } catch (IOException e) {
            throw new StartFailure(
                    "Nothing answers at " + base + "; the check asks a running installation, so start it first.", e);
        }
    }
}
