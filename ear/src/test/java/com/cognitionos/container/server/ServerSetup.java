package com.cognitionos.container.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.arquillian.container.spi.event.SetupContainer;
import org.jboss.arquillian.container.spi.event.container.AfterStop;
import org.jboss.arquillian.core.api.annotation.Observes;
import org.jspecify.annotations.Nullable;

/** Starts the database and lays out a server directory for it, before Arquillian starts the server. */
public class ServerSetup {

    private static final String SECRET = UUID.randomUUID().toString();

    private @Nullable TestDatabase database;

    void prepare(@Observes(precedence = 100) SetupContainer event) throws IOException, SQLException {
        Path work = Product.target().resolve("container-tests");
        // Arquillian finds the server's process by this name among all of the machine.
        String name = "containertests-" + UUID.randomUUID();
        int port = freePort();
        deleteEarlierRuns(work.resolve("servers"));
        database = TestDatabase.start();
        Path directory = Files.createDirectories(work.resolve("servers").resolve(name));
        Files.copy(Product.testResource("container/server.xml"), directory.resolve("server.xml"));
        Path data = Files.createDirectories(directory.resolve("data"));
        Path overrides =
                Files.createDirectories(directory.resolve("configDropins").resolve("overrides"));
        Files.copy(Product.testResource("container/overrides.xml"), overrides.resolve("tests.xml"));
        Files.write(
                directory.resolve("bootstrap.properties"),
                List.of("cognitionos.home=" + Product.home(), "cognitionos.cutoff=" + driver(directory)));
        Files.write(
                directory.resolve("jvm.options"),
                List.of("-Xmx1g", "-Duser.timezone=UTC", "-Dcrash.stride=" + System.getProperty("crash.stride", "1")));
        Files.write(directory.resolve("server.env"), lines(environment(database, data, port)));

        event.getContainer()
                .getContainerConfiguration()
                .property("wlpHome", Product.liberty().toString())
                .property("usrDir", work.toString())
                .property("serverName", name)
                .property("httpPort", Integer.toString(port));
    }

    void stop(@Observes AfterStop event) throws IOException {
        if (database != null) {
            database.close();
            database = null;
        }
    }

    private static void deleteEarlierRuns(Path servers) throws IOException {
        if (Files.isDirectory(servers)) {
            try (Stream<Path> all = Files.walk(servers)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    private static Map<String, String> environment(TestDatabase database, Path data, int port) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("COGNITIONOS_HTTP_HOST", "localhost");
        environment.put("COGNITIONOS_HTTP_PORT", Integer.toString(port));
        environment.put("COGNITIONOS_DEMO", "false");
        environment.put("COGNITIONOS_DATA_DIR", data.toString());
        environment.put("COGNITIONOS_JDBC_DIR", Product.jdbc().toString());
        environment.put("COGNITIONOS_JDBC_URL", database.url());
        environment.put("COGNITIONOS_APP_DB_USER", "cog_app");
        environment.put("COGNITIONOS_APP_DB_PASSWORD", database.password());
        environment.put("COGNITIONOS_JOBS_DB_USER", "cog_jobs");
        environment.put("COGNITIONOS_JOBS_DB_PASSWORD", database.password());
        environment.put("COGNITIONOS_OWNER_DB_USER", TestDatabase.OWNER);
        environment.put("COGNITIONOS_OWNER_DB_PASSWORD", database.password());
        environment.put("COGNITIONOS_PEPPER", SECRET);
        environment.put("COGNITIONOS_ENCRYPTION_KEY", SECRET);
        environment.put("COGNITIONOS_LTPA_PASSWORD", SECRET);
        // Not there: the product's own entry for the EAR stays empty, the tests' EAR takes its place.
        environment.put("COGNITIONOS_EAR", "comes-by-dropins.ear");
        return environment;
    }

    /** The classes of the driver that breaks off, alone. */
    private static Path driver(Path directory) throws IOException {
        Path classes = Path.of("com", "cognitionos", "container", "cutoff");
        Path folder = directory.resolve("driver");
        Path target = Files.createDirectories(folder.resolve(classes));
        try (Stream<Path> all = Files.list(Product.testResource(classes.toString()))) {
            for (Path file : all.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return folder;
    }

    private static List<String> lines(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.toList());
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
