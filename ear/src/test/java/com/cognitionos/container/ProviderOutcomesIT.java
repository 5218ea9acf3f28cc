package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.payment.boundary.Disputes.DisputeView;
import com.cognitionos.payment.boundary.Disputes.Status;
import com.cognitionos.payment.boundary.Disputes.Told;
import com.cognitionos.payment.boundary.Payments;
import com.cognitionos.payment.boundary.Payments.Attempt;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.payment.entity.ChargeOutcome.Fee;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Outcomes of a provider")
class ProviderOutcomesIT extends InContainer {

    private static final long PRO = 4_900;

    /** An open invoice, and the attempt to collect it as it was entered before the provider was asked. */
    private record UnderWay(Company company, UUID invoice, Attempt attempt) {}

    private UnderWay underWay() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01").withCard(Company.VISA);
        UUID invoice = company.lastInvoice().id();
        return new UnderWay(
                company,
                invoice,
                company.as(() -> world.payments.begin(invoice)).orElseThrow());
    }

    private List<String> payments(Company company) {
        return owner.query(
                "SELECT status || coalesce(' ' || failure_code, '') FROM payments WHERE tenant_id = ? ORDER BY created_at, id",
                row -> row.getString(1),
                company.id());
    }

    private List<Long> charges(Company company) {
        return owner.query("""
                SELECT c.amount_cents FROM mock_charges c JOIN payment_methods m ON m.provider_ref = c.method_ref
                WHERE m.tenant_id = ? AND c.failure_code IS NULL""", row -> row.getLong(1), company.id());
    }

    private void begunADayAgo(String table, Company company) {
        owner.update(
                "UPDATE " + table + " SET begun_at = begun_at - interval '1 day' WHERE tenant_id = ?", company.id());
    }

    private void recover(Company company) {
        World.OPERATOR.in(company.id()).run(world.settlement::recover);
    }

    @Test
    @DisplayName("PAY-10: an outcome that nobody knows changes nothing and keeps every other charge out")
    void unknown() {
        UnderWay it = underWay();

        it.company().does(() -> world.payments.settle(it.attempt().id(), ChargeOutcome.unknown()));

        assertThat(payments(it.company())).containsExactly("processing");
        assertThat(it.company().as(() -> world.payments.begin(it.invoice()))).contains(it.attempt());
        assertThat(it.company().subscription().status()).isEqualTo("active");
        recover(it.company());
        assertThat(payments(it.company())).containsExactly("succeeded");
        assertThat(charges(it.company())).containsExactly(PRO);
    }

    @Test
    @DisplayName("PAY-4: an invoice that a crash left without a charge is charged within a minute, though nobody asks")
    void neverCharged() {
        Company company = world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
        company.does(() -> world.billing.next(new Billing.Order(Instant.parse("2026-03-01T00:00:00Z"), true, null)));
        assertThat(company.as(world.payments::untried)).hasSize(1);

        owner.update("UPDATE tenants SET test_mode = false WHERE id = ?", company.id());
        try {
            // Unless its timer was faster.
            assertThat(World.OPERATOR.call(world.payments::tenantsUnsettled).contains(company.id())
                            || !payments(company).isEmpty())
                    .isTrue();
        } finally {
            owner.update("UPDATE tenants SET test_mode = true WHERE id = ?", company.id());
        }
        recover(company);

        assertThat(payments(company)).containsExactly("succeeded");
        assertThat(company.as(world.payments::untried)).isEmpty();
    }

    @Test
    @DisplayName("PAY-10: who pays while nobody knows is told to wait")
    void payingWhileNobodyKnows() {
        UnderWay it = underWay();
        // A provider that is not there any more.
        owner.update(
                "UPDATE payments SET provider = 'stripe' WHERE tenant_id = ?",
                it.company().id());

        Problem problem = problemOf(() -> it.company().as(() -> world.settlement.pay(it.invoice())));

        assertThat(problem.kind()).isEqualTo(Kind.CONFLICT);
        assertThat(problem.code()).isEqualTo("payment_in_progress");
        assertThat(problem.retryAfterSeconds()).isPositive();
        assertThat(payments(it.company())).containsExactly("processing");
    }

    @Test
    @DisplayName("PAY-10: what the provider is still busy with is looked for by its name, and never asked for again")
    void processing() {
        UnderWay it = underWay();

        it.company().does(() -> world.payments.settle(it.attempt().id(), ChargeOutcome.processing("ch_busy")));

        assertThat(payments(it.company())).containsExactly("processing");
        assertThat(it.company().as(world.payments::unsettled).get(0).charge().providerRef())
                .isEqualTo("ch_busy");
        recover(it.company());
        assertThat(charges(it.company())).as("it was not asked for").isEmpty();
    }

    @Test
    @DisplayName("PAY-10: after a day a charge that the provider made is found, and is the only one")
    void foundAfterADay() {
        UnderWay it = underWay();
        it.company().as(() -> world.mock().charge(it.attempt().charge()));
        begunADayAgo("payments", it.company());

        recover(it.company());

        assertThat(payments(it.company())).containsExactly("succeeded");
        assertThat(charges(it.company())).containsExactly(PRO);
        assertThat(it.company().lastInvoice().status()).isEqualTo("paid");
    }

    @Test
    @DisplayName(
            "PAY-10: after a day a charge that never arrived has failed, with a code of its own, and may be made anew")
    void notFoundAfterADay() {
        UnderWay it = underWay();
        begunADayAgo("payments", it.company());

        recover(it.company());

        assertThat(payments(it.company())).containsExactly("failed " + Payments.NEVER_ARRIVED);
        assertThat(charges(it.company())).isEmpty();
        assertThat(it.company().as(() -> world.settlement.pay(it.invoice())).status())
                .isEqualTo("paid");
        assertThat(charges(it.company())).containsExactly(PRO);
    }

    @Test
    @DisplayName("PAY-10: after a day a refund that never arrived becomes credit on the balance")
    void refundNotFoundAfterADay() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-03-01");
        UUID invoice = company.lastInvoice().id();
        company.as(() -> world.refunds.credit(invoice, null, "a reason", Payout.REFUND));
        begunADayAgo("refunds", company);

        recover(company);

        assertThat(company.balance()).isEqualTo(PRO);
        assertThat(owner.count(
                        "SELECT count(*) FROM mock_refunds r JOIN payments p ON p.provider_ref = r.charge_ref"
                                + " WHERE p.tenant_id = ?",
                        company.id()))
                .isZero();
        assertThat(company.imbalance()).isZero();
    }

    @Test
    @DisplayName("PAY-11: the provider's fee is an expense of its own, posted once, now or when it is known")
    void fee() {
        UnderWay it = underWay();
        String ref = it.company()
                .as(() -> world.mock().charge(it.attempt().charge()))
                .ref();

        it.company().does(() -> world.payments.settle(it.attempt().id(), ChargeOutcome.succeeded(ref, null)));

        assertThat(it.company().account("cash")).isEqualTo(PRO);
        assertThat(it.company().as(world.payments::withoutFee))
                .extracting(Attempt::id)
                .containsExactly(it.attempt().id());
        assertThat(World.OPERATOR.call(world.payments::tenantsUnsettled))
                .contains(it.company().id());
        it.company().does(() -> world.payments.feeUnknown(List.of(it.attempt().id())));
        assertFeeWanted(it, false);
        askedLongAgo(it, "2 minutes", "1 minute");
        assertFeeWanted(it, true);
        askedLongAgo(it, "3 hours", "1 hour");
        assertFeeWanted(it, false);
        askedLongAgo(it, "20 days", "13 hours");
        assertFeeWanted(it, true);
        askedLongAgo(it, "31 days", "13 hours");
        assertFeeWanted(it, false);
        for (int i = 0; i < 2; i++) {
            it.company().does(() -> world.payments.bear(it.attempt().id(), new Fee(172, "USD")));
        }
        assertThat(it.company().account("provider_fees")).isEqualTo(172);
        assertThat(it.company().account("cash")).isEqualTo(PRO - 172);
        assertThat(it.company().as(world.payments::withoutFee)).isEmpty();
        assertThat(it.company().lastInvoice().amountPaidCents()).isEqualTo(PRO);
        assertThat(it.company().imbalance()).isZero();
    }

    /** Of a payment that old, the provider was asked for the fee that long ago. */
    private void askedLongAgo(UnderWay it, String begun, String asked) {
        owner.update(
                "UPDATE payments SET begun_at = now() - ?::interval, fee_asked_at = now() - ?::interval WHERE tenant_id = ?",
                begun,
                asked,
                it.company().id());
    }

    private void assertFeeWanted(UnderWay it, boolean wanted) {
        assertThat(!it.company().as(world.payments::withoutFee).isEmpty()).isEqualTo(wanted);
        assertThat(World.OPERATOR
                        .call(world.payments::tenantsUnsettled)
                        .contains(it.company().id()))
                .isEqualTo(wanted);
    }

    @Test
    @DisplayName("PAY-11: what the provider has kept is asked for until it is known")
    void feeIsAskedFor() {
        UnderWay it = underWay();
        String ref = it.company()
                .as(() -> world.mock().charge(it.attempt().charge()))
                .ref();
        it.company().does(() -> world.payments.settle(it.attempt().id(), ChargeOutcome.succeeded(ref, null)));

        World.OPERATOR.in(it.company().id()).run(world.settlement::learnFees);

        assertThat(it.company().as(world.payments::withoutFee)).isEmpty();
        assertThat(it.company().account("provider_fees"))
                .as("the mock takes none")
                .isZero();
    }

    @Test
    @DisplayName("PAY-8: a tenant is one customer of the provider, whatever it adds and however often it is asked")
    void oneCustomer() {
        Company company = world.open(Tier.PRO, "2026-01-31");

        crowd.jammedAt("payment_methods", 4, i -> () -> company.withCard(Company.VISA));
        company.withCard("pm_card_mastercard");

        assertThat(owner.query("""
                        SELECT DISTINCT c.provider_ref FROM mock_payment_methods k
                        JOIN payment_methods m ON m.provider_ref = k.ref
                        JOIN provider_customers c ON c.tenant_id = m.tenant_id AND c.provider_ref = k.customer_ref
                        WHERE m.tenant_id = ?""", row -> row.getString(1), company.id())).hasSize(1);
        assertThat(owner.count("SELECT count(*) FROM provider_customers WHERE tenant_id = ?", company.id()))
                .isEqualTo(1);
    }

    private long forgotten(Company company) {
        return owner.count("""
                SELECT count(*) FROM mock_payment_methods k JOIN payment_methods m ON m.provider_ref = k.ref
                WHERE m.tenant_id = ? AND k.detached AND m.released_at IS NOT NULL""", company.id());
    }

    @Test
    @DisplayName("PAY-8: a removed card is forgotten by the provider, but not while a payment by it is under way")
    void removedCard() {
        UnderWay it = underWay();
        UUID card = it.company().as(world.methods::list).get(0).id();

        it.company().does(() -> world.cards.remove(card));

        assertThat(it.company().as(world.methods::list)).isEmpty();
        assertThat(forgotten(it.company())).isZero();
        recover(it.company());
        assertThat(payments(it.company())).containsExactly("succeeded");
        assertThat(World.OPERATOR.call(world.payments::tenantsUnsettled))
                .contains(it.company().id());
        World.OPERATOR.in(it.company().id()).run(world.cards::releaseRemoved);
        assertThat(forgotten(it.company())).isEqualTo(1);
        assertThat(it.company().as(world.methods::unreleased)).isEmpty();
    }

    @Test
    @DisplayName("PAY-9: where the provider has no pages of its own, that is said")
    void noPages() {
        Company company = world.open(Tier.PRO, "2026-01-31");

        assertThat(company.as(world.cards::hasPages)).isFalse();
        assertThat(problemOf(() -> company.as(() -> world.cards.setUpPage("https://a.example/back")))
                        .code())
                .isEqualTo("not_supported");
        assertThat(problemOf(() -> company.as(() -> world.cards.portalPage("https://a.example/back")))
                        .code())
                .isEqualTo("not_supported");
    }

    @Test
    @DisplayName("PAY-12: a dispute takes the money away until it is decided; the books say where it is")
    void disputes() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-04-01");
        List<UUID> paid = owner.query(
                "SELECT id FROM payments WHERE tenant_id = ? ORDER BY created_at",
                row -> row.getObject(1, UUID.class),
                company.id());
        String first = World.unique("dp");
        String second = World.unique("dp");
        Fee fee = new Fee(1_500, "USD");

        DisputeView opened = told(company, first, paid.get(0), PRO, Status.OPEN, fee);
        assertThat(told(company, first, paid.get(0), PRO, Status.OPEN, fee))
                .as("told twice")
                .isEqualTo(opened);
        told(company, second, paid.get(1), 1_000, Status.OPEN, null);

        assertThat(opened.status()).isEqualTo(Status.OPEN);
        assertThat(company.account("disputes")).isEqualTo(PRO + 1_000);
        assertThat(company.account("provider_fees")).isEqualTo(1_500);
        assertThat(company.account("cash")).isEqualTo(2 * PRO - PRO - 1_000 - 1_500);
        assertThat(company.imbalance()).isZero();

        told(company, first, paid.get(0), PRO, Status.LOST, fee);
        told(company, first, paid.get(0), PRO, Status.LOST, fee);
        told(company, second, paid.get(1), 1_000, Status.WON, null);

        assertThat(company.account("disputes")).isZero();
        assertThat(company.account("dispute_losses")).isEqualTo(PRO);
        assertThat(company.account("cash")).isEqualTo(PRO - 1_500);
        assertThat(company.as(world.disputes::list))
                .extracting(DisputeView::status)
                .containsExactlyInAnyOrder(Status.WON, Status.LOST);
        assertThat(company.invoices())
                .allSatisfy(invoice -> assertThat(invoice.status()).isEqualTo("paid"));
        assertThat(company.imbalance()).isZero();
    }

    private DisputeView told(Company company, String ref, UUID payment, long cents, Status status, @Nullable Fee fee) {
        return company.as(() -> world.disputes.enter(new Told(ref, payment, cents, "fraudulent", status, fee)));
    }

    @Test
    @DisplayName("PAY-12: a bank decides again, and again; a fee comes back: the books follow each time")
    void decidedAgain() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-03-01");
        UUID paid = owner.query(
                        "SELECT id FROM payments WHERE tenant_id = ?",
                        row -> row.getObject(1, UUID.class),
                        company.id())
                .get(0);
        String ref = World.unique("dp");
        told(company, ref, paid, PRO, Status.WON, new Fee(1_500, "USD"));
        assertThat(company.account("cash")).isEqualTo(PRO - 1_500);

        told(company, ref, paid, PRO, Status.WON, new Fee(0, "USD"));
        assertThat(company.account("provider_fees")).as("given back").isZero();
        assertThat(company.account("cash")).isEqualTo(PRO);

        told(company, ref, paid, PRO, Status.LOST, new Fee(1_500, "USD"));
        assertThat(company.account("dispute_losses")).isEqualTo(PRO);
        assertThat(company.account("cash")).isEqualTo(-1_500);

        DisputeView won = told(company, ref, paid, PRO, Status.WON, new Fee(1_500, "USD"));
        assertThat(won.status()).isEqualTo(Status.WON);
        assertThat(company.account("dispute_losses")).isZero();
        assertThat(told(company, ref, paid, PRO, Status.OPEN, new Fee(1_500, "USD"))
                        .closedAt())
                .isNull();
        assertThat(company.account("disputes")).isEqualTo(PRO);
        assertThat(company.account("provider_fees")).isEqualTo(1_500);
        assertThat(company.imbalance()).isZero();
    }

    @Test
    @DisplayName("PAY-12: only a payment that succeeded is disputed")
    void disputeOfNothing() {
        UnderWay it = underWay();

        assertRefused(
                Kind.CONFLICT, () -> told(it.company(), "dp_1", it.attempt().id(), 1, Status.OPEN, null));
        assertRefused(Kind.NOT_FOUND, () -> told(it.company(), "dp_1", UUID.randomUUID(), 1, Status.OPEN, null));
    }
}
