package com.cognitionos.container;

import com.cognitionos.kernel.Sql;
import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** The database's owner, whom the tenant wall does not hold: sees what is committed, and breaks and mends data. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Owner {

    @Resource(lookup = "jdbc/owner", shareable = false)
    private DataSource dataSource;

    public <T> List<T> query(String statement, Sql.RowReader<T> reader, Object... parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement prepared = bind(connection, statement, parameters);
                ResultSet rows = prepared.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(reader.read(rows));
            }
            return found;
        } catch (SQLException e) {
            throw new AssertionError(statement, e);
        }
    }

    public long count(String statement, Object... parameters) {
        return query(statement, row -> row.getLong(1), parameters).get(0);
    }

    public int update(String statement, Object... parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement prepared = bind(connection, statement, parameters)) {
            return prepared.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(statement, e);
        }
    }

    /** @return the SQL state that refuses the statement; {@code accepted} when nothing does, and then it is taken back */
    public String refusal(String statement, Object... parameters) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement prepared = bind(connection, statement, parameters)) {
                prepared.execute();
                return "accepted";
            } catch (SQLException e) {
                return e.getSQLState();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new AssertionError(statement, e);
        }
    }

    /** Does the work while a transaction that ran the statement, a lock for example, stays open; it is then rolled back. */
    public <T> T during(Supplier<T> work, String statement, Object... parameters) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement prepared = bind(connection, statement, parameters)) {
                prepared.execute();
                return work.get();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new AssertionError(statement, e);
        }
    }

    /** How many of the application's transactions wait for a lock. */
    public long applicationsWaiting() {
        return count("SELECT count(*) FROM pg_stat_activity WHERE usename = 'cog_app' AND wait_event_type = 'Lock'");
    }

    private static PreparedStatement bind(Connection connection, String statement, Object... parameters)
            throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(statement);
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value instanceof Instant instant) {
                prepared.setObject(i + 1, instant.atOffset(ZoneOffset.UTC));
            } else if (value instanceof Sql.Array array) {
                prepared.setArray(i + 1, connection.createArrayOf(array.type(), array.values()));
            } else {
                prepared.setObject(i + 1, value);
            }
        }
        return prepared;
    }
}
