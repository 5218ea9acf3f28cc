package com.cognitionos.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs in to a running product's own database as its owner, whom the tenant wall does not hold. */
final class DatabaseOwner {

    private final Path data;
    private final List<Connection> locks = new ArrayList<>();

    DatabaseOwner(Product product) {
        data = product.data();
    }

    /** A secret that the launcher derives for that purpose. */
    String secret(String purpose) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(hmac(line("db.secret", 0), "cognitionos " + purpose));
    }

    static byte[] hmac(String key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    int update(String statement, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement prepared = bind(connection, statement, parameters)) {
            return prepared.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(statement, e);
        }
    }

    /** The first column of all rows, as text. */
    List<String> texts(String query, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement prepared = bind(connection, query, parameters);
                ResultSet rows = prepared.executeQuery()) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    /** Every table whose rows belong to tenants, without partitions. */
    List<String> tenantTables() {
        return texts("""
                SELECT c.relname FROM pg_class c
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                  AND (c.relname = 'tenants'
                       OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'
                                  AND NOT a.attisdropped))
                ORDER BY 1""");
    }

    /** Runs the work while the database itself keeps no tenant apart. */
    void withoutRowSecurity(Runnable work) {
        List<String> tables = tenantTables();
        try {
            tables.forEach(table -> update("ALTER TABLE " + table + " DISABLE ROW LEVEL SECURITY"));
            work.run();
        } finally {
            tables.forEach(table -> update("ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY"));
        }
    }

    /** From now on nobody else writes to the table, until {@link #unlock} or the database's end. */
    void lock(String table) {
        try {
            Connection connection = connect();
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement("LOCK TABLE " + table + " IN SHARE MODE")) {
                statement.execute();
            }
            locks.add(connection);
        } catch (SQLException e) {
            throw new AssertionError(table, e);
        }
    }

    void unlock() {
        for (Connection connection : locks) {
            try {
                connection.close();
            } catch (SQLException gone) {
                // With its database.
                continue;
            }
        }
        locks.clear();
    }

    /** How many transactions wait to write to a table that is locked. */
    int waitingFor(String table) {
        return Integer.parseInt(
                texts("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = ?::regclass", table)
                        .get(0));
    }

    private Connection connect() throws SQLException {
        return connect("");
    }

    /** @param options of the driver, each with an ampersand in front */
    Connection connect(String options) throws SQLException {
        return DriverManager.getConnection(address() + options, "cognitionos", secret("owner"));
    }

    /** One that heeds no trigger, foreign key or row security. */
    Connection unguarded() throws SQLException {
        return DriverManager.getConnection(
                address() + "&options=-c%20session_replication_role=replica", "postgres", secret("superuser"));
    }

    private String address() {
        return "jdbc:postgresql://localhost:" + line("postgres/postmaster.pid", 3)
                + "/cognitionos?stringtype=unspecified";
    }

    private static PreparedStatement bind(Connection connection, String statement, Object... parameters)
            throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(statement);
        for (int i = 0; i < parameters.length; i++) {
            prepared.setObject(i + 1, parameters[i]);
        }
        return prepared;
    }

    private String line(String file, int number) {
        try {
            return Files.readAllLines(data.resolve(file)).get(number).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
