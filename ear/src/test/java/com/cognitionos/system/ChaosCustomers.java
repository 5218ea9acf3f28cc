package com.cognitionos.system;

import com.cognitionos.stripe.StripeDouble;
import com.google.gson.JsonObject;
import com.stripe.model.Dispute;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Customers, several at a time and one after another: each subscribes, pays, changes its plan and is paid back. A request
 * that is cut off is sent again with its key until there is an answer; some customers walk away instead. Beside them a bank
 * decides what waits for it.
 */
final class ChaosCustomers implements AutoCloseable {

    private static final int AT_ONCE = 6;
    private static final int LIMIT_SECONDS = 240;
    private static final int PAUSE_MILLIS = 150;
    private static final int BANK_PAUSE_MILLIS = 1_000;

    private static final String GOOD = "pm_card_visa";
    private static final List<String> CARDS = List.of(
            GOOD,
            GOOD,
            GOOD,
            "pm_card_pendingRefund",
            "pm_card_createDispute",
            "pm_card_double_processing",
            "pm_card_chargeCustomerFail");

    /** Somebody who does not wait for an answer that was cut off. */
    private static final class WalkedAway extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final Product product;
    private final StripeDouble stripe;
    private final long seed;
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    private final ExecutorService bank = Executors.newSingleThreadExecutor();
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger walkedAway = new AtomicInteger();
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private volatile boolean open = true;
    private volatile boolean up = true;

    ChaosCustomers(Product product, StripeDouble stripe, long seed) {
        this.product = product;
        this.stripe = stripe;
        this.seed = seed;
        for (int i = 0; i < AT_ONCE; i++) {
            threads.submit(() -> {
                while (open && faults.isEmpty()) {
                    serve(() -> new Customer().lives());
                }
            });
        }
        bank.submit(() -> {
            Random random = new Random(seed);
            while (!bank.isShutdown()) {
                serve(() -> {
                    TimeUnit.MILLISECONDS.sleep(BANK_PAUSE_MILLIS);
                    decide(random);
                });
            }
        });
    }

    @FunctionalInterface
    private interface Work {
        void work() throws InterruptedException;
    }

    private void serve(Work work) {
        try {
            work.work();
        } catch (InterruptedException e) {
            open = false;
        } catch (WalkedAway e) {
            walkedAway.incrementAndGet();
        } catch (RuntimeException | AssertionError e) {
            faults.add(e);
        }
    }

    /** The product is about to be killed, or takes requests again. */
    void productIs(boolean upNow) {
        up = upNow;
    }

    /** @throws AssertionError where a customer was served wrongly */
    void check() {
        faults.forEach(fault -> {
            throw new AssertionError("A customer was not served", fault);
        });
    }

    /** Lets those who are there get what they came for, and nobody else come. @return how many there were */
    int closeDoors() throws InterruptedException {
        open = false;
        threads.shutdown();
        if (!threads.awaitTermination(2 * LIMIT_SECONDS, TimeUnit.SECONDS)) {
            faults.add(new AssertionError("Customers wait for ever"));
        }
        bank.shutdown();
        check();
        return number.get();
    }

    int walkedAway() {
        return walkedAway.get();
    }

    @Override
    public void close() {
        open = false;
        threads.shutdownNow();
        bank.shutdownNow();
    }

    /** What waits for a bank. @return whether there was anything */
    boolean decide(Random random) {
        List<String> charges = stripe.all(PaymentIntent.class).stream()
                .filter(intent -> intent.getStatus().equals("processing"))
                .map(PaymentIntent::getId)
                .toList();
        for (String charge : charges) {
            if (random.nextInt(4) == 0) {
                stripe.fail(charge, "insufficient_funds");
            } else {
                stripe.settle(charge);
            }
        }
        List<String> refunds = stripe.all(Refund.class).stream()
                .filter(refund -> refund.getStatus().equals("pending"))
                .map(Refund::getId)
                .toList();
        refunds.forEach(refund -> stripe.settleRefund(refund, random.nextInt(4) > 0));
        List<String> disputes = stripe.all(Dispute.class).stream()
                .filter(dispute -> dispute.getStatus().equals("needs_response"))
                .map(Dispute::getId)
                .toList();
        disputes.forEach(dispute -> stripe.decide(dispute, random.nextBoolean()));
        return !(charges.isEmpty() && refunds.isEmpty() && disputes.isEmpty());
    }

    private final class Customer {

        private final int which = number.incrementAndGet();
        private final Random random = new Random(new SplittableRandom(seed + which).nextLong());
        private final boolean impatient = random.nextInt(5) == 0;
        private int requests;
        private Api api;
        private String tenant;
        private boolean walksAway;
        private String last = "none";

        void lives() {
            subscribes();
            String invoice = firstInvoice();
            if (impatient && random.nextInt(3) == 0) {
                leavesIt(() -> post(api, "/v3/invoices/" + invoice + "/pay", ""));
                return;
            }
            pays(invoice);
            for (int refunds = random.nextInt(3); refunds > 0; refunds--) {
                isPaidBack(invoice);
            }
            if (random.nextInt(3) > 0) {
                upgrades();
            }
        }

        private void subscribes() {
            String slug = "chaos-" + Long.toUnsignedString(seed, 36) + "-" + which;
            tenant = post(product.api(), "/v3/tenants", """
                            {"name": "%1$s", "slug": "%1$s", "owner_email": "owner@%1$s.example",
                             "billing_email": "billing@%1$s.example", "tier": "pro", "billing_cycle": "yearly"}""".formatted(slug))
                    .expect(201)
                    .json()
                    .get("id")
                    .getAsString();
            api = product.api().forTenant(tenant);
            card(CARDS.get(random.nextInt(CARDS.size())));
        }

        private void card(String token) {
            post(api, "/v3/payment-methods", "{\"token\": \"" + token + "\"}").expect(201);
        }

        private String firstInvoice() {
            return until("an invoice", () -> {
                List<JsonObject> all = invoices();
                return all.isEmpty() ? null : all.get(0).get("id").getAsString();
            });
        }

        private List<JsonObject> invoices() {
            return insist("the invoices", api::invoices);
        }

        private void pays(String invoice) {
            until("invoice " + invoice + " to be paid", () -> {
                Api.Reply reply = post(api, "/v3/invoices/" + invoice + "/pay", "");
                if (reply.status() == 402) {
                    card(GOOD);
                } else if (reply.status() != 200 && reply.status() != 409) {
                    reply.expect(200);
                }
                return status(invoice).equals("paid") ? invoice : null;
            });
        }

        private String status(String invoice) {
            return insist("invoice", () -> api.get("/v3/invoices/" + invoice))
                    .expect(200)
                    .json()
                    .get("status")
                    .getAsString();
        }

        private void isPaidBack(String invoice) {
            String body = """
                    {"tenant_id": "%s", "invoice_id": "%s", "reason": "chaos", "payout": "refund",
                     "lines": [{"position": 1, "amount_cents": %d}]}""".formatted(tenant, invoice, 1 + random.nextInt(900));
            if (impatient) {
                leavesIt(() -> post(product.api(), "/v3/finance/credit-notes", body));
            } else {
                until("a credit note", () -> {
                    Api.Reply reply = post(product.api(), "/v3/finance/credit-notes", body);
                    return reply.status() == 409 && reply.code().equals("payment_in_progress")
                            ? null
                            : reply.expect(201);
                });
            }
        }

        private void upgrades() {
            if (impatient) {
                leavesIt(() -> post(api, "/v3/subscriptions/upgrade", "{\"tier\": \"team\"}"));
                return;
            }
            post(api, "/v3/subscriptions/upgrade", "{\"tier\": \"team\"}").expect(200);
            for (JsonObject invoice : invoices()) {
                if (!invoice.get("status").getAsString().equals("paid")) {
                    pays(invoice.get("id").getAsString());
                }
            }
        }

        private Api.Reply post(Api as, String path, String body) {
            Api keyed = as.with("Idempotency-Key", "chaos-" + seed + "-" + which + "-" + ++requests);
            return insist("POST " + path + " of " + tenant, () -> keyed.post(path, body));
        }

        private void leavesIt(Runnable request) {
            walksAway = true;
            request.run();
            walksAway = false;
        }

        private <T> T insist(String what, Supplier<T> call) {
            return until(what, () -> {
                try {
                    T answer = call.get();
                    last = answer instanceof Api.Reply reply ? reply.status() + " " + reply.text() : "a list";
                    return answer instanceof Api.Reply reply && isToBeAskedAgain(reply) ? null : answer;
                } catch (UncheckedIOException cut) {
                    if (walksAway) {
                        throw new WalkedAway();
                    }
                    return null;
                }
            });
        }

        private boolean isToBeAskedAgain(Api.Reply reply) {
            if (reply.status() >= 500 && walksAway) {
                throw new WalkedAway();
            }
            return reply.status() >= 500
                    || reply.status() == 409 && reply.code().equals("idempotency_in_progress");
        }

        /** Its patience is for a product that is up: how long that is down or starts says nothing. */
        private <T> T until(String what, Supplier<T> asked) {
            Duration patience = Duration.ofSeconds(LIMIT_SECONDS);
            while (true) {
                boolean served = up;
                Instant begin = Instant.now();
                T answer = served ? asked.get() : null;
                if (answer != null) {
                    return answer;
                }
                pause();
                if (served) {
                    patience = patience.minus(Duration.between(begin, Instant.now()));
                }
                if (patience.isNegative()) {
                    throw new AssertionError("Customer " + which + ", tenant " + tenant + ", waited " + LIMIT_SECONDS
                            + " s in vain for " + what + "; the last reply was " + last);
                }
            }
        }

        private void pause() {
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new WalkedAway();
            }
        }
    }
}
