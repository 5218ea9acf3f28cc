package com.cognitionos.metering.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.boundary.NaiveUsage.Stored;
import com.cognitionos.metering.control.Counters;
import com.cognitionos.metering.control.PeriodUsage;
import com.cognitionos.metering.control.UsageLog;
import com.cognitionos.metering.control.UsageStatement;
import com.cognitionos.metering.entity.RollupDifference;
import com.cognitionos.metering.entity.Standing;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.SubscriptionStatus;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tenant with a grant for each meter and a clock of its own, and what was accepted of it. */
final class UsageTenant {

    static final Instant START = Instant.parse("2026-03-01T10:17:31.000001Z");
    static final Period MONTH = new Period(START, Instant.parse("2026-04-01T10:17:31.000001Z"));
    static final List<String> METERS = List.of("tokens", "visits", "peak", "people", "teams", "sites", "storage_mb");

    final UsageDatabase database;
    final UUID id = UUID.randomUUID();
    final Map<String, Stored> accepted = new LinkedHashMap<>();
    final Map<String, Meter> meters;
    Instant now = START.plus(1, ChronoUnit.HOURS);
    /** The ids that were sent so far. */
    final Set<String> known = new HashSet<>();

    /** How many events were stored by a grant. */
    int granted;

    UsageTenant(UsageDatabase database) throws SQLException {
        this.database = database;
        database.run(List.of(
                "INSERT INTO tenants (id, name, slug, status, owner_email, billing_email, tier, plan_version, test_mode,"
                        + " created_at, updated_at, version) VALUES ('"
                        + id + "', 'T', 't" + id
                        + "', 'active', 'o@t.example', 'b@t.example', 'enterprise', 1, true, now(), now(), 0)",
                "INSERT INTO test_clocks (tenant_id, now) VALUES ('" + id + "', '" + now + "')"));
        database.run(List.of(
                "INSERT INTO subscriptions (tenant_id, id, tier, plan_version, billing_cycle, currency, status, time_zone,"
                        + " anchor, current_period_start, current_period_end, usage_period_start, usage_period_end,"
                        + " next_due_at, created_at, updated_at, version, next_invoice_id) SELECT t.tenant,"
                        + " gen_random_uuid(), 'enterprise', 1, 'monthly', 'USD', 'active', 'UTC', t.since, t.since, t.until,"
                        + " t.since, t.until, t.until, t.since, t.since, 1, gen_random_uuid() FROM (VALUES ('"
                        + id
                        + "'::uuid, '" + MONTH.start() + "'::timestamptz, '" + MONTH.end()
                        + "'::timestamptz)) AS t (tenant, since, until)",
                "INSERT INTO usage_grants (tenant_id, meter, facts, by_event, started_at, period_start, period_end,"
                        + " entitled_until, unique_by) SELECT f.tenant_id, m.code, f.facts, m.aggregation LIKE '%count', '"
                        + START + "', '"
                        + MONTH.start() + "', '" + MONTH.end() + "', '" + MONTH.end()
                        + "', m.unique_by FROM usage_facts f, meters m WHERE f.tenant_id = '"
                        + id + "'"));
        meters = as(null, () -> database.bean(Plans.class).metersByCode());
    }

    /** In a transaction of its own. @param key that does it; null for a person */
    <T> T as(@Nullable String key, Supplier<T> work) {
        database.standing(standing());
        return new Caller(key == null ? "user:someone" : "key:" + key, false, id, Caller.ALL)
                .call(() -> database.in(id, work));
    }

    /**
     * MET-16. @param stored gets the ids of what was
     *
     * @return what no grant covers, or was stored before
     */
    List<UsageEvent> byGrant(List<UsageEvent> events, @Nullable String key, Set<String> stored) {
        List<UsageEvent> rest = new ArrayList<>();
        UsageStatement.Outcome[] outcomes = database.bean(UsageStatement.class)
                .store(List.of(new UsageStatement.Request(id, key, events)))
                .get(0);
        for (int i = 0; i < outcomes.length; i++) {
            UsageEvent event = events.get(i);
            switch (outcomes[i]) {
                case STORED -> {
                    stored.add(event.id());
                    granted++;
                }
                case UNDECIDED, HELD -> rest.add(event);
                default -> assertThat(known).as("ids that came before").contains(event.id());
            }
        }
        return rest;
    }

    /** By a decision. @return the ids that were new */
    Set<String> decided(List<UsageEvent> events, @Nullable String key) {
        return as(key, () -> database.bean(UsageLog.class).store(events, standing()));
    }

    void retract(String event) {
        as(null, () -> database.bean(Retractions.class).retract(event));
    }

    void rollUp(boolean all) {
        step(rollups -> rollups.rollUp(all));
    }

    /** Half of a rollup, as where it is cut off in between. */
    void take(boolean all) {
        step(rollups -> rollups.take(all, List.of()));
    }

    void step(Consumer<Rollups> half) {
        as(null, () -> {
            half.accept(database.bean(Rollups.class));
            return null;
        });
    }

    /** Makes the live counters, out of whatever is rolled up by now. */
    void count() {
        as(
                null,
                () -> database.bean(Counters.class)
                        .ensured(meters.values().stream()
                                .filter(meter -> meter.aggregation().isCounted())
                                .map(meter -> new Counters.Key(meter.code(), MONTH))
                                .toList()));
    }

    Standing standing() {
        return new Standing(
                UUID.randomUUID(),
                SubscriptionStatus.ACTIVE,
                null,
                new Plan(Tier.of("pro"), 1, 1, "Pro", false, Grain.SECOND, List.of(), List.of(), Map.of(), Map.of()),
                "USD",
                new Anchor(START, ZoneOffset.UTC),
                MONTH,
                MONTH,
                List.of(),
                START,
                Map.of(),
                null,
                now);
    }

    List<RollupDifference> differences() {
        return as(
                null,
                () -> database.bean(Rollups.class)
                        .differences(
                                START.atZone(ZoneOffset.UTC).toLocalDate(),
                                MONTH.end().atZone(ZoneOffset.UTC).toLocalDate(),
                                5));
    }

    BigDecimal quantity(String meter, Period span) {
        return as(null, () -> database.bean(PeriodUsage.class).of(span, span.end()))
                .getOrDefault(meter, BigDecimal.ZERO);
    }

    /** What is marked, and what of it is fresh. */
    List<String> pending() {
        return as(
                null,
                () -> database.bean(Sql.class)
                        .query(
                                "SELECT meter || ' ' || hours || ' ' || fresh FROM usage_pending ORDER BY meter, day",
                                row -> row.getString(1)));
    }

    List<UUID> behind(boolean all) {
        return as(null, () -> database.bean(Rollups.class).tenantsBehind(new UUID(0, 0), all, 10));
    }

    /** Its clock shows {@link #now}. */
    void present() throws SQLException {
        database.run(List.of("UPDATE test_clocks SET now = '" + now + "' WHERE tenant_id = '" + id + "'"));
    }
}
