package com.cognitionos.metering.control;

import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.boundary.UsageEvents;
import com.cognitionos.metering.control.UsageStatement.Outcome;
import com.cognitionos.metering.control.UsageStatement.Request;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Joins the events of requests that come while others are being stored into one statement, whoever's they are: one commit
 * for all of them. Requests of many events go by themselves. What is said to be stored is committed.
 *
 * <p>It has no threads. Of those who wait, the first becomes the writer of the next group as soon as the one before has
 * written his; so a server that stops lets nothing lie, since its requests end first. A statement costs the database far
 * more than an event in it, so there is one at a time: more only where as many wait as one takes, or where it is slow.
 *
 * <p>The number and the bytes of requests that are being taken in are bounded, and of them a tenant's own: who finds no
 * place is refused at once.
 */
@ApplicationScoped
public class UsageQueue {

    /** The most statements of joined requests at once. */
    static final int WRITERS = 2;
    /** For how long the first of those who wait leaves it to the writers at work. */
    static final Duration PATIENCE = Duration.ofMillis(20);
    /** Statements of single requests at once: more than the database has cores for only take each other's time. */
    static final int BATCHES = 4;
    /** A request with as many events goes by itself. */
    static final int ALONE = 100;
    /** Events of one statement of joined requests. */
    static final int GROUP = 500;
    /** Requests at once, from before their bodies are read until their replies. */
    static final int MOST_REQUESTS = 256;
    /** The most of them of one tenant: the others have room whatever it does. */
    static final int MOST_OF_A_TENANT = MOST_REQUESTS / 2;

    /** For how long a tenant whose rows were held by somebody keeps out of the others' statements. */
    static final Duration HELD_FOR = Duration.ofSeconds(1);

    private static final int TURNS = 64;
    private static final int BYTES_OF_HEAP = 8;
    private static final long RETRY_AFTER_S = 1;

    @Inject
    private UsageStatement statement;

    private final IngestCounts counts;
    private final long mostBytes;
    private final LongSupplier nanos;
    private final Object monitor = new Object();
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final Semaphore batches = new Semaphore(BATCHES);
    private final Semaphore[] turns =
            Stream.generate(() -> new Semaphore(1, true)).limit(TURNS).toArray(Semaphore[]::new);
    private final Map<UUID, Long> heldAt = new ConcurrentHashMap<>();
    private int writers;
    private int waitingEvents;

    private final Map<UUID, Integer> inside = new HashMap<>();
    private int requests;
    private long bytes;

    /** For the container's proxy. */
    UsageQueue() {
        this(new IngestCounts());
    }

    @Inject
    public UsageQueue(IngestCounts counts) {
        this(counts, Runtime.getRuntime().maxMemory() / BYTES_OF_HEAP, System::nanoTime);
    }

    UsageQueue(IngestCounts counts, long mostBytes, LongSupplier nanos) {
        this.counts = counts;
        this.mostBytes = mostBytes;
        this.nanos = nanos;
    }

    /**
     * @param size of the request's body in bytes, the most that it can be where that is not known
     * @throws Problem UNAVAILABLE ({@code overloaded}) where there is no place
     */
    public UsageEvents.Place enter(UUID tenant, long size) {
        synchronized (monitor) {
            int own = inside.getOrDefault(tenant, 0);
            if (requests >= MOST_REQUESTS || own >= MOST_OF_A_TENANT || requests > 0 && bytes + size > mostBytes) {
                counts.refusedRequest();
                throw Problem.unavailable(
                        "overloaded", "More usage arrives than can be stored; send it again shortly.", RETRY_AFTER_S);
            }
            requests++;
            bytes += size;
            inside.put(tenant, own + 1);
            counts.entered();
        }
        return () -> {
            synchronized (monitor) {
                requests--;
                bytes -= size;
                counts.left();
                inside.merge(tenant, -1, (one, other) -> one + other == 0 ? null : one + other);
            }
        };
    }

    /**
     * Stores what grants cover; committed as this returns. Must not be called inside a transaction.
     *
     * @return of each event in order; held are all or none
     * @throws Sql.SqlFailure also after it was stored, when the connection broke at the commit
     */
    public Outcome[] store(Request request) {
        if (isHeld(request.tenant())) {
            return held(request);
        }
        if (request.events().size() >= ALONE) {
            return alone(request);
        }
        Waiting own = new Waiting(request);
        synchronized (monitor) {
            queue.add(own);
            waitingEvents += request.events().size();
            if (writers == 0 || writers < WRITERS && isCrowded()) {
                writers++;
                leadNext();
            }
        }
        List<Waiting> group = own.await(patience());
        while (group == null) {
            relieve(own);
            group = own.await(patience());
        }
        if (!group.isEmpty()) {
            write(group);
        }
        Outcome[] outcome = own.outcome;
        if (outcome != null) {
            return outcome;
        }
        // Without a database, to ask it for each of a group again would only take longer.
        if (own.failure != null && (!own.shared || Sql.isOutage(own.failure))) {
            throw own.failure;
        }
        return alone(request);
    }

    /**
     * As {@link #store}, by itself and whether or not others of the tenant were held. In the tenant's {@link #inTurn turn}:
     * what was held by a decision of this node is so no more then.
     */
    public Outcome[] alone(Request request) {
        batches.acquireUninterruptibly();
        try {
            return statement(List.of(request)).get(0);
        } catch (Sql.SqlFailure e) {
            return heldBy(request, e);
        } finally {
            batches.release();
        }
    }

    Duration patience() {
        return PATIENCE;
    }

    /** Another writer beside those that are at work for longer than the first of those who wait would wait. */
    private void relieve(Waiting first) {
        synchronized (monitor) {
            if (writers < WRITERS && queue.peek() == first) {
                writers++;
                leadNext();
            }
        }
    }

    private boolean isCrowded() {
        return waitingEvents >= GROUP;
    }

    /** The first of those who wait writes them. @return whether there is one */
    private boolean leadNext() {
        List<Waiting> group = next();
        if (group.isEmpty()) {
            return false;
        }
        group.get(0).lead(group);
        return true;
    }

    /** Those whose first is the caller's own; then the first of those that have come meanwhile writes them, in its place. */
    private void write(List<Waiting> group) {
        RuntimeException failure = null;
        List<Outcome[]> outcomes = List.of();
        try {
            outcomes = statement(group.stream().map(one -> one.request).toList());
        } catch (Sql.SqlFailure e) {
            if (group.size() == 1 && isPassing(e)) {
                outcomes = List.<Outcome[]>of(heldBy(group.get(0).request, e));
            } else {
                failure = e;
            }
        } catch (RuntimeException e) {
            failure = e;
        } catch (Error e) {
            // Nobody may be left waiting.
            failure = new IllegalStateException(e);
        }
        synchronized (monitor) {
            // The other one takes them, who need not be two statements.
            boolean needless = writers > 1 && !isCrowded();
            if (needless || !leadNext()) {
                writers--;
            }
        }
        for (int i = 0; i < group.size(); i++) {
            group.get(i).end(outcomes.isEmpty() ? null : outcomes.get(i), failure, group.size() > 1);
        }
    }

    /** As many as one statement takes, in the order in which they came. */
    private List<Waiting> next() {
        List<Waiting> group = new ArrayList<>();
        Set<EventKey> keys = new HashSet<>();
        int events = 0;
        for (Waiting one = queue.peek(); one != null; one = queue.peek()) {
            events += one.request.events().size();
            if (!group.isEmpty() && (events > GROUP || !one.isApartFrom(keys))) {
                break;
            }
            keys.addAll(one.keys);
            group.add(queue.remove());
            waitingEvents -= one.request.events().size();
        }
        return group;
    }

    int waiting() {
        synchronized (monitor) {
            return queue.size();
        }
    }

    int writing() {
        synchronized (monitor) {
            return writers;
        }
    }

    List<Outcome[]> statement(List<Request> group) {
        return statement.store(group);
    }

    /**
     * Decides for a tenant after all who were here before. Decisions wait for each other in the database; who waits here
     * takes no connection from the others meanwhile. Not inside a transaction.
     */
    public <T> T inTurn(UUID tenant, Supplier<T> decision) {
        Semaphore turn = turns[Math.floorMod(tenant.hashCode(), TURNS)];
        turn.acquireUninterruptibly();
        try {
            return decision.get();
        } finally {
            turn.release();
        }
    }

    private boolean isHeld(UUID tenant) {
        Long at = heldAt.get(tenant);
        if (at == null) {
            return false;
        }
        boolean held = nanos.getAsLong() - at < HELD_FOR.toNanos();
        if (!held) {
            heldAt.remove(tenant, at);
        }
        return held;
    }

    private Outcome[] heldBy(Request request, Sql.SqlFailure failure) {
        if (!isPassing(failure)) {
            throw failure;
        }
        heldAt.put(request.tenant(), nanos.getAsLong());
        return held(request);
    }

    private static Outcome[] held(Request request) {
        Outcome[] outcomes = new Outcome[request.events().size()];
        Arrays.fill(outcomes, Outcome.HELD);
        return outcomes;
    }

    /** A lock that was not given in time, or a deadlock: nothing was done. */
    private static boolean isPassing(Sql.SqlFailure failure) {
        return List.of("55P03", "40P01", "40001").contains(failure.sqlState());
    }

    private record EventKey(UUID tenant, String id) {}

    private static final class Waiting {
        private final Request request;
        private final List<EventKey> keys;
        private List<Waiting> group = List.of();
        private boolean ended;
        private boolean shared;
        private Outcome @Nullable [] outcome;
        private @Nullable RuntimeException failure;

        Waiting(Request request) {
            this.request = request;
            keys = request.events().stream()
                    .map(event -> new EventKey(request.tenant(), event.id()))
                    .toList();
        }

        boolean isApartFrom(Set<EventKey> others) {
            return keys.stream().noneMatch(others::contains);
        }

        synchronized void lead(List<Waiting> others) {
            group = others;
            notifyAll();
        }

        synchronized void end(Outcome @Nullable [] result, @Nullable RuntimeException why, boolean withOthers) {
            outcome = result;
            failure = why;
            shared = withOthers;
            ended = true;
            notifyAll();
        }

        /**
         * Until it is stored, or its thread is to write.
         *
         * @return what it is to write, itself first; empty for nothing, null where neither has come in time
         */
        synchronized @Nullable List<Waiting> await(Duration patience) {
            boolean interrupted = false;
            long left = patience.toNanos();
            long until = System.nanoTime() + left;
            while (!ended && group.isEmpty() && left > 0) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                left = until - System.nanoTime();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return ended || !group.isEmpty() ? group : null;
        }
    }
}
