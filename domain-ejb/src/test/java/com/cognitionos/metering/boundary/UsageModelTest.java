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
import java.util.function.Function;
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
        new Story(new Random(seed)).tell();
    }

    @Example
    void aLevelThatWasTakenBackHoldsNoLonger() throws Exception {
        new Story(new Random(1)).takeALevelBack();
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
                            + " entitled_until) SELECT f.tenant_id, m.code, f.facts, m.aggregation = 'count', '" + START
                            + "', '"
                            + MONTH.start() + "', '" + MONTH.end() + "', '" + MONTH.end()
                            + "' FROM usage_facts f, meters m WHERE m.aggregation <> 'unique_count' AND f.tenant_id = '"
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
                switch (random.nextInt(6)) {
                    case 0, 1, 2 -> send();
                    case 3 -> retract();
                    case 4 -> rollUp(random.nextBoolean());
                    default -> count();
                }
                now = now.plus(random.nextInt(400), ChronoUnit.MINUTES);
                database.run(List.of("UPDATE test_clocks SET now = '" + now + "' WHERE tenant_id = '" + tenant + "'"));
                if (random.nextInt(3) == 0) {
                    check();
                }
            }
            check();
            rollUp(true);
            check();
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
            assertThat(level(later)).usingElementComparator(BigDecimal::compareTo).containsOnly(BigDecimal.TEN);

            as(null, () -> database.bean(Retractions.class).retract("level"));

            assertThat(level(later))
                    .as("its rollup is behind")
                    .usingElementComparator(BigDecimal::compareTo)
                    .containsOnly(BigDecimal.ZERO);
            rollUp(true);
            assertThat(level(later)).usingElementComparator(BigDecimal::compareTo).containsOnly(BigDecimal.ZERO);
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
                        assertThat(event.meter()).isNotIn("people", "teams");
                        stored.add(event.id());
                        granted++;
                    }
                    case UNDECIDED -> rest.add(event);
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
            while (as(null, () -> database.bean(Rollups.class).rollUp()) > 0 && all) {
                // until nothing is behind
            }
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
            int most = 1 + random.nextInt(6);
            String what = meter.code() + " from " + from + " to " + to + ", " + step + " by " + by + ", only " + only
                    + ", most " + most;
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
                                            : new Usage.Filter(java.util.Objects.requireNonNull(by), only))));
            Function<Stored, String> group = stored -> by == null ? "" : group(by, stored);
            if (!grouped) {
                for (Point point : series.points()) {
                    assertThat(point.quantity())
                            .as("%s at %s", what, point.start())
                            .isEqualByComparingTo(naive(
                                    meter.code(),
                                    new Period(point.start(), point.end()),
                                    now,
                                    stored ->
                                            only == null || group.apply(stored).equals(only)));
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
                        .filter(stored -> only == null || group.apply(stored).equals(only))
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
