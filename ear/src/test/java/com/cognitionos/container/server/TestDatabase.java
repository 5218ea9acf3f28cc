package com.cognitionos.container.server;

import com.cognitionos.db.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/** A PostgreSQL of the tests' own, migrated as in production: by an owner who is no superuser. */
final class TestDatabase implements AutoCloseable {

    static final String OWNER = "cognitionos";

    private static final String NAME = "cognitionos";

    private final EmbeddedPostgres server;
    private final String password = UUID.randomUUID().toString();

    private TestDatabase(EmbeddedPostgres server) {
        this.server = server;
    }

    static TestDatabase start() throws IOException, SQLException {
        TestDatabase database = new TestDatabase(EmbeddedPostgres.builder()
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setServerConfig("listen_addresses", "localhost")
                .setServerConfig("max_connections", "100")
                .start());
        try {
            database.prepare();
            return database;
        } catch (SQLException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private void prepare() throws SQLException {
        try (Connection superuser = server.getPostgresDatabase().getConnection();
                Statement statement = superuser.createStatement()) {
            // The rights that the launcher gives, which are those of a hosted PostgreSQL.
            statement.execute(
                    "CREATE ROLE " + OWNER + " LOGIN CREATEROLE CREATEDB BYPASSRLS PASSWORD '" + password + "'");
            statement.execute("ALTER ROLE " + OWNER + " SET createrole_self_grant = 'set, inherit'");
            statement.execute("CREATE DATABASE " + NAME + " OWNER " + OWNER);
        }
        try (Connection owner = DriverManager.getConnection(url(), OWNER, password);
                Statement statement = owner.createStatement()) {
            Migrations.migrate(owner);
            statement.execute("ALTER ROLE cog_app PASSWORD '" + password + "'");
            statement.execute("ALTER ROLE cog_jobs PASSWORD '" + password + "'");
        }
    }

    String url() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + NAME;
    }

    String password() {
        return password;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
