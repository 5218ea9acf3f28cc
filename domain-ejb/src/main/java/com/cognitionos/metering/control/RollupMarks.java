package com.cognitionos.metering.control;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.metering.control.RollupLog.Day;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * Which hours a rollup makes (ADR 21). Whatever changes an hour marks it as fresh, sharing ALLOWANCE until it has committed.
 * A rollup takes marks by saying that they are not fresh any more, having ALLOWANCE alone for the time of that statement; so
 * all that had marked them before is committed, and in the records as the hours are made. What comes meanwhile makes its
 * hour fresh again and waits for nobody: only marks that are not fresh are taken away with the new rollup. An hour is read
 * from the records for as long as it is marked, fresh or not.
 */
@ApplicationScoped
public class RollupMarks {

    /** About as many events are made into hours in one transaction: a second's work. */
    private static final int EVENTS = 200_000;

    private static final int DAYS = 30;

    /** For how long nothing of a day must have changed before its running hour is made. */
    private static final String REST = "interval '1 minute'";

    /**
     * The hours of a mark that a rollup makes. Those that run are read from the records anyway while events come: each time
     * that they were made would be for nothing.
     */
    private static final String DUE = "CASE WHEN p.changed_at < now() - " + REST + """
             THEN p.hours
            WHEN p.day < (coalesce(k.now, ?::timestamptz) AT TIME ZONE 'UTC')::date THEN p.hours
            WHEN p.day > (coalesce(k.now, ?::timestamptz) AT TIME ZONE 'UTC')::date THEN 0
            ELSE p.hours & ((1 << extract(hour FROM coalesce(k.now, ?::timestamptz) AT TIME ZONE 'UTC')::integer) - 1) END
            """;

    private static final String TENANTS = """
            SELECT DISTINCT p.tenant_id FROM usage_pending p LEFT JOIN test_clocks k ON k.tenant_id = p.tenant_id
            WHERE p.tenant_id > ? AND (? OR p.hours & ~p.fresh <> 0 OR\s""" + DUE + """
             <> 0) ORDER BY p.tenant_id LIMIT ?""";

    // Hours one after another until there are enough events; the count of an hour without any is 0. What has waited
    // longest
    // comes first.
    private static final String CHOICE = """
            WITH due AS MATERIALIZED (
                SELECT * FROM (
                    SELECT p.meter, p.day, p.changed_at, ~coalesce(d.hours, 0) & CASE WHEN ? THEN p.hours ELSE\s""" + DUE + """
                     END AS hours
                    FROM usage_pending p LEFT JOIN test_clocks k ON k.tenant_id = p.tenant_id
                    LEFT JOIN (SELECT meter, day, bit_or(hours) AS hours
                               FROM unnest(?::text[], ?::date[], ?::integer[]) AS made (meter, day, hours)
                               GROUP BY meter, day) AS d ON d.meter = p.meter AND d.day = p.day
                    WHERE p.tenant_id = ?) AS marks
                WHERE hours <> 0 ORDER BY changed_at, day, meter LIMIT ?
            )
            SELECT meter, day, bit_or(1 << n) AS hours FROM (
                SELECT h.meter, h.day, h.n
                FROM (SELECT meter, day, n FROM due CROSS JOIN generate_series(0, 23) AS n
                      WHERE (hours >> n) & 1 = 1 ORDER BY changed_at, day, meter, n OFFSET 0) AS h
                LEFT JOIN LATERAL (
                    SELECT FROM usage_records r
                    WHERE r.tenant_id = ? AND r.meter = h.meter
                      AND r.counted_at >= (h.day::timestamp + make_interval(hours => h.n)) AT TIME ZONE 'UTC'
                      AND r.counted_at < (h.day::timestamp + make_interval(hours => h.n + 1)) AT TIME ZONE 'UTC'
                    OFFSET 0) AS r ON true
                LIMIT ?) AS counted
            GROUP BY meter, day ORDER BY meter, day""";

    private static final String TAKE = """
            UPDATE usage_pending p SET fresh = p.fresh & p.hours & ~w.hours
            FROM unnest(?::text[], ?::date[], ?::integer[]) AS w (meter, day, hours)
            WHERE p.tenant_id = ? AND p.meter = w.meter AND p.day = w.day""";

    private static final String TAKEN = """
            SELECT meter, day, hours & ~fresh AS hours FROM usage_pending
            WHERE tenant_id = ? AND hours & ~fresh <> 0 ORDER BY meter, day""";

    // In the order in which events mark them.
    private static final String MADE = """
            WITH locked AS MATERIALIZED (
                SELECT meter, day, hours & fresh AS rest FROM usage_pending
                WHERE tenant_id = ? AND hours & ~fresh <> 0 ORDER BY meter, day FOR UPDATE
            ), gone AS (
                DELETE FROM usage_pending p USING locked l
                WHERE p.tenant_id = ? AND p.meter = l.meter AND p.day = l.day AND l.rest = 0
            )
            UPDATE usage_pending p SET hours = l.rest
            FROM locked l WHERE p.tenant_id = ? AND p.meter = l.meter AND p.day = l.day AND l.rest <> 0""";

    private final int events;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private TenantLock locks;

    public RollupMarks() {
        this(EVENTS);
    }

    /** @param events that are made into hours in one transaction, about */
    public RollupMarks(int events) {
        this.events = events;
    }

    /** @param all also those of which nothing but running hours has changed */
    public List<UUID> tenants(UUID after, boolean all, int limit) {
        Object now = clock.system();
        return sql.query(TENANTS, row -> row.getObject("tenant_id", UUID.class), after, all, now, now, now, limit);
    }

    /**
     * Takes marks of the caller's tenant for this rollup, unless there are such that one before has taken and not made.
     * Whoever reports usage waits until the transaction ends.
     *
     * @param all running hours too
     * @param made which hours are left out
     * @return what is to be made
     */
    public List<Day> take(boolean all, List<Day> made) {
        locks.take(TenantLock.Purpose.ROLLING_UP);
        List<Day> left = taken();
        if (!left.isEmpty()) {
            return left;
        }
        Object tenant = Caller.currentTenant();
        Object now = clock.system();
        List<Day> days = sql.query(
                CHOICE,
                RollupMarks::day,
                all,
                now,
                now,
                now,
                meters(made),
                dates(made),
                hours(made),
                tenant,
                DAYS,
                tenant,
                events);
        if (!days.isEmpty()) {
            locks.take(TenantLock.Purpose.ALLOWANCE);
            sql.update(TAKE, meters(days), dates(days), hours(days), tenant);
        }
        return days;
    }

    static Sql.Array meters(List<Day> days) {
        return Sql.column(days, "text", Day::meter);
    }

    static Sql.Array dates(List<Day> days) {
        return Sql.column(days, "date", day -> day.date().toString());
    }

    static Sql.Array hours(List<Day> days) {
        return Sql.column(days, "integer", Day::hours);
    }

    /**
     * What has been taken and is to be made now. It stays so until the transaction ends, which no other rollup of the tenant
     * goes on before.
     */
    public List<Day> toMake() {
        locks.take(TenantLock.Purpose.ROLLING_UP);
        return taken();
    }

    private List<Day> taken() {
        return sql.query(TAKEN, RollupMarks::day, Caller.currentTenant());
    }

    /** Takes away the marks that were taken, as the last thing before the commit: whoever marks these days waits for it. */
    public void made() {
        Object tenant = Caller.currentTenant();
        sql.update(MADE, tenant, tenant, tenant);
    }

    private static Day day(ResultSet row) throws SQLException {
        return new Day(row.getString("meter"), row.getDate("day").toLocalDate(), row.getInt("hours"));
    }
}
