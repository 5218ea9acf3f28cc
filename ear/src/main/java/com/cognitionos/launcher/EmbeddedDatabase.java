package com.cognitionos.launcher;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * A PostgreSQL of our own whose data outlive it, on a free port of the loopback interface, with passwords only.
 *
 * <p>It is started by {@code pg_ctl}, which gives it a session of its own: Ctrl-C at the terminal does not reach it.
 */
final class EmbeddedDatabase implements Database {

    private static final String SUPERUSER = "postgres";
    private static final String OWNER = "cognitionos";
    private static final String DATABASE = "cognitionos";
    /** Recovery after a kill can take a while. */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private static final int LOWEST_PORT = 10_000;
    private static final int HIGHEST_PORT = 20_000;

    private static final String PASSWORDS_ONLY = """
            # Written by the CognitionOS launcher: the loopback interface is shared with every user of this machine.
            local all all scram-sha-256
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128 scram-sha-256
            """;

    private final Path files;
    private final Path binaries;
    private final Path logs;
    private final Secrets secrets;
    private final int port;

    private @Nullable EmbeddedPostgres server;
    private @Nullable ProcessHandle process;

    private EmbeddedDatabase(Path files, Path binaries, Path logs, Secrets secrets, int port) {
        this.files = files;
        this.binaries = binaries;
        this.logs = logs;
        this.secrets = secrets;
        this.port = port;
    }

    /**
     * One that is yet to be started.
     *
     * @param data an earlier start's data in it are kept
     * @param binaries where PostgreSQL is unpacked, if it is not yet
     */
    static EmbeddedDatabase in(DataDirectory data, Path binaries) throws IOException {
        return new EmbeddedDatabase(
                data.postgres(), binaries, data.logs(), new Secrets(data.secret("db.secret")), freePort());
    }

    /**
     * It is taken only in a while, so it is none of those that systems give to outgoing connections: else one of them could
     * have it by then.
     */
    private static int freePort() {
        return ThreadLocalRandom.current()
                .ints(LOWEST_PORT, HIGHEST_PORT)
                .filter(EmbeddedDatabase::isFree)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /**
     * What an earlier start left running is ended.
     *
     * @throws StartFailure if PostgreSQL does not come up
     */
    @Override
    public void start() throws StartFailure, IOException, SQLException {
        var pidFile = files.resolve("postmaster.pid");
        var mark = files.toString();
        Leftover.in(pidFile, mark).ifPresent(Leftover::end);
        // Nobody of ours lives under that number now, but a stranger might, and PostgreSQL would take it for itself.
        Files.deleteIfExists(pidFile);

        var launched = launch();
        server = launched;
        process = Leftover.in(pidFile, mark)
                .map(Leftover::process)
                .orElseThrow(() ->
                        new StartFailure("PostgreSQL ended while it started; see its newest log in " + logs + "."));
        prepare(launched);
    }

    private EmbeddedPostgres launch() throws StartFailure {
        // The library's default is a directory in /tmp that everyone can write.
        System.setProperty("ot.epg.working-dir", binaries.toString());
        try {
            return EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(binaries.toFile())
                    .setDataDirectory(files)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(START_LIMIT)
                    .setConnectConfig("password", secrets.of("superuser"))
                    // The same sort order on every system, whatever its locales.
                    .setLocaleConfig("locale", "C")
                    .setLocaleConfig("locale-provider", "builtin")
                    .setLocaleConfig("builtin-locale", "C.UTF-8")
                    // The library is made for tests and switches durability off.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    // Twice the default: what a month's invoices of some ten thousand tenants touch stays in memory.
                    .setServerConfig("shared_buffers", "256MB")
                    .setServerConfig("max_connections", "100")
                    .setServerConfig("listen_addresses", "localhost")
                    .setServerConfig("unix_socket_directories", "")
                    .setServerConfig("logging_collector", "on")
                    // Relative to the data: a path with a space would not survive the shell in between.
                    .setServerConfig("log_directory", "../logs")
                    .setServerConfig("log_filename", "postgresql-%a.log")
                    .setServerConfig("log_truncate_on_rotation", "on")
                    .start();
        } catch (IOException | IllegalStateException e) {
            throw new StartFailure(
                    "PostgreSQL does not start on " + files + "; the newest postgresql log in " + logs + " says why.",
                    e);
        }
    }

    /** Makes owner and database on the first start. Each statement is repeatable, as a kill can come between any two. */
    private void prepare(EmbeddedPostgres launched) throws SQLException, IOException {
        try (var connection = launched.getPostgresDatabase().getConnection()) {
            requirePasswords(connection);
            if (isMissing(connection, "SELECT 1 FROM pg_roles WHERE rolname = '" + OWNER + "'")) {
                // What a hosted PostgreSQL gives its customer's role, not more: migrations then run there as here.
                execute(connection, "CREATE ROLE " + OWNER + " LOGIN CREATEROLE CREATEDB BYPASSRLS");
                execute(connection, "ALTER ROLE " + OWNER + " SET createrole_self_grant = 'set, inherit'");
            }
            setPassword(connection, OWNER, owner().password());
            if (isMissing(connection, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                execute(connection, "CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
            }
        }
    }

    /** A new cluster trusts everyone on the loopback interface until this has run, a moment after its first start. */
    private void requirePasswords(Connection connection) throws SQLException, IOException {
        var rules = files.resolve("pg_hba.conf");
        if (Files.readString(rules).equals(PASSWORDS_ONLY)) {
            return;
        }
        setPassword(connection, SUPERUSER, secrets.of("superuser"));
        Files.writeString(rules, PASSWORDS_ONLY);
        execute(connection, "SELECT pg_reload_conf()");
    }

    private static void setPassword(Connection connection, String role, String password) throws SQLException {
        connection.unwrap(PGConnection.class).alterUserPassword(role, password.toCharArray(), "scram-sha-256");
    }

    private static boolean isMissing(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            return !rows.next();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public DatabaseLogin owner() {
        return new DatabaseLogin("jdbc:postgresql://localhost:" + port + "/" + DATABASE, OWNER, secrets.of("owner"));
    }

    @Override
    public Secrets secrets() {
        return secrets;
    }

    @Override
    public boolean isRunning() {
        return process != null && Leftover.isRunning(process);
    }

    /** Does nothing where it was not started. */
    @Override
    public void close() {
        try {
            if (server != null) {
                server.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            // The library asks for a fast stop and gives up after 5 s.
            Optional.ofNullable(process)
                    .filter(Leftover::isRunning)
                    .map(Leftover::new)
                    .ifPresent(Leftover::end);
        }
    }
}
