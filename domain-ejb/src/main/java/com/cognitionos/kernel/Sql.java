package com.cognitionos.kernel;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Set-based SQL on the current transaction's connection, the one that JPA uses too: Open Liberty shares it within a
 * transaction. Statements are constants with parameters; nothing is ever spliced in.
 */
@ApplicationScoped
public class Sql {

    private static final int DEEPEST = 20;

    /** A transaction was idle for too long. */
    private static final String SILENT = "25P03";

    /** Reads one row. */
    @FunctionalInterface
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    @Resource(lookup = "jdbc/cognitionos")
    private DataSource dataSource;

    public <T> List<T> query(String statement, RowReader<T> reader, @Nullable Object... parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement prepared = bind(connection, statement, parameters);
                ResultSet rows = prepared.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(reader.read(rows));
            }
            return found;
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    /** The only row, or none. */
    public <T> Optional<T> queryOne(String statement, RowReader<T> reader, @Nullable Object... parameters) {
        return query(statement, reader, parameters).stream().findFirst();
    }

    /** @return the number of rows changed */
    public int update(String statement, @Nullable Object... parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement prepared = bind(connection, statement, parameters)) {
            return prepared.executeUpdate();
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    private static PreparedStatement bind(Connection connection, String statement, @Nullable Object... parameters)
            throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(statement);
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value instanceof Instant instant) {
                prepared.setObject(i + 1, instant.atOffset(ZoneOffset.UTC));
            } else if (value instanceof Array array) {
                prepared.setArray(i + 1, connection.createArrayOf(array.type(), array.elements()));
            } else {
                prepared.setObject(i + 1, value);
            }
        }
        return prepared;
    }

    /** A column of a bulk statement, bound as one array; {@code type} is the PostgreSQL element type. */
    public record Array(String type, @Nullable Object[] values) {

        /** Typed where that lets the driver send them as they are, instead of as one long text to be parsed. */
        private @Nullable Object[] elements() {
            return switch (type) {
                case "bigint" -> typed(Long.class);
                case "int" -> typed(Integer.class);
                case "boolean" -> typed(Boolean.class);
                case "text" -> typed(String.class);
                default -> values;
            };
        }

        private @Nullable Object[] typed(Class<?> element) {
            for (Object value : values) {
                if (value != null && !element.isInstance(value)) {
                    return values;
                }
            }
            Object[] typed = (Object[]) java.lang.reflect.Array.newInstance(element, values.length);
            System.arraycopy(values, 0, typed, 0, values.length);
            return typed;
        }
    }

    /** One column of rows that go into a statement together. */
    public static <T> Array column(
            Collection<T> rows, String type, Function<? super T, ? extends @Nullable Object> value) {
        return new Array(type, rows.stream().map(value).toArray());
    }

    public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    /** Of a column that is never null. */
    public static Instant instantOf(ResultSet row, String column) throws SQLException {
        Instant instant = instant(row, column);
        if (instant == null) {
            throw new IllegalStateException(column + " is never null");
        }
        return instant;
    }

    /** Without trailing zeroes and never in scientific notation: 500, 0.002. */
    public static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /**
     * Whether something failed because the database was away, shut down or out of space, memory or connections, or ended a
     * transaction that had fallen silent: nobody's fault, and worth another try.
     */
    public static boolean isOutage(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < DEEPEST; cause = cause.getCause(), depth++) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null && isOutage(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOutage(String state) {
        return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53") || state.equals(SILENT);
    }

    /** The database refused or could not be reached; the SQL state tells which, the message never leaves the server. */
    public static final class SqlFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public SqlFailure(SQLException cause) {
            super(cause);
        }

        public String sqlState() {
            return String.valueOf(((SQLException) getCause()).getSQLState());
        }
    }
}
