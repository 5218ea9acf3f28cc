package com.cognitionos.metering.boundary;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.control.RollupAudit;
import com.cognitionos.metering.control.RollupLog;
import com.cognitionos.metering.control.RollupMarks;
import com.cognitionos.metering.entity.RollupDifference;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Keeps the rollups in step with the records (MET-7, MET-14). */
@Stateless
@TenantWall
public class Rollups {

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
    private RollupMarks marks;

    @Inject
    private RollupLog log;

    @Inject
    private RollupAudit audit;

    @EJB
    private Rollups self;

    /**
     * The tenants that have hours to roll up, from {@code after} on in the order of their ids; for the platform.
     *
     * @param all also those of which only running hours have changed, within the last minute
     */
    public List<UUID> tenantsBehind(UUID after, boolean all, int limit) {
        return marks.tenants(after, all, limit);
    }

    /**
     * Rolls up the hours of the caller's tenant that have changed, and no others, each once: what changes again meanwhile is for
     * the next time, so that an hour that changes all the time holds no other up. A transaction is bounded by the events that
     * it looks at, and whoever reports usage waits for no hour to be made, only while marks are taken and taken away.
     *
     * @param all running hours too; else only once they are over, or nothing has changed for a minute
     */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public void rollUp(boolean all) {
        List<RollupLog.Day> made = new ArrayList<>();
        for (List<RollupLog.Day> next = self.take(all, made); !next.isEmpty(); next = self.take(all, made)) {
            self.make();
            made.addAll(next);
        }
    }

    /**
     * For {@link #rollUp}: takes the marks of the next step.
     *
     * @param made what needs no making again, whatever became of it since
     * @return what is to be made; nothing when nothing else is behind
     */
    public List<RollupLog.Day> take(boolean all, List<RollupLog.Day> made) {
        return marks.take(all, made);
    }

    /** For {@link #rollUp}: makes the hours that were taken, in a transaction that sees all that has marked them. */
    public void make() {
        List<RollupLog.Day> days = marks.toMake();
        if (!days.isEmpty()) {
            log.make(days, clock.system());
            marks.made();
        }
    }

    /**
     * The standing audit: compares the rollups of the caller's tenant with its records. Hours that are marked are left
     * out, since readers take those from the records.
     *
     * @param from the first day, {@code to} the day after the last; both UTC's. Days before {@link #earliest} are left out,
     *     since there is nothing to compare them with
     * @param most of each kind: hours of all usage, and of its groups; days of both; distinct values
     * @return empty where all agree
     */
    public List<RollupDifference> differences(LocalDate from, LocalDate to, int most) {
        LocalDate earliest = earliest();
        return audit.differences(from.isBefore(earliest) ? earliest : from, to, most);
    }

    /** The first day that {@link #differences} can look at. */
    public LocalDate earliest() {
        return kept(clock.system(), monthsKept);
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
        LocalDate kept = earliest();
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

    /** The first day whose records are kept, going by what is configured. */
    static LocalDate kept(Instant now, int months) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC).withDayOfMonth(1).minusMonths(Math.max(FEWEST_MONTHS, months));
    }

    /** How many records lie in months that have no partition, and in which; for the platform. */
    public Optional<String> astray() {
        return sql.queryOne("SELECT usage_records_astray()", row -> Optional.ofNullable(row.getString(1)))
                .flatMap(found -> found);
    }
}
