package com.cognitionos.system;

import com.cognitionos.stripe.Fault;
import com.cognitionos.stripe.Faults;
import com.cognitionos.stripe.StripeDouble;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * When the product is killed: at a request to the provider, at an event of its, or at any time.
 *
 * @param operation of the provider's, or type of event, by how it begins
 * @param number of such requests or events from now, from 1
 * @param delayMillis how long after them
 */
record KillPoint(Kind kind, String operation, int number, int delayMillis) {

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

    static KillPoint by(Random random) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        boolean event = kind == Kind.EVENT_SENT;
        String what =
                event ? EVENTS.get(random.nextInt(EVENTS.size())) : OPERATIONS.get(random.nextInt(OPERATIONS.size()));
        int most = what.isEmpty() || what.equals(Faults.ANY) ? 12 : 2;
        return new KillPoint(
                kind,
                what,
                1 + random.nextInt(most),
                random.nextInt(kind == Kind.ANY_TIME ? LONGEST_TIME_MILLIS : LONGEST_DELAY_MILLIS));
    }

    /** @return whether it came; otherwise enough time has passed */
    boolean await(StripeDouble stripe) throws InterruptedException {
        boolean came = switch (kind) {
            case REQUEST_UNDER_WAY -> held(stripe, Fault.HELD);
            case REQUEST_LOST -> held(stripe, Fault.TIME_OUT_BEFORE);
            case REPLY_LOST -> held(stripe, Fault.TIME_OUT_AFTER);
            case REPLY_SENT, EVENT_SENT -> seen(stripe);
            case ANY_TIME -> true;
        };
        if (kind == Kind.REPLY_SENT || kind == Kind.EVENT_SENT || kind == Kind.ANY_TIME) {
            TimeUnit.MILLISECONDS.sleep(delayMillis);
        }
        return came;
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
        stripe.faults().nth(operation, number, fault);
        waiter.start();
        waiter.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        waiter.interrupt();
        return came.join();
    }

    private boolean seen(StripeDouble stripe) throws InterruptedException {
        CountDownLatch come = new CountDownLatch(number);
        if (kind == Kind.EVENT_SENT) {
            stripe.webhooks().watch(type -> count(type.startsWith(operation), come));
        } else {
            stripe.watch(exercise ->
                    count(operation.equals(Faults.ANY) || exercise.operation().equals(operation), come));
        }
        return come.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void count(boolean meant, CountDownLatch come) {
        if (meant) {
            come.countDown();
        }
    }
}
