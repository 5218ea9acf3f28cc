package com.cognitionos.metering.control;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock.Purpose;
import com.cognitionos.metering.entity.Standing;
import com.cognitionos.rating.entity.Period;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Decisions that need not be made for each event or API call: up to which number a meter may be counted in the running
 * month without a further look. A grant says on which facts it was made and holds for as long as they are the same, so
 * nobody has to take it back.
 */
@ApplicationScoped
public class UsageGrants {

    /** By what calls were counted; in the order of what {@code count_api_calls} says. */
    public enum Counted {
        NOT,
        BELOW_A_CEILING,
        /** The next ones are as certain to be served. */
        WITHOUT_CEILING
    }

    private static final String COUNT = "SELECT count_api_calls(?, ?, ?, ?, ?, ?)";

    @Resource(lookup = "jdbc/cognitionos", shareable = false)
    private DataSource dataSource;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    /**
     * Counts calls of a tenant's key, committed as this returns. Must not be called inside a transaction: one autocommit
     * statement instead of the eight round trips of a decision.
     *
     * @param number from 1
     * @return {@link Counted#NOT}, and none is counted, where no grant holds or it has no room for all of them
     */
    public Counted count(UUID tenant, String key, int number) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement call = connection.prepareStatement(COUNT)) {
            call.setObject(1, tenant);
            call.setString(2, key);
            call.setInt(3, number);
            call.setObject(4, clock.system().atOffset(ZoneOffset.UTC));
            call.setLong(5, Purpose.BILLING.ordinal());
            call.setLong(6, Purpose.ALLOWANCE.ordinal());
            try (ResultSet row = call.executeQuery()) {
                return Counted.values()[row.next() ? row.getInt(1) : 0];
            }
        } catch (SQLException e) {
            throw new Sql.SqlFailure(e);
        }
    }

    /** The meters whose grants in force were made on these facts and for this month. */
    public Set<String> held(String facts, Period month) {
        return new HashSet<>(sql.query(
                """
                SELECT meter FROM usage_grants
                WHERE tenant_id = ? AND facts = ? AND period_start = ? AND period_end = ?""", row -> row.getString("meter"), Caller.currentTenant(), facts, month.start(), month.end()));
    }

    /**
     * Grants a meter until that month ends. Whoever does holds ALLOWANCE, so that nothing is still being counted
     * by the grant before.
     *
     * @param counter null together with the ceiling: there is nothing to hold usage against
     */
    public void grant(
            Meter meter,
            String facts,
            Standing standing,
            Period month,
            @Nullable UUID counter,
            @Nullable BigDecimal ceiling) {
        sql.update(
                """
                INSERT INTO usage_grants (tenant_id, meter, facts, counter_id, ceiling, by_event, unique_by, started_at,
                    period_start, period_end, entitled_until)
                VALUES (?, ?, ?, ?::uuid, ?::numeric, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant_id, meter) DO UPDATE SET facts = excluded.facts, counter_id = excluded.counter_id,
                    ceiling = excluded.ceiling, by_event = excluded.by_event, unique_by = excluded.unique_by,
                    started_at = excluded.started_at, period_start = excluded.period_start, period_end = excluded.period_end,
                    entitled_until = excluded.entitled_until""",
                Caller.currentTenant(),
                meter.code(),
                facts,
                counter,
                ceiling,
                meter.aggregation().isByEvent(),
                meter.uniqueBy(),
                standing.startedAt(),
                month.start(),
                month.end(),
                standing.entitledUntil(month));
    }
}
