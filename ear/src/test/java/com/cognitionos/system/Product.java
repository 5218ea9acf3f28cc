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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The product, running on a port and a data directory of its own. */
final class Product implements AutoCloseable {

    private static final String READY = "Ctrl-C stops it";
    /** A server of a few minutes does not earn back what the optimising compiler costs: a start takes half the CPU time. */
    static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private static final Warmth WARM = new Warmth();
    private static final Warmth WARM_AND_LEAN = new Warmth();

    private static final int LOWEST_PORT = 20_000;
    private static final int HIGHEST_PORT = 32_000;

    private final Path data;
    private final int port;
    private final Map<String, String> environment;
    private final @Nullable Path home;
    private Process launcher;

    private Product(Path data, int port, Map<String, String> environment, @Nullable Path home) {
        this.data = data;
        this.port = port;
        this.environment = environment;
        this.home = home;
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
        return started(prepared(directory(name), environment), environment, null);
    }

    /** As {@link #start(String, Map)}, without the portal: see {@link LeanHome}. */
    static Product startLean(String name, Map<String, String> environment) {
        return started(prepared(directory(name), environment), environment, LeanHome.home());
    }

    /** As {@link #startLean}, but comes back at once: {@link #awaitStart} waits. */
    static Product launchLean(String name, Map<String, String> environment) {
        return launched(prepared(directory(name), environment), environment, LeanHome.home());
    }

    /** As {@link #start(String, Map)}, of one that has to make its database as well, and to find out about itself. */
    static Product startFromNothing(String name, Map<String, String> environment) {
        Product product = new Product(directory(name).resolve("data"), freePort(), environment, null);
        product.start();
        return product;
    }

    private static Path directory(String name) {
        try {
            return Files.createTempDirectory("cognitionos-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path prepared(Path directory, Map<String, String> environment) {
        Path data = directory.resolve("data");
        if (!environment.containsKey("COGNITIONOS_DB_URL")) {
            try {
                PreparedDatabase.copyTo(data);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return data;
    }

    private static Product started(Path data, Map<String, String> environment, @Nullable Path home) {
        Product product = launched(data, environment, home);
        product.awaitStart();
        return product;
    }

    private static Product launched(Path data, Map<String, String> environment, @Nullable Path home) {
        Product product = new Product(data, freePort(), environment, home);
        product.warmth().handTo(data);
        product.launch();
        return product;
    }

    private void launch() {
        launcher = launch(data, port, environment, output(), home);
    }

    /** Starts it (again) and waits until its box is on the console. */
    void start() {
        launch();
        awaitStart();
    }

    /** Until its box is on the console. */
    void awaitStart() {
        Await.until("the product to start, see " + output(), 240, () -> {
            if (!launcher.isAlive()) {
                throw new AssertionError("The launcher ended:\n" + console());
            }
            return console().contains(READY);
        });
    }

    /** The launcher as a process; its console goes to {@code output}. */
    static Process launch(Path data, int port, Map<String, String> environment, Path output) {
        return launch(data, port, environment, output, null);
    }

    private static Process launch(
            Path data, int port, Map<String, String> environment, Path output, @Nullable Path home) {
        return launch(data, port, environment, output, home, "--stop-with-parent");
    }

    /** The operator's check of what it stores. @return exit code, a blank and what it prints */
    String check() {
        Path output = data.resolveSibling("check.txt");
        try {
            return launch(data, port, environment, output, home, "check").waitFor() + " " + Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Process launch(
            Path data, int port, Map<String, String> environment, Path output, @Nullable Path home, String argument) {
        try {
            Files.createDirectories(output.getParent());
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(SHORT_LIVED.split(" ")));
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
            if (home != null) {
                command.add("-Dcognitionos.home=" + home);
            }
            command.addAll(List.of("com.cognitionos.launcher.CognitionOs", argument));
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
        // The last thread of a process that counts as ended may hold it for a moment.
        Await.until("its port to be free", 30, () -> isFree(port));
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

    /** Whether anybody is at its port, who would answer. */
    boolean listens() {
        return !isFree(port);
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

    /**
     * Below those that systems give to outgoing connections: else one of them may have it while the product is down, even one
     * to this very port.
     */
    static int freePort() {
        return ThreadLocalRandom.current()
                .ints(LOWEST_PORT, HIGHEST_PORT)
                .filter(Product::isFree)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    @Override
    public void close() {
        if (launcher.isAlive()) {
            stop();
            warmth().takeFrom(data);
        }
    }

    private Warmth warmth() {
        return home == null ? WARM : WARM_AND_LEAN;
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

        synchronized void handTo(Path data) {
            if (kept == null) {
                return;
            }
            try {
                Files.createDirectories(data.resolve(PLACE).getParent());
                FileTree.copy(kept, data.resolve(PLACE));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
