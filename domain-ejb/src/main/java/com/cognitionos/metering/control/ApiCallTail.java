package com.cognitionos.metering.control;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.metering.entity.Standing;
import com.cognitionos.metering.entity.UsageEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * API calls on their way to the usage records (MET-11). A call is one inserted row, so that calls do not wait for each
 * other; whoever reads usage or closes a month first makes records of what has been committed.
 */
@ApplicationScoped
public class ApiCallTail {

    public static final String METER = "api_calls";

    /** What the ids of our own records begin with. */
    public static final String PREFIX = "api-calls:";

    private static final String ADD = """
            WITH counter AS (
                UPDATE usage_counters SET used = used + 1
                WHERE tenant_id = ? AND id = ? AND (?::numeric IS NULL OR used + reserved + 1 <= ?::numeric)
                RETURNING id
            )
            INSERT INTO api_call_tail (tenant_id, key_prefix, at, counted_in)
            SELECT ?::uuid, ?, ?::timestamptz, id FROM counter""";

    // A record may stand for many calls only where all of them lie in one hour, and in one usage month.
    private static final String TAKE = """
            WITH gone AS (
                DELETE FROM api_call_tail WHERE tenant_id = ? RETURNING key_prefix, at, calls, counted_in
            )
            SELECT key_prefix, counted_in, min(at) AS at, sum(calls) AS calls FROM gone
            GROUP BY key_prefix, counted_in, date_trunc('hour', at, 'UTC'), at >= ?, at >= ?""";

    @Inject
    private Sql sql;

    @Inject
    private TenantLock locks;

    @Inject
    private Standings standings;

    @Inject
    private Counters counters;

    @Inject
    private UsageLog log;

    private record Calls(String key, @Nullable UUID countedIn, Instant at, long calls) {}

    /** A call that no limit asks for. */
    public void add(String key, Instant at) {
        sql.update(
                "INSERT INTO api_call_tail (tenant_id, key_prefix, at) VALUES (?, ?, ?)",
                Caller.currentTenant(),
                key,
                at);
    }

    /** A call that fits below the limit, decided and counted in one statement. @return whether it did */
    public boolean add(String key, Instant at, UUID counter, @Nullable BigDecimal limit) {
        return sql.update(ADD, Caller.currentTenant(), counter, limit, limit, Caller.currentTenant(), key, at) == 1;
    }

    /** Makes records of all committed calls of the caller's tenant. @return how many calls */
    public long flush() {
        if (sql.queryOne("SELECT 1 FROM api_call_tail WHERE tenant_id = ? LIMIT 1", row -> true, Caller.currentTenant())
                .isEmpty()) {
            return 0;
        }
        locks.share(TenantLock.Purpose.BILLING);
        Standing standing = standings.latest().orElse(null);
        if (standing == null) {
            return 0;
        }
        counters.shareForStoring();
        counters.lock(Set.of(METER), standing.usagePeriod().start(), standing.now());
        List<Calls> taken = sql.query(
                TAKE,
                row -> new Calls(
                        row.getString("key_prefix"),
                        row.getObject("counted_in", UUID.class),
                        Sql.instant(row, "at"),
                        row.getLong("calls")),
                Caller.currentTenant(),
                standing.usagePeriod().start(),
                standing.usagePeriod().end());
        List<UsageEvent> events = new ArrayList<>();
        Map<UUID, Long> counted = new HashMap<>();
        long calls = 0;
        for (Calls some : taken) {
            events.add(new UsageEvent(
                    PREFIX + Ids.next(), METER, BigDecimal.valueOf(some.calls()), some.at(), some.key(), null));
            if (some.countedIn() != null) {
                counted.merge(some.countedIn(), some.calls(), Long::sum);
            }
            calls += some.calls();
        }
        log.store(events, standing);
        // The records have just raised every counter; these knew the calls before.
        counted.forEach((counter, known) -> sql.update(
                "UPDATE usage_counters SET used = used - ? WHERE tenant_id = ? AND id = ?",
                known,
                Caller.currentTenant(),
                counter));
        return calls;
    }
}
