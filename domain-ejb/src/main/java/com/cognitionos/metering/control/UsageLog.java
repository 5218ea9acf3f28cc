package com.cognitionos.metering.control;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.entity.Standing;
import com.cognitionos.metering.entity.UsageEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stored events of a tenant, written a batch at a time. */
@ApplicationScoped
public class UsageLog {

    // One statement and one round trip: the key decides, and whatever got a key is recorded, added to every live
    // counter
    // whose month it lies in, marked for the rollup and, where its month is invoiced already, entered as late.
    private static final String STORE = """
            WITH input AS (
                SELECT * FROM unnest(?::text[], ?::text[], ?::numeric[], ?::timestamptz[], ?::timestamptz[], ?::text[],
                    ?::text[], ?::bytea[])
                    AS i (event_id, meter, quantity, occurred_at, counted_at, subject, properties, content_hash)
            ), stored AS (
                INSERT INTO usage_keys (tenant_id, event_id, content_hash)
                SELECT ?::uuid, event_id, content_hash FROM input ORDER BY event_id
                ON CONFLICT DO NOTHING
                RETURNING event_id
            ), records AS (
                INSERT INTO usage_records
                    (tenant_id, event_id, meter, quantity, occurred_at, counted_at, received_at, subject, properties,
                     key_prefix)
                SELECT ?::uuid, event_id, meter, quantity, occurred_at, counted_at, ?::timestamptz, subject, properties::jsonb,
                    ?::text
                FROM input JOIN stored USING (event_id)
            ), pending AS (
                INSERT INTO usage_pending (tenant_id, meter, day, changed_at, hours)
                SELECT ?::uuid, i.meter, (i.counted_at AT TIME ZONE 'UTC')::date, now(),
                    bit_or(1 << extract(hour FROM i.counted_at AT TIME ZONE 'UTC')::integer)
                FROM input i JOIN stored USING (event_id)
                GROUP BY 2, 3 ORDER BY 2, 3
                ON CONFLICT (tenant_id, meter, day)
                    DO UPDATE SET changed_at = excluded.changed_at, hours = usage_pending.hours | excluded.hours,
                        fresh = usage_pending.fresh | excluded.hours
            ), late AS (
                INSERT INTO late_usage (tenant_id, event_id, subscription_id, meter, quantity, counted_at, received_at)
                SELECT ?::uuid, event_id, ?::uuid, meter, quantity, counted_at, ?::timestamptz
                FROM input JOIN stored USING (event_id) WHERE counted_at < ?::timestamptz
            ), things AS (
                INSERT INTO usage_counter_values (tenant_id, counter_id, value, events)
                SELECT k.tenant_id, k.id, usage_dimension(m.unique_by, i.meter, i.subject, NULL, i.properties::jsonb),
                    count(*)
                FROM input i JOIN stored USING (event_id)
                JOIN meters m ON m.code = i.meter AND m.aggregation = 'unique_count'
                JOIN usage_counters k ON k.tenant_id = ?::uuid AND k.meter = i.meter
                    AND k.period_start <= i.counted_at AND k.period_end > i.counted_at
                GROUP BY 1, 2, 3 ORDER BY 2, 3
                ON CONFLICT (tenant_id, counter_id, value)
                    DO UPDATE SET events = usage_counter_values.events + excluded.events
                RETURNING counter_id, old.events IS NULL OR old.events = 0 AS is_new
            ), counted AS (
                UPDATE usage_counters c SET used = c.used + n.quantity
                FROM (SELECT k.id, sum(CASE m.aggregation WHEN 'sum' THEN i.quantity ELSE 1 END) AS quantity
                      FROM input i JOIN stored USING (event_id)
                      JOIN meters m ON m.code = i.meter AND m.aggregation IN ('sum', 'count')
                      JOIN usage_counters k ON k.tenant_id = ?::uuid AND k.meter = i.meter
                          AND k.period_start <= i.counted_at AND k.period_end > i.counted_at
                      GROUP BY k.id
                      UNION ALL
                      SELECT counter_id, count(*) FROM things WHERE is_new GROUP BY counter_id) AS n
                WHERE c.tenant_id = ?::uuid AND c.id = n.id
            )
            SELECT event_id FROM stored""";

    private static final String KEY = "key:";

    @Inject
    private Sql sql;

    /** The content hashes of those ids that are stored. */
    public Map<String, byte[]> known(Collection<String> ids) {
        Map<String, byte[]> known = new HashMap<>();
        sql.query(
                        "SELECT event_id, content_hash FROM usage_keys WHERE tenant_id = ? AND event_id = ANY (?)",
                        row -> Map.entry(row.getString("event_id"), row.getBytes("content_hash")),
                        Caller.currentTenant(),
                        new Sql.Array("text", ids.toArray()))
                .forEach(entry -> known.put(entry.getKey(), entry.getValue()));
        return known;
    }

    /**
     * The caller has {@link Counters#shareForStoring() shared the lock} and locked the counters concerned.
     *
     * @return the ids that were new and are stored now
     */
    public Set<String> store(Collection<UsageEvent> events, Standing standing) {
        if (events.isEmpty()) {
            return Set.of();
        }
        List<UsageEvent> list = List.copyOf(events);
        Object tenant = Caller.currentTenant();
        Instant now = standing.now();
        return new HashSet<>(sql.query(
                STORE,
                row -> row.getString(1),
                column(list, "text", UsageEvent::id),
                column(list, "text", UsageEvent::meter),
                column(list, "numeric", UsageEvent::quantity),
                column(list, "timestamptz", event -> text(event.timestamp() == null ? now : event.timestamp())),
                column(list, "timestamptz", event -> text(standing.countedAt(event.timestamp()))),
                column(list, "text", UsageEvent::subject),
                column(list, "text", UsageEvent::properties),
                // The server's driver wrapper takes no arrays of byte arrays.
                column(list, "text", event -> "\\x" + HexFormat.of().formatHex(event.contentHash())),
                tenant,
                tenant,
                now,
                key(),
                tenant,
                tenant,
                standing.subscriptionId(),
                now,
                standing.usagePeriod().start(),
                tenant,
                tenant,
                tenant));
    }

    /** Of the API key that reports; null where a person or we do. */
    public static @Nullable String key() {
        String subject = Caller.current().subject();
        return subject.startsWith(KEY) ? subject.substring(KEY.length()) : null;
    }

    private static String text(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).toString();
    }
}
