package com.cognitionos.metering.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.boundary.UsageEvents;
import com.cognitionos.metering.control.UsageStatement.Outcome;
import com.cognitionos.metering.control.UsageStatement.Request;
import com.cognitionos.metering.entity.UsageEvent;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** MET-2, MET-15: requests that are stored together. */
class UsageQueueTest {

    private static final UUID A = UUID.fromString("00000000-0000-7000-8000-00000000000a");
    private static final UUID B = UUID.fromString("00000000-0000-7000-8000-00000000000b");

    private static UsageEvent event(String id, int content) {
        return new UsageEvent(id, "tokens", BigDecimal.valueOf(content), null, null, null);
    }

    private static List<UsageEvent> events(String... ids) {
        return Stream.of(ids).map(id -> event(id, 1)).toList();
    }

    private static Sql.SqlFailure failure(String state) {
        return new Sql.SqlFailure(new SQLException("as planned", state));
    }

    /** Stores as the database does, all of a statement or nothing; each statement is kept. */
    private static class Database extends UsageQueue {
        final Map<String, Integer> stored = new HashMap<>();
        final List<List<Request>> statements = new ArrayList<>();

        Database() {
            this(System::nanoTime);
        }

        Database(LongSupplier nanos) {
            super(new IngestCounts(), 1000, nanos);
        }

        Outcome[] store(UUID tenant, List<UsageEvent> events) {
            return store(new Request(tenant, null, events));
        }

        @Override
        synchronized List<Outcome[]> statement(List<Request> group) {
            statements.add(group);
            Set<String> ids = new HashSet<>();
            List<Outcome[]> outcomes = new ArrayList<>();
            for (Request request : group) {
                Outcome[] own = new Outcome[request.events().size()];
                for (int i = 0; i < own.length; i++) {
                    UsageEvent event = request.events().get(i);
                    String key = request.tenant() + event.id();
                    assertThat(ids.add(key)).as("one id in one statement").isTrue();
                    Integer before = stored.putIfAbsent(key, event.quantity().intValue());
                    own[i] = before == null
                            ? Outcome.STORED
                            : before == event.quantity().intValue() ? Outcome.DUPLICATE : Outcome.CONFLICT;
                }
                outcomes.add(own);
            }
            return outcomes;
        }
    }

    /** Holds the first statements until as many requests have come as are told. */
    private static final class Slow extends Database {
        private final CountDownLatch writers = new CountDownLatch(WRITERS);
        private final CountDownLatch open = new CountDownLatch(1);
        private String failing = "";

        @Override
        List<Outcome[]> statement(List<Request> group) {
            if (writers.getCount() > 0) {
                writers.countDown();
                try {
                    open.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            } else if (group.size() > 1 && !failing.isEmpty()) {
                throw failure(failing);
            }
            return super.statement(group);
        }

        /** While all writers are at work. */
        private List<Future<Outcome[]>> sendsMeanwhile(ExecutorService threads, List<Callable<Outcome[]>> requests)
                throws InterruptedException {
            for (int i = 0; i < WRITERS; i++) {
                String id = "first-" + i;
                threads.submit(() -> store(A, events(id)));
            }
            assertThat(writers.await(60, TimeUnit.SECONDS))
                    .as("a slow statement does not hold up who comes after it")
                    .isTrue();
            List<Future<Outcome[]>> sent = new ArrayList<>();
            for (int i = 0; i < requests.size(); i++) {
                int before = i;
                sent.add(threads.submit(requests.get(i)));
                while (waiting() <= before) {
                    Thread.onSpinWait();
                }
            }
            open.countDown();
            return sent;
        }
    }

    /** Until all that it was given is done. */
    private static <T> T with(int threads, Function<ExecutorService, T> work) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            T result = work.apply(pool);
            pool.shutdown();
            assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            return result;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void requestsThatComeMeanwhileAreOneStatement() {
        Slow queue = new Slow();
        with(8, threads -> {
            try {
                List<Future<Outcome[]>> sent = queue.sendsMeanwhile(
                        threads,
                        List.of(
                                () -> queue.store(A, events("a", "b")),
                                () -> queue.store(B, events("a")),
                                () -> queue.store(A, events("a", "c"))));
                Outcome[] first = sent.get(0).get();
                Outcome[] again = sent.get(2).get();
                assertThat(sent.get(1).get()).containsExactly(Outcome.STORED);
                // The other writer may have been faster with the second statement.
                assertThat(List.of(first[0], again[0]))
                        .as("the same id is in another statement")
                        .containsExactlyInAnyOrder(Outcome.STORED, Outcome.DUPLICATE);
                assertThat(List.of(first[1], again[1])).containsOnly(Outcome.STORED);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return null;
        });
        assertThat(queue.statements).extracting(List::size).contains(2);
    }

    @Test
    void whoComesWhileAStatementIsWrittenIsInTheNext() {
        CountDownLatch open = new CountDownLatch(1);
        Database queue = new Database() {
            @Override
            Duration patience() {
                return Duration.ofMinutes(1);
            }

            @Override
            List<Outcome[]> statement(List<Request> group) {
                try {
                    open.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return super.statement(group);
            }
        };
        with(13, threads -> {
            for (int i = 0; i < 13; i++) {
                String id = "e" + i;
                threads.submit(() -> queue.store(A, events(id)));
            }
            while (queue.waiting() < 12) {
                Thread.onSpinWait();
            }
            open.countDown();
            return null;
        });
        assertThat(queue.statements).extracting(List::size).containsExactly(1, 12);
    }

    @Test
    void asMuchAsAStatementTakesWaitsForNobody() {
        CountDownLatch first = new CountDownLatch(1);
        Database queue = new Database() {
            @Override
            Duration patience() {
                return Duration.ofMinutes(1);
            }

            @Override
            List<Outcome[]> statement(List<Request> group) {
                if (group.get(0).events().get(0).id().equals("first")) {
                    try {
                        first.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
                return super.statement(group);
            }
        };
        int size = UsageQueue.ALONE - 1;
        int full = UsageQueue.GROUP / size + 1;
        with(full + 1, threads -> {
            threads.submit(() -> queue.store(A, events("first")));
            while (queue.writing() == 0) {
                Thread.onSpinWait();
            }
            List<Future<Outcome[]>> others = IntStream.range(0, full)
                    .mapToObj(i -> threads.submit(() -> queue.store(
                            B,
                            IntStream.range(0, size)
                                    .mapToObj(k -> event(i + "-" + k, 1))
                                    .toList())))
                    .toList();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (others.stream().filter(Future::isDone).count() < full - 1 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            long stored = others.stream().filter(Future::isDone).count();
            first.countDown();
            assertThat(stored).as("stored beside the slow one").isEqualTo(full - 1L);
            return null;
        });
    }

    @Test
    void whatSpoilsAGroupSpoilsNobodyElse() {
        Slow queue = new Slow();
        queue.failing = "22P05";
        with(8, threads -> {
            try {
                for (Future<Outcome[]> one : queue.sendsMeanwhile(
                        threads, List.of(() -> queue.store(A, events("a")), () -> queue.store(B, events("b"))))) {
                    assertThat(one.get()).containsExactly(Outcome.STORED);
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return null;
        });
    }

    @Test
    void withoutADatabaseNobodyAsksAgain() {
        Slow queue = new Slow();
        queue.failing = "08006";
        with(8, threads -> {
            try {
                for (Future<Outcome[]> one : queue.sendsMeanwhile(
                        threads, List.of(() -> queue.store(A, events("a")), () -> queue.store(B, events("b"))))) {
                    assertThatThrownBy(one::get).hasCauseInstanceOf(Sql.SqlFailure.class);
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return null;
        });
        assertThat(queue.stored).containsOnlyKeys(A + "first-0", A + "first-1");
    }

    @Test
    void aLockThatIsNotGivenIsSaidToBeHeld() {
        Database queue = new Database() {
            @Override
            synchronized List<Outcome[]> statement(List<Request> group) {
                throw failure("55P03");
            }
        };
        assertThat(queue.store(A, events("a"))).containsExactly(Outcome.HELD);
        assertThat(queue.store(
                        A,
                        IntStream.range(0, UsageQueue.ALONE)
                                .mapToObj(i -> event("e" + i, 1))
                                .toList()))
                .hasSize(UsageQueue.ALONE)
                .containsOnly(Outcome.HELD);
    }

    @Test
    void whoseRowsAreHeldKeepsOutOfTheOthersStatementsForAWhile() {
        AtomicLong now = new AtomicLong();
        Database queue = new Database(now::get) {
            @Override
            synchronized List<Outcome[]> statement(List<Request> group) {
                if (group.get(0).events().get(0).id().equals("held")) {
                    throw failure("55P03");
                }
                return super.statement(group);
            }
        };
        assertThat(queue.store(A, events("held"))).containsExactly(Outcome.HELD);
        assertThat(queue.store(A, events("a"))).containsExactly(Outcome.HELD);
        assertThat(queue.alone(new Request(A, null, events("a")))).containsExactly(Outcome.STORED);
        assertThat(queue.store(B, events("b"))).containsExactly(Outcome.STORED);
        assertThat(queue.statements).hasSize(2);
        now.addAndGet(UsageQueue.HELD_FOR.toNanos());
        assertThat(queue.store(A, events("c"))).containsExactly(Outcome.STORED);
    }

    @Test
    void aTenantsDecisionsWaitForEachOtherAndForNobodyElses() {
        UsageQueue queue = new Database();
        AtomicInteger deciding = new AtomicInteger();
        List<Future<Integer>> seen = new ArrayList<>();
        with(8, threads -> {
            for (int i = 0; i < 32; i++) {
                seen.add(threads.submit(() -> queue.inTurn(A, () -> {
                    int together = deciding.incrementAndGet();
                    Thread.yield();
                    deciding.decrementAndGet();
                    return together;
                })));
            }
            return null;
        });
        assertThat(seen).allSatisfy(one -> assertThat(one.get()).isEqualTo(1));
        assertThat(queue.inTurn(A, () -> queue.inTurn(B, () -> "inside"))).isEqualTo("inside");
    }

    @Test
    void whoFindsNoPlaceIsRefusedAtOnce() {
        UsageQueue queue = new Database();
        List<UsageEvents.Place> places = new ArrayList<>();
        for (int i = 0; i < UsageQueue.MOST_OF_A_TENANT; i++) {
            places.add(queue.enter(A, 1));
        }
        assertRefused(queue, A, 1);
        places.add(queue.enter(B, 1));
        places.remove(0).close();
        places.add(queue.enter(A, 1));
        assertRefused(queue, B, 1000);
        places.forEach(UsageEvents.Place::close);
        UsageEvents.Place most = queue.enter(B, 900);
        queue.enter(A, 100).close();
        most.close();
        UsageEvents.Place large = queue.enter(B, 5000);
        assertRefused(queue, A, 1);
        large.close();
        queue.enter(A, 1).close();
    }

    private static void assertRefused(UsageQueue queue, UUID tenant, long size) {
        assertThatThrownBy(() -> queue.enter(tenant, size)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.code()).isEqualTo("overloaded");
            assertThat(problem.retryAfterSeconds()).isPositive();
        });
    }

    /** Whatever comes at once, and whichever statements fail, before or after their commit. */
    @Property(tries = 60)
    void nothingIsLostOrDoubled(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int clients) throws Exception {
        Random chance = new Random(seed);
        AtomicLong clock = new AtomicLong();
        Database queue = new Database(() -> clock.addAndGet(UsageQueue.HELD_FOR.toNanos() / 4)) {
            @Override
            List<Outcome[]> statement(List<Request> group) {
                int what;
                synchronized (chance) {
                    what = chance.nextInt(20);
                }
                if (what < 2) {
                    throw failure(what == 0 ? "22003" : "55P03");
                }
                List<Outcome[]> outcomes = super.statement(group);
                if (what == 2) {
                    throw failure("08006");
                }
                return outcomes;
            }
        };
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<Future<Map<String, Integer>>> all = new ArrayList<>();
            for (int c = 0; c < clients; c++) {
                long own = chance.nextLong();
                all.add(threads.submit(() -> client(queue, new Random(own))));
            }
            List<Map<String, Integer>> acknowledged = new ArrayList<>();
            for (Future<Map<String, Integer>> one : all) {
                acknowledged.add(one.get(60, TimeUnit.SECONDS));
            }
            int accepted = 0;
            for (Map<String, Integer> one : acknowledged) {
                assertThat(queue.stored.keySet()).containsAll(one.keySet());
                accepted += one.values().stream().mapToInt(Integer::intValue).sum();
            }
            assertThat(accepted).as("stored as often as accepted").isLessThanOrEqualTo(queue.stored.size());
        } finally {
            threads.shutdownNow();
        }
    }

    /** @return what was acknowledged, and whether as new */
    private static Map<String, Integer> client(Database queue, Random random) {
        Map<String, Integer> acknowledged = new HashMap<>();
        for (int n = 0; n < 30; n++) {
            UUID tenant = random.nextBoolean() ? A : B;
            int size = random.nextInt(20) == 0 ? UsageQueue.ALONE : 1 + random.nextInt(3);
            int from = random.nextInt(50);
            List<UsageEvent> events = IntStream.range(from, from + size)
                    .mapToObj(i -> event("e" + i, 1 + random.nextInt(8) / 7))
                    .toList();
            try {
                Outcome[] outcomes = queue.store(tenant, events);
                for (int i = 0; i < outcomes.length; i++) {
                    String key = tenant + events.get(i).id();
                    if (outcomes[i] == Outcome.STORED) {
                        assertThat(acknowledged.merge(key, 1, Integer::sum)).isEqualTo(1);
                    } else if (outcomes[i] != Outcome.HELD) {
                        acknowledged.putIfAbsent(key, 0);
                    }
                }
            } catch (Sql.SqlFailure failed) {
                // Sent again by the next who draws the same ids.
                assertThat(failed.sqlState()).isIn("22003", "08006");
            }
        }
        return acknowledged;
    }

    @Test
    void everyWriterIsFreeOnceNobodyWaits() throws Exception {
        Database database = new Database();
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 200; round++) {
                int of = round;
                List<Callable<Outcome[]>> all = IntStream.range(0, 8)
                        .<Callable<Outcome[]>>mapToObj(i -> () -> database.store(A, events(of + "-" + i)))
                        .toList();
                for (Future<Outcome[]> one : callers.invokeAll(all, 60, TimeUnit.SECONDS)) {
                    assertThat(one.isCancelled()).as("left waiting").isFalse();
                    assertThat(one.get()).containsExactly(Outcome.STORED);
                }
                assertThat(database.writing()).isZero();
            }
        } finally {
            callers.shutdownNow();
        }
    }
}
