package com.cognitionos.launcher;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.postgresql.Driver;

/**
 * Who connects where.
 *
 * @param url JDBC URL of a PostgreSQL database, free of user and password
 */
record DatabaseLogin(String url, String user, String password) {

    private static final String EXAMPLE = "jdbc:postgresql://localhost:5432/cognitionos";
    private static final int CONNECT_TIMEOUT_S = 10;
    private static final int OLDEST_SERVER = 18;

    /**
     * @param user wins over a user in the URL; so does the password
     * @throws StartFailure if the URL is none of PostgreSQL's, or nobody is named
     */
    static DatabaseLogin of(String url, Optional<String> user, Optional<String> password) throws StartFailure {
        var parts = url.startsWith("jdbc:postgresql:") ? Driver.parseURL(url, null) : null;
        if (parts == null || parts.getProperty("PGDBNAME", "").isEmpty()) {
            throw new StartFailure(
                    "COGNITIONOS_DB_URL is not a JDBC URL of PostgreSQL; write it like " + EXAMPLE + ".");
        }
        var name = user.or(() -> Optional.ofNullable(parts.getProperty("user")));
        var secret = password.or(() -> Optional.ofNullable(parts.getProperty("password")));
        if (name.isEmpty() || secret.isEmpty()) {
            throw new StartFailure("COGNITIONOS_DB_URL needs a login; set COGNITIONOS_DB_USER and"
                    + " COGNITIONOS_DB_PASSWORD to those of the database's owner.");
        }
        return new DatabaseLogin(withoutLogin(url), name.get(), secret.get());
    }

    /** The server gets this URL too, and must not learn the owner's login with it. */
    private static String withoutLogin(String url) {
        int query = url.indexOf('?');
        if (query < 0) {
            return url;
        }
        var kept = Arrays.stream(url.substring(query + 1).split("&"))
                .filter(parameter -> !parameter.startsWith("user=") && !parameter.startsWith("password="))
                .collect(Collectors.joining("&"));
        return url.substring(0, query) + (kept.isEmpty() ? "" : "?" + kept);
    }

    DatabaseLogin as(String otherUser, String itsPassword) {
        return new DatabaseLogin(url, otherUser, itsPassword);
    }

    /** Gives up after 10 s without an answer. */
    Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_TIMEOUT_S));
        properties.setProperty("loginTimeout", Integer.toString(CONNECT_TIMEOUT_S));
        properties.setProperty("ApplicationName", "cognitionos launcher");
        return DriverManager.getConnection(url, properties);
    }

    /** @throws StartFailure unless this login works on a PostgreSQL that is new enough */
    void verify() throws StartFailure {
        try (var connection = connect()) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_SERVER) {
                throw new StartFailure("The database at COGNITIONOS_DB_URL is PostgreSQL " + version
                        + "; CognitionOS needs " + OLDEST_SERVER + " or newer.");
            }
        } catch (SQLException e) {
            throw new StartFailure(explain(e), e);
        }
    }

    private String explain(SQLException e) {
        var state = Optional.ofNullable(e.getSQLState()).orElse("");
        if (state.startsWith("28")) {
            return "The database at " + url + " refuses the user " + user
                    + "; check COGNITIONOS_DB_USER and COGNITIONOS_DB_PASSWORD.";
        }
        if (state.equals("3D000")) {
            return "The database named in " + url + " does not exist; create it, or correct COGNITIONOS_DB_URL.";
        }
        return "The database at " + url + " does not answer; start it, or correct COGNITIONOS_DB_URL.";
    }

    @Override
    public String toString() {
        return user + " at " + url;
    }
}
