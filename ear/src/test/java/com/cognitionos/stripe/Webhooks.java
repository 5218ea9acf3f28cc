package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Delivers events to an address, signed (STD-4), one after another unless told otherwise. While nothing is pointed at, events
 * are only kept.
 */
public final class Webhooks implements AutoCloseable {

    /**
     * An attempt to deliver.
     *
     * @param status of the reply; 0 when there was none
     */
    public record Delivery(String event, String type, int status) {}

    private final Clock clock;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final ScheduledThreadPoolExecutor postman = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "stripe-double-webhooks");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final List<JsonObject> held = new ArrayList<>();

    private @Nullable URI address;
    private List<String> secrets = List.of();
    private Function<String, List<Duration>> plan = type -> List.of(Duration.ZERO);
    private List<Duration> retries = List.of();
    private Consumer<String> watcher = type -> {};
    private boolean holding;
    private int open;

    Webhooks(Clock clock) {
        this.clock = clock;
    }

    /** Delivers from now on there, signed with each of the secrets; two of them while one is rolled. */
    public synchronized void to(URI where, String... with) {
        address = where;
        secrets = List.of(with);
    }

    /** Only keeps events from now on. */
    public synchronized void nowhere() {
        address = null;
    }

    synchronized boolean isPointed() {
        return address != null;
    }

    /**
     * How often and when each event is delivered.
     *
     * @param delays by type of event: one delay for each delivery; none loses the event, two double it
     */
    public synchronized void plan(Function<String, List<Duration>> delays) {
        plan = delays;
    }

    /** Tries again after these waits when the answer is no 2xx. Stripe does so for three days; here not, unless told. */
    public synchronized void retry(Duration... waits) {
        retries = List.of(waits);
    }

    /** So many deliveries are under way at once, as Stripe does it. */
    public void atOnce(int deliveries) {
        postman.setCorePoolSize(deliveries);
    }

    /** Tells the type of each event as a delivery of it begins; one watcher, the last one, is told. */
    public synchronized void watch(Consumer<String> by) {
        watcher = by;
    }

    /** Keeps what happens from now on back until it is released. */
    public synchronized void hold() {
        holding = true;
    }

    /**
     * Delivers what was held back, and no longer holds.
     *
     * @param arrange gives the events to deliver in their order: shuffled, doubled or with some missing
     */
    public void release(UnaryOperator<List<JsonObject>> arrange) {
        List<JsonObject> arranged;
        synchronized (this) {
            holding = false;
            arranged = arrange.apply(List.copyOf(held));
            held.clear();
        }
        arranged.forEach(this::deliver);
    }

    /** Delivers an event now, whatever the plan, also once more. */
    public void deliver(JsonObject event) {
        schedule(event, Duration.ZERO, List.of());
    }

    /** Each attempt that was made, in order. */
    public List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    /** Waits until each delivery that was begun, retries too, has ended. */
    public synchronized void awaitIdle() {
        while (open > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    void happened(List<JsonObject> events) {
        for (JsonObject event : events) {
            List<Duration> delays;
            List<Duration> waits;
            synchronized (this) {
                if (holding) {
                    held.add(event);
                    continue;
                }
                delays = plan.apply(Json.needed(event, "type"));
                waits = retries;
            }
            delays.forEach(delay -> schedule(event, delay, waits));
        }
    }

    private void schedule(JsonObject event, Duration delay, List<Duration> waits) {
        synchronized (this) {
            if (address == null) {
                return;
            }
            open++;
        }
        try {
            postman.schedule(() -> attempt(event, waits), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            ended();
        }
    }

    private void attempt(JsonObject event, List<Duration> waits) {
        try {
            int status = post(event);
            deliveries.add(new Delivery(Json.needed(event, "id"), Json.needed(event, "type"), status));
            if ((status < 200 || status > 299) && !waits.isEmpty()) {
                schedule(event, waits.get(0), waits.subList(1, waits.size()));
            }
        } finally {
            ended();
        }
    }

    private synchronized void ended() {
        open--;
        notifyAll();
    }

    private int post(JsonObject event) {
        URI where;
        List<String> with;
        Consumer<String> by;
        synchronized (this) {
            where = address;
            with = secrets;
            by = watcher;
        }
        if (where == null) {
            return 0;
        }
        String payload = event.toString();
        HttpRequest request = HttpRequest.newBuilder(where)
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
                .header(
                        "Stripe-Signature",
                        Signature.header(payload, clock.instant().getEpochSecond(), with))
                .POST(HttpRequest.BodyPublishers.ofString(payload))
                .build();
        by.accept(Json.needed(event, "type"));
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    @Override
    public void close() {
        postman.shutdownNow();
    }
}
