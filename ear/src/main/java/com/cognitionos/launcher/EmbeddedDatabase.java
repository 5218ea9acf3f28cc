package com.cognitionos.launcher;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.postgresql.PGConnection;

/**
 * A PostgreSQL of our own whose data outlive it, on a free port of the loopback interface, with passwords only.
 *
 * <p>It is started by {@code pg_ctl}, which gives it a session of its own: Ctrl-C at the terminal does not reach it.
 */
final class EmbeddedDatabase implements Database, AutoCloseable {

    private static final String SUPERUSER = "postgres";
    private static final String OWNER = "cognitionos";
    private static final String DATABASE = "cognitionos";
    /** Recovery after a kill can take a while. */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private static final String PASSWORDS_ONLY = """
            # Written by the CognitionOS launcher: the loopback interface is shared with every user of this machine.
            local all all scram-sha-256
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128 scram-sha-256
            """;

    private final EmbeddedPostgres server;
    private final ProcessHandle process;
    private final DatabaseLogin owner;
    private final Secrets secrets;

    private EmbeddedDatabase(EmbeddedPostgres server, ProcessHandle process, DatabaseLogin owner, Secrets secrets) {
        this.server = server;
        this.process = process;
        this.owner = owner;
        this.secrets = secrets;
    }

    /**
     * @param data an earlier start's data in it are kept; what it left running is ended
     * @param binaries where PostgreSQL is unpacked, if it is not yet
     * @throws StartFailure if PostgreSQL does not come up
     */
    static EmbeddedDatabase start(DataDirectory data, Path binaries, Secrets secrets)
            throws StartFailure, IOException, SQLException {
        var files = data.postgres();
        var pidFile = files.resolve("postmaster.pid");
        var mark = files.toString();
        Leftover.in(pidFile, mark).ifPresent(Leftover::end);
        // Nobody of ours lives under that number now, but a stranger might, and PostgreSQL would take it for itself.
        Files.deleteIfExists(pidFile);

        var server = launch(files, binaries, secrets.of("superuser"), data.logs());
        var process = Leftover.in(pidFile, mark).map(Leftover::process);
        if (process.isEmpty()) {
            server.close();
            throw new StartFailure("PostgreSQL ended while it started; see its newest log in " + data.logs() + ".");
        }
        var owner = new DatabaseLogin(
                "jdbc:postgresql://localhost:" + server.getPort() + "/" + DATABASE, OWNER, secrets.of("owner"));
        var database = new EmbeddedDatabase(server, process.get(), owner, secrets);
        try {
            database.prepare(files);
            return database;
        } catch (SQLException | IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static EmbeddedPostgres launch(Path files, Path binaries, String superPassword, Path logs)
            throws StartFailure, IOException {
        // The library's default is a directory in /tmp that everyone can write.
        System.setProperty("ot.epg.working-dir", binaries.toString());
        try {
            return EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(binaries.toFile())
                    .setDataDirectory(files)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(START_LIMIT)
                    .setConnectConfig("password", superPassword)
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
    private void prepare(Path files) throws SQLException, IOException {
        try (var connection = server.getPostgresDatabase().getConnection()) {
            requirePasswords(connection, files);
            if (isMissing(connection, "SELECT 1 FROM pg_roles WHERE rolname = '" + OWNER + "'")) {
                // What a hosted PostgreSQL gives its customer's role, not more: migrations then run there as here.
                execute(connection, "CREATE ROLE " + OWNER + " LOGIN CREATEROLE CREATEDB BYPASSRLS");
                execute(connection, "ALTER ROLE " + OWNER + " SET createrole_self_grant = 'set, inherit'");
            }
            setPassword(connection, OWNER, owner.password());
            if (isMissing(connection, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                execute(connection, "CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
            }
        }
    }

    /** A new cluster trusts everyone on the loopback interface until this has run, a moment after its first start. */
    private void requirePasswords(Connection connection, Path files) throws SQLException, IOException {
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
        return owner;
    }

    @Override
    public Secrets secrets() {
        return secrets;
    }

    @Override
    public boolean isRunning() {
        return Leftover.isRunning(process);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            // The library asks for a fast stop and gives up after 5 s.
            Optional.of(process).filter(Leftover::isRunning).map(Leftover::new).ifPresent(Leftover::end);
        }
    }
}
