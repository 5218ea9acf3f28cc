package com.cognitionos.metering.control;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock.Purpose;
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
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Decisions that need not be made for each API call: up to which number the calls of a month may be counted without a
 * further look. A grant says on which facts it was made and counts for as long as they are the same, so nobody has to
 * take it back.
 */
@ApplicationScoped
public class ApiCallGrants {

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

    /** On what a decision of now rests; to be read before it is made, so that a change meanwhile makes it void. */
    public String facts() {
        return sql.queryOne("SELECT api_call_facts(?) AS facts", row -> row.getString("facts"), Caller.currentTenant())
                .orElse("");
    }

    /** Whether the grant in force was made on these facts and for this month. */
    public boolean holds(String facts, Period month) {
        return sql.queryOne("""
                        SELECT 1 FROM api_call_grants
                        WHERE tenant_id = ? AND facts = ? AND period_start = ? AND period_end = ?""", row -> true, Caller.currentTenant(), facts, month.start(), month.end())
                .isPresent();
    }

    /**
     * Grants calls until the month ends. Whoever does holds ALLOWANCE, so that no call is still being counted by the
     * grant before.
     *
     * @param counter null together with the ceiling: there is nothing to hold calls against
     */
    public void grant(String facts, Period month, @Nullable UUID counter, @Nullable BigDecimal ceiling) {
        sql.update("""
                INSERT INTO api_call_grants (tenant_id, facts, counter_id, ceiling, period_start, period_end)
                VALUES (?, ?, ?::uuid, ?::numeric, ?, ?)
                ON CONFLICT (tenant_id) DO UPDATE SET facts = excluded.facts, counter_id = excluded.counter_id,
                    ceiling = excluded.ceiling, period_start = excluded.period_start, period_end = excluded.period_end""", Caller.currentTenant(), facts, counter, ceiling, month.start(), month.end());
    }
}
