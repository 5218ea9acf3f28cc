package com.cognitionos.metering.control;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.entity.Standing;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import com.cognitionos.subscription.entity.SubscriptionStatus;
import com.cognitionos.tenancy.entity.Setting;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Reads a tenant's standing. One statement over the tables of three components, since each API call and each event asks
 * for it: through their boundaries it would be four round trips.
 */
@ApplicationScoped
public class Standings {

    private static final List<Setting> LIMITS = List.of(Setting.MAX_EXECUTIONS_PER_MONTH, Setting.MAX_STORAGE_GB);

    private static final String LATEST = """
            s.id, s.status, s.past_due_since, s.tier, s.plan_version, s.currency, s.anchor, s.time_zone,
                s.usage_period_start, s.usage_period_end, s.created_at,
                t.max_executions_per_month, t.max_storage_gb, c.amount_cents, k.now AS test_now,
                (SELECT string_agg(e.kind || ' ' || e.tier || ' ' || e.plan_version || ' '
                        || (extract(epoch FROM e.at) * 1000000)::bigint, ',' ORDER BY e.position)
                 FROM subscription_events e
                 WHERE e.tenant_id = s.tenant_id AND e.subscription_id = s.id
                   AND e.kind <> 'canceled' AND e.at < s.usage_period_end
                   AND (e.at > s.usage_period_start OR e.position = (
                       SELECT max(b.position) FROM subscription_events b
                       WHERE b.tenant_id = s.tenant_id AND b.subscription_id = s.id AND b.kind <> 'canceled'
                         AND b.at <= s.usage_period_start)))
                    AS month_events
            FROM subscriptions s
            LEFT JOIN tenant_settings t ON t.tenant_id = s.tenant_id
            LEFT JOIN spending_caps c ON c.tenant_id = s.tenant_id
            LEFT JOIN test_clocks k ON k.tenant_id = s.tenant_id
            WHERE s.tenant_id = ? ORDER BY s.created_at DESC, s.id DESC LIMIT 1""";

    private static final String ALONE = "SELECT " + LATEST;

    private static final String WITH_FACTS =
            "SELECT (SELECT f.facts FROM usage_facts f WHERE f.tenant_id = s.tenant_id) AS facts, " + LATEST;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private PeriodUsage usage;

    @EJB
    private Plans plans;

    /** With the live subscription; empty without one. */
    public Optional<Standing> current() {
        return latest().filter(Standing::live);
    }

    /** With the newest subscription, live or not. */
    public Optional<Standing> latest() {
        return sql.queryOne(ALONE, this::standing, Caller.currentTenant());
    }

    /** A standing and the facts that it rests on, from one snapshot. */
    public record Resting(String facts, Standing standing) {}

    /** As {@link #current}. By two statements a limit that goes up and down again could be taken for the other one. */
    public Optional<Resting> resting() {
        return sql.queryOne(
                        WITH_FACTS,
                        row -> new Resting(String.valueOf(row.getString("facts")), standing(row)),
                        Caller.currentTenant())
                .filter(one -> one.standing().live());
    }

    private Standing standing(ResultSet row) throws SQLException {
        Map<String, BigDecimal> overrides = new HashMap<>();
        for (Setting setting : LIMITS) {
            Long number = row.getObject(setting.code(), Long.class);
            if (number != null) {
                overrides.put(setting.source(), setting.quantity(number));
            }
        }
        SubscriptionStatus status = SubscriptionStatus.of(row.getString("status"));
        Plan plan = plans.version(Tier.of(row.getString("tier")), row.getInt("plan_version"));
        Anchor anchor = new Anchor(Sql.instant(row, "anchor"), ZoneId.of(row.getString("time_zone")));
        Period month = new Period(Sql.instant(row, "usage_period_start"), Sql.instant(row, "usage_period_end"));
        Period calendar = anchor.periodAround(month.end().minusNanos(1), Cadence.MONTH);
        Instant now = clock.now(Sql.instant(row, "test_now"));
        boolean trial = status == SubscriptionStatus.TRIALING;
        String events = trial ? null : row.getString("month_events");
        return new Standing(
                row.getObject("id", UUID.class),
                status,
                Sql.instant(row, "past_due_since"),
                trial ? plan : plan.including(month, calendar),
                row.getString("currency"),
                anchor,
                month,
                month.length().compareTo(calendar.length()) > 0 ? month : calendar,
                events == null ? List.of() : before(events(events), month, calendar, now),
                Sql.instant(row, "created_at"),
                overrides,
                row.getObject("amount_cents", Long.class),
                now);
    }

    /** From when on a plan holds, or nothing is charged. */
    private record Event(SubscriptionEvent.Kind kind, Plan plan, Instant at) {

        private boolean is(Event other) {
            return kind.isFree() == other.kind.isFree()
                    && plan.tier().equals(other.plan.tier())
                    && plan.version() == other.plan.version();
        }
    }

    /** In the order in which they became known. */
    private List<Event> events(String named) {
        return Stream.of(named.split(","))
                .map(one -> one.split(" "))
                .map(one -> new Event(
                        SubscriptionEvent.Kind.of(one[0]),
                        plans.version(Tier.of(one[1]), Integer.parseInt(one[2])),
                        Instant.EPOCH.plus(Long.parseLong(one[3]), ChronoUnit.MICROS)))
                .toList();
    }

    /** The parts of the month up to the one that runs, as its invoice will have them (MET-8). */
    private List<Standing.Held> before(List<Event> events, Period month, Period calendar, Instant now) {
        List<Event> held = new ArrayList<>();
        List<Instant> since = new ArrayList<>();
        Stream.concat(Stream.of(month.start()), events.stream().map(Event::at).filter(month.start()::isBefore))
                .distinct()
                .sorted()
                .forEach(at -> {
                    Event valid = valid(events, at);
                    if (held.isEmpty() || !valid.is(held.get(held.size() - 1))) {
                        held.add(valid);
                        since.add(at);
                    }
                });
        List<Standing.Held> before = new ArrayList<>();
        for (int i = 1; i < held.size(); i++) {
            Period part = new Period(since.get(i - 1), since.get(i));
            Event event = held.get(i - 1);
            before.add(new Standing.Held(
                    part,
                    event.plan().including(month, calendar),
                    event.kind().isFree(),
                    usage.share(part, month, now)));
        }
        return before;
    }

    private static Event valid(List<Event> events, Instant at) {
        Event valid = events.get(0);
        for (Event event : events) {
            valid = event.at().isAfter(at) ? valid : event;
        }
        return valid;
    }
}
