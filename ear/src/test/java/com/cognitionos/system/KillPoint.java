package com.cognitionos.system;

import com.cognitionos.stripe.Fault;
import com.cognitionos.stripe.Faults;
import com.cognitionos.stripe.StripeDouble;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * When the product is killed: at a request to the provider, at an event of its, as it writes, or at any time.
 *
 * @param what operation of the provider's, type of event by how it begins, or table
 * @param number of such requests, events or writers from now, from 1
 * @param delayMillis how long after them
 */
record KillPoint(Kind kind, String what, int number, int delayMillis) {

    enum Kind {
        /** The provider has the request, and does what it asks for after the death of who asked. */
        REQUEST_UNDER_WAY,
        /** The request comes to nothing. */
        REQUEST_LOST,
        /** It is done, and nobody hears of it. */
        REPLY_LOST,
        /** It is done, and the reply is on its way or has come. */
        REPLY_SENT,
        /** An event is on its way, has come, is kept or is being worked on. */
        EVENT_SENT,
        /** Within a transaction, or between two: one waits to write to a table. */
        WRITE_UNDER_WAY,
        ANY_TIME
    }

    private static final int PATIENCE_SECONDS = 8;
    private static final int LONGEST_DELAY_MILLIS = 60;
    private static final int LONGEST_TIME_MILLIS = 3_000;

    private static final String CHARGE = "POST /v1/payment_intents";

    /** Charges above all, refunds, and what is looked up to work on an event. */
    private static final List<String> OPERATIONS = List.of(
            CHARGE,
            CHARGE,
            CHARGE,
            CHARGE,
            "POST /v1/refunds",
            "POST /v1/refunds",
            "POST /v1/setup_intents",
            "GET /v1/payment_intents/{intent}",
            "GET /v1/payment_intents/{intent}",
            "GET /v1/refunds",
            "GET /v1/disputes/{dispute}",
            Faults.ANY);

    private static final List<String> EVENTS =
            List.of("", "payment_intent.", "payment_intent.", "charge.", "charge.refund", "charge.dispute.");

    /** What a charge, a refund, a dispute, an event and a reply are entered in. */
    private static final List<String> TABLES = List.of(
            "payments",
            "payments",
            "invoices",
            "refunds",
            "disputes",
            "ledger_entries",
            "ledger_entries",
            "provider_events",
            "provider_events",
            "payment_methods",
            "idempotency_keys",
            "credit_notes");

    static KillPoint by(Random random) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        List<String> choice = switch (kind) {
            case EVENT_SENT -> EVENTS;
            case WRITE_UNDER_WAY -> TABLES;
            case ANY_TIME -> List.of("");
            default -> OPERATIONS;
        };
        String what = choice.get(random.nextInt(choice.size()));
        int most = what.isEmpty() || what.equals(Faults.ANY) ? 12 : 2;
        return new KillPoint(
                kind,
                what,
                1 + random.nextInt(most),
                random.nextInt(kind == Kind.ANY_TIME ? LONGEST_TIME_MILLIS : LONGEST_DELAY_MILLIS));
    }

    /** @return whether it came; otherwise enough time has passed */
    boolean await(StripeDouble stripe, DatabaseOwner owner) throws InterruptedException {
        boolean came = switch (kind) {
            case REQUEST_UNDER_WAY -> held(stripe, Fault.HELD);
            case REQUEST_LOST -> held(stripe, Fault.TIME_OUT_BEFORE);
            case REPLY_LOST -> held(stripe, Fault.TIME_OUT_AFTER);
            case REPLY_SENT, EVENT_SENT -> seen(stripe);
            case WRITE_UNDER_WAY -> blocked(owner);
            case ANY_TIME -> true;
        };
        if (kind == Kind.REPLY_SENT || kind == Kind.EVENT_SENT || kind == Kind.ANY_TIME) {
            TimeUnit.MILLISECONDS.sleep(delayMillis);
        }
        return came;
    }

    /** The lock ends with the database, which is killed too. */
    private boolean blocked(DatabaseOwner owner) throws InterruptedException {
        owner.lock(what);
        Instant limit = Instant.now().plusSeconds(PATIENCE_SECONDS);
        while (owner.waitingFor(what) < number) {
            if (Instant.now().isAfter(limit)) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return true;
    }

    private boolean held(StripeDouble stripe, Fault fault) throws InterruptedException {
        CompletableFuture<Boolean> came = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                stripe.faults().awaitWaiting(1);
                came.complete(true);
            } catch (InterruptedException enough) {
                came.complete(false);
            }
        });
        stripe.faults().nth(what, number, fault);
        waiter.start();
        waiter.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        waiter.interrupt();
        return came.join();
    }

    private boolean seen(StripeDouble stripe) throws InterruptedException {
        CountDownLatch come = new CountDownLatch(number);
        if (kind == Kind.EVENT_SENT) {
            stripe.webhooks().watch(type -> count(type.startsWith(what), come));
        } else {
            stripe.watch(exercise ->
                    count(what.equals(Faults.ANY) || exercise.operation().equals(what), come));
        }
        return come.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void count(boolean meant, CountDownLatch come) {
        if (meant) {
            come.countDown();
        }
    }
}
