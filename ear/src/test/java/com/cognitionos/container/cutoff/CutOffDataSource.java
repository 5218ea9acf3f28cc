package com.cognitionos.container.cutoff;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.BiPredicate;
import javax.sql.PooledConnection;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * PostgreSQL's own, but before and after each statement and commit it asks whether the connection ends there. Who is asked is a
 * {@code BiPredicate<String, Boolean>} of statement and "is it done" under {@link #KEY} among the system properties, where test
 * and driver meet though neither knows the other's classes. It is asked on the thread that works.
 */
public class CutOffDataSource extends PGConnectionPoolDataSource {

    public static final String KEY = "com.cognitionos.cutoff";

    private static final long serialVersionUID = 1L;
    private static final String CONNECTION_FAILURE = "08006";

    @Override
    public PooledConnection getPooledConnection() throws SQLException {
        return watched(super.getPooledConnection());
    }

    @Override
    public PooledConnection getPooledConnection(String user, String password) throws SQLException {
        return watched(super.getPooledConnection(user, password));
    }

    private static PooledConnection watched(PooledConnection pooled) {
        return proxy(
                (any, method, arguments) -> {
                    Object result = invoked(pooled, method, arguments);
                    return result instanceof Connection connection ? watched(connection) : result;
                },
                PooledConnection.class);
    }

    private static Connection watched(Connection connection) {
        return proxy(
                (any, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        return asked("COMMIT", connection, () -> invoked(connection, method, arguments));
                    }
                    Object result = invoked(connection, method, arguments);
                    if (result instanceof CallableStatement statement) {
                        return watched(statement, text(arguments), connection, CallableStatement.class);
                    }
                    if (result instanceof PreparedStatement statement) {
                        return watched(statement, text(arguments), connection, PreparedStatement.class);
                    }
                    return result instanceof Statement statement
                            ? watched(statement, "", connection, Statement.class)
                            : result;
                },
                Connection.class,
                PGConnection.class);
    }

    private static String text(Object[] arguments) {
        return arguments != null && arguments.length > 0 && arguments[0] instanceof String sql ? sql : "";
    }

    private static <T extends Statement> T watched(T statement, String sql, Connection connection, Class<T> type) {
        return proxy(
                (any, method, arguments) -> method.getName().startsWith("execute")
                        ? asked(
                                sql.isEmpty() ? text(arguments) : sql,
                                connection,
                                () -> invoked(statement, method, arguments))
                        : invoked(statement, method, arguments),
                type);
    }

    @FunctionalInterface
    private interface Call {
        Object made() throws Throwable;
    }

    private static Object asked(String sql, Connection connection, Call call) throws Throwable {
        BiPredicate<String, Boolean> cut = cut();
        if (cut == null) {
            return call.made();
        }
        if (cut.test(sql, false)) {
            throw end(connection);
        }
        Object result = call.made();
        if (cut.test(sql, true)) {
            throw end(connection);
        }
        return result;
    }

    @SuppressWarnings("unchecked")
    private static BiPredicate<String, Boolean> cut() {
        return (BiPredicate<String, Boolean>) System.getProperties().get(KEY);
    }

    private static SQLException end(Connection connection) throws SQLException {
        connection.abort(Runnable::run);
        return new SQLException("a test cut the connection", CONNECTION_FAILURE);
    }

    private static Object invoked(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T proxy(InvocationHandler handler, Class<?>... types) {
        return (T) Proxy.newProxyInstance(CutOffDataSource.class.getClassLoader(), types, handler);
    }
}
