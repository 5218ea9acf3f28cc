package com.cognitionos.container;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The application's connections as they lie in the pool, outside any transaction of the product. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Pool {

    @Resource(lookup = "jdbc/cognitionos", shareable = false)
    private DataSource dataSource;

    /** Who a connection is at the moment. */
    public record Session(int backend, String role, String tenant) {}

    /** That many different connections. */
    public List<Session> sessions(int wanted) {
        List<Connection> held = new ArrayList<>();
        List<Session> sessions = new ArrayList<>();
        try {
            for (int i = 0; i < wanted; i++) {
                Connection connection = dataSource.getConnection();
                held.add(connection);
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(
                                "SELECT pg_backend_pid(), current_user::text, current_setting('app.tenant_id', true)")) {
                    row.next();
                    sessions.add(new Session(row.getInt(1), row.getString(2), row.getString(3)));
                }
            }
            for (Connection connection : held) {
                connection.close();
            }
            return sessions;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** @return the SQL state that refuses the statement; {@code accepted} when nothing does */
    public String refusal(String statement) {
        try (Connection connection = dataSource.getConnection();
                Statement plain = connection.createStatement()) {
            plain.execute(statement);
            return "accepted";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    /** How many rows the tenants' role sees when no tenant is named; null where it has no right to look at all. */
    public Long rowsWithoutTenant(String table) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            try {
                statement.execute("SET LOCAL ROLE cog_rt");
                try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
                    row.next();
                    return row.getLong(1);
                }
            } catch (SQLException e) {
                return null;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
