package com.cognitionos.stripe;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** Which calls go wrong (STD-5). */
public final class Faults {

    /** Instead of an operation's id: each one counts. */
    public static final String ANY = "*";

    private static final class Planned {
        private final String operation;
        private final Fault fault;
        private int callsToCome;

        private Planned(String operation, int callsToCome, Fault fault) {
            this.operation = operation;
            this.callsToCome = callsToCome;
            this.fault = fault;
        }
    }

    private final List<Planned> plans = new ArrayList<>();
    private Supplier<Optional<Fault>> chance = Optional::empty;
    private int waiting;
    private int releases;

    /** The next call of an operation. */
    public void next(String operation, Fault fault) {
        nth(operation, 1, fault);
    }

    /**
     * @param operation such as {@code POST /v1/refunds}, or {@link #ANY}
     * @param nth from now, from 1
     */
    public synchronized void nth(String operation, int nth, Fault fault) {
        plans.add(new Planned(operation, nth, fault));
    }

    /** Any call by chance, always the same ones for the same seed and order of calls. */
    public synchronized void randomly(long seed, double share, Fault... kinds) {
        Random random = new Random(seed);
        chance =
                () -> random.nextDouble() < share ? Optional.of(kinds[random.nextInt(kinds.length)]) : Optional.empty();
    }

    /** Nothing goes wrong from now on, and who waits goes on. */
    public synchronized void clear() {
        plans.clear();
        chance = Optional::empty;
        release();
    }

    /** Lets go on what is held, and ends the connections of what has timed out. */
    public synchronized void release() {
        releases++;
        notifyAll();
    }

    /** How many planned faults have not come yet. */
    public synchronized int toCome() {
        return plans.size();
    }

    /** Waits until so many requests are held or timing out. */
    public synchronized void awaitWaiting(int requests) throws InterruptedException {
        while (waiting < requests) {
            wait();
        }
    }

    synchronized Optional<Fault> of(String operation) {
        Optional<Fault> found = Optional.empty();
        for (Iterator<Planned> each = plans.iterator(); each.hasNext(); ) {
            Planned planned = each.next();
            if (planned.operation.equals(operation) || planned.operation.equals(ANY)) {
                planned.callsToCome--;
                if (planned.callsToCome <= 0 && found.isEmpty()) {
                    found = Optional.of(planned.fault);
                    each.remove();
                }
            }
        }
        return found.isPresent() ? found : chance.get();
    }

    synchronized void awaitRelease() {
        int seen = releases;
        waiting++;
        notifyAll();
        try {
            while (releases == seen) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting--;
        }
    }
}
