package com.cognitionos.container;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Does things at the same moment from several threads of the server. */
@ApplicationScoped
public class Crowd {

    private static final long LIMIT_S = 120;

    /** What one of the crowd came back with: a result, or what it threw. */
    public record Outcome<T>(T result, Throwable thrown) {
        boolean succeeded() {
            return thrown == null;
        }
    }

    @Resource
    private ManagedThreadFactory threads;

    @EJB
    private Owner owner;

    /** All start together, each in a thread of its own. */
    public <T> List<Outcome<T>> atOnce(int people, IntFunction<Callable<T>> work) {
        return start(people, work).stream().map(Crowd::await).toList();
    }

    /**
     * As {@link #atOnce}, in the worst order: nobody can insert into the table until each of them has read all that it
     * wants to read first, or waits for another one.
     */
    public <T> List<Outcome<T>> jammedAt(String table, int people, IntFunction<Callable<T>> work) {
        List<FutureTask<Outcome<T>>> tasks = owner.during(
                () -> {
                    List<FutureTask<Outcome<T>>> started = start(people, work);
                    Await.until("all wait", owner::applicationsWaiting, waiting -> waiting >= people);
                    return started;
                },
                "LOCK TABLE " + table + " IN SHARE MODE");
        return tasks.stream().map(Crowd::await).toList();
    }

    private <T> List<FutureTask<Outcome<T>>> start(int people, IntFunction<Callable<T>> work) {
        CyclicBarrier start = new CyclicBarrier(people);
        List<FutureTask<Outcome<T>>> tasks = new ArrayList<>();
        for (int i = 0; i < people; i++) {
            Callable<T> one = work.apply(i);
            FutureTask<Outcome<T>> task = new FutureTask<>(() -> attempt(start, one));
            tasks.add(task);
            threads.newThread(task).start();
        }
        return tasks;
    }

    /** As {@link #atOnce}, where nobody may fail. */
    public <T> List<T> allAtOnce(int people, IntFunction<Callable<T>> work) {
        return atOnce(people, work).stream()
                .map(outcome -> {
                    if (!outcome.succeeded()) {
                        throw new AssertionError("one of the crowd failed", outcome.thrown());
                    }
                    return outcome.result();
                })
                .toList();
    }

    private static <T> Outcome<T> attempt(CyclicBarrier start, Callable<T> work)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        start.await(LIMIT_S, TimeUnit.SECONDS);
        try {
            return new Outcome<>(work.call(), null);
        } catch (Exception | AssertionError e) {
            return new Outcome<>(null, e);
        }
    }

    private static <T> Outcome<T> await(FutureTask<Outcome<T>> task) {
        try {
            return task.get(LIMIT_S, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("one of the crowd never came back", e);
        }
    }
}
