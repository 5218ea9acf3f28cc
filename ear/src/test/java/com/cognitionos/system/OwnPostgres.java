package com.cognitionos.system;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL that is not the product's own, such as an installation for others has one. By its own settings a commit need not
 * outlive a crash ({@code synchronous_commit = off}): the product has to ask for that.
 */
final class OwnPostgres implements AutoCloseable {

    private static final String NAME = "shop";

    private final String password = UUID.randomUUID().toString();
    private final EmbeddedPostgres server;
    private final Path data;

    private OwnPostgres(EmbeddedPostgres server, Path data) {
        this.server = server;
        this.data = data;
    }

    static OwnPostgres start() {
        return start("");
    }

    /** @param clause more of the statement that makes the database, such as where it lies */
    static OwnPostgres start(String clause, String... before) {
        try {
            Path data = Files.createTempDirectory("cognitionos-postgres").resolve("data");
            OwnPostgres own = new OwnPostgres(
                    EmbeddedPostgres.builder()
                            .setLocaleConfig("locale", "C")
                            .setServerConfig("max_connections", "150")
                            .setServerConfig("synchronous_commit", "off")
                            .setDataDirectory(data)
                            .start(),
                    data);
            for (String statement : before) {
                own.asSuperuser(statement);
            }
            own.asSuperuser("CREATE ROLE shop LOGIN CREATEROLE CREATEDB PASSWORD '" + own.password + "'");
            own.asSuperuser("ALTER ROLE shop SET createrole_self_grant = 'set, inherit'");
            own.asSuperuser("CREATE DATABASE shop OWNER shop " + clause);
            return own;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getPort();
    }

    /** What the product is told. @param port its own, or that of a wire to it */
    Map<String, String> settings(int port) {
        Map<String, String> settings = new HashMap<>();
        settings.put("COGNITIONOS_DB_URL", "jdbc:postgresql://localhost:" + port + "/" + NAME);
        settings.put("COGNITIONOS_DB_USER", NAME);
        settings.put("COGNITIONOS_DB_PASSWORD", password);
        return settings;
    }

    private void asSuperuser(String statement) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement one = connection.createStatement()) {
            one.execute(statement);
        } catch (SQLException e) {
            throw new AssertionError(statement, e);
        }
    }

    /** A connection that no wall holds. */
    Connection connect() {
        try {
            return server.getDatabase("postgres", NAME).getConnection();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** As whom the product migrates. */
    Connection connectAsOwner() {
        try {
            return server.getDatabase(NAME, NAME).getConnection();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The first column of the first row; empty where there is none. */
    String text(String query) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    /** As an operator does it in a hurry: nobody is waited for, and what was committed is recovered. */
    void restart() {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
            Path programs =
                    Path.of("/proc", Long.toString(pid), "exe").toRealPath().getParent();
            List<String> command = new ArrayList<>();
            if (System.getProperty("user.name").equals("root")) {
                // PostgreSQL does not run as root; the one that is running is in such a place too.
                command.addAll(List.of("unshare", "-U"));
            }
            command.addAll(List.of(
                    programs.resolve("pg_ctl").toString(),
                    "-D",
                    data.toString(),
                    "-m",
                    "immediate",
                    "-w",
                    "-l",
                    data.resolveSibling("restart.log").toString(),
                    "restart"));
            Process restart = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!restart.waitFor(60, TimeUnit.SECONDS) || restart.exitValue() != 0) {
                throw new AssertionError("pg_ctl restart did not succeed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
