package com.cognitionos.launcher;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Open Liberty with the EAR, as a direct child. The server's own scripts would put shells in between, which a signal may
 * reach instead of the server.
 */
final class LibertyServer implements AutoCloseable {

    private static final String NAME = "cognitionos";
    private static final String HEAP = "-Xmx1g";
    private static final long STOP_LIMIT_S = 30;
    /** Settings of the shell that would lead the server elsewhere, and the owner's login, which is not its business. */
    private static final List<String> WITHHELD = List.of(
            "COGNITIONOS_DB_URL",
            "COGNITIONOS_DB_USER",
            "COGNITIONOS_DB_PASSWORD",
            "LOG_FILE",
            "X_LOG_DIR",
            "X_LOG_FILE",
            "VARIABLE_SOURCE_DIRS");

    private final Process process;
    private final Path pidFile;
    private final Path gate;
    private volatile boolean open;

    private LibertyServer(Process process, Path pidFile, Path gate) {
        this.process = process;
        this.pidFile = pidFile;
        this.gate = gate;
    }

    /** Ends the server that a killed start left on this data directory, if any. */
    static void endLeftover(DataDirectory data) throws IOException {
        var pidFile = pidFile(data);
        Leftover.in(pidFile, mark(data)).ifPresent(Leftover::end);
        Files.deleteIfExists(pidFile);
    }

    /** @throws StartFailure if someone else listens there */
    static void requireFreePort(Settings settings) throws StartFailure {
        var local = settings.baseUrl().contains("//localhost:");
        try (var probe = new ServerSocket()) {
            var address = local ? InetAddress.getLoopbackAddress() : InetAddress.getByName(settings.host());
            probe.bind(new InetSocketAddress(address, settings.port()));
        } catch (IOException e) {
            throw new StartFailure(
                    "Port " + settings.port()
                            + " is in use or not allowed; set COGNITIONOS_HTTP_PORT to a free port, or end what listens"
                            + " there.",
                    e);
        }
    }

    /**
     * The server comes up beside the database: it touches it only after {@link #open}, and serves nobody before.
     *
     * @param jvmOptions win over the launcher's own
     * @param environment added to this process's environment; wins
     */
    static LibertyServer start(
            Installation installation, DataDirectory data, List<String> jvmOptions, Map<String, String> environment)
            throws IOException {
        var configuration = data.liberty().resolve("servers").resolve(NAME);
        Files.createDirectories(configuration);
        Files.copy(installation.serverXml(), configuration.resolve("server.xml"), StandardCopyOption.REPLACE_EXISTING);

        var builder = new ProcessBuilder(command(installation.liberty(), jvmOptions, mark(data)));
        builder.directory(data.liberty().toFile());
        builder.environment().keySet().removeAll(WITHHELD);
        builder.environment().putAll(environment);
        builder.environment().putAll(places(installation, data));
        builder.redirectErrorStream(true);
        builder.redirectOutput(console(data).toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(nothing()));

        var gate = gate(data);
        Files.deleteIfExists(gate);
        var process = builder.start();
        Files.writeString(pidFile(data), Long.toString(process.pid()));
        return new LibertyServer(process, pidFile(data), gate);
    }

    private static List<String> command(Path liberty, List<String> jvmOptions, String mark) {
        var tools = liberty.resolve("bin").resolve("tools");
        // From Java 24 on the security manager is gone, and its option with it.
        var options = Runtime.version().feature() >= 24 ? "java24.options" : "java9.options";
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-javaagent:" + tools.resolve("ws-javaagent.jar"),
                "@" + liberty.resolve("lib").resolve("platform").resolve("java").resolve(options),
                HEAP,
                "-XX:+ExitOnOutOfMemoryError",
                "-Dfile.encoding=UTF-8",
                "-Djava.awt.headless=true",
                "-Duser.timezone=UTC",
                mark));
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", tools.resolve("ws-server.jar").toString(), NAME));
        return command;
    }

    private static Map<String, String> places(Installation installation, DataDirectory data) {
        var places = new HashMap<String, String>();
        places.put("WLP_USER_DIR", data.liberty().toString());
        places.put("WLP_OUTPUT_DIR", data.liberty().resolve("output").toString());
        places.put("LOG_DIR", data.logs().toString());
        places.put("COGNITIONOS_DATA_DIR", data.root().toString());
        places.put("COGNITIONOS_START_GATE", gate(data).toString());
        places.put("COGNITIONOS_EAR", installation.ear().toString());
        places.put("COGNITIONOS_JDBC_DIR", installation.jdbc().toString());
        return places;
    }

    static Path console(DataDirectory data) {
        return data.logs().resolve("console.log");
    }

    private static Path pidFile(DataDirectory data) {
        return data.liberty().resolve("server.pid");
    }

    private static Path gate(DataDirectory data) {
        return data.liberty().resolve("database.ready");
    }

    private static String mark(DataDirectory data) {
        return "-Dcognitionos.data=" + data.root();
    }

    private static File nothing() {
        return new File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null");
    }

    /** Lets it use the database, which is up and has the schema of this version. */
    void open() throws IOException {
        // In this order: from the file on it may have done something.
        open = true;
        Files.createFile(gate);
    }

    boolean isRunning() {
        return process.isAlive();
    }

    @Override
    public void close() throws IOException {
        if (open) {
            process.destroy();
        } else {
            // It has done nothing yet, and waits for us: an orderly stop would only take its time.
            process.destroyForcibly();
        }
        try {
            if (!process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(STOP_LIMIT_S, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        Files.deleteIfExists(pidFile);
    }
}
