package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.idempotency.boundary.KeptReplies;
import com.cognitionos.idempotency.boundary.KeptReplies.Reply;
import com.cognitionos.idempotency.boundary.RequestKey;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.payment.boundary.PaymentMethods;
import com.cognitionos.subscription.boundary.SubscriptionView;
import jakarta.ejb.EJB;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Idempotency keys")
class IdempotencyIT extends InContainer {

    private static final Reply REPLY = new Reply(
            201,
            Map.of("Content-Type", List.of("application/json"), "Link", List.of("a", "b")),
            "{\"key\": \"a-secret\"}".getBytes(StandardCharsets.UTF_8));

    @EJB
    private KeptReplies replies;

    private RequestKey key(Company company, String key, String request) {
        return company.as(() -> replies.key(key, request.getBytes(StandardCharsets.UTF_8)));
    }

    /** As the door does it: everything in one transaction. @return the reply, and whether it was replayed */
    private Reply request(Company company, RequestKey key, Runnable effect, Reply reply) {
        return company.as(() -> probe.together(() -> {
            Optional<Reply> kept = replies.claim(key);
            if (kept.isPresent()) {
                return kept.get();
            }
            return key.call(() -> {
                effect.run();
                replies.keep(key, reply);
                return reply;
            });
        }));
    }

    private Runnable renames(String name) {
        return () -> world.tenants.rename(name, null, null);
    }

    private long kept(RequestKey key) {
        return owner.count("SELECT count(*) FROM idempotency_keys WHERE key_mac = ?", key.keyMac());
    }

    @Test
    @DisplayName("IDP-1: the first reply comes again and the effect does not")
    void once() {
        Company company = world.open(Tier.FREE, "2026-01-01");
        RequestKey key = key(company, "k", "rename");

        request(company, key, renames("First"), REPLY);
        Reply again = request(company, key, renames("Second"), new Reply(200, Map.of(), new byte[0]));

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(REPLY.body());
        assertThat(again.headers()).isEqualTo(REPLY.headers());
        assertThat(company.as(world.tenants::current).name()).isEqualTo("First");
    }

    @Test
    @DisplayName("IDP-1: a failure after the effect and before the reply is kept leaves neither, and the key is free")
    void allOrNothing() {
        Company company = world.open(Tier.FREE, "2026-01-01");
        String before = company.as(world.tenants::current).name();
        long entered = owner.count("SELECT count(*) FROM billing_audit_log WHERE tenant_id = ?", company.id());
        RequestKey key = key(company, "k", "rename");

        company.does(() -> probe.inVain(() -> {
            replies.claim(key);
            renames("Lost").run();
            return null;
        }));
        assertThatThrownBy(() -> request(
                        company,
                        key,
                        renames("Lost too"),
                        // A reply that the database refuses to keep.
                        new Reply(500, Map.of(), new byte[0])))
                .isNotNull();

        assertThat(company.as(world.tenants::current).name()).isEqualTo(before);
        assertThat(kept(key)).isZero();
        assertThat(owner.count("SELECT count(*) FROM billing_audit_log WHERE tenant_id = ?", company.id()))
                .isEqualTo(entered);
        request(company, key, renames("Done"), REPLY);
        assertThat(company.as(world.tenants::current).name()).isEqualTo("Done");
    }

    @Test
    @DisplayName("IDP-3: of twenty at once one works, the others hear that it is under way or get its reply")
    void twins() {
        Company company = world.open(Tier.PRO, "2026-01-01");
        RequestKey key = key(company, "k", "issue");

        List<Crowd.Outcome<Reply>> outcomes = crowd.atOnce(
                20,
                n -> () -> request(
                        company, key, () -> world.keys.issue("a key", List.of("usage:write"), null, null), REPLY));

        assertThat(outcomes).anyMatch(Crowd.Outcome::succeeded);
        assertThat(outcomes)
                .filteredOn(outcome -> !outcome.succeeded())
                .allSatisfy(outcome -> assertThat(problemOf(() -> {
                            throw outcome.thrown();
                        }))
                        .satisfies(problem -> {
                            assertThat(problem.code()).isEqualTo("idempotency_in_progress");
                            assertThat(problem.kind()).isEqualTo(Kind.CONFLICT);
                            assertThat(problem.retryAfterSeconds()).isPositive();
                        }));
        assertThat(company.as(world.keys::list)).hasSize(1);
    }

    @Test
    @DisplayName("IDP-3: while the first is under way its twin is told so at once")
    void underWay() throws Exception {
        Company company = world.open(Tier.FREE, "2026-01-01");
        RequestKey key = key(company, "k", "rename");
        company.does(() -> probe.inVain(() -> {
            replies.claim(key);
            List<Crowd.Outcome<Object>> twin = crowd.atOnce(1, n -> () -> {
                assertThat(problemOf(() -> request(company, key, renames("Twin"), REPLY))
                                .code())
                        .isEqualTo("idempotency_in_progress");
                return null;
            });
            assertThat(twin.get(0).thrown()).isNull();
            return null;
        }));
    }

    @Test
    @DisplayName("IDP-4: another request under the same key is refused")
    void reused() {
        Company company = world.open(Tier.FREE, "2026-01-01");
        request(company, key(company, "k", "rename"), renames("First"), REPLY);

        assertThat(problemOf(() -> request(company, key(company, "k", "other"), renames("Second"), REPLY)))
                .satisfies(problem -> {
                    assertThat(problem.code()).isEqualTo("idempotency_key_reused");
                    assertThat(problem.kind()).isEqualTo(Kind.INVALID);
                });
        assertThat(company.as(world.tenants::current).name()).isEqualTo("First");
    }

    @Test
    @DisplayName("IDP-4: a key is 1 to 255 printable ASCII characters")
    void keys() {
        Company company = world.open(Tier.FREE, "2026-01-01");
        for (String bad : List.of("", "k".repeat(256), "a\tb", "ü", "a\u007F")) {
            assertRefused(Kind.BAD_REQUEST, () -> key(company, bad, "x"));
        }
        for (String good : List.of("k", "k".repeat(255), "two words ~!")) {
            assertThat(key(company, good, "x").keyMac()).hasSize(32);
        }
    }

    @Test
    @DisplayName("IDP-5: a key is its principal's, in its tenant and beyond")
    void others() {
        Company a = world.open(Tier.FREE, "2026-01-01");
        Company b = world.open(Tier.FREE, "2026-01-01");
        request(a, key(a, "k", "rename"), renames("A"), REPLY);
        request(b, key(b, "k", "rename"), renames("B"), new Reply(200, Map.of(), new byte[0]));
        assertThat(b.as(world.tenants::current).name()).isEqualTo("B");

        Caller colleague = new Caller("user:colleague", false, a.id(), Caller.ALL);
        assertThat(colleague.<Optional<Reply>>call(() ->
                        probe.inVain(() -> replies.claim(replies.key("k", "rename".getBytes(StandardCharsets.UTF_8))))))
                .isEmpty();

        RequestKey forA = World.OPERATOR.in(a.id()).call(() -> replies.key("k", new byte[0]));
        RequestKey forB = World.OPERATOR.in(b.id()).call(() -> replies.key("k", new byte[0]));
        assertThat(forA.owner()).isEqualTo(RequestKey.PLATFORM);
        assertThat(forA.keyMac()).as("one key over all tenants").isEqualTo(forB.keyMac());
    }

    @Test
    @DisplayName(
            "IDP-5: no tenant's statement reads or writes what is kept, and nothing of it can be read from the table")
    void sealed() {
        Company company = world.open(Tier.FREE, "2026-01-01");
        RequestKey key = key(company, "my-own-key", "a-request");
        request(company, key, () -> {}, REPLY);

        for (String table : List.of("idempotency_keys", "idempotency_effects")) {
            assertThat(company.as(() -> probe.look("SELECT 1 FROM " + table))).isEqualTo("42501");
            assertThat(company.as(() -> probe.attempt("DELETE FROM " + table))).isEqualTo("42501");
        }
        String row = owner.query(
                        "SELECT encode(reply, 'escape') || key_mac::text || request_mac::text FROM idempotency_keys WHERE key_mac = ?",
                        found -> found.getString(1),
                        key.keyMac())
                .get(0);
        assertThat(row).doesNotContain("a-secret", "my-own-key", "a-request");
    }

    @Test
    @DisplayName("IDP-7: after its time a key is new again, and the timer takes the row away")
    void expiry() {
        Company company = world.open(Tier.FREE, "2026-01-01");
        RequestKey key = key(company, "k", "rename");
        request(company, key, renames("First"), REPLY);
        owner.update("UPDATE idempotency_keys SET expires_at = now() WHERE key_mac = ?", key.keyMac());

        request(company, key(company, "k", "another request"), renames("Second"), REPLY);
        assertThat(company.as(world.tenants::current).name()).isEqualTo("Second");

        owner.update("UPDATE idempotency_keys SET expires_at = now() WHERE key_mac = ?", key.keyMac());
        World.OPERATOR.run(() -> replies.forgetExpired());
        assertThat(kept(key)).isZero();
    }

    // IDP-2: the step that needs the provider is committed, then the server dies before the reply is.

    /** The request's own transaction is lost; the provider's steps within it were committed. */
    private <T> T cutOff(Company company, RequestKey key, Supplier<T> work) {
        return company.as(() -> probe.inVain(() -> {
            assertThat(replies.claim(key)).isEmpty();
            return key.call(work);
        }));
    }

    private <T> T triedAgain(Company company, RequestKey key, Supplier<T> work) {
        return cutOff(company, key, work);
    }

    @Test
    @DisplayName("IDP-2: a payment that was cut off before its reply comes to the same end when it is tried again")
    void payment() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01").withCard(Company.VISA);
        UUID invoice = company.lastInvoice().id();
        RequestKey key = key(company, "pay", "pay");

        InvoiceView first = cutOff(company, key, () -> world.settlement.pay(invoice));
        InvoiceView again = triedAgain(company, key, () -> world.settlement.pay(invoice));

        assertThat(again).isEqualTo(first);
        assertThat(again.status()).isEqualTo("paid");
        assertThat(owner.count("SELECT count(*) FROM payments WHERE tenant_id = ?", company.id()))
                .isEqualTo(1);
        RequestKey other = key(company, "another key", "pay");
        assertRefused(Kind.CONFLICT, () -> cutOff(company, other, () -> world.settlement.pay(invoice)));
        assertThat(problemOf(() -> cutOff(company, key(company, "pay", "pay another"), () -> null))
                        .code())
                .isEqualTo("idempotency_key_reused");
    }

    @Test
    @DisplayName("IDP-2, IDP-7: what was noted counts for the time of its key, and the timer takes it away")
    void effectsExpire() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01").withCard(Company.VISA);
        UUID invoice = company.lastInvoice().id();
        RequestKey key = key(company, "pay", "pay");
        cutOff(company, key, () -> world.settlement.pay(invoice));
        owner.update("UPDATE idempotency_effects SET expires_at = now() WHERE key_mac = ?", key.keyMac());

        assertRefused(Kind.CONFLICT, () -> triedAgain(company, key, () -> world.settlement.pay(invoice)));
        assertThat(cutOff(company, key(company, "pay", "another request"), () -> "free again"))
                .isEqualTo("free again");
        World.OPERATOR.run(() -> replies.forgetExpired());
        assertThat(owner.count("SELECT count(*) FROM idempotency_effects WHERE key_mac = ?", key.keyMac()))
                .isZero();
    }

    @Test
    @DisplayName("IDP-2: a payment that was cut off before the provider's word is settled by the second try, once")
    void paymentUnderWay() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01").withCard(Company.VISA);
        UUID invoice = company.lastInvoice().id();
        RequestKey key = key(company, "pay", "pay");

        company.does(() -> key.call(() -> world.payments.begin(invoice)));
        InvoiceView again = triedAgain(company, key, () -> world.settlement.pay(invoice));

        assertThat(again.status()).isEqualTo("paid");
        assertThat(owner.count("SELECT count(*) FROM payments WHERE tenant_id = ?", company.id()))
                .isEqualTo(1);
    }

    @Test
    @DisplayName("IDP-6: a declined payment may be tried again under its key")
    void declined() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01").withCard(Company.FAILING);
        UUID invoice = company.lastInvoice().id();
        RequestKey key = key(company, "pay", "pay");

        assertRefused(Kind.PAYMENT_REQUIRED, () -> cutOff(company, key, () -> world.settlement.pay(invoice)));
        company.withCard(Company.VISA);
        assertThat(triedAgain(company, key, () -> world.settlement.pay(invoice)).status())
                .isEqualTo("paid");
    }

    @Test
    @DisplayName("IDP-2: a card that was added before the server died is not added again")
    void card() {
        Company company = world.open(Tier.PRO, "2026-01-31");
        RequestKey key = key(company, "card", "card");

        PaymentMethods.MethodView first = cutOff(company, key, () -> world.cards.add(Company.VISA, true));
        assertThat(triedAgain(company, key, () -> world.cards.add(Company.VISA, true)))
                .isEqualTo(first);
        assertThat(company.as(world.methods::list)).hasSize(1);
    }

    @Test
    @DisplayName("IDP-2: a subscription that was started or ended before the server died is found so")
    void subscription() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-02-10");
        company.does(() -> world.settlement.amend(new Amendment.Cancel(null), Amendment.Effective.PERIOD_END));
        RequestKey keep = key(company, "keep", "keep");
        assertThat(cutOff(company, keep, world.settlement::keep).cancelAtPeriodEnd())
                .isFalse();
        assertThat(triedAgain(company, keep, world.settlement::keep).cancelAtPeriodEnd())
                .as("taken back already")
                .isFalse();

        RequestKey end = key(company, "end", "end");
        SubscriptionView ended = cutOff(company, end, () -> world.settlement.cancelNow("enough"));
        assertThat(triedAgain(company, end, () -> world.settlement.cancelNow("enough"))
                        .id())
                .isEqualTo(ended.id());

        RequestKey start = key(company, "start", "start");
        SubscriptionView started =
                cutOff(company, start, () -> world.settlement.subscribe(Tier.TEAM, BillingCycle.YEARLY, "USD", 0));
        SubscriptionView again =
                triedAgain(company, start, () -> world.settlement.subscribe(Tier.TEAM, BillingCycle.YEARLY, "USD", 0));
        assertThat(again.id()).isEqualTo(started.id());
        assertThat(again.id()).isNotEqualTo(ended.id());
        assertRefused(
                Kind.CONFLICT,
                () -> company.as(() -> world.settlement.subscribe(Tier.TEAM, BillingCycle.YEARLY, "USD", 0)));
        assertThat(company.invoices()).extracting(InvoiceView::status).containsOnly("paid");
    }
}
