package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Amendment.Effective;
import com.cognitionos.invoicing.boundary.CreditNotes.Wanted;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.payment.boundary.PaymentIndex;
import com.cognitionos.payment.boundary.Payments.Attempt;
import com.cognitionos.payment.boundary.ProviderWord;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import jakarta.ejb.EJB;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Collection")
class CollectionIT extends InContainer {

    private static final long PRO = 4_900;

    @EJB
    private ProviderWord word;

    @EJB
    private PaymentIndex index;

    private String reference(Company company) {
        return owner.query(
                        "SELECT provider_ref FROM payments WHERE tenant_id = ? AND status = 'succeeded'",
                        row -> row.getString(1),
                        company.id())
                .get(0);
    }

    @Test
    @DisplayName("PAY-6: a refund that had gone out and that the card's bank sends back is on the balance, once")
    void refundComesBack() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-03-01");
        long cash = company.account("cash");
        company.credited(company.lastInvoice().id(), List.of(new Wanted(1, 900)), Payout.REFUND);
        assertThat(company.account("cash")).isEqualTo(cash - 900);
        owner.update("""
                UPDATE mock_refunds SET failure_code = 'lost_or_stolen_card' WHERE charge_ref = ?""", reference(company));

        World.OPERATOR.run(() -> word.refunds("mock", reference(company)));
        World.OPERATOR.run(() -> word.refunds("mock", reference(company)));

        assertThat(company.balance()).isEqualTo(900);
        assertThat(company.account("cash")).isEqualTo(cash);
        assertThat(company.account("refunds")).isZero();
        assertThat(owner.query(
                        "SELECT status || ' ' || failure_code FROM refunds WHERE tenant_id = ?",
                        row -> row.getString(1),
                        company.id()))
                .containsExactly("failed lost_or_stolen_card");
        assertThat(company.imbalance()).isZero();
    }

    @Test
    @DisplayName("PAY-17: a second charge that bears a payment's id is not that payment")
    void secondCharge() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-03-01");
        UUID payment = owner.query(
                        "SELECT id FROM payments WHERE tenant_id = ?",
                        row -> row.getObject(1, UUID.class),
                        company.id())
                .get(0);

        assertThat(World.OPERATOR.call(() -> index.payment("mock", reference(company), payment)))
                .isPresent();
        assertThat(World.OPERATOR.call(() -> index.payment("mock", World.unique("ch"), payment)))
                .isEmpty();
    }

    @Test
    @DisplayName("DUN-4: of two payments that are settled at the same moment the second sees that nothing is left")
    void settledAtTheSameMoment() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.FAILING).on("2026-04-03");
        assertThat(company.as(world.tenants::current).status()).isEqualTo("suspended");
        assertThat(company.invoices()).hasSize(2);
        company.withCard(Company.VISA);
        List<Attempt> attempts = company.invoices().stream()
                .map(invoice ->
                        company.as(() -> world.payments.begin(invoice.id())).orElseThrow())
                .toList();

        crowd.jammedAt("invoices", 2, i -> () -> {
                    Attempt attempt = attempts.get(i);
                    company.does(() -> world.payments.settle(
                            attempt.id(), company.as(() -> world.mock().charge(attempt.charge()))));
                    return null;
                })
                .forEach(outcome -> assertThat(outcome.thrown()).isNull());

        assertThat(company.invoices()).allMatch(invoice -> invoice.status().equals("paid"));
        assertThat(company.subscription().status()).isEqualTo("active");
        assertThat(company.as(world.tenants::current).status()).isEqualTo("active");
    }

    @Test
    @DisplayName("DUN-6: an invoice that nobody could charge and nobody goes after keeps no subscription behind")
    void openWithoutACard() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01");
        company.withCard(Company.FAILING).on("2026-03-31");
        assertThat(company.subscription().status()).isEqualTo("past_due");

        company.withCard(Company.VISA).on("2026-03-31");

        assertThat(company.invoices())
                .extracting(invoice -> invoice.status())
                .containsExactlyInAnyOrder("open", "paid");
        assertThat(company.subscription().status()).isEqualTo("active");
    }

    @Test
    @DisplayName("DUN-4: what was written off leaves the subscription alone, also when paying it fails")
    void writtenOff() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.FAILING).on("2026-03-02");
        UUID invoice = company.lastInvoice().id();
        World.OPERATOR.in(company.id()).run(() -> world.payments.writeOff(invoice, "a reason"));

        assertRefused(Kind.PAYMENT_REQUIRED, () -> company.as(() -> world.settlement.pay(invoice)));

        assertThat(company.subscription().status()).isEqualTo("active");
    }

    @Test
    @DisplayName(
            "PAY-4: what a crash kept from being charged is charged, also to a card that took the other one's place")
    void replacedCard() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-02-10");
        company.does(() -> world.billing.amend(
                new Amendment.ToPlan(Tier.TEAM, BillingCycle.MONTHLY, SubscriptionEvent.Kind.UPGRADED), Effective.NOW));
        UUID first = company.as(() -> world.methods.list()).get(0).id();
        company.on("2026-02-11");
        assertThat(company.lastInvoice().status()).as("its own recovery").isEqualTo("paid");
        company.does(() -> world.billing.amend(
                new Amendment.ToPlan(Tier.TEAM, BillingCycle.YEARLY, SubscriptionEvent.Kind.UPGRADED), Effective.NOW));
        World.OPERATOR.in(company.id()).run(() -> world.clocks.pass(Dates.at("2026-02-12")));
        company.withCard(Company.VISA);
        company.does(() -> world.cards.remove(first));
        assertThat(company.lastInvoice().status()).isEqualTo("open");

        World.OPERATOR.in(company.id()).run(world.settlement::recover);

        assertThat(company.lastInvoice().status()).isEqualTo("paid");
    }

    @Test
    @DisplayName("PAY-10: a charge is looked for at whom it was asked of, whoever the tenant is there by now")
    void anotherCustomer() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.FAILING).on("2026-02-28");
        company.withCard(Company.VISA);
        Attempt begun = company.as(
                        () -> world.payments.begin(company.lastInvoice().id()))
                .orElseThrow();
        owner.update(
                "UPDATE provider_customers SET provider_ref = ? WHERE tenant_id = ?",
                World.unique("cus"),
                company.id());

        assertThat(company.as(world.payments::unsettled).get(0).charge().customer())
                .isNotNull()
                .isEqualTo(begun.charge().customer());
        company.does(() -> world.payments.settle(begun.id(), ChargeOutcome.failed(null, "canceled", null, true)));
    }
}
