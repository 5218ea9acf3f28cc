package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.payment.boundary.Payments.Attempt;
import com.cognitionos.payment.boundary.ProviderDifferences.DifferenceView;
import com.cognitionos.payment.boundary.ProviderEvents.EventView;
import com.cognitionos.payment.boundary.Reconciliations.Run;
import com.cognitionos.payment.control.EventInbox;
import com.cognitionos.payment.control.EventInbox.Claimed;
import com.cognitionos.payment.control.StripeEvent;
import com.cognitionos.payment.entity.Finding;
import com.cognitionos.payment.entity.Finding.Remedy;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** With events about the mock's things, which nobody but a test sends. */
@DisplayName("What a provider tells by itself")
class ProviderEventsIT extends InContainer {

    private static final long PRO = 4_900;

    @Inject
    private Terms terms;

    @Inject
    private EventInbox claims;

    /** Keeps an event. @return its id here */
    private UUID told(String type, String object, String subject) {
        String ref = World.unique("evt");
        assertThat(kept(ref, type, object, subject)).isTrue();
        return owner.query(
                        "SELECT id FROM provider_events WHERE event_ref = ?", row -> row.getObject(1, UUID.class), ref)
                .get(0);
    }

    private boolean kept(String ref, String type, String object, String subject) {
        return World.OPERATOR.call(() -> world.events.keep(
                "mock",
                new StripeEvent(ref, type, object, subject, Instant.ofEpochSecond(1_000)),
                "{}".getBytes(StandardCharsets.UTF_8)));
    }

    private EventView event(UUID id) {
        return World.OPERATOR.call(() -> world.events.get(id));
    }

    private EventView settled(UUID id) {
        return Await.until(
                "event " + id, () -> event(id), event -> !event.status().equals("pending"));
    }

    private List<DifferenceView> differences(String reference) {
        return World.OPERATOR.call(() -> world.differences.list(null, new Page.Request(1, 100))).items().stream()
                .filter(one -> one.finding().reference().equals(reference))
                .toList();
    }

    private DifferenceView remedied(DifferenceView difference, Remedy remedy) {
        return World.OPERATOR.call(() -> world.remedies.apply(difference.id(), remedy, null));
    }

    private List<String> payments(Company company) {
        return owner.query(
                "SELECT status FROM payments WHERE tenant_id = ? ORDER BY created_at, id",
                row -> row.getString(1),
                company.id());
    }

    private String refOf(Company company) {
        return owner.query(
                        "SELECT provider_ref FROM payments WHERE tenant_id = ? ORDER BY created_at LIMIT 1",
                        row -> row.getString(1),
                        company.id())
                .get(0);
    }

    private long posted(Company company, String kind) {
        return owner.count(
                "SELECT count(*) FROM ledger_transactions WHERE tenant_id = ? AND kind = ?", company.id(), kind);
    }

    /** Somebody at the provider pays a part back. */
    private String paidBackThere(String charge, long cents) {
        String ref = World.unique("re");
        owner.update("""
                INSERT INTO mock_refunds (ref, idempotency_key, charge_ref, amount_cents, currency)
                VALUES (?, ?, ?, ?, 'USD')""", ref, "by hand " + ref, charge, cents);
        return ref;
    }

    private Run compared() {
        Run run = World.OPERATOR.call(() -> world.reconciliations.create("test"));
        World.OPERATOR.run(() -> world.reconciliation.run(run.id()));
        Run ended = World.OPERATOR.call(() -> world.reconciliations.get(run.id()));
        assertThat(ended.status()).as(String.valueOf(ended.reason())).isEqualTo("completed");
        return ended;
    }

    @Test
    @DisplayName("PAY-15: a payment whose reply was lost is settled by its event, once, whatever comes in which order")
    void anyOrder() {
        for (long seed = 1; seed <= 4; seed++) {
            Company company =
                    world.open(Tier.PRO, "2026-01-31").on("2026-03-01").withCard(Company.VISA);
            UUID invoice = company.lastInvoice().id();
            Attempt attempt = company.as(() -> world.payments.begin(invoice)).orElseThrow();
            String charge =
                    company.as(() -> world.mock().charge(attempt.charge())).ref();
            String refund = paidBackThere(charge, 1_000);
            List<String> types = new ArrayList<>(List.of(
                    "payment_intent.succeeded",
                    "payment_intent.succeeded",
                    "charge.updated",
                    "charge.refunded",
                    "charge.refunded",
                    "refund.created"));
            Collections.shuffle(types, new Random(seed));

            List<UUID> events = types.stream()
                    .map(type -> told(type, type.startsWith("payment") ? charge : "x", charge))
                    .toList();

            assertThat(events)
                    .allSatisfy(id -> assertThat(settled(id).status())
                            .as(types + ": " + event(id))
                            .isEqualTo("processed"));
            assertThat(payments(company)).containsExactly("succeeded");
            assertThat(posted(company, "payment_succeeded")).isEqualTo(1);
            assertThat(company.lastInvoice().status()).isEqualTo("paid");
            assertThat(differences(refund))
                    .singleElement()
                    .satisfies(one -> assertThat(one.finding().kind()).isEqualTo(Finding.Kind.REFUND_UNKNOWN_HERE));
            assertThat(company.imbalance()).isZero();
        }
    }

    @Test
    @DisplayName(
            "PAY-16: a payment is known by the provider's name for it or by ours at the very moment it gets the name")
    void knownThroughout() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01").withCard(Company.VISA);
        UUID invoice = company.lastInvoice().id();
        UUID payment =
                company.as(() -> world.payments.begin(invoice)).orElseThrow().id();
        AtomicBoolean named = new AtomicBoolean();

        List<Crowd.Outcome<Integer>> missed = crowd.atOnce(2, who -> () -> {
            int without = 0;
            for (int i = 0; who == 0 && i < 400; i++) {
                owner.update(
                        "UPDATE payments SET provider_ref = ? WHERE id = ?", i % 2 == 0 ? "ch_named" : null, payment);
            }
            named.compareAndSet(false, who == 0);
            while (!named.get()) {
                without += World.OPERATOR
                                .call(() -> world.paymentIndex.payment("mock", "ch_named", payment))
                                .isEmpty()
                        ? 1
                        : 0;
            }
            return without;
        });

        assertThat(missed).extracting(Crowd.Outcome::result).containsExactly(0, 0);
    }

    @Test
    @DisplayName("PAY-14: an event is kept once, whoever sends it how often")
    void keptOnce() {
        String ref = World.unique("evt");

        crowd.jammedAt("provider_events", 4, i -> () -> kept(ref, "balance.available", "balance", "balance"));

        assertThat(owner.count("SELECT count(*) FROM provider_events WHERE event_ref = ?", ref))
                .isEqualTo(1);
        assertThat(kept(ref, "balance.available", "balance", "balance")).isFalse();
        UUID id = owner.query(
                        "SELECT id FROM provider_events WHERE event_ref = ?", row -> row.getObject(1, UUID.class), ref)
                .get(0);
        assertThat(settled(id).status()).isEqualTo("ignored");
    }

    @Test
    @DisplayName(
            "PAY-15: one that fails holds up what comes after it of the same, is parked in the end, and can be replayed")
    void poison() {
        String unknown = World.unique("ch");
        UUID poison = told("payment_intent.succeeded", unknown, unknown);
        Await.until("an attempt", () -> event(poison), event -> event.note() != null);
        UUID after = told("invoice.paid", "in_1", unknown);
        UUID other = told("invoice.paid", "in_2", World.unique("in"));

        assertThat(settled(other).status()).isEqualTo("processed");
        assertThat(event(poison).status()).isEqualTo("pending");
        assertThat(event(poison).note()).startsWith("not_found: ");
        assertThat(event(after).attempts()).isZero();
        owner.update(
                "UPDATE provider_events SET attempts = 9, next_attempt_at = now() - interval '1 s' WHERE id = ?",
                poison);
        World.OPERATOR.call(world.inbox::carry);

        assertThat(settled(poison).status()).isEqualTo("parked");
        assertThat(event(poison).note()).startsWith("not_found: ");
        assertThat(settled(after).status()).isEqualTo("processed");

        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-03-01");
        owner.update("UPDATE provider_events SET object_ref = ? WHERE id = ?", refOf(company), poison);
        EventView replayed = World.OPERATOR.call(() -> world.events.replay(poison));

        assertThat(replayed.status()).isEqualTo("pending");
        assertThat(settled(poison).status()).isEqualTo("processed");
        assertThat(event(poison).replays()).isEqualTo(1);
        assertThat(owner.count(
                        "SELECT count(*) FROM platform_audit_log WHERE action = 'provider_event.replayed' AND target = ?",
                        poison.toString()))
                .isEqualTo(1);
        assertRefused(Kind.NOT_FOUND, () -> World.OPERATOR.call(() -> world.events.replay(UUID.randomUUID())));
    }

    @Test
    @DisplayName("PAY-15: what whoever crashed had taken up is taken up again, and the late one changes nothing")
    void leaseEnds() {
        String subject = World.unique("in");
        UUID event = told("invoice.paid", "in_1", subject);
        settled(event);
        owner.update("""
                UPDATE provider_events SET status = 'pending', settled_at = NULL, claims = claims + 1, attempts = 1,
                    next_attempt_at = now() + interval '4 minutes' WHERE id = ?""", event);

        World.OPERATOR.call(world.inbox::carry);
        assertThat(event(event).status()).as("still leased").isEqualTo("pending");
        Claimed late = claimed(event, -1, 1, Instant.now());
        World.OPERATOR.run(() -> claims.processed(late, "by whoever was overtaken"));
        World.OPERATOR.run(() -> claims.failed(claimed(event, -1, 10, Instant.EPOCH), "too late", false));
        assertThat(event(event).status()).as("overtaken").isEqualTo("pending");
        assertThat(event(event).note()).doesNotContain("overtaken", "too late");
        owner.update("UPDATE provider_events SET next_attempt_at = now() - interval '1 s' WHERE id = ?", event);
        World.OPERATOR.call(world.inbox::carry);

        assertThat(settled(event).status()).isEqualTo("processed");
    }

    /** @param off how many claims ago it was */
    private Claimed claimed(UUID event, int off, int attempts, Instant received) {
        long claim = owner.query("SELECT claims FROM provider_events WHERE id = ?", row -> row.getLong(1), event)
                .get(0);
        return new Claimed(event, "mock", "invoice.paid", "in_1", "in_1", claim + off, attempts, received);
    }

    @Test
    @DisplayName("PAY-15: a provider that does not answer is waited for for three days, however often it was asked")
    void providerIsDown() {
        UUID event = told("invoice.paid", "in_1", World.unique("in"));
        settled(event);
        owner.update("""
                UPDATE provider_events SET status = 'pending', settled_at = NULL, claims = claims + 1, attempts = 40,
                    next_attempt_at = now() + interval '4 minutes' WHERE id = ?""", event);
        Instant now = Instant.now();

        World.OPERATOR.run(() -> claims.failed(claimed(event, 0, 40, now.minus(Duration.ofDays(2))), "down", true));
        assertThat(event(event).status()).isEqualTo("pending");
        assertThat(event(event).nextAttemptAt()).isBetween(now.plusSeconds(600), now.plusSeconds(700));
        assertThat(event(event).attempts()).as("so that it is tried again then").isLessThan(EventInbox.ATTEMPTS);
        World.OPERATOR.run(() -> claims.failed(claimed(event, 0, 41, now.minus(Duration.ofDays(4))), "down", true));
        assertThat(event(event).status()).isEqualTo("parked");
        assertThat(event(event).note()).isEqualTo("down");
    }

    @Test
    @DisplayName("PAY-16: a card that is gone at the provider is removed, also with its customer")
    void cardGone() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).withCard("pm_card_mastercard");
        List<String> cards = owner.query(
                "SELECT provider_ref FROM payment_methods WHERE tenant_id = ? ORDER BY created_at, id",
                row -> row.getString(1),
                company.id());
        String customer = owner.query(
                        "SELECT provider_ref FROM provider_customers WHERE tenant_id = ?",
                        row -> row.getString(1),
                        company.id())
                .get(0);
        settled(told("payment_method.detached", cards.get(0), cards.get(0)));
        assertThat(company.as(world.methods::list)).as("it is there still").hasSize(2);

        owner.update("UPDATE mock_payment_methods SET detached = true WHERE ref = ?", cards.get(0));
        settled(told("payment_method.detached", cards.get(0), cards.get(0)));

        assertThat(company.as(world.methods::list)).hasSize(1);
        assertThat(company.as(world.methods::unreleased)).isEmpty();

        owner.update(
                "UPDATE mock_payment_methods SET detached = true, customer_ref = NULL WHERE customer_ref = ?",
                customer);
        owner.update("DELETE FROM mock_customers WHERE ref = ?", customer);
        settled(told("customer.deleted", customer, customer));

        assertThat(company.as(world.methods::list)).isEmpty();
        company.withCard(Company.VISA);
        assertThat(owner.query(
                        "SELECT provider_ref FROM provider_customers WHERE tenant_id = ?",
                        row -> row.getString(1),
                        company.id()))
                .as("another customer")
                .doesNotContain(customer);
    }

    @Test
    @DisplayName("PAY-17: what differs is listed once, each with its remedy, and goes when both sides agree")
    void differences() {
        Company missing =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-03-01");
        Company other =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-03-01");
        Company failed = world.open(Tier.PRO, "2026-01-31")
                .withCard("pm_card_chargeCustomerFail")
                .on("2026-03-01");
        Company refunded =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-03-01");
        Company fine = world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-03-01");
        owner.update("UPDATE mock_charges SET failure_code = 'card_declined' WHERE ref = ?", refOf(missing));
        owner.update("UPDATE mock_charges SET amount_cents = 4901 WHERE ref = ?", refOf(other));
        owner.update("UPDATE mock_charges SET failure_code = NULL WHERE ref = ?", refOf(failed));
        String refund = paidBackThere(refOf(refunded), 1_234);

        compared();

        DifferenceView notThere = only(refOf(missing), Finding.Kind.PAYMENT_NOT_THERE);
        DifferenceView amount = only(refOf(other), Finding.Kind.PAYMENT_AMOUNT);
        DifferenceView succeeded = only(refOf(failed), Finding.Kind.PAYMENT_SUCCEEDED_THERE);
        DifferenceView paidBack = only(refund, Finding.Kind.REFUND_UNKNOWN_HERE);
        assertThat(differences(refOf(fine))).isEmpty();
        assertThat(amount.finding().there().cents()).isEqualTo(PRO + 1);
        assertThat(amount.finding().tenant()).isEqualTo(other.id());

        assertThat(remedied(succeeded, Remedy.SETTLE).resolution()).isEqualTo("settle");
        assertThat(remedied(succeeded, Remedy.SETTLE).resolution()).as("twice").isEqualTo("settle");
        assertThat(payments(failed))
                .as("newest first: the retry of the day after")
                .containsExactly("succeeded", "failed");
        assertThat(failed.lastInvoice().status()).isEqualTo("paid");
        assertThat(posted(failed, "payment_succeeded")).isEqualTo(1);
        assertThat(failed.imbalance()).isZero();

        assertThat(remedied(paidBack, Remedy.RECORD_REFUND).resolution()).isEqualTo("record_refund");
        assertThat(owner.query(
                        "SELECT status || ' ' || amount_cents || ' ' || provider_ref FROM refunds WHERE tenant_id = ?",
                        row -> row.getString(1),
                        refunded.id()))
                .containsExactly("succeeded 1234 " + refund);
        assertThat(refunded.imbalance()).isZero();

        Problem unexplained = problemOf(() -> remedied(amount, Remedy.ACKNOWLEDGE));
        assertThat(unexplained.errors()).extracting(Problem.FieldError::pointer).containsExactly("/reason");
        assertThat(problemOf(() -> remedied(amount, Remedy.RECORD_REFUND)).errors())
                .extracting(Problem.FieldError::pointer)
                .containsExactly("/action");
        assertThat(World.OPERATOR
                        .call(() -> world.remedies.apply(amount.id(), Remedy.ACKNOWLEDGE, "agreed by mail"))
                        .reason())
                .isEqualTo("agreed by mail");
        assertThat(remedied(notThere, Remedy.ASK_AGAIN).isOpen()).isTrue();
        owner.update("UPDATE mock_charges SET failure_code = NULL WHERE ref = ?", refOf(missing));

        compared();

        assertThat(only(refOf(missing), Finding.Kind.PAYMENT_NOT_THERE).resolution())
                .isEqualTo("agrees");
        assertThat(only(refOf(other), Finding.Kind.PAYMENT_AMOUNT).resolution())
                .as("seen once is enough")
                .isEqualTo("acknowledge");
        assertThat(only(refOf(failed), Finding.Kind.PAYMENT_SUCCEEDED_THERE).isOpen())
                .isFalse();
        assertThat(only(refund, Finding.Kind.REFUND_UNKNOWN_HERE).isOpen()).isFalse();
        // What the fixture has made differ is mended, for who compares next.
        owner.update("UPDATE mock_charges SET amount_cents = 4900 WHERE ref = ?", refOf(other));
    }

    @Test
    @DisplayName("PAY-17: what was paid back there is entered to the cent, also where no note can say exactly that")
    void paidBackWithoutANote() {
        String region = Terms.region();
        terms.rate(region, "19", false, "2026-01-01", null);
        Company company = world.open(Tier.PRO, "2026-01-31");
        terms.moves(company, region);
        company.withCard(Company.VISA).on("2026-03-01");
        long paid = company.lastInvoice().amountPaidCents();
        // Of 0.03 net the tax is 0.01, of 0.02 none: no note comes to 0.03.
        String odd = paidBackThere(refOf(company), 3);
        settled(told("charge.refunded", "x", refOf(company)));

        DifferenceView entered = remedied(only(odd, Finding.Kind.REFUND_UNKNOWN_HERE), Remedy.RECORD_REFUND);

        assertThat(entered.resolution()).isEqualTo("record_refund");
        assertThat(entered.reason())
                .isEqualTo(
                        "Paid back at the payment provider (0.01 USD of it could not be credited and was written off)");
        assertThat(company.account("bad_debt")).isEqualTo(1);
        assertThat(company.account("cash")).isEqualTo(paid - 3);
        assertThat(company.as(() -> world.creditNotes.of(company.lastInvoice().id())))
                .singleElement()
                .satisfies(
                        note -> assertThat(note.note().amounts().refundCents()).isEqualTo(2));
        assertThat(company.imbalance()).isZero();

        company.credited(company.lastInvoice().id(), null, Payout.BALANCE);
        String more = paidBackThere(refOf(company), 1_000);
        settled(told("charge.refunded", "x", refOf(company)));
        remedied(only(more, Finding.Kind.REFUND_UNKNOWN_HERE), Remedy.RECORD_REFUND);

        assertThat(company.account("bad_debt")).as("nothing was left to credit").isEqualTo(1_001);
        assertThat(company.account("cash")).isEqualTo(paid - 1_003);
        assertThat(owner.query(
                        "SELECT status || ' ' || amount_cents FROM refunds WHERE tenant_id = ? ORDER BY created_at, id",
                        row -> row.getString(1),
                        company.id()))
                .containsExactly("succeeded 3", "succeeded 1000");
        assertThat(remedied(only(more, Finding.Kind.REFUND_UNKNOWN_HERE), Remedy.RECORD_REFUND)
                        .isOpen())
                .as("twice")
                .isFalse();
        assertThat(posted(company, "refund_written_off")).isEqualTo(2);
        assertThat(company.imbalance()).isZero();
        compared();
        assertThat(only(odd, Finding.Kind.REFUND_UNKNOWN_HERE).isOpen()).isFalse();
        assertThat(only(more, Finding.Kind.REFUND_UNKNOWN_HERE).isOpen()).isFalse();
    }

    @Test
    @DisplayName("PAY-17: one comparison at a time; one that nobody works on any more is begun anew")
    void takenOver() {
        String lease = """
                INSERT INTO leases (name, holder, until) VALUES ('reconciliation', 'a node', now() + ?::interval)
                ON CONFLICT (name) DO UPDATE SET fence = excluded.fence, until = excluded.until""";
        Await.until(
                "nobody to have it",
                () -> owner.count("SELECT count(*) FROM leases WHERE name = 'reconciliation'"),
                n -> n == 0);
        owner.update(lease, "1 h");
        Run first = World.OPERATOR.call(() -> world.reconciliations.create("test"));
        assertThat(World.OPERATOR
                        .call(() -> world.reconciliations.create("test"))
                        .id())
                .as("the same")
                .isEqualTo(first.id());
        assertThat(World.OPERATOR.call(() -> world.reconciliations.take(first.id())))
                .as("while another node has it")
                .isEmpty();

        owner.update(lease, "-1 s");

        Await.until(
                "its end",
                () -> World.OPERATOR
                        .call(() -> world.reconciliations.get(first.id()))
                        .status(),
                "completed"::equals);
        World.OPERATOR.run(() -> world.reconciliation.run(first.id()));
        assertThat(World.OPERATOR
                        .call(() -> world.reconciliations.get(first.id()))
                        .status())
                .as("again, too late")
                .isEqualTo("completed");
    }

    private DifferenceView only(String reference, Finding.Kind kind) {
        List<DifferenceView> found = differences(reference);
        assertThat(found).hasSize(1);
        assertThat(found.get(0).finding().kind()).isEqualTo(kind);
        return found.get(0);
    }
}
