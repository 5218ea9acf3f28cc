package com.cognitionos.metering.boundary;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.control.RollupLog;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Date;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Keeps the rollups in step with the records (MET-7, MET-14). */
@Stateless
@TenantWall
public class Rollups {

    /** Few, since whoever reports usage of one of these days waits until they are made. */
    private static final int DAYS_PER_TRANSACTION = 10;

    /** What late events and the adjustments for them look back on. */
    private static final int FEWEST_MONTHS = 4;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    @ConfigProperty(name = "cognitionos.usage.months-kept", defaultValue = "24")
    private int monthsKept;

    @Inject
    private RollupLog log;

    /**
     * An hour in which a rollup is not what its records come to.
     *
     * @param dimension and its {@code value}; both empty for all usage of the meter
     * @param rolledUp null where it has none
     * @param recorded null where there are no records
     */
    public record Difference(
            String meter,
            String dimension,
            String value,
            LocalDate day,
            int hour,
            @Nullable BigDecimal rolledUp,
            @Nullable BigDecimal recorded) {}

    /** The tenants that have hours to roll up, from {@code after} on in the order of their ids; for the platform. */
    public List<UUID> tenantsBehind(UUID after, int limit) {
        return sql.query("""
                SELECT DISTINCT tenant_id FROM usage_pending WHERE tenant_id > ? ORDER BY tenant_id LIMIT ?""", row -> row.getObject("tenant_id", UUID.class), after, limit);
    }

    /**
     * Rolls up the hours of the caller's tenant that have changed, and no others.
     *
     * @return of how many days; call again until it is 0
     */
    public int rollUp() {
        UUID tenant = Caller.currentTenant();
        // A statement of its own, so that the next ones see what a batch committed while this one waited for its mark.
        // The days that still change come last, and are locked in the order in which events mark them.
        List<RollupLog.Day> days = sql.query(
                """
                DELETE FROM usage_pending WHERE tenant_id = ? AND (meter, day) IN (
                    SELECT meter, day FROM usage_pending WHERE tenant_id = ? AND (meter, day) IN (
                        SELECT meter, day FROM usage_pending WHERE tenant_id = ? ORDER BY day, meter LIMIT ?)
                    ORDER BY meter, day FOR UPDATE)
                RETURNING meter, day, hours""",
                row -> new RollupLog.Day(
                        row.getString("meter"), row.getDate("day").toLocalDate(), row.getInt("hours")),
                tenant,
                tenant,
                tenant,
                DAYS_PER_TRANSACTION);
        if (!days.isEmpty()) {
            log.make(days, clock.system());
        }
        return days.size();
    }

    /**
     * The standing audit: compares the rollups of the caller's tenant with its records. Hours that are marked are left
     * out, since readers take those from the records.
     *
     * @param from the first day, {@code to} the day after the last; both UTC's
     * @param most of all usage, and as many of its groups
     * @return empty where all agree
     */
    public List<Difference> differences(LocalDate from, LocalDate to, int most) {
        return log.differences(from, to, most).stream()
                .map(one -> new Difference(
                        one.meter(),
                        one.dimension(),
                        one.value(),
                        one.day(),
                        one.hour(),
                        one.rolledUp(),
                        one.recorded()))
                .toList();
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
}
