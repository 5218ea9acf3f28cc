package com.cognitionos.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RUN-3: what others need ends after them, whenever the end comes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LifelineTest {

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private final Lifeline lifeline =
            new Lifeline(new Progress(new PrintStream(terminal, true, StandardCharsets.UTF_8)));
    private final List<String> happened = new ArrayList<>();

    private AutoCloseable named(String name) {
        return () -> happened.add(name + " ended");
    }

    @Test
    void theLastOneEndsFirst() throws Exception {
        lifeline.start(() -> named("database"));
        lifeline.start(() -> named("server"));
        lifeline.ready();

        lifeline.end();

        assertThat(happened).containsExactly("server ended", "database ended");
        assertThat(terminal.toString(StandardCharsets.UTF_8)).contains("Stopping", "Stopped");
    }

    @Test
    void theEndOfAStartThatFailedAddsNothingToItsReason() throws Exception {
        lifeline.start(() -> named("database"));
        lifeline.start(() -> named("server"));

        lifeline.end();

        assertThat(happened).containsExactly("server ended", "database ended");
        assertThat(terminal.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void theEndWaitsForAStepAndNoneComesAfterIt() throws Exception {
        lifeline.start(() -> named("database"));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch going = new CountDownLatch(1);
        Thread starting = new Thread(() -> {
            try {
                lifeline.goOn(() -> {
                    inside.countDown();
                    goOn.await();
                    happened.add("database up");
                });
                ended.await();
                going.countDown();
                lifeline.goOn(() -> happened.add("one step more"));
            } catch (Exception e) {
                happened.add(e.toString());
            }
        });
        starting.setDaemon(true);
        starting.start();
        inside.await();
        Thread end = new Thread(lifeline::end);
        end.start();
        while (end.getState() != Thread.State.BLOCKED && end.isAlive()) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        end.join();
        ended.countDown();
        going.await();
        while (starting.getState() != Thread.State.WAITING && starting.isAlive()) {
            Thread.onSpinWait();
        }

        assertThat(happened).containsExactly("database up", "database ended");
        starting.interrupt();
    }
}
