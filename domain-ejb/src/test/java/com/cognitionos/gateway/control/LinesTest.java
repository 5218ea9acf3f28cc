package com.cognitionos.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** GAT-13: who asks first, asks for those behind too. */
class LinesTest {

    private static final int CLIENTS = 7;

    private final Lines<String> lines = new Lines<>(Duration.ofMinutes(1));

    @Test
    void theNextIsToldHowManyWaitBehindIt() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch asking = new CountDownLatch(1);
        AtomicInteger coming = new AtomicInteger();
        List<Future<Integer>> told = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS + 1);
        try {
            Future<Integer> first = threads.submit(() -> lines.inTurn("a", waiting -> {
                asking.countDown();
                await(open);
                return waiting;
            }));
            await(asking);
            assertThat(lines.<Integer>inTurn("b", waiting -> waiting))
                    .as("another client's")
                    .isEqualTo(1);
            for (int i = 0; i < CLIENTS; i++) {
                told.add(threads.submit(() -> {
                    coming.incrementAndGet();
                    return lines.<Integer>inTurn("a", waiting -> waiting);
                }));
            }
            while (coming.get() < CLIENTS || lines.length("a") < CLIENTS + 1) {
                Thread.onSpinWait();
            }
            open.countDown();
            assertThat(first.get(60, TimeUnit.SECONDS)).as("alone when it came").isEqualTo(1);
            List<Integer> all = new ArrayList<>();
            for (Future<Integer> one : told) {
                all.add(one.get(60, TimeUnit.SECONDS));
            }
            assertThat(all).as("each leaves as it is done").contains(1).allMatch(n -> n <= CLIENTS);
        } finally {
            threads.shutdownNow();
        }
        assertThat(lines.clients()).as("nobody is left behind").isZero();
    }

    @Test
    void nobodyWaitsForOneThatHangs() throws Exception {
        Lines<String> impatient = new Lines<>(Duration.ofMillis(1));
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch asking = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS + 1);
        try {
            threads.submit(() -> impatient.inTurn("a", waiting -> {
                asking.countDown();
                await(open);
                return waiting;
            }));
            await(asking);
            List<Future<Integer>> others = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                others.add(threads.submit(() -> impatient.<Integer>inTurn("a", waiting -> waiting)));
            }
            for (Future<Integer> one : others) {
                assertThat(one.get(60, TimeUnit.SECONDS)).as("for itself").isEqualTo(1);
            }
        } finally {
            open.countDown();
            threads.shutdown();
        }
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(impatient.clients()).isZero();
    }

    @Test
    void whoFailsLeavesTheLine() {
        try {
            lines.inTurn("a", waiting -> {
                throw new IllegalStateException("as planned");
            });
        } catch (IllegalStateException expected) {
            assertThat(lines.clients()).isZero();
            return;
        }
        throw new AssertionError("nothing was thrown");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
