package com.cognitionos.metering.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.db.Migrations;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.metering.control.ApiCallTail;
import com.cognitionos.metering.control.Counters;
import com.cognitionos.metering.control.Limits;
import com.cognitionos.metering.control.PeriodUsage;
import com.cognitionos.metering.control.RollupAudit;
import com.cognitionos.metering.control.RollupLog;
import com.cognitionos.metering.control.RollupMarks;
import com.cognitionos.metering.control.SeriesLog;
import com.cognitionos.metering.control.Standings;
import com.cognitionos.metering.control.UploadLog;
import com.cognitionos.metering.control.UsageLog;
import com.cognitionos.metering.control.UsageStatement;
import com.cognitionos.metering.entity.Standing;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The statements of metering on a PostgreSQL of its own, behind row security, and without a server around them. */
final class UsageDatabase {

    private static @Nullable UsageDatabase shared;

    private final EmbeddedPostgres server;
    private final Connection connection;
    private final Map<Class<?>, Object> beans = new HashMap<>();
    private @Nullable Standing standing;
    private @Nullable UUID present;
    private Runnable beforeMade = () -> {};

    /** With a meter of each kind, for all tests of this process; it ends with it. */
    static synchronized UsageDatabase shared() throws IOException, SQLException {
        UsageDatabase database = shared;
        if (database == null) {
            database = new UsageDatabase();
            database.run(List.of("""
                    INSERT INTO meters (code, name, aggregation, unit, position, unique_by, dimensions) VALUES
                        ('visits', 'Visits', 'count', 'visit', 11, NULL, '{region}'),
                        ('peak', 'Peak', 'max', 'connection', 12, NULL, '{region}'),
                        ('people', 'People', 'unique_count', 'person', 13, 'subject', '{region}'),
                        ('teams', 'Teams', 'unique_count', 'team', 14, 'team', '{}'),
                        ('sites', 'Sites', 'latest', 'site', 15, NULL, '{region}')"""));
            shared = database;
        }
        return database;
    }

    private UsageDatabase() throws IOException, SQLException {
        server = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .start();
        try (Connection owner = server.getPostgresDatabase().getConnection()) {
            Migrations.migrate(owner);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        connection = server.getPostgresDatabase().getConnection();
        connection.setAutoCommit(false);
        DataSource shared = (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> lent());
        bean(Sql.class, new Sql());
        set(bean(Sql.class), "dataSource", shared);
        bean(BusinessClock.class, new BusinessClock());
        bean(TenantLock.class, new TenantLock());
        bean(Plans.class, new Plans());
        bean(AuditLog.class, new AuditLog() {
            @Override
            public void record(
                    String action, String target, @Nullable Map<String, ?> before, @Nullable Map<String, ?> after) {
                // nobody asks for it here
            }
        });
        bean(Standings.class, new Standings() {
            @Override
            public Optional<Standing> current() {
                return Optional.ofNullable(standing);
            }

            @Override
            public Optional<Standing> latest() {
                return current();
            }
        });
        bean(PeriodUsage.class, new PeriodUsage());
        bean(SeriesLog.class, new SeriesLog());
        bean(RollupLog.class, new RollupLog());
        bean(RollupAudit.class, new RollupAudit());
        bean(RollupMarks.class, new RollupMarks(20));
        bean(UsageLog.class, new UsageLog());
        bean(UploadLog.class, new UploadLog());
        bean(UsageStatement.class, new UsageStatement());
        set(bean(UsageStatement.class), "dataSource", server.getDatabase("cog_app", "postgres"));
        bean(Counters.class, new Counters());
        bean(Limits.class, new Limits());
        bean(ApiCallTail.class, new ApiCallTail());
        bean(Usage.class, new Usage());
        set(bean(Usage.class), "monthsKept", 1000);
        bean(Rollups.class, new Rollups());
        set(bean(Rollups.class), "monthsKept", 1000);
        bean(Retractions.class, new Retractions());
        beans.values().forEach(this::inject);
        set(bean(Rollups.class), "self", new Steps());
    }

    /** Each step of a rollup is a transaction of its own. */
    private final class Steps extends Rollups {
        @Override
        public List<RollupLog.Day> take(boolean all, List<RollupLog.Day> made) {
            List<RollupLog.Day> days = bean(Rollups.class).take(all, made);
            next();
            return days;
        }

        @Override
        public void make() {
            beforeMade.run();
            bean(Rollups.class).make();
            next();
        }
    }

    /** What happens from now on between the taking of marks and the making of their hours. */
    void beforeMade(Runnable work) {
        beforeMade = work;
    }

    private <T> void bean(Class<T> type, T bean) {
        beans.put(type, bean);
    }

    <T> T bean(Class<T> type) {
        return type.cast(beans.get(type));
    }

    private void inject(Object bean) {
        for (Class<?> type = bean.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                Object value = beans.get(field.getType());
                if (value != null) {
                    set(field, bean, value);
                }
            }
        }
    }

    private static void set(Object bean, String name, Object value) {
        try {
            set(bean.getClass().getDeclaredField(name), bean, value);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void set(Field field, Object bean, Object value) {
        try {
            field.setAccessible(true);
            field.set(bean, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The one connection, which whoever borrows it does not close. */
    private Object lent() {
        return Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** From now on the tenant has that standing. */
    void standing(Standing now) {
        standing = now;
    }

    /** One transaction of a tenant. */
    <T> T in(UUID tenant, Supplier<T> work) {
        try {
            present = tenant;
            begin();
            T result = work.get();
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (RuntimeException e) {
            try {
                connection.rollback();
            } catch (SQLException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    private void begin() throws SQLException {
        try (PreparedStatement role = connection.prepareStatement(
                "SELECT set_config('role', 'cog_rt', true), set_config('app.tenant_id', ?, true)")) {
            role.setString(1, String.valueOf(present));
            role.execute();
        }
    }

    private void next() {
        try {
            connection.commit();
            begin();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the owner, past the wall. */
    void run(List<String> statements) throws SQLException {
        try (Connection owner = server.getPostgresDatabase().getConnection();
                Statement statement = owner.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }
}
