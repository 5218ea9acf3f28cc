package com.cognitionos.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;

/**
 * Brings a PostgreSQL database to the schema of this version.
 *
 * <p>Several nodes may start at once. They queue on an advisory lock of the database, which ends with the connection that
 * holds it. Liquibase's own lock is a row that a killed process leaves behind, so under the advisory lock it is cleared
 * rather than waited for.
 */
public final class Migrations {

    /** Where the changelogs start, on the class path. */
    public static final String CHANGELOG = "db/changelog/changelog.xml";

    private static final Logger LOG = Logger.getLogger(Migrations.class.getName());
    /** Any fixed number will do, as long as nothing else in the database locks it: the bytes of "cogmigra". */
    private static final long ADVISORY_LOCK = 0x636f676d69677261L;

    private static final String NEWEST = """
            SELECT tag, count(*) OVER () FROM databasechangelog ORDER BY dateexecuted DESC, orderexecuted DESC LIMIT 1""";

    private Migrations() {}

    /**
     * Applies what is missing; without effect on a database that is up to date.
     *
     * @param owner a connection of the role that is to own the schema; stays open and gets its auto-commit mode back
     * @return number of changes applied, 0 or more
     * @throws SQLException if the database cannot be reached or refuses a change, with its reason on one line; what was
     *     applied before it stays
     */
    public static int migrate(Connection owner) throws SQLException {
        String version = Changelog.version();
        if (isAt(owner, version)) {
            LOG.info("Database: it is at this version");
            return 0;
        }
        return locked(owner, liquibase -> {
            int missing = liquibase
                    .listUnrunChangeSets(new Contexts(), new LabelExpression())
                    .size();
            if (missing > 0) {
                liquibase.update(new Contexts(), new LabelExpression());
            }
            liquibase.tag(mark(version, changes(owner)));
            LOG.info(() -> "Database: " + missing + " changes applied");
            return missing;
        });
    }

    /**
     * The newest change carries the version that it completed, and how many changes there were then: which one is the newest
     * follows from the clocks of the nodes that applied them, so another one may have come or gone below it. Liquibase itself
     * would need a second to find the same.
     */
    private static boolean isAt(Connection owner, String version) throws SQLException {
        try (var statement = owner.createStatement()) {
            try (var table = statement.executeQuery("SELECT to_regclass('databasechangelog') IS NOT NULL")) {
                table.next();
                if (!table.getBoolean(1)) {
                    return false;
                }
            }
            try (var newest = statement.executeQuery(NEWEST)) {
                return newest.next() && mark(version, newest.getLong(2)).equals(newest.getString(1));
            }
        }
    }

    private static String mark(String version, long changes) {
        return version + "/" + changes;
    }

    private static long changes(Connection owner) throws SQLException {
        try (var statement = owner.createStatement();
                var count = statement.executeQuery("SELECT count(*) FROM databasechangelog")) {
            count.next();
            return count.getLong(1);
        }
    }

    /**
     * Takes back the newest changes, newest first.
     *
     * @param owner a connection of the schema's owner; stays open
     * @param count number of changes, 1 or more; a number beyond those applied takes back all
     * @throws SQLException if the database refuses, or a change has no rollback
     */
    public static void rollback(Connection owner, int count) throws SQLException {
        locked(owner, liquibase -> {
            liquibase.rollback(count, new Contexts(), new LabelExpression());
            return count;
        });
    }

    private static int locked(Connection owner, Work work) throws SQLException {
        boolean autoCommit = owner.getAutoCommit();
        owner.setAutoCommit(true);
        execute(owner, "SELECT pg_advisory_lock(" + ADVISORY_LOCK + ")");
        try {
            return quietly(() -> {
                var database =
                        DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(owner));
                var resources = new ClassLoaderResourceAccessor(Migrations.class.getClassLoader());
                // Not closed: that would close the caller's connection.
                @SuppressWarnings("resource")
                var liquibase = new Liquibase(CHANGELOG, resources, database);
                liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
                liquibase.forceReleaseLocks();
                return work.on(liquibase);
            });
        } catch (SQLException e) {
            throw e;
        } catch (Exception e) {
            throw new SQLException(reason(e), e);
        } finally {
            if (!owner.isClosed()) {
                owner.setAutoCommit(true);
                execute(owner, "SELECT pg_advisory_unlock(" + ADVISORY_LOCK + ")");
                owner.setAutoCommit(autoCommit);
            }
        }
    }

    /** What the database said, without all that Liquibase puts around it. */
    private static String reason(Exception failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost.getMessage()).lines().map(String::strip).collect(Collectors.joining(" "));
    }

    /** Keeps Liquibase from the terminal, and from reporting its use over the network. */
    private static int quietly(Scope.ScopedRunnerWithReturn<Integer> work) throws Exception {
        return Scope.child(
                Map.of(Scope.Attr.ui.name(), new LoggerUIService(), "liquibase.analytics.enabled", false), work);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @FunctionalInterface
    private interface Work {
        int on(Liquibase liquibase) throws LiquibaseException, SQLException;
    }
}
