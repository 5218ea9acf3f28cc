package com.cognitionos.launcher;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What has been started, ended in reverse order when this JVM ends for whatever reason but a kill -9.
 *
 * <p>A signal can come while something is being started. The end then waits for that one step, because a database half
 * started is one that nobody would stop; no further step begins.
 */
final class Lifeline {

    private static final Logger LOG = Logger.getLogger(Lifeline.class.getName());

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Progress progress;
    private boolean ready;
    private boolean ending;

    Lifeline(Progress progress) {
        this.progress = progress;
    }

    static Lifeline ofThisProcess(Progress progress) {
        var lifeline = new Lifeline(progress);
        Runtime.getRuntime().addShutdownHook(new Thread(lifeline::end, "stop"));
        return lifeline;
    }

    /** Takes a step whose result is to be ended with this process; does not return once the end has begun. */
    <T extends AutoCloseable> T start(Callable<T> step) throws Exception {
        synchronized (this) {
            if (!ending) {
                T result = step.call();
                started.push(result);
                return result;
            }
        }
        throw untilThisProcessEnds();
    }

    /** Goes on with something that was started: the end waits for such a step too, and none begins after it. */
    void goOn(Step step) throws Exception {
        synchronized (this) {
            if (!ending) {
                step.take();
                return;
            }
        }
        throw untilThisProcessEnds();
    }

    @FunctionalInterface
    interface Step {
        void take() throws Exception;
    }

    /** What was started is of use from now on: its end is worth a word, where that of a failed start has its reason said. */
    synchronized void ready() {
        ready = true;
    }

    /** Returns at once, or never if the end has begun: what ends then does so because it was told to. */
    void awaitEndIfBegun() throws InterruptedException {
        boolean begun;
        synchronized (this) {
            begun = ending;
        }
        if (begun) {
            throw untilThisProcessEnds();
        }
    }

    private static IllegalStateException untilThisProcessEnds() throws InterruptedException {
        new CountDownLatch(1).await();
        return new IllegalStateException("The latch has nobody who opens it");
    }

    /** Ends all that was started, and lets nothing more begin. */
    synchronized void end() {
        ending = true;
        if (ready) {
            progress.say("Stopping …");
        }
        while (!started.isEmpty()) {
            var next = started.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, e, () -> "Ending " + next);
            }
        }
        if (ready) {
            progress.say("Stopped; the data are kept.");
        }
    }
}
