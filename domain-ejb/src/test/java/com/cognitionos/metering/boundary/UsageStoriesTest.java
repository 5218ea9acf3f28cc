package com.cognitionos.metering.boundary;

import static com.cognitionos.metering.boundary.UsageTenant.METERS;
import static com.cognitionos.metering.boundary.UsageTenant.START;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.boundary.NaiveUsage.Stored;
import com.cognitionos.metering.boundary.Usage.Granularity;
import com.cognitionos.metering.boundary.Usage.Point;
import com.cognitionos.metering.control.PeriodUsage;
import com.cognitionos.metering.control.RollupLog;
import com.cognitionos.metering.control.RollupMarks;
import com.cognitionos.metering.control.UsageStatement;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to usage and its rollups in a certain order, on the statements and a database alone. */
class UsageStoriesTest {

    private static final Period FIRST_DAY = new Period(START, START.plus(1, ChronoUnit.DAYS));

    private UsageTenant tenant;

    @BeforeEach
    void open() throws Exception {
        tenant = new UsageTenant(UsageDatabase.shared());
    }

    @Test
    void aLevelThatWasTakenBackHoldsNoLonger() {
        Period later = new Period(Instant.parse("2026-03-03T10:00:00Z"), Instant.parse("2026-03-03T20:00:00Z"));
        tenant.decided(List.of(level()), null);
        tenant.rollUp(true);
        assertThat(level(later)).usingElementComparator(BigDecimal::compareTo).containsOnly(BigDecimal.TEN);

        tenant.retract("level");

        assertThat(level(later))
                .as("its rollup is behind")
                .usingElementComparator(BigDecimal::compareTo)
                .containsOnly(BigDecimal.ZERO);
        tenant.rollUp(true);
        assertThat(level(later)).usingElementComparator(BigDecimal::compareTo).containsOnly(BigDecimal.ZERO);
    }

    private static UsageEvent level() {
        return new UsageEvent("level", "storage_mb", BigDecimal.TEN, Instant.parse("2026-03-02T09:00:00Z"), null, null);
    }

    /** The mean over a span, and the level at its start. */
    private List<BigDecimal> level(Period span) {
        PeriodUsage periods = tenant.database.bean(PeriodUsage.class);
        return tenant.as(
                null,
                () -> List.of(
                        periods.of(span, span.end()).getOrDefault("storage_mb", BigDecimal.ZERO),
                        periods.level("storage_mb", span.start())));
    }

    /** MET-18: also for the hours after it on its very day. */
    @Test
    void aLevelHoldsOnAfterItsRecordsAreDropped() throws Exception {
        tenant.decided(List.of(level()), null);
        tenant.rollUp(true);
        tenant.now = Instant.parse("2026-03-04T00:00:00Z");
        tenant.present();
        tenant.database.run(List.of("DELETE FROM usage_records WHERE tenant_id = '" + tenant.id + "'"));

        for (Granularity step : List.of(Granularity.HOUR, Granularity.DAY)) {
            Usage.Series series = tenant.as(
                    null,
                    () -> tenant.database
                            .bean(Usage.class)
                            .series(
                                    "storage_mb",
                                    Instant.parse("2026-03-02T12:00:00Z"),
                                    Instant.parse("2026-03-03T12:00:00Z"),
                                    step,
                                    null));
            List<BigDecimal> means =
                    series.points().stream().map(Point::quantity).toList();
            assertThat(means.subList(step == Granularity.HOUR ? 0 : 1, means.size()))
                    .as("by %s", step)
                    .isNotEmpty()
                    .allSatisfy(mean -> assertThat(mean).isEqualByComparingTo("10"));
        }
    }

    /** MET-7: not held up, and counted at once. */
    @Test
    void usageIsTakenInWhileItIsRolledUp() {
        Instant at = START.plus(5, ChronoUnit.MINUTES);
        assertThat(tenant.byGrant(List.of(visit("v1", at), visit("v2", at)), null, new HashSet<>()))
                .isEmpty();
        tenant.take(true);
        assertThat(tenant.byGrant(List.of(visit("v3", at)), null, new HashSet<>()))
                .as("between the two halves")
                .isEmpty();
        tenant.step(Rollups::make);
        assertThat(tenant.quantity("visits", FIRST_DAY)).isEqualByComparingTo("3");
        tenant.take(true);

        tenant.as(null, () -> {
            RollupMarks marks = tenant.database.bean(RollupMarks.class);
            tenant.database.bean(RollupLog.class).make(marks.toMake(), tenant.now);
            assertThat(tenant.byGrant(List.of(visit("v4", at)), null, new HashSet<>()))
                    .as("while its hour is being made")
                    .isEmpty();
            marks.made();
            return null;
        });

        assertThat(tenant.quantity("visits", FIRST_DAY)).isEqualByComparingTo("4");
        assertThat(tenant.pending()).as("for the next rollup").containsExactly("visits 1024 1024");
        tenant.rollUp(true);
        assertThat(tenant.pending()).isEmpty();
        assertThat(tenant.quantity("visits", FIRST_DAY)).isEqualByComparingTo("4");
    }

    /** MET-12, MET-22: writers, each with its own connection, and one rollup after another. */
    @Test
    void writersAndRollupsLoseNothingToEachOther() throws Exception {
        tenant.count();
        Random seeds = new Random(7);
        ExecutorService writers = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<Stored>>> all = new ArrayList<>();
            for (int n = 0; n < 4; n++) {
                String name = "w" + n;
                Random own = new Random(seeds.nextLong());
                all.add(writers.submit(() -> reported(name, own)));
            }
            int rollups = 0;
            while (!all.stream().allMatch(Future::isDone)) {
                tenant.rollUp(true);
                rollups++;
            }
            assertThat(rollups).isPositive();
            for (Future<List<Stored>> one : all) {
                one.get().forEach(stored -> tenant.accepted.put(stored.event().id(), stored));
            }
        } finally {
            writers.shutdownNow();
        }
        UsageChecks checks = new UsageChecks(tenant, new Random(6));
        checks.check();
        assertThat(checks.counted).as("counters compared").isPositive();
        tenant.rollUp(true);
        assertThat(tenant.pending()).isEmpty();
        checks.check();
        assertThat(tenant.differences()).as("the standing audit").isEmpty();
    }

    /** What a writer has stored by grants. Where a rollup just takes marks, it tries again. */
    private List<Stored> reported(String name, Random own) {
        List<Stored> stored = new ArrayList<>();
        for (int n = 0; n < 25; n++) {
            List<UsageEvent> events = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                events.add(new UsageEvent(
                        name + "-" + n + "-" + i,
                        METERS.get(own.nextInt(METERS.size())),
                        BigDecimal.valueOf(own.nextInt(1000)),
                        // Each at its own time, so that the last of them is the same whoever came first.
                        START.plus(own.nextLong(Duration.ofHours(2).toNanos() / 1000), ChronoUnit.MICROS),
                        List.of("a", "b", "c").get(own.nextInt(3)),
                        "{\"team\":" + own.nextInt(4) + "}"));
            }
            while (!events.isEmpty()) {
                UsageStatement.Outcome[] outcomes;
                try {
                    outcomes = tenant.database
                            .bean(UsageStatement.class)
                            .store(List.of(new UsageStatement.Request(tenant.id, null, events)))
                            .get(0);
                } catch (Sql.SqlFailure e) {
                    assertThat(e.sqlState())
                            .as("a lock that is not given in time")
                            .isEqualTo("55P03");
                    continue;
                }
                List<UsageEvent> held = new ArrayList<>();
                for (int i = 0; i < outcomes.length; i++) {
                    if (outcomes[i] == UsageStatement.Outcome.STORED) {
                        stored.add(new Stored(events.get(i), tenant.now, null));
                    } else {
                        assertThat(outcomes[i]).isEqualTo(UsageStatement.Outcome.HELD);
                        held.add(events.get(i));
                    }
                }
                events = held;
            }
        }
        return stored;
    }

    /** Whether a grant or a decision stored it, and whatever the tenant's own clock says. */
    @Test
    void aRunningHourIsLeftAloneWhileEventsCome() throws Exception {
        Instant at = START.plus(5, ChronoUnit.MINUTES);
        tenant.now = at.plus(10, ChronoUnit.MINUTES);
        tenant.present();
        tenant.byGrant(List.of(visit("v1", at)), null, new HashSet<>());
        assertThat(tenant.behind(false)).as("the hour from 10 runs").isEmpty();
        assertThat(tenant.behind(true)).containsExactly(tenant.id);
        tenant.rollUp(false);
        assertThat(tenant.pending()).containsExactly("visits 1024 16777215");

        rest();
        assertThat(tenant.behind(false)).containsExactly(tenant.id);
        tenant.rollUp(false);
        assertThat(tenant.pending()).as("nothing has come for a minute").isEmpty();

        tenant.decided(List.of(visit("v2", at)), null);
        assertThat(tenant.behind(false)).as("it was decided on just now").isEmpty();
        rest();
        assertThat(tenant.behind(false)).containsExactly(tenant.id);
        tenant.retract("v2");
        assertThat(tenant.behind(false)).as("it was taken back just now").isEmpty();

        tenant.now = tenant.now.plus(1, ChronoUnit.HOURS);
        tenant.present();
        assertThat(tenant.behind(false)).containsExactly(tenant.id);
        tenant.take(false);
        assertThat(tenant.behind(false)).as("taken, and not made").containsExactly(tenant.id);
        tenant.rollUp(false);
        assertThat(tenant.pending()).as("it is over").isEmpty();
        assertThat(tenant.quantity("visits", new Period(START, tenant.now))).isEqualByComparingTo("1");
    }

    private void rest() throws Exception {
        tenant.database.run(List.of("UPDATE usage_pending SET changed_at = changed_at - interval '61 seconds'"
                + " WHERE tenant_id = '" + tenant.id + "'"));
    }

    @Test
    void aLargeBacklogIsManySteps() throws Exception {
        tenant.database.run(List.of(
                "INSERT INTO usage_records (tenant_id, event_id, meter, quantity, occurred_at, counted_at, received_at)"
                        + " SELECT '" + tenant.id
                        + "', 'e' || n, 'visits', 1, at, at, at FROM (SELECT n, timestamptz '"
                        + START + "' + n % 4 * interval '1 hour' AS at FROM generate_series(1, 40) AS n) AS e",
                "INSERT INTO usage_pending (tenant_id, meter, day, changed_at, hours) VALUES ('" + tenant.id
                        + "', 'visits', '2026-03-01', now(), 16777215)"));
        List<Integer> hours = new ArrayList<>();
        for (List<String> left = tenant.pending(); !left.isEmpty(); left = tenant.pending()) {
            hours.add(Integer.bitCount(Integer.parseInt(left.get(0).split(" ")[1])));
            tenant.take(true);
            tenant.step(Rollups::make);
        }
        assertThat(hours).as("hours that are behind").containsExactly(24, 13, 11);
        assertThat(tenant.quantity("visits", FIRST_DAY)).isEqualByComparingTo("40");
    }

    /** MET-22: of more events than a step makes, and changed again each time it is made. */
    @Test
    void anHourThatChangesAllTheTimeHoldsNoOtherUp() {
        List<UsageEvent> hot = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            hot.add(visit("hot-" + i, START));
        }
        assertThat(tenant.byGrant(hot, null, new HashSet<>())).isEmpty();
        assertThat(tenant.byGrant(
                        List.of(
                                visit("later", START.plus(2, ChronoUnit.HOURS)),
                                new UsageEvent("other", "tokens", BigDecimal.ONE, START, null, null)),
                        null,
                        new HashSet<>()))
                .isEmpty();
        AtomicInteger times = new AtomicInteger();
        tenant.database.beforeMade(() -> {
            assertThat(times.incrementAndGet()).as("steps of one rollup").isLessThan(10);
            assertThat(tenant.byGrant(List.of(visit("again-" + times, START)), null, new HashSet<>()))
                    .isEmpty();
        });
        try {
            tenant.rollUp(true);
        } finally {
            tenant.database.beforeMade(() -> {});
        }
        assertThat(tenant.pending()).as("but the hour from 10").containsExactly("visits 1024 1024");
        assertThat(tenant.quantity("visits", FIRST_DAY)).isEqualByComparingTo(String.valueOf(31 + times.get()));
        tenant.rollUp(true);
        assertThat(tenant.pending()).isEmpty();
    }

    /** The order of the days says nothing about how long somebody has waited. */
    @Test
    void whatHasWaitedLongestIsMadeFirst() throws Exception {
        tenant.now = START.plus(2, ChronoUnit.DAYS);
        tenant.present();
        List<UsageEvent> large = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            large.add(visit("large-" + i, START.plus(1, ChronoUnit.DAYS)));
        }
        assertThat(tenant.byGrant(large, null, new HashSet<>())).isEmpty();
        assertThat(tenant.byGrant(List.of(visit("small", START)), null, new HashSet<>()))
                .isEmpty();
        tenant.database.run(
                List.of("UPDATE usage_pending SET changed_at = changed_at - interval '1 hour' WHERE tenant_id = '"
                        + tenant.id + "' AND day = '2026-03-02'"));

        tenant.take(true);

        assertThat(tenant.as(
                        null,
                        () -> tenant.database
                                .bean(Sql.class)
                                .query(
                                        "SELECT day::text FROM usage_pending WHERE hours & ~fresh <> 0",
                                        row -> row.getString(1))))
                .containsExactly("2026-03-02");
    }

    /** MET-21: whatever of a rollup is not what it should be, as somebody's hand may have left it. */
    @Test
    void theAuditFindsWhatIsWrong() throws Exception {
        Instant at = START.plus(5, ChronoUnit.MINUTES);
        tenant.decided(
                List.of(
                        visit("v1", at),
                        person("p1", "a", at),
                        person("p2", "b", at.plus(1, ChronoUnit.HOURS)),
                        new UsageEvent("m1", "peak", BigDecimal.TEN, at, "a", null),
                        new UsageEvent("s1", "sites", BigDecimal.ONE, at, null, null)),
                null);
        tenant.rollUp(true);
        assertThat(tenant.differences()).isEmpty();

        wrong("UPDATE usage_rollups SET quantity = 7 WHERE meter = 'visits'", "visits  null 7 1");
        wrong("UPDATE usage_rollups SET quantity = 1 WHERE meter = 'people'", "people  null 1 2");
        wrong("UPDATE usage_rollups SET events = 9 WHERE meter = 'sites'", "sites  null 1 1");
        wrong(
                "UPDATE usage_group_rollups SET quantity = 3 WHERE meter = 'peak' AND dimension = 'subject'",
                "peak subject null 3 10");
        wrong(
                "UPDATE usage_group_rollups SET filled = filled | 1 WHERE meter = 'peak' AND dimension = 'subject'",
                "peak subject null 10 10");
        wrong(
                "UPDATE usage_distinct SET thing = 'c' WHERE meter = 'people' AND dimension = '' AND thing = 'a'",
                "people  10 1 1");
        wrong(
                "UPDATE usage_distinct SET hours = hours | 1 WHERE meter = 'people' AND dimension = 'region' AND thing = 'a'",
                "people region 0 1 0");
        wrong(
                "DELETE FROM usage_distinct WHERE meter = 'people' AND dimension = 'subject' AND thing = 'b'",
                "people subject 11 0 1");
        wrong("UPDATE usage_rollups SET hours[11] = 4 WHERE meter = 'peak'", "peak  10 4 10", "peak  null 10 4");
    }

    /** @param expected meter, dimension, hour, as it is rolled up and as it should be */
    private void wrong(String hand, String... expected) throws Exception {
        tenant.database.run(List.of(hand + " AND tenant_id = '" + tenant.id + "'"));
        assertThat(tenant.differences())
                .as(hand)
                .extracting(one -> one.meter() + " " + one.dimension() + " " + one.hour() + " "
                        + Sql.plain(one.rolledUp()) + " " + Sql.plain(one.recorded()))
                .containsExactlyInAnyOrder(expected);
        tenant.database.run(List.of(
                "INSERT INTO usage_pending (tenant_id, meter, day, changed_at, hours) SELECT tenant_id, meter, day, now(),"
                        + " 16777215 FROM usage_rollups WHERE tenant_id = '" + tenant.id + "'"));
        assertThat(tenant.differences()).as("which is marked").isEmpty();
        tenant.rollUp(true);
        assertThat(tenant.differences()).as("made anew").isEmpty();
    }

    private static UsageEvent person(String id, String who, Instant at) {
        return new UsageEvent(id, "people", BigDecimal.ONE, at, who, "{\"region\":\"eu\"}");
    }

    private static UsageEvent visit(String id, Instant at) {
        return new UsageEvent(id, "visits", BigDecimal.ONE, at, null, null);
    }
}
