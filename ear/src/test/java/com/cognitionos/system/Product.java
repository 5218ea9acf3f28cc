package com.cognitionos.system;

import com.cognitionos.launcher.FileTree;
import com.cognitionos.launcher.PreparedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The product, running on a port and a data directory of its own. */
final class Product implements AutoCloseable {

    private static final String READY = "Ctrl-C stops it";
    /** A server of a few minutes does not earn back what the optimising compiler costs: a start takes half the CPU time. */
    static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private static final Warmth WARM = new Warmth();

    private final Path data;
    private final int port;
    private final Map<String, String> environment;
    private Process launcher;

    private Product(Path data, int port, Map<String, String> environment) {
        this.data = data;
        this.port = port;
        this.environment = environment;
    }

    /** The one that tests share which leave it as they found it; it ends with the JVM. */
    static Product shared() {
        return Shared.PRODUCT;
    }

    private static final class Shared {
        static final Product PRODUCT =
                start("shared", Map.of("COGNITIONOS_DEMO", "true", "COGNITIONOS_WEBHOOK_ALLOW_PRIVATE", "true"));

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(PRODUCT::close));
        }
    }

    /** A new one with nobody and nothing in its database, unless it is given another database. */
    static Product start(String name, Map<String, String> environment) {
        try {
            Path data = place(name);
            if (!environment.containsKey("COGNITIONOS_DB_URL")) {
                PreparedDatabase.copyTo(data);
            }
            WARM.handTo(data);
            return started(data, environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new one that has to make its database as well. */
    static Product startFromNothing(String name, Map<String, String> environment) {
        try {
            return started(place(name), environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path place(String name) throws IOException {
        return Files.createTempDirectory("cognitionos-" + name).resolve("data");
    }

    private static Product started(Path data, Map<String, String> environment) {
        Product product = new Product(data, freePort(), environment);
        product.start();
        return product;
    }

    /** Starts it (again) and waits until its box is on the console. */
    void start() {
        launcher = launch(data, port, environment, output());
        Await.until("the product to start, see " + output(), 240, () -> {
            if (!launcher.isAlive()) {
                throw new AssertionError("The launcher ended:\n" + console());
            }
            return console().contains(READY);
        });
    }

    /** The launcher as a process; its console goes to {@code output}. */
    static Process launch(Path data, int port, Map<String, String> environment, Path output) {
        try {
            Files.createDirectories(output.getParent());
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(SHORT_LIVED.split(" ")));
            command.addAll(List.of(
                    "-cp",
                    System.getProperty("java.class.path"),
                    "com.cognitionos.launcher.CognitionOs",
                    "--stop-with-parent"));
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().keySet().removeIf(name -> name.startsWith("COGNITIONOS_"));
            builder.environment().put("COGNITIONOS_DATA_DIR", data.toString());
            builder.environment().put("COGNITIONOS_HTTP_PORT", Integer.toString(port));
            // All tests come from one address.
            builder.environment().put("COGNITIONOS_ANONYMOUS_RATE_LIMIT", "100000");
            builder.environment().put("COGNITIONOS_JVM_OPTIONS", SHORT_LIVED);
            builder.environment().putAll(environment);
            return builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What SIGTERM or Ctrl-C does: an orderly stop. @return the launcher's exit code */
    int stop() {
        List<ProcessHandle> family = family();
        launcher.destroy();
        try {
            if (!launcher.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("The launcher does not stop:\n" + console());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        Await.until("all its processes to end", 30, () -> family.stream().noneMatch(Product::lives));
        return launcher.exitValue();
    }

    /** What every demo person signs in with. */
    String demoPassword() {
        try {
            String line = Files.readAllLines(data.resolve("demo-sign-ins.txt")).get(0);
            return line.substring(line.lastIndexOf(' ') + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** kill -9 for launcher, server and database at one blow. */
    void kill() {
        List<ProcessHandle> family = family();
        family.forEach(ProcessHandle::destroyForcibly);
        Await.until("all its processes to be killed", 30, () -> family.stream().noneMatch(Product::lives));
    }

    /** The launcher and all below it. */
    List<ProcessHandle> family() {
        return Stream.concat(Stream.of(launcher.toHandle()), Stream.concat(launcher.descendants(), postmaster()))
                .toList();
    }

    /** PostgreSQL detaches itself from whoever starts it. */
    private Stream<ProcessHandle> postmaster() {
        try {
            long pid = Long.parseLong(Files.readAllLines(data.resolve("postgres/postmaster.pid"))
                    .get(0)
                    .strip());
            return ProcessHandle.of(pid).stream().flatMap(p -> Stream.concat(Stream.of(p), p.descendants()));
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /** A zombie that nobody reaps counts as ended. */
    private static boolean lives(ProcessHandle process) {
        Path status = Path.of("/proc", Long.toString(process.pid()), "stat");
        try {
            return process.isAlive()
                    && !(Files.exists(status) && Files.readString(status).contains(") Z "));
        } catch (IOException ended) {
            return false;
        }
    }

    Api api() {
        return new Api(url(), operatorKey());
    }

    String url() {
        return "http://localhost:" + port;
    }

    int port() {
        return port;
    }

    Path data() {
        return data;
    }

    private String operatorKey() {
        try {
            return Files.readString(data.resolve("operator.key")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String console() {
        try {
            return Files.exists(output()) ? Files.readString(output()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path output() {
        return data.resolveSibling("console.txt");
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (launcher.isAlive()) {
            stop();
            WARM.takeFrom(data);
        }
    }

    /** What a server has found out of its features and of the EAR, and would have to find out again at another place. */
    private static final class Warmth {

        private static final Path PLACE = Path.of("liberty", "output", "cognitionos", "workarea");

        private Path kept;

        /** Of the first one that has ended in order. */
        synchronized void takeFrom(Path data) {
            try {
                if (kept == null && Files.isDirectory(data.resolve(PLACE))) {
                    Path copy =
                            Files.createTempDirectory("cognitionos-workarea").resolve("workarea");
                    FileTree.copy(data.resolve(PLACE), copy);
                    kept = copy;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        synchronized void handTo(Path data) throws IOException {
            if (kept != null) {
                Files.createDirectories(data.resolve(PLACE).getParent());
                FileTree.copy(kept, data.resolve(PLACE));
            }
        }
    }
}
