package com.cognitionos.launcher;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment asks for. An empty variable counts as absent.
 *
 * @param host interface the server listens on, {@code *} for all
 * @param port 1 to 65535
 * @param data absolute
 * @param external the PostgreSQL to use instead of the embedded one
 * @param tls whether people reach it by TLS, which a balancer in front ends; session cookies are then for TLS alone
 * @param demo whether an empty database is to get the demo world
 * @param pepper key for the hashes of API keys, if the environment fixes it
 * @param encryptionKey what secrets at rest are encrypted under, if the environment fixes it
 * @param jvmOptions of the server's JVM, after the launcher's own, so that they win; none holds a blank
 */
record Settings(
        String host,
        int port,
        Path data,
        Optional<DatabaseLogin> external,
        boolean tls,
        boolean demo,
        Optional<String> pepper,
        Optional<String> encryptionKey,
        List<String> jvmOptions) {

    /**
     * @param environment as of {@link System#getenv()}
     * @param home what a relative data directory is relative to
     * @throws StartFailure if a variable has no meaning; the message names it
     */
    static Settings of(Map<String, String> environment, Path home) throws StartFailure {
        var variables = new Variables(environment);
        var external = external(variables);
        requireProvider(variables);
        return new Settings(
                variables.text("COGNITIONOS_HTTP_HOST").orElse("localhost"),
                variables.port("COGNITIONOS_HTTP_PORT", 9080),
                variables.path("COGNITIONOS_DATA_DIR", home, ".data"),
                external,
                variables.truth("COGNITIONOS_TLS", false),
                variables.truth("COGNITIONOS_DEMO", external.isEmpty()),
                variables.text("COGNITIONOS_PEPPER"),
                variables.text("COGNITIONOS_ENCRYPTION_KEY"),
                variables.words("COGNITIONOS_JVM_OPTIONS"));
    }

    /** The server reads these itself; a start that could not charge anybody ends here, with the reason. */
    private static void requireProvider(Variables variables) throws StartFailure {
        var provider = variables.text("COGNITIONOS_BILLING_PROVIDER").orElse("mock");
        if (!List.of("mock", "stripe").contains(provider)) {
            throw new StartFailure("COGNITIONOS_BILLING_PROVIDER is \"" + provider + "\"; set it to mock or stripe.");
        }
        if (provider.equals("stripe")
                && variables.text("COGNITIONOS_STRIPE_API_KEY").isEmpty()) {
            throw new StartFailure("COGNITIONOS_BILLING_PROVIDER is stripe, which needs COGNITIONOS_STRIPE_API_KEY;"
                    + " set it to a secret key of your Stripe account, or set the provider to mock.");
        }
        var base = variables.text("COGNITIONOS_STRIPE_API_BASE");
        if (base.isPresent() && !base.get().matches("https?://[^/?#]+")) {
            throw new StartFailure("COGNITIONOS_STRIPE_API_BASE is \"" + base.get()
                    + "\"; set it to scheme, host and port, such as http://localhost:12111.");
        }
    }

    private static Optional<DatabaseLogin> external(Variables variables) throws StartFailure {
        var url = variables.text("COGNITIONOS_DB_URL");
        var user = variables.text("COGNITIONOS_DB_USER");
        var password = variables.text("COGNITIONOS_DB_PASSWORD");
        if (url.isEmpty()) {
            if (user.isPresent() || password.isPresent()) {
                throw new StartFailure("COGNITIONOS_DB_USER and COGNITIONOS_DB_PASSWORD need COGNITIONOS_DB_URL,"
                        + " such as jdbc:postgresql://localhost:5432/cognitionos; set it, or unset both.");
            }
            return Optional.empty();
        }
        return Optional.of(DatabaseLogin.of(url.get(), user, password));
    }

    /** The address under which this machine reaches the server; scheme, host and port without a trailing slash. */
    String baseUrl() {
        var everywhere = host.equals("*") || host.equals("0.0.0.0") || host.equals("::");
        return "http://" + (everywhere ? "localhost" : host) + ":" + port;
    }

    /** A browser takes a cookie of the first name only by TLS, for this host alone and for all of it. */
    String sessionCookie() {
        return tls ? "__Host-cognitionos_session" : "cognitionos_session";
    }

    private record Variables(Map<String, String> environment) {

        Optional<String> text(String name) {
            return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
        }

        List<String> words(String name) {
            return text(name).map(value -> Arrays.asList(value.split("\\s+"))).orElse(List.of());
        }

        int port(String name, int absent) throws StartFailure {
            var value = text(name);
            if (value.isEmpty()) {
                return absent;
            }
            if (value.get().matches("\\d{1,5}")) {
                int port = Integer.parseInt(value.get());
                if (port >= 1 && port <= 65_535) {
                    return port;
                }
            }
            throw new StartFailure(name + " is \"" + value.get() + "\"; set it to a port number from 1 to 65535.");
        }

        boolean truth(String name, boolean absent) throws StartFailure {
            var value = text(name).map(String::toLowerCase);
            if (value.isEmpty()) {
                return absent;
            }
            return switch (value.get()) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new StartFailure(name + " is \"" + value.get() + "\"; set it to true or false.");
            };
        }

        Path path(String name, Path home, String absent) throws StartFailure {
            var value = text(name).orElse(absent);
            try {
                return home.resolve(value).toAbsolutePath().normalize();
            } catch (InvalidPathException e) {
                throw new StartFailure(name + " is \"" + value + "\", which is no path; set it to a directory.", e);
            }
        }
    }
}
