package com.cognitionos.db;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL of its own with one empty database, whose owner has the rights that a hosting company would give. */
final class EmptyDatabase implements AutoCloseable {

    private final EmbeddedPostgres server;

    EmptyDatabase() throws IOException, SQLException {
        server = EmbeddedPostgres.start();
        try (Connection superuser = server.getPostgresDatabase().getConnection();
                Statement statement = superuser.createStatement()) {
            statement.execute("CREATE ROLE seller LOGIN CREATEROLE CREATEDB");
            statement.execute("ALTER ROLE seller SET createrole_self_grant = 'set, inherit'");
            statement.execute("CREATE DATABASE shop OWNER seller");
        }
    }

    Connection connect(String role) throws SQLException {
        return DriverManager.getConnection(server.getJdbcUrl(role, "shop"));
    }

    static List<String> column(Connection connection, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
