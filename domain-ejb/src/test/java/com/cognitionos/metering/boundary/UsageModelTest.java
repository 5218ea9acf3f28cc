package com.cognitionos.metering.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Meter.Aggregation;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.boundary.Usage.Granularity;
import com.cognitionos.metering.boundary.Usage.Point;
import com.cognitionos.metering.control.Counters;
import com.cognitionos.metering.control.PeriodUsage;
import com.cognitionos.metering.control.RollupLog;
import com.cognitionos.metering.control.RollupMarks;
import com.cognitionos.metering.control.UsageLog;
import com.cognitionos.metering.control.UsageStatement;
import com.cognitionos.metering.entity.Standing;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.SubscriptionStatus;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/**
 * MET-1, MET-7, MET-12 to MET-15: whatever comes, in whatever order, how often and how late, and whenever it is rolled
 * up: every figure is what the accepted events come to when they are looked at one by one.
 */
class UsageModelTest {

    private static final Instant START = Instant.parse("2026-03-01T10:17:31.000001Z");
    private static final Period MONTH = new Period(START, Instant.parse("2026-04-01T10:17:31.000001Z"));
    private static final Duration SOME_DAYS = Duration.ofHours(75);
    private static final List<String> METERS =
            List.of("tokens", "visits", "peak", "people", "teams", "sites", "storage_mb");
    private static final List<String> WORDS = List.of("a", "b", "c", "d\u00e9", "'");

    private static UsageDatabase database;
    private static int granted;
    private static int counted;
    private static boolean told;

    @BeforeContainer
    static void start() throws Exception {
        database = new UsageDatabase();
        database.run(List.of("""
                INSERT INTO meters (code, name, aggregation, unit, position, unique_by, dimensions) VALUES
                    ('visits', 'Visits', 'count', 'visit', 11, NULL, '{region}'),
                    ('peak', 'Peak', 'max', 'connection', 12, NULL, '{region}'),
                    ('people', 'People', 'unique_count', 'person', 13, 'subject', '{region}'),
                    ('teams', 'Teams', 'unique_count', 'team', 14, 'team', '{}'),
                    ('sites', 'Sites', 'latest', 'site', 15, NULL, '{region}')"""));
    }

    @AfterContainer
    static void stop() throws Exception {
        if (database != null) {
            database.close();
        }
        assertThat(granted).as("events stored by a grant").isPositive();
        if (told) {
            assertThat(counted).as("counters compared").isPositive();
        }
    }

    /** An accepted event, and when and by whom it came. */
    private record Stored(
            UsageEvent event, Instant receivedAt, @Nullable String key) {
        Instant at() {
            return java.util.Objects.requireNonNull(event.timestamp());
        }
    }

    private static final Comparator<Stored> ORDER = Comparator.comparing(Stored::at)
            .thenComparing(Stored::receivedAt)
            .thenComparing(stored -> stored.event().id());

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void everyFigureIsWhatTheEventsComeTo(@ForAll long seed) throws Exception {
        told = true;
        new Story(new Random(seed)).tell();
    }

    @Example
    void aLevelThatWasTakenBackHoldsNoLonger() throws Exception {
        new Story(new Random(1)).takeALevelBack();
    }

    @Example
    void aLevelHoldsOnAfterItsRecordsAreDropped() throws Exception {
        new Story(new Random(5)).dropTheRecordsOfALevel();
    }

    @Example
    void usageIsTakenInWhileItIsRolledUp() throws Exception {
        new Story(new Random(2)).reportDuringARollup();
    }

    @Example
    void writersAndRollupsLoseNothingToEachOther() throws Exception {
        new Story(new Random(6)).reportOnSeveralThreads();
    }

    @Example
    void aRunningHourIsLeftAloneWhileEventsCome() throws Exception {
        new Story(new Random(3)).leaveTheRunningHour();
    }

    @Example
    void aLargeBacklogIsManySteps() throws Exception {
        new Story(new Random(4)).catchUpInSteps();
    }

    /** One tenant, and what happens to it. */
    private static final class Story {
        private final Random random;
        private final UUID tenant = UUID.randomUUID();
        private final Map<String, Stored> accepted = new LinkedHashMap<>();
        private final Set<String> retracted = new java.util.HashSet<>();
        private final List<UsageEvent> sent = new ArrayList<>();
        private final Map<String, Meter> meters;
        private Instant now = START.plus(1, ChronoUnit.HOURS);

        Story(Random random) throws Exception {
            this.random = random;
            database.run(List.of(
                    "INSERT INTO tenants (id, name, slug, status, owner_email, billing_email, tier, plan_version, test_mode,"
                            + " created_at, updated_at, version) VALUES ('"
                            + tenant + "', 'T', 't" + tenant
                            + "', 'active', 'o@t.example', 'b@t.example', 'enterprise', 1, true, now(), now(), 0)",
                    "INSERT INTO test_clocks (tenant_id, now) VALUES ('" + tenant + "', '" + now + "')"));
            database.run(List.of(
                    "INSERT INTO subscriptions (tenant_id, id, tier, plan_version, billing_cycle, currency, status, time_zone,"
                            + " anchor, current_period_start, current_period_end, usage_period_start, usage_period_end,"
                            + " next_due_at, created_at, updated_at, version, next_invoice_id) SELECT t.tenant,"
                            + " gen_random_uuid(), 'enterprise', 1, 'monthly', 'USD', 'active', 'UTC', t.since, t.since, t.until,"
                            + " t.since, t.until, t.until, t.since, t.since, 1, gen_random_uuid() FROM (VALUES ('"
                            + tenant
                            + "'::uuid, '" + MONTH.start() + "'::timestamptz, '" + MONTH.end()
                            + "'::timestamptz)) AS t (tenant, since, until)",
                    "INSERT INTO usage_grants (tenant_id, meter, facts, by_event, started_at, period_start, period_end,"
                            + " entitled_until, unique_by) SELECT f.tenant_id, m.code, f.facts, m.aggregation LIKE '%count', '"
                            + START + "', '"
                            + MONTH.start() + "', '" + MONTH.end() + "', '" + MONTH.end()
                            + "', m.unique_by FROM usage_facts f, meters m WHERE f.tenant_id = '"
                            + tenant + "'"));
            meters = as(null, () -> database.bean(Plans.class).metersByCode());
        }

        private <T> T as(@Nullable String key, java.util.function.Supplier<T> work) {
            return new Caller(key == null ? "user:someone" : "key:" + key, false, tenant, Caller.ALL)
                    .call(() -> database.in(tenant, work));
        }

        void tell() throws Exception {
            int steps = 4 + random.nextInt(8);
            for (int n = 0; n < steps; n++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> send();
                    case 3 -> retract();
                    case 4 -> rollUp(random.nextBoolean());
                    case 5 -> step(rollups -> rollups.take(random.nextBoolean()));
                    case 6 -> step(Rollups::make);
                    default -> count();
                }
                now = now.plus(random.nextInt(400), ChronoUnit.MINUTES);
                present();
                if (random.nextInt(3) == 0) {
                    check();
                }
            }
            check();
            rollUp(true);
            check();
            audit();
        }

        private void audit() {
            assertThat(as(
                            null,
                            () -> database.bean(Rollups.class)
                                    .differences(
                                            START.atZone(ZoneOffset.UTC).toLocalDate(),
                                            MONTH.end().atZone(ZoneOffset.UTC).toLocalDate(),
                                            5)))
                    .as("the standing audit")
                    .isEmpty();
        }

        void takeALevelBack() {
            Period later = new Period(Instant.parse("2026-03-03T10:00:00Z"), Instant.parse("2026-03-03T20:00:00Z"));
            database.standing(standing());
            UsageEvent level = new UsageEvent(
                    "level", "storage_mb", BigDecimal.TEN, Instant.parse("2026-03-02T09:00:00Z"), null, null);
            as(null, () -> database.bean(UsageLog.class).store(List.of(level), standing()));
            rollUp(true);
            assertThat(level(later))
                    .usingElementComparator(BigDecimal::compareTo)
                    .containsOnly(BigDecimal.TEN);

            as(null, () -> database.bean(Retractions.class).retract("level"));

            assertThat(level(later))
                    .as("its rollup is behind")
                    .usingElementComparator(BigDecimal::compareTo)
                    .containsOnly(BigDecimal.ZERO);
            rollUp(true);
            assertThat(level(later))
                    .usingElementComparator(BigDecimal::compareTo)
                    .containsOnly(BigDecimal.ZERO);
        }

        /** MET-18: also for the hours after it on its very day. */
        void dropTheRecordsOfALevel() throws Exception {
            UsageEvent level = new UsageEvent(
                    "level", "storage_mb", BigDecimal.TEN, Instant.parse("2026-03-02T09:00:00Z"), null, null);
            as(null, () -> database.bean(UsageLog.class).store(List.of(level), standing()));
            rollUp(true);
            now = Instant.parse("2026-03-04T00:00:00Z");
            present();
            database.run(List.of("DELETE FROM usage_records WHERE tenant_id = '" + tenant + "'"));

            for (Granularity step : List.of(Granularity.HOUR, Granularity.DAY)) {
                Usage.Series series = as(
                        null,
                        () -> database.bean(Usage.class)
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
        void reportDuringARollup() {
            database.standing(standing());
            Instant at = START.plus(5, ChronoUnit.MINUTES);
            Period day = new Period(START, START.plus(1, ChronoUnit.DAYS));
            assertThat(byGrant(List.of(visit("v1", at), visit("v2", at)), null, new HashSet<>()))
                    .isEmpty();
            step(rollups -> rollups.take(true));
            assertThat(byGrant(List.of(visit("v3", at)), null, new HashSet<>()))
                    .as("between the two halves")
                    .isEmpty();
            step(Rollups::make);
            assertThat(visits(day)).isEqualByComparingTo("3");
            step(rollups -> rollups.take(true));

            as(null, () -> {
                RollupMarks marks = database.bean(RollupMarks.class);
                database.bean(RollupLog.class).make(marks.toMake(), now);
                assertThat(byGrant(List.of(visit("v4", at)), null, new HashSet<>()))
                        .as("while its hour is being made")
                        .isEmpty();
                marks.made();
                return null;
            });

            assertThat(visits(day)).isEqualByComparingTo("4");
            assertThat(pending()).as("for the next rollup").containsExactly("visits 1024 1024");
            rollUp(true);
            assertThat(pending()).isEmpty();
            assertThat(visits(day)).isEqualByComparingTo("4");
        }

        /** MET-12, MET-22: writers, each with its own connection, and one rollup after another. */
        void reportOnSeveralThreads() throws Exception {
            count();
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
                    rollUp(true);
                    rollups++;
                }
                assertThat(rollups).isPositive();
                for (Future<List<Stored>> one : all) {
                    one.get().forEach(stored -> accepted.put(stored.event().id(), stored));
                }
            } finally {
                writers.shutdownNow();
            }
            counted = 0;
            check();
            assertThat(counted).as("counters compared").isPositive();
            rollUp(true);
            assertThat(pending()).isEmpty();
            check();
            audit();
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
                            WORDS.get(own.nextInt(WORDS.size())),
                            "{\"team\":" + own.nextInt(4) + "}"));
                }
                while (!events.isEmpty()) {
                    UsageStatement.Outcome[] outcomes;
                    try {
                        outcomes = database.bean(UsageStatement.class)
                                .store(List.of(new UsageStatement.Request(tenant, null, events)))
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
                            stored.add(new Stored(events.get(i), now, null));
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

        void leaveTheRunningHour() throws Exception {
            database.standing(standing());
            Instant at = START.plus(5, ChronoUnit.MINUTES);
            now = at.plus(10, ChronoUnit.MINUTES);
            present();
            byGrant(List.of(visit("v1", at)), null, new HashSet<>());
            assertThat(behind(false)).as("the hour from 10 runs").isEmpty();
            assertThat(behind(true)).containsExactly(tenant);
            rollUp(false);
            assertThat(pending()).containsExactly("visits 1024 16777215");

            database.run(List.of("UPDATE usage_pending SET changed_at = changed_at - interval '61 seconds'"));
            assertThat(behind(false)).containsExactly(tenant);
            rollUp(false);
            assertThat(pending()).as("nothing has come for a minute").isEmpty();

            byGrant(List.of(visit("v2", at)), null, new HashSet<>());
            now = now.plus(1, ChronoUnit.HOURS);
            present();
            assertThat(behind(false)).containsExactly(tenant);
            step(rollups -> rollups.take(false));
            assertThat(behind(false)).as("taken, and not made").containsExactly(tenant);
            rollUp(false);
            assertThat(pending()).as("it is over").isEmpty();
            assertThat(visits(new Period(START, now))).isEqualByComparingTo("2");
        }

        void catchUpInSteps() throws Exception {
            database.run(List.of(
                    "INSERT INTO usage_records (tenant_id, event_id, meter, quantity, occurred_at, counted_at, received_at)"
                            + " SELECT '" + tenant
                            + "', 'e' || n, 'visits', 1, at, at, at FROM (SELECT n, timestamptz '"
                            + START + "' + n % 4 * interval '1 hour' AS at FROM generate_series(1, 40) AS n) AS e",
                    "INSERT INTO usage_pending (tenant_id, meter, day, changed_at, hours) VALUES ('" + tenant
                            + "', 'visits', '2026-03-01', now(), 16777215)"));
            List<Integer> hours = new ArrayList<>();
            for (List<String> left = pending(); !left.isEmpty(); left = pending()) {
                hours.add(Integer.bitCount(Integer.parseInt(left.get(0).split(" ")[1])));
                step(rollups -> rollups.take(true));
                step(Rollups::make);
            }
            assertThat(hours).as("hours that are behind").containsExactly(24, 13, 11);
            assertThat(visits(new Period(START, START.plus(1, ChronoUnit.DAYS))))
                    .isEqualByComparingTo("40");
        }

        private UsageEvent visit(String id, Instant at) {
            return new UsageEvent(id, "visits", BigDecimal.ONE, at, null, null);
        }

        private BigDecimal visits(Period span) {
            return as(null, () -> database.bean(PeriodUsage.class).of(span, span.end()))
                    .getOrDefault("visits", BigDecimal.ZERO);
        }

        /** What is marked, and what of it is fresh. */
        private List<String> pending() {
            return as(
                    null,
                    () -> database.bean(Sql.class)
                            .query(
                                    "SELECT meter || ' ' || hours || ' ' || fresh FROM usage_pending",
                                    row -> row.getString(1)));
        }

        private List<UUID> behind(boolean all) {
            return as(null, () -> database.bean(Rollups.class).tenantsBehind(new UUID(0, 0), all, 10));
        }

        private void present() throws Exception {
            database.run(List.of("UPDATE test_clocks SET now = '" + now + "' WHERE tenant_id = '" + tenant + "'"));
        }

        /** The mean over a span, and the level at its start. */
        private List<BigDecimal> level(Period span) {
            PeriodUsage periods = database.bean(PeriodUsage.class);
            return as(
                    null,
                    () -> List.of(
                            periods.of(span, span.end()).getOrDefault("storage_mb", BigDecimal.ZERO),
                            periods.level("storage_mb", span.start())));
        }

        private Instant instant() {
            Instant at = START.plus(random.nextLong(SOME_DAYS.toNanos() / 1000), ChronoUnit.MICROS);
            return switch (random.nextInt(5)) {
                case 0 -> later(at.truncatedTo(ChronoUnit.HOURS));
                case 1 -> later(at.truncatedTo(ChronoUnit.DAYS));
                case 2 -> later(at.truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.MICROS));
                default -> at;
            };
        }

        private static Instant later(Instant at) {
            return at.isBefore(START) ? START : at;
        }

        private void send() {
            List<UsageEvent> batch = new ArrayList<>();
            int size = 1 + random.nextInt(30);
            for (int n = 0; n < size; n++) {
                if (!sent.isEmpty() && random.nextInt(6) == 0) {
                    batch.add(sent.get(random.nextInt(sent.size())));
                } else {
                    batch.add(event("e" + sent.size() + "-" + n));
                }
            }
            // Of one id once, as the boundary hands them on.
            Map<String, UsageEvent> ids = new LinkedHashMap<>();
            batch.forEach(event -> ids.putIfAbsent(event.id(), event));
            String key = random.nextBoolean() ? null : "cog_0000000" + random.nextInt(3);
            database.standing(standing());
            Set<String> stored = new HashSet<>();
            List<UsageEvent> decided = List.copyOf(ids.values());
            if (random.nextBoolean()) {
                decided = byGrant(decided, key, stored);
            }
            List<UsageEvent> rest = decided;
            stored.addAll(as(key, () -> database.bean(UsageLog.class).store(rest, standing())));
            ids.values().stream()
                    .filter(event -> stored.contains(event.id()))
                    .forEach(event -> accepted.put(event.id(), new Stored(event, now, key)));
            assertThat(ids.keySet())
                    .as("a retracted id stays taken")
                    .noneMatch(id -> stored.contains(id) && retracted.contains(id));
            sent.addAll(ids.values());
        }

        /** MET-16. @return what no grant covers, or was stored before */
        private List<UsageEvent> byGrant(List<UsageEvent> events, @Nullable String key, Set<String> stored) {
            List<UsageEvent> rest = new ArrayList<>();
            UsageStatement.Outcome[] outcomes = database.bean(UsageStatement.class)
                    .store(List.of(new UsageStatement.Request(tenant, key, events)))
                    .get(0);
            for (int i = 0; i < outcomes.length; i++) {
                UsageEvent event = events.get(i);
                switch (outcomes[i]) {
                    case STORED -> {
                        stored.add(event.id());
                        granted++;
                    }
                    case UNDECIDED, HELD -> rest.add(event);
                    default -> assertThat(sent).extracting(UsageEvent::id).contains(event.id());
                }
            }
            return rest;
        }

        private UsageEvent event(String id) {
            String subject = random.nextInt(4) == 0 ? null : word();
            String meter = METERS.get(random.nextInt(METERS.size()));
            subject = meter.equals("people") && subject == null ? "a" : subject;
            StringBuilder properties = new StringBuilder("{\"model\":\"" + word() + "\"");
            if (random.nextBoolean()) {
                properties.append(",\"region\":\"").append(word()).append('"');
            }
            properties.append(",\"team\":").append(random.nextInt(4)).append('}');
            return new UsageEvent(
                    id,
                    meter,
                    BigDecimal.valueOf(random.nextInt(5_000_000), random.nextInt(7)),
                    instant(),
                    subject,
                    properties.toString());
        }

        private String word() {
            return WORDS.get(random.nextInt(WORDS.size()));
        }

        /** Some at once, so that whole groups and values are gone. */
        private void retract() {
            database.standing(standing());
            for (int n = random.nextInt(8); n > 0 && !accepted.isEmpty(); n--) {
                String id = new ArrayList<>(accepted.keySet()).get(random.nextInt(accepted.size()));
                as(null, () -> database.bean(Retractions.class).retract(id));
                accepted.remove(id);
                retracted.add(id);
            }
        }

        private void rollUp(boolean all) {
            step(rollups -> rollups.rollUp(all));
        }

        /** Half of a rollup, as where it is cut off in between. */
        private void step(Consumer<Rollups> half) {
            as(null, () -> {
                half.accept(database.bean(Rollups.class));
                return null;
            });
        }

        /** Makes the live counters, out of whatever is rolled up by now. */
        private void count() {
            as(
                    null,
                    () -> database.bean(Counters.class)
                            .ensured(meters.values().stream()
                                    .filter(meter -> meter.aggregation().isCounted())
                                    .map(meter -> new Counters.Key(meter.code(), MONTH))
                                    .toList()));
        }

        private Standing standing() {
            return new Standing(
                    UUID.randomUUID(),
                    SubscriptionStatus.ACTIVE,
                    null,
                    new Plan(
                            Tier.of("pro"), 1, 1, "Pro", false, Grain.SECOND, List.of(), List.of(), Map.of(), Map.of()),
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

        private void check() {
            PeriodUsage periods = database.bean(PeriodUsage.class);
            for (int n = 0; n < 4; n++) {
                Instant one = instant();
                Instant other = instant();
                if (one.equals(other)) {
                    continue;
                }
                Period span = one.isBefore(other) ? new Period(one, other) : new Period(other, one);
                Instant present = random.nextBoolean() ? span.end() : instant();
                Map<String, BigDecimal> found = as(null, () -> periods.of(span, present));
                for (String meter : METERS) {
                    assertThat(found.getOrDefault(meter, BigDecimal.ZERO))
                            .as("%s in %s at %s", meter, span, present)
                            .isEqualByComparingTo(naive(meter, span, present, stored -> true));
                }
            }
            sharesMakeTheWhole();
            countersAgree();
            for (int n = 0; n < 6; n++) {
                seriesAgrees();
            }
        }

        private void sharesMakeTheWhole() {
            Instant cut = instant();
            if (!cut.isAfter(START)) {
                return;
            }
            PeriodUsage periods = database.bean(PeriodUsage.class);
            Map<String, BigDecimal> sum =
                    new HashMap<>(as(null, () -> periods.share(new Period(START, cut), MONTH, MONTH.end())));
            as(null, () -> periods.share(new Period(cut, MONTH.end()), MONTH, MONTH.end()))
                    .forEach((meter, quantity) -> sum.merge(meter, quantity, BigDecimal::add));
            for (String meter : METERS) {
                // The two shares of a mean are rounded by themselves.
                assertThat(sum.getOrDefault(meter, BigDecimal.ZERO)
                                .subtract(naive(meter, MONTH, MONTH.end(), stored -> true))
                                .abs())
                        .as("both parts of %s at %s", meter, cut)
                        .isLessThanOrEqualTo(meter.equals("storage_mb") ? new BigDecimal("0.000002") : BigDecimal.ZERO);
            }
        }

        private void countersAgree() {
            Map<String, BigDecimal> counters = as(
                    null,
                    () -> database
                            .bean(Sql.class)
                            .query(
                                    "SELECT meter, used FROM usage_counters",
                                    row -> Map.entry(row.getString("meter"), row.getBigDecimal("used")))
                            .stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
            counters.forEach((meter, used) -> {
                if (METERS.contains(meter)) {
                    counted++;
                    assertThat(used)
                            .as("the counter of %s", meter)
                            .isEqualByComparingTo(naive(meter, MONTH, MONTH.end(), stored -> true));
                }
            });
        }

        private void seriesAgrees() {
            Meter meter = meters.get(METERS.get(random.nextInt(METERS.size())));
            Granularity step = Granularity.values()[random.nextInt(3)];
            Instant from = instant();
            Instant to = from.plus(1 + random.nextInt(3000), ChronoUnit.MINUTES);
            List<String> groups = meter.groups();
            String by = groups.isEmpty() || random.nextInt(3) == 0 ? null : groups.get(random.nextInt(groups.size()));
            String only = by == null || random.nextBoolean() ? null : random.nextInt(4) == 0 ? "" : word();
            boolean grouped = by != null && (only == null || random.nextBoolean());
            String onlyBy =
                    only != null && grouped && random.nextBoolean() ? groups.get(random.nextInt(groups.size())) : by;
            int most = 1 + random.nextInt(6);
            String what = meter.code() + " from " + from + " to " + to + ", " + step + " by " + by + ", only " + onlyBy
                    + ":" + only + ", most " + most;
            Usage.Series series = as(
                    null,
                    () -> database.bean(Usage.class)
                            .series(new Usage.Wanted(
                                    meter.code(),
                                    from,
                                    to,
                                    step,
                                    grouped ? by : null,
                                    most,
                                    only == null
                                            ? null
                                            : new Usage.Filter(java.util.Objects.requireNonNull(onlyBy), only))));
            Function<Stored, String> group = stored -> by == null ? "" : group(by, stored);
            Predicate<Stored> wanted =
                    stored -> only == null || group(onlyBy, stored).equals(only);
            if (!grouped) {
                for (Point point : series.points()) {
                    assertThat(point.quantity())
                            .as("%s at %s", what, point.start())
                            .isEqualByComparingTo(
                                    naive(meter.code(), new Period(point.start(), point.end()), now, wanted));
                }
                return;
            }
            Map<String, BigDecimal> found = new TreeMap<>();
            series.points()
                    .forEach(point -> found.put(
                            point.start() + "/" + (point.others() ? "others" : "=" + point.group()), point.quantity()));
            Map<String, BigDecimal> expected = new TreeMap<>();
            for (Instant at = step.floor(from); at.isBefore(to); at = step.next(at)) {
                Period span = new Period(at, step.next(at));
                Map<String, List<Stored>> shown = accepted.values().stream()
                        .filter(stored -> stored.event().meter().equals(meter.code()) && span.contains(stored.at()))
                        .filter(wanted)
                        .collect(Collectors.groupingBy(stored ->
                                series.groups().contains(group.apply(stored)) ? "=" + group.apply(stored) : "others"));
                for (Map.Entry<String, List<Stored>> entry : shown.entrySet()) {
                    if (!entry.getKey().equals("others") || meter.aggregation() != Aggregation.LATEST) {
                        expected.put(
                                at + "/" + entry.getKey(), naive(meter.code(), span, now, entry.getValue()::contains));
                    }
                }
            }
            assertThat(found.keySet()).as(what).isEqualTo(expected.keySet());
            expected.forEach((point, quantity) ->
                    assertThat(found.get(point)).as("%s at %s", what, point).isEqualByComparingTo(quantity));
        }

        private static String group(String by, Stored stored) {
            String value = switch (by) {
                case "subject" -> stored.event().subject();
                case "key" -> stored.key();
                default -> property(stored, by);
            };
            return value == null ? "" : value;
        }

        private static @Nullable String property(Stored stored, String name) {
            String quoted = "\"" + name + "\":\"";
            String all = java.util.Objects.requireNonNull(stored.event().properties());
            int at = all.indexOf(quoted);
            return at < 0 ? null : all.substring(at + quoted.length(), all.indexOf('"', at + quoted.length()));
        }

        /** The definition of each kind. */
        private BigDecimal naive(
                String code, Period span, Instant present, java.util.function.Predicate<Stored> wanted) {
            Meter meter = meters.get(code);
            List<Stored> all = accepted.values().stream()
                    .filter(stored -> stored.event().meter().equals(code))
                    .filter(wanted)
                    .sorted(ORDER)
                    .toList();
            List<Stored> inside =
                    all.stream().filter(stored -> span.contains(stored.at())).toList();
            List<BigDecimal> quantities =
                    inside.stream().map(stored -> stored.event().quantity()).toList();
            return switch (meter.aggregation()) {
                case SUM -> quantities.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
                case COUNT -> BigDecimal.valueOf(inside.size());
                case MAX -> quantities.stream().reduce(BigDecimal.ZERO, BigDecimal::max);
                case UNIQUE_COUNT ->
                    BigDecimal.valueOf(inside.stream()
                            .map(stored -> code.equals("people")
                                    ? stored.event().subject()
                                    : stored.event().properties().replaceAll(".*\"team\":", ""))
                            .distinct()
                            .count());
                case LATEST -> quantities.isEmpty() ? BigDecimal.ZERO : quantities.get(quantities.size() - 1);
                case TIME_WEIGHTED -> mean(all, span, present);
            };
        }

        private static BigDecimal mean(List<Stored> all, Period span, Instant present) {
            Instant end = present.isBefore(span.end()) ? present : span.end();
            if (!span.start().isBefore(end)) {
                return BigDecimal.ZERO;
            }
            BigDecimal integral = BigDecimal.ZERO;
            BigDecimal level = BigDecimal.ZERO;
            Instant since = span.start();
            for (Stored stored : all) {
                if (!stored.at().isBefore(end)) {
                    break;
                }
                if (stored.at().isAfter(since)) {
                    integral = integral.add(level.multiply(micros(since, stored.at())));
                    since = stored.at();
                }
                level = stored.event().quantity();
            }
            return integral.add(level.multiply(micros(since, end)))
                    .divide(micros(span.start(), end), MathContext.DECIMAL128)
                    .setScale(6, RoundingMode.HALF_UP);
        }

        private static BigDecimal micros(Instant from, Instant to) {
            return BigDecimal.valueOf(Duration.between(from, to).toNanos() / 1000);
        }
    }
}
