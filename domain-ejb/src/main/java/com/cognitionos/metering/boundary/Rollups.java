package com.cognitionos.metering.boundary;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.Date;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Keeps the daily rollups in step with the records (MET-7). */
@Stateless
@TenantWall
public class Rollups {

    private static final int DAYS_PER_TRANSACTION = 500;

    /** What late events and the adjustments for them look back on. */
    private static final int FEWEST_MONTHS = 4;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    @ConfigProperty(name = "cognitionos.usage.months-kept", defaultValue = "24")
    private int monthsKept;

    /** The tenants that have days to roll up, from {@code after} on in the order of their ids; for the platform. */
    public List<UUID> tenantsBehind(UUID after, int limit) {
        return sql.query("""
                SELECT DISTINCT tenant_id FROM usage_pending WHERE tenant_id > ? ORDER BY tenant_id LIMIT ?""", row -> row.getObject("tenant_id", UUID.class), after, limit);
    }

    /**
     * Rolls up days of the caller's tenant that have changed.
     *
     * @return how many; call again until it is 0
     */
    public int rollUp() {
        UUID tenant = Caller.currentTenant();
        // Two statements, so that the second sees what a batch committed while the first waited for its mark.
        List<Day> days = sql.query(
                """
                DELETE FROM usage_pending WHERE tenant_id = ? AND (meter, day) IN (
                    SELECT meter, day FROM usage_pending WHERE tenant_id = ? ORDER BY meter, day LIMIT ? FOR UPDATE)
                RETURNING meter, day""",
                row -> new Day(row.getString("meter"), row.getDate("day").toLocalDate()),
                tenant,
                tenant,
                DAYS_PER_TRANSACTION);
        if (days.isEmpty()) {
            return 0;
        }
        sql.update(
                """
                INSERT INTO usage_rollups (tenant_id, meter, day, quantity, events, rolled_up_at)
                SELECT ?, d.meter, d.day, coalesce(sum(u.quantity), 0), count(u.event_id), ?
                FROM unnest(?::text[], ?::date[]) AS d (meter, day)
                LEFT JOIN usage_records u ON u.tenant_id = ? AND u.meter = d.meter
                    AND u.counted_at >= d.day::timestamp AT TIME ZONE 'UTC'
                    AND u.counted_at < (d.day + 1)::timestamp AT TIME ZONE 'UTC'
                GROUP BY d.meter, d.day
                ON CONFLICT (tenant_id, meter, day) DO UPDATE
                SET quantity = excluded.quantity, events = excluded.events, rolled_up_at = excluded.rolled_up_at""",
                tenant,
                clock.system(),
                new Sql.Array("text", days.stream().map(Day::meter).toArray()),
                new Sql.Array(
                        "text", days.stream().map(day -> day.date().toString()).toArray()),
                tenant);
        return days.size();
    }

    /** Makes the record partitions of this month and the next three; for the platform. */
    public int partitionsAhead() {
        LocalDate today = LocalDate.ofInstant(clock.system(), ZoneOffset.UTC);
        return sql.queryOne("SELECT usage_partitions_ahead(?, 4)", row -> row.getInt(1), today)
                .orElse(0);
    }

    /**
     * Drops the months of records that are older than is configured and that nothing asks for any more: no running or
     * late month of a subscription, test tenants' too, and no day without its rollup. Ids stay taken and rollups stay;
     * for the platform.
     *
     * @return how many months
     */
    public int dropOld() {
        LocalDate kept = LocalDate.ofInstant(clock.system(), ZoneOffset.UTC)
                .withDayOfMonth(1)
                .minusMonths(Math.max(FEWEST_MONTHS, monthsKept));
        LocalDate needed = sql.queryOne("""
                        SELECT (min(at) AT TIME ZONE 'UTC')::date AS day FROM (
                            SELECT min(usage_period_start) - interval '70 days' AS at FROM subscriptions
                            WHERE status <> 'canceled'
                            UNION ALL SELECT min(day)::timestamp AT TIME ZONE 'UTC' FROM usage_pending) AS used""", row -> Optional.ofNullable(row.getDate("day")))
                .flatMap(day -> day)
                .map(Date::toLocalDate)
                .orElse(kept);
        return sql.queryOne(
                        "SELECT usage_records_dropped(?)", row -> row.getInt(1), needed.isBefore(kept) ? needed : kept)
                .orElse(0);
    }

    /** How many records lie in months that have no partition, and in which; for the platform. */
    public Optional<String> astray() {
        return sql.queryOne("SELECT usage_records_astray()", row -> Optional.ofNullable(row.getString(1)))
                .flatMap(found -> found);
    }

    private record Day(String meter, LocalDate date) {}
}
