package com.cognitionos.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.stripe.StripeDouble;
import com.cognitionos.stripe.Webhooks;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.stripe.model.BalanceTransaction;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * kill -9 of launcher, server and database again and again, while customers pay and are paid back and events come doubled, late
 * and out of order. {@code -Dchaos.seed} repeats what a run did, as far as threads and processes let it.
 */
@OwnProduct
class ChaosIT {

    private static final int RUNS = Integer.getInteger("chaos.runs");
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());
    private static final String SECRET = "whsec_chaos";

    private static StripeDouble stripe;
    private static Product product;
    private static DatabaseOwner owner;

    @BeforeAll
    static void start() {
        stripe = StripeDouble.start();
        product = Product.startLean("chaos", WithStripe.settings(stripe, SECRET));
        owner = new DatabaseOwner(product);
        Webhooks webhooks = stripe.webhooks();
        webhooks.to(URI.create(product.url() + "/api/v3/webhooks/stripe"), SECRET);
        webhooks.atOnce(3);
        webhooks.retry(Collections.nCopies(120, Duration.ofSeconds(1)).toArray(Duration[]::new));
        Random random = new Random(SEED);
        webhooks.plan(type -> delays(random));
    }

    /** Most events come at once and once, others doubled, late, or both. */
    private static List<Duration> delays(Random random) {
        Duration late = Duration.ofMillis(100 + random.nextInt(1_500));
        return switch (random.nextInt(8)) {
            case 0 -> List.of(Duration.ZERO, Duration.ZERO);
            case 1 -> List.of(Duration.ZERO, late);
            case 2, 3 -> List.of(late);
            default -> List.of(Duration.ZERO);
        };
    }

    @AfterAll
    static void stop() {
        if (product != null) {
            product.close();
        }
        stripe.close();
    }

    @Test
    @DisplayName("PAY-2, PAY-10, PAY-15: whenever it is killed, the provider's books and ours end equal to the cent")
    void booksAgreeWhateverIsCutOff() throws InterruptedException {
        System.out.println("ChaosIT: " + RUNS + " kills, -Dchaos.seed=" + SEED);
        try (ChaosCustomers customers = new ChaosCustomers(product, stripe, SEED)) {
            Random points = new Random(SEED);
            for (int run = 1; run <= RUNS; run++) {
                kill(run, KillPoint.by(points), customers);
                customers.check();
            }
            int served = customers.closeDoors();
            System.out.println("ChaosIT: " + served + " customers, of whom " + customers.walkedAway()
                    + " walked away; " + stripe.exercised().size() + " requests to the provider, "
                    + stripe.webhooks().deliveries().size() + " deliveries of events");
            Random random = new Random(SEED);
            Await.until("all to come to rest, see " + product.data(), 240, () -> {
                leasesRunOut();
                if (customers.decide(random) || !restless().isEmpty()) {
                    return false;
                }
                // What was done last is told last.
                stripe.webhooks().awaitIdle();
                return restless().isEmpty();
            });
        }
        check();
    }

    private static void kill(int run, KillPoint point, ChaosCustomers customers) throws InterruptedException {
        long begun = System.nanoTime();
        boolean came = point.await(stripe, owner);
        customers.productIs(false);
        product.kill();
        long killed = System.nanoTime();
        stripe.faults().clear();
        owner.unlock();
        product.start();
        leasesRunOut();
        customers.productIs(true);
        System.out.printf(
                "ChaosIT: run %d, %s%s after %d ms, again ready after %d ms%n",
                run,
                point,
                came ? "" : " did not come",
                (killed - begun) / 1_000_000,
                (System.nanoTime() - killed) / 1_000_000);
    }

    /** As if nobody had repaired the outage within five minutes: what the dead had in hand, others may take. */
    private static void leasesRunOut() {
        owner.update("UPDATE provider_events SET next_attempt_at = now() WHERE status = 'pending'");
    }

    private static String count(String query) {
        return owner.texts("SELECT count(*) FROM " + query).get(0);
    }

    /** What is still under way. */
    private static List<String> restless() {
        return owner.texts("""
                SELECT 'payment ' || id FROM payments WHERE status = 'processing' OR status = 'succeeded' AND fee_cents IS NULL
                UNION ALL SELECT 'refund ' || id FROM refunds WHERE status = 'processing'
                UNION ALL SELECT 'event ' || event_ref FROM provider_events WHERE status = 'pending'""");
    }

    private static void check() {
        assertThat(stripe.violations()).isEmpty();
        nobodyIsChargedTwice();
        noEventIsLost();
        paymentsAgree();
        refundsAgree();
        ledgerAgrees();
        reconciliationFindsNothing();
        Integrity.holds(product.api());
    }

    private static void noEventIsLost() {
        TreeSet<String> kept = new TreeSet<>(owner.texts("SELECT event_ref FROM provider_events"));
        assertThat(kept)
                .as("events, seed %d", SEED)
                .containsAll(stripe.rawEvents().stream()
                        .map(event -> event.get("id").getAsString())
                        .toList());
        assertThat(owner.texts(
                        "SELECT type || ' ' || event_ref || ' ' || status || ': ' || coalesce(note, '') FROM provider_events"
                                + " WHERE status NOT IN ('processed', 'ignored')"))
                .as("events that were not worked on, seed %d", SEED)
                .isEmpty();
    }

    private static List<PaymentIntent> charged() {
        return stripe.all(PaymentIntent.class).stream()
                .filter(intent -> intent.getStatus().equals("succeeded"))
                .toList();
    }

    private static void nobodyIsChargedTwice() {
        assertThat(charged().stream().map(intent -> intent.getMetadata().get("invoice_id")))
                .as("invoices that were charged, seed %d", SEED)
                .isNotEmpty()
                .doesNotHaveDuplicates();
    }

    private static void paymentsAgree() {
        Map<String, String> theirs = new TreeMap<>();
        for (PaymentIntent intent : charged()) {
            theirs.put(intent.getMetadata().get("payment_id"), intent.getId() + " " + intent.getAmount());
        }
        assertThat(
                        ours(
                                "SELECT id || '=' || provider_ref || ' ' || amount_cents FROM payments WHERE status = 'succeeded'"))
                .as("payments that succeeded, seed %d", SEED)
                .isEqualTo(theirs);
        assertThat(owner.texts("""
                SELECT i.id || ' ' || i.status FROM invoices i
                WHERE i.status NOT IN ('draft') AND (i.status = 'paid') IS DISTINCT FROM (
                    i.total_cents = i.balance_applied_cents OR EXISTS (
                        SELECT FROM payments p WHERE p.invoice_id = i.id AND p.status = 'succeeded'))"""))
                .as("invoices that are paid without a payment, or not paid though there is one, seed %d", SEED)
                .isEmpty();
        assertThat(owner.texts("""
                SELECT i.id || ' of ' || i.tenant_id FROM invoices i
                WHERE i.status = 'open' AND EXISTS (
                    SELECT FROM payment_methods m WHERE m.tenant_id = i.tenant_id AND m.is_default
                        AND m.created_at <= i.finalized_at)
                AND NOT EXISTS (SELECT FROM payments p WHERE p.invoice_id = i.id)"""))
                .as("invoices that nobody tried to collect, seed %d", SEED)
                .isEmpty();
    }

    private static void refundsAgree() {
        Map<String, String> theirs = new TreeMap<>();
        for (Refund refund : stripe.all(Refund.class)) {
            if (refund.getStatus().equals("succeeded")) {
                theirs.put(refund.getMetadata().get("refund_id"), refund.getId() + " " + refund.getAmount());
            }
        }
        assertThat(
                        ours(
                                "SELECT id || '=' || provider_ref || ' ' || amount_cents FROM refunds WHERE status = 'succeeded'"))
                .as("refunds that succeeded, seed %d", SEED)
                .isEqualTo(theirs);
    }

    private static Map<String, String> ours(String query) {
        return owner.texts(query).stream()
                .map(row -> row.split("=", 2))
                .collect(Collectors.toMap(
                        parts -> parts[0], parts -> parts[1], (a, b) -> a + " and " + b, TreeMap::new));
    }

    private static void ledgerAgrees() {
        JsonObject books =
                product.api().get("/v3/finance/trial-balance").expect(200).json();
        Map<String, Long> accounts = new TreeMap<>();
        for (JsonElement each : books.getAsJsonArray("accounts")) {
            JsonObject account = each.getAsJsonObject();
            accounts.merge(
                    account.get("account").getAsString(),
                    account.get("balance_cents").getAsLong(),
                    Long::sum);
        }
        books.getAsJsonArray("totals")
                .forEach(total -> assertThat(
                                total.getAsJsonObject().get("balanced").getAsBoolean())
                        .isTrue());
        List<BalanceTransaction> moved = stripe.all(BalanceTransaction.class);
        assertThat(accounts.get("cash"))
                .as("cash, seed %d", SEED)
                .isEqualTo(moved.stream().mapToLong(BalanceTransaction::getNet).sum());
        assertThat(accounts.get("provider_fees"))
                .as("fees, seed %d", SEED)
                .isEqualTo(moved.stream().mapToLong(BalanceTransaction::getFee).sum());
        assertThat(accounts.getOrDefault("disputes", 0L)).as("undecided").isZero();
        assertThat(accounts.getOrDefault("refunds", 0L)).as("not paid back").isZero();
        assertThat(accounts.getOrDefault("receivable", 0L))
                .as("due, seed %d", SEED)
                .isEqualTo(Long.parseLong(owner.texts("""
                        SELECT coalesce(sum(total_cents - balance_applied_cents - amount_paid_cents), 0) FROM invoices
                        WHERE status = 'open'""").get(0)));
    }

    private static void reconciliationFindsNothing() {
        Api operator = product.api();
        String run = operator.post("/v3/finance/reconciliations", "")
                .expect(202)
                .json()
                .get("id")
                .getAsString();
        Await.until(
                "the comparison", 240, () -> !List.of("queued", "running").contains(state(operator, run, "status")));
        assertThat(state(operator, run, "status")).isEqualTo("completed");
        assertThat(state(operator, run, "payments"))
                .isEqualTo(Integer.toString(stripe.all(PaymentIntent.class).size()));
        assertThat(state(operator, run, "differences")).as("seed %d", SEED).isEqualTo("0");
        assertThat(count("provider_differences"))
                .as("differences ever, seed %d", SEED)
                .isEqualTo("0");
    }

    private static String state(Api operator, String run, String field) {
        return operator.get("/v3/finance/reconciliations/" + run)
                .expect(200)
                .json()
                .get(field)
                .getAsString();
    }
}
