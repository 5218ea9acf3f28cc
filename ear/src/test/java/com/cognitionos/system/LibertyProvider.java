package com.cognitionos.system;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A real OpenID provider: Open Liberty with {@code openidConnectServer-1.0}, from the runtime that the product uses. */
final class LibertyProvider implements AutoCloseable {

    static final String CLIENT = "cognitionos";

    private final String secret = UUID.randomUUID().toString();
    private final int port = Product.freePort();
    private final Path console;
    private final Process server;

    /** @param back the redirect address that its client registered */
    LibertyProvider(String back) {
        Path home = Path.of(System.getProperty("cognitionos.home"));
        Path liberty = home.resolve("ear/target/liberty/wlp");
        Path tools = liberty.resolve("bin/tools");
        String options = Runtime.version().feature() >= 24 ? "java24.options" : "java9.options";
        try {
            Path user = Files.createTempDirectory("cognitionos-openid");
            console = user.resolve("console.txt");
            Path configuration = Files.createDirectories(user.resolve("servers/op"));
            Path source = home.resolve("ear/src/test/resources/openid");
            Files.copy(source.resolve("server.xml"), configuration.resolve("server.xml"));
            Path pages = Files.createDirectories(configuration.resolve("apps/people.war"));
            Files.copy(source.resolve("login.html"), pages.resolve("login.html"));
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-javaagent:" + tools.resolve("ws-javaagent.jar"),
                    "@" + liberty.resolve("lib/platform/java").resolve(options),
                    "-Xmx384m"));
            command.addAll(List.of(Product.SHORT_LIVED.split(" ")));
            command.addAll(List.of("-jar", tools.resolve("ws-server.jar").toString(), "op"));
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("WLP_USER_DIR", user.toString());
            builder.environment().put("WLP_OUTPUT_DIR", user.resolve("output").toString());
            builder.environment().put("OP_PORT", Integer.toString(port));
            builder.environment().put("OP_SECRET", secret);
            builder.environment().put("OP_REDIRECT", back);
            builder.environment().remove("LOG_DIR");
            server = builder.redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(console.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(server::destroy));
        Await.until("the OpenID provider to start, see " + console, 240, () -> {
            if (!server.isAlive()) {
                throw new AssertionError("the OpenID provider ended, see " + console);
            }
            return read().contains("CWWKF0011I");
        });
    }

    private String read() {
        try {
            return Files.readString(console);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String issuer() {
        return "http://localhost:" + port + "/oidc/endpoint/op";
    }

    /** Of the client, and everybody's password. */
    String secret() {
        return secret;
    }

    @Override
    public void close() {
        server.destroy();
        try {
            if (!server.waitFor(60, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
