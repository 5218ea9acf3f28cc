package com.cognitionos.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GAT-8: the rate limit's function against a model that keeps a plain list of every admission. */
class RateWindowTest {

    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static EmptyDatabase database;
    private static Connection owner;

    @BeforeAll
    static void start() throws Exception {
        database = new EmptyDatabase();
        owner = database.connect("seller");
        Migrations.migrate(owner);
    }

    @AfterAll
    static void stop() throws Exception {
        owner.close();
        database.close();
    }

    /** What is said about one subject. */
    private record Verdict(
            boolean admitted, int remaining, @Nullable Instant freeAt, Instant at) {}

    /** The definition: a request is admitted when fewer than the limit were in the 60 s before. */
    private static final class Model {
        private final Map<String, List<Instant>> log = new TreeMap<>();
        private final Map<String, List<Instant>> admissions = new TreeMap<>();

        List<Verdict> admit(List<String> subjects, List<Integer> limits, Instant now) {
            List<List<Instant>> windows = new ArrayList<>();
            for (String subject : subjects) {
                List<Instant> all = log.computeIfAbsent(subject, key -> new ArrayList<>());
                // The clock was set back.
                all.replaceAll(at -> at.isAfter(now) ? now : at);
                windows.add(
                        all.stream().filter(at -> at.isAfter(now.minus(WINDOW))).toList());
            }
            boolean admitted = true;
            for (int i = 0; i < subjects.size(); i++) {
                admitted &= windows.get(i).size() < limits.get(i);
            }
            List<Verdict> verdicts = new ArrayList<>();
            for (int i = 0; i < subjects.size(); i++) {
                List<Instant> window = new ArrayList<>(windows.get(i));
                if (admitted) {
                    window.add(now);
                    // What has once left stays away, also when the clock is set back.
                    log.put(subjects.get(i), new ArrayList<>(window));
                    admissions
                            .computeIfAbsent(subjects.get(i), key -> new ArrayList<>())
                            .add(now);
                }
                int tooMany = Math.max(0, window.size() - limits.get(i));
                verdicts.add(new Verdict(
                        admitted,
                        Math.max(0, limits.get(i) - window.size()),
                        window.isEmpty() ? null : window.get(tooMany).plus(WINDOW),
                        now));
            }
            return verdicts;
        }

        /** The most that were admitted in any window of 60 s. */
        int most(String subject) {
            return most(admissions.get(subject));
        }

        static int most(List<Instant> all) {
            int most = 0;
            int from = 0;
            for (int to = 0; to < all.size(); to++) {
                while (!all.get(from).isAfter(all.get(to).minus(WINDOW))) {
                    from++;
                }
                most = Math.max(most, to - from + 1);
            }
            return most;
        }
    }

    private static List<Verdict> admit(
            Connection connection, List<String> subjects, List<Integer> limits, @Nullable Instant now)
            throws SQLException {
        try (PreparedStatement call =
                connection.prepareStatement("SELECT * FROM rate_limit_admit(?, ?, ?) ORDER BY nth")) {
            call.setArray(1, connection.createArrayOf("text", subjects.toArray()));
            call.setArray(2, connection.createArrayOf("integer", limits.toArray()));
            call.setObject(3, now == null ? null : now.atOffset(ZoneOffset.UTC));
            List<Verdict> verdicts = new ArrayList<>();
            try (var rows = call.executeQuery()) {
                while (rows.next()) {
                    OffsetDateTime freeAt = rows.getObject("free_at", OffsetDateTime.class);
                    verdicts.add(new Verdict(
                            rows.getBoolean("admitted"),
                            rows.getInt("remaining"),
                            freeAt == null ? null : freeAt.toInstant(),
                            rows.getObject("decided_at", OffsetDateTime.class).toInstant()));
                }
            }
            return verdicts;
        }
    }

    private static String unique(String name) {
        return name + ":" + UUID.randomUUID();
    }

    /** Arrivals in bursts, trickles and gaps, under limits that go up and down, on a clock that is sometimes set back. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void itSaysWhatTheModelSays(long seed) throws SQLException {
        Random random = new Random(seed);
        Model model = new Model();
        String key = unique("key");
        String tenant = unique("tenant");
        int keyLimit = 1 + random.nextInt(8);
        int tenantLimit = 1 + random.nextInt(20);
        boolean clockSteps = seed % 3 == 0;
        Instant now = START;
        for (int i = 0; i < 2000; i++) {
            now = now.plus(gap(random), ChronoUnit.MICROS);
            if (clockSteps && random.nextInt(200) == 0) {
                now = now.minusSeconds(random.nextInt(400));
            }
            if (random.nextInt(60) == 0) {
                keyLimit = 1 + random.nextInt(12);
            }
            if (random.nextInt(60) == 0) {
                tenantLimit = 1 + random.nextInt(40);
            }
            boolean both = random.nextInt(3) > 0;
            List<String> subjects = both ? List.of(key, tenant) : List.of(tenant);
            List<Integer> limits = both ? List.of(keyLimit, tenantLimit) : List.of(tenantLimit);

            assertThat(admit(owner, subjects, limits, now))
                    .as("seed %d, call %d at %s, limits %s", seed, i, now, limits)
                    .isEqualTo(model.admit(subjects, limits, now));
        }
    }

    /** A tenth of a second on average, now and then none, half a window, or more than one. */
    private static long gap(Random random) {
        return switch (random.nextInt(40)) {
            case 0 -> 60_000_000L;
            case 1 -> 59_999_999L;
            case 2 -> random.nextInt(90_000_000);
            case 3 -> 30_000_000L;
            case 4, 5, 6, 7, 8, 9 -> 0;
            default -> random.nextInt(2_000_000);
        };
    }

    @Test
    void aWholeLimitAtOnceIsAdmittedAndNotOneMoreUntilTheFirstHasLeft() throws SQLException {
        List<String> subject = List.of(unique("tenant"));
        List<Integer> limit = List.of(60);
        for (int i = 0; i < 60; i++) {
            assertThat(admit(owner, subject, limit, START.plusMillis(i)).get(0))
                    .isEqualTo(new Verdict(true, 59 - i, START.plus(WINDOW), START.plusMillis(i)));
        }
        for (Instant tooEarly : List.of(START.plusMillis(60), START.plus(WINDOW).minus(1, ChronoUnit.MICROS))) {
            assertThat(admit(owner, subject, limit, tooEarly))
                    .containsExactly(new Verdict(false, 0, START.plus(WINDOW), tooEarly));
        }
        Instant free = START.plus(WINDOW);
        assertThat(admit(owner, subject, limit, free)).containsExactly(new Verdict(true, 0, free.plusMillis(1), free));
        assertThat(admit(owner, subject, limit, free)).containsExactly(new Verdict(false, 0, free.plusMillis(1), free));
    }

    @Test
    void aLimitThatGoesDownAndUpAgainForgetsNothing() throws SQLException {
        Model model = new Model();
        List<String> subject = List.of(unique("tenant"));
        for (int limit : new int[] {2500, 10, 2500, 5000}) {
            for (int i = 0; i < limit + 5; i++) {
                Instant now = START.plusMillis(i);
                assertThat(admit(owner, subject, List.of(limit), now))
                        .isEqualTo(model.admit(subject, List.of(limit), now));
            }
        }
        assertThat(model.most(subject.get(0))).isEqualTo(5000);
    }

    /** Each place that was taken ahead is used at any moment of the 0.1 s that it is good for. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void placesTakenAheadAreOfTheSameLimit(long seed) throws SQLException {
        Random random = new Random(seed);
        List<String> subjects = List.of(unique("key"), unique("tenant"));
        List<Instant> uses = new ArrayList<>();
        int taken = 0;
        Instant now = START;
        while (now.isBefore(START.plusSeconds(200))) {
            int places = takeAhead(subjects, List.of(1500, 1400), now, 1 + random.nextInt(100));
            boolean firstMinute = now.isBefore(START.plus(WINDOW));
            taken += firstMinute ? places : 0;
            for (int i = 0; i < places; i++) {
                uses.add(now.plus(i == 0 ? 0 : random.nextInt(100_000), ChronoUnit.MICROS));
            }
            now = now.plus(random.nextInt(places > 1 ? 120_000 : 20_000), ChronoUnit.MICROS);
        }
        uses.sort(null);
        assertThat(Model.most(uses)).isLessThanOrEqualTo(1400);
        assertThat(taken).as("all of it, the last ones by one").isEqualTo(1400);
        assertThat(uses).hasSizeGreaterThan(4 * 1300);
    }

    @Test
    void aSmallLimitIsGivenAwayByOne() throws SQLException {
        assertThat(takeAhead(List.of(unique("tenant")), List.of(1000), START, 100))
                .isEqualTo(1);
        assertThat(takeAhead(List.of(unique("tenant")), List.of(10_000), START, 100))
                .isEqualTo(100);
    }

    private static int takeAhead(List<String> subjects, List<Integer> limits, Instant now, int wanted)
            throws SQLException {
        try (PreparedStatement call =
                owner.prepareStatement("SELECT admitted, places FROM rate_limit_admit(?, ?, ?, ?) LIMIT 1")) {
            call.setArray(1, owner.createArrayOf("text", subjects.toArray()));
            call.setArray(2, owner.createArrayOf("integer", limits.toArray()));
            call.setObject(3, now.atOffset(ZoneOffset.UTC));
            call.setInt(4, wanted);
            try (var row = call.executeQuery()) {
                row.next();
                return row.getBoolean("admitted") ? row.getInt("places") : 0;
            }
        }
    }

    @Test
    void whatOneSubjectRefusesTheOtherDoesNotCount() throws SQLException {
        List<String> both = List.of(unique("key"), unique("tenant"));
        List<Integer> limits = List.of(1, 5);
        admit(owner, both, limits, START);
        for (int i = 0; i < 10; i++) {
            Instant now = START.plusSeconds(1);
            assertThat(admit(owner, both, limits, now))
                    .containsExactly(
                            new Verdict(false, 0, START.plus(WINDOW), now),
                            new Verdict(false, 4, START.plus(WINDOW), now));
        }
    }

    /** On the real clock and real locks: what one connection has admitted, all others see. */
    @Test
    void aCrowdGetsTheLimitAndNoMore() throws Exception {
        List<String> keys = List.of(unique("key"), unique("key"), unique("key"));
        String tenant = unique("tenant");
        ExecutorService threads = Executors.newFixedThreadPool(12);
        try {
            List<Callable<List<Instant>>> crowd = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String key = keys.get(i % 3);
                crowd.add(() -> {
                    List<Instant> admitted = new ArrayList<>();
                    try (Connection own = database.connect("seller")) {
                        for (int call = 0; call < 50; call++) {
                            Verdict verdict = admit(own, List.of(key, tenant), List.of(150, 200), null)
                                    .get(1);
                            if (verdict.admitted()) {
                                admitted.add(verdict.at());
                            }
                        }
                    }
                    return admitted;
                });
            }
            List<Instant> admitted = new ArrayList<>();
            for (Future<List<Instant>> one : threads.invokeAll(crowd)) {
                admitted.addAll(one.get());
            }
            admitted.sort(null);
            // On a slow machine the first may have left before the last comes.
            assertThat(Model.most(admitted)).isEqualTo(200);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void subjectsOutOfOrderWouldRiskADeadlockAndAreRefused() {
        for (List<String> wrong : Arrays.asList(List.of("b", "a"), List.of("a", "a"))) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> admit(owner, wrong, List.of(1, 1), null))
                    .hasMessageContaining("ascend");
        }
    }
}
