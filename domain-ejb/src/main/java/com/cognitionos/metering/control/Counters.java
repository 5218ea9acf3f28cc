package com.cognitionos.metering.control;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.rating.entity.Period;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The live counters of meters that only grow: one row a meter and usage month, raised by whatever stores usage
 * ({@link UsageLog}). A row is also the lock that a decision on its limit is made under.
 *
 * <p>Locks are taken in this order: BILLING, ALLOWANCE, counters by meter and start, event ids, rollup marks.
 */
@ApplicationScoped
public class Counters {

    private static final String FIND = """
            SELECT c.id, c.meter, c.period_start, c.period_end, c.used, c.reserved
            FROM unnest(?::text[], ?::timestamptz[], ?::timestamptz[]) AS k (meter, period_start, period_end)
            JOIN usage_counters c ON c.tenant_id = ? AND c.meter = k.meter
                AND c.period_start = k.period_start AND c.period_end = k.period_end""";

    private static final String SEEN = """
            SELECT c.id, c.meter, c.period_start, c.period_end, c.used, c.reserved - coalesce((
                SELECT sum(r.quantity) FROM usage_reservations r
                WHERE r.tenant_id = c.tenant_id AND r.counter_id = c.id AND r.state = 'held' AND r.expires_at <= ?), 0)
                AS reserved
            FROM usage_counters c WHERE c.tenant_id = ? AND c.meter = ? AND c.period_start = ? AND c.period_end = ?""";

    // Which values a new counter has counted. Other counters of the month may know more of them than it does.
    private static final String VALUES = """
            INSERT INTO usage_counter_values (tenant_id, counter_id, value, events)
            SELECT c.tenant_id, c.id, u.value, u.events FROM usage_counters c
            JOIN meters m ON m.code = c.meter AND m.aggregation = 'unique_count'
            CROSS JOIN LATERAL (
                SELECT usage_dimension(m.unique_by, r.meter, r.subject, r.key_prefix, r.properties) AS value,
                    count(*) AS events
                FROM usage_records r
                WHERE r.tenant_id = c.tenant_id AND r.meter = c.meter
                  AND r.counted_at >= c.period_start AND r.counted_at < c.period_end
                GROUP BY 1) AS u
            WHERE c.tenant_id = ? AND c.period_start = ? AND c.period_end = ? AND u.value IS NOT NULL
            ON CONFLICT (tenant_id, counter_id, value) DO NOTHING""";

    private static final String KNOWN = """
            SELECT c.meter, c.period_start, c.period_end, v.value FROM usage_counters c
            JOIN usage_counter_values v ON v.tenant_id = c.tenant_id AND v.counter_id = c.id
            WHERE c.tenant_id = ? AND c.id = ANY (?) AND v.value = ANY (?) AND v.events > 0""";

    private static final String LOCK = """
            SELECT id, meter, period_start, period_end, used, reserved FROM usage_counters
            WHERE tenant_id = ? AND meter = ANY (?) AND period_start <= ? AND period_end > ?
            ORDER BY meter, period_start, period_end FOR NO KEY UPDATE""";

    private static final String EXPIRE = """
            WITH due AS (
                UPDATE usage_reservations SET state = 'expired', settled_at = ?
                WHERE tenant_id = ? AND counter_id = ANY (?) AND state = 'held' AND expires_at <= ?
                RETURNING counter_id, quantity
            ), given AS (
                SELECT counter_id, sum(quantity) AS quantity, count(*) AS reservations FROM due GROUP BY counter_id
            )
            UPDATE usage_counters c SET reserved = c.reserved - g.quantity
            FROM given g WHERE c.tenant_id = ? AND c.id = g.counter_id
            RETURNING g.reservations""";

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private TenantLock locks;

    @Inject
    private PeriodUsage usage;

    /** A meter's usage month. */
    public record Key(String meter, Period month) {}

    /** @param reserved held for callers that have not committed yet */
    public record Counter(UUID id, Key key, BigDecimal used, BigDecimal reserved) {
        public BigDecimal taken() {
            return used.add(reserved);
        }
    }

    private Map<Key, Counter> find(Collection<Key> keys) {
        Map<Key, Counter> found = new HashMap<>();
        sql.query(
                        FIND,
                        Counters::counter,
                        column(keys, "text", Key::meter),
                        column(keys, "timestamptz", key -> text(key.month().start())),
                        column(keys, "timestamptz", key -> text(key.month().end())),
                        Caller.currentTenant())
                .forEach(counter -> found.put(counter.key(), counter));
        return found;
    }

    /** A counter as it would be if expired reservations were given back by now; nothing is locked. */
    public Optional<Counter> seen(Key key) {
        return sql.queryOne(
                SEEN,
                Counters::counter,
                clock.system(),
                Caller.currentTenant(),
                key.meter(),
                key.month().start(),
                key.month().end());
    }

    private static String text(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).toString();
    }

    /**
     * Makes counters that are not there yet out of what is recorded, as for a new month or plan. Nobody stores usage
     * meanwhile, so none is missed; a caller that stores afterwards {@link #shareForStoring() shares} the same lock.
     */
    public Map<Key, Counter> ensured(Collection<Key> keys) {
        Map<Key, Counter> found = find(keys);
        Set<Period> missing = keys.stream()
                .filter(key -> !found.containsKey(key))
                .map(Key::month)
                .collect(Collectors.toSet());
        if (missing.isEmpty()) {
            return found;
        }
        locks.take(TenantLock.Purpose.ALLOWANCE);
        List<String> meters = sql.query(
                "SELECT code FROM meters WHERE aggregation IN ('sum', 'count', 'unique_count') ORDER BY code",
                row -> row.getString("code"));
        for (Period month : missing) {
            Map<String, BigDecimal> sums = usage.counted(month);
            sql.update(
                    """
                    INSERT INTO usage_counters (tenant_id, id, meter, period_start, period_end, used)
                    SELECT ?::uuid, i.id, i.meter, ?::timestamptz, ?::timestamptz, i.used
                    FROM unnest(?::uuid[], ?::text[], ?::numeric[]) AS i (id, meter, used) ORDER BY i.meter
                    ON CONFLICT (tenant_id, meter, period_start, period_end) DO NOTHING""",
                    Caller.currentTenant(),
                    month.start(),
                    month.end(),
                    new Sql.Array(
                            "uuid",
                            meters.stream().map(meter -> Ids.next().toString()).toArray()),
                    new Sql.Array("text", meters.toArray()),
                    new Sql.Array(
                            "numeric",
                            meters.stream()
                                    .map(meter -> sums.getOrDefault(meter, BigDecimal.ZERO))
                                    .toArray()));
            sql.update(VALUES, Caller.currentTenant(), month.start(), month.end());
        }
        return find(keys);
    }

    /**
     * The counter that the transaction goes on to change. ALLOWANCE is shared here, before the row is touched: an update
     * that finds no room keeps the row locked, and asking for ALLOWANCE after that would be the wrong way round.
     */
    public Counter toChange(Key key) {
        Counter counter = ensured(List.of(key)).get(key);
        shareForStoring();
        if (counter == null) {
            throw new IllegalStateException("no counter for " + key);
        }
        return counter;
    }

    /** Keeps new counters from being made until the transaction ends, since they would miss what it stores. */
    public void shareForStoring() {
        locks.share(TenantLock.Purpose.ALLOWANCE);
    }

    /**
     * Locks those meters' counters of all months that overlap the span, and gives back what expired reservations held.
     *
     * @param first the earliest instant, {@code last} the latest, both inclusive
     */
    public Map<Key, Counter> lock(Collection<String> meters, Instant first, Instant last) {
        Map<Key, Counter> locked = locked(meters, first, last);
        List<UUID> holding = locked.values().stream()
                .filter(counter -> counter.reserved().signum() > 0)
                .map(Counter::id)
                .toList();
        return holding.isEmpty() || giveBack(holding) == 0 ? locked : locked(meters, first, last);
    }

    private Map<Key, Counter> locked(Collection<String> meters, Instant first, Instant last) {
        Map<Key, Counter> found = new TreeMap<>(Comparator.comparing(Key::meter)
                .thenComparing(key -> key.month().start())
                .thenComparing(key -> key.month().end()));
        sql.query(LOCK, Counters::counter, Caller.currentTenant(), new Sql.Array("text", meters.toArray()), last, first)
                .forEach(counter -> found.put(counter.key(), counter));
        return found;
    }

    /** Of those values, which have raised those counters already. */
    public Map<Key, Set<String>> known(Collection<Counter> of, Collection<String> values) {
        Map<Key, Set<String>> known = new HashMap<>();
        if (values.isEmpty()) {
            return known;
        }
        sql.query(
                        KNOWN,
                        row -> Map.entry(
                                new Key(
                                        row.getString("meter"),
                                        new Period(Sql.instant(row, "period_start"), Sql.instant(row, "period_end"))),
                                row.getString("value")),
                        Caller.currentTenant(),
                        new Sql.Array(
                                "uuid",
                                of.stream()
                                        .map(counter -> counter.id().toString())
                                        .toArray()),
                        new Sql.Array("text", values.toArray()))
                .forEach(entry -> known.computeIfAbsent(entry.getKey(), key -> new HashSet<>())
                        .add(entry.getValue()));
        return known;
    }

    /** Of the caller's tenant, whatever has expired by now. @return how many reservations */
    public int expire() {
        List<UUID> holding =
                sql.query("""
                SELECT id FROM usage_counters c WHERE tenant_id = ? AND EXISTS (
                    SELECT FROM usage_reservations r
                    WHERE r.tenant_id = c.tenant_id AND r.counter_id = c.id AND r.state = 'held' AND r.expires_at <= ?)
                ORDER BY meter, period_start, period_end FOR NO KEY UPDATE OF c""", row -> row.getObject("id", UUID.class), Caller.currentTenant(), clock.system());
        return holding.isEmpty() ? 0 : giveBack(holding);
    }

    private int giveBack(List<UUID> locked) {
        Instant now = clock.system();
        return sql
                .query(
                        EXPIRE,
                        row -> row.getInt("reservations"),
                        now,
                        Caller.currentTenant(),
                        new Sql.Array(
                                "uuid", locked.stream().map(UUID::toString).toArray()),
                        now,
                        Caller.currentTenant())
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    public void unhold(UUID counter, BigDecimal quantity) {
        sql.update(
                "UPDATE usage_counters SET reserved = reserved - ? WHERE tenant_id = ? AND id = ?",
                quantity,
                Caller.currentTenant(),
                counter);
    }

    private static Counter counter(ResultSet row) throws SQLException {
        return new Counter(
                row.getObject("id", UUID.class),
                new Key(
                        row.getString("meter"),
                        new Period(Sql.instant(row, "period_start"), Sql.instant(row, "period_end"))),
                row.getBigDecimal("used"),
                row.getBigDecimal("reserved"));
    }
}
