package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.payment.boundary.Payments.Attempt;
import com.cognitionos.payment.entity.ChargeOutcome;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Payments")
class PaymentsIT extends InContainer {

    private static final long PRO = 4_900;

    private List<String> payments(Company company) {
        return owner.query(
                "SELECT status FROM payments WHERE tenant_id = ? ORDER BY created_at, id",
                row -> row.getString(1),
                company.id());
    }

    /** What the provider moved, by its own account. */
    private List<Long> charges(Company company) {
        return owner.query("""
                SELECT c.amount_cents FROM mock_charges c JOIN payment_methods m ON m.provider_ref = c.method_ref
                WHERE m.tenant_id = ? AND c.failure_code IS NULL""", row -> row.getLong(1), company.id());
    }

    private long posted(Company company) {
        return owner.count(
                "SELECT count(*) FROM ledger_transactions WHERE tenant_id = ? AND kind = 'payment_succeeded'",
                company.id());
    }

    private InvoiceView pay(Company company, UUID invoice) {
        return company.as(() -> world.settlement.pay(invoice));
    }

    @Test
    @DisplayName("PAY-4: a finalised invoice is charged to the default card at once, and posted")
    void paidAtOnce() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-03-01");

        InvoiceView invoice = company.lastInvoice();
        assertThat(invoice.status()).isEqualTo("paid");
        assertThat(invoice.amountPaidCents()).isEqualTo(PRO);
        assertThat(invoice.amountDueCents()).isZero();
        assertThat(invoice.paidAt()).isEqualTo(Dates.at("2026-02-28"));
        assertThat(charges(company)).containsExactly(PRO);
        assertThat(posted(company)).isEqualTo(1);
        assertThat(company.subscription().status()).isEqualTo("active");
        assertRefused(Kind.CONFLICT, () -> pay(company, invoice.id()));
    }

    @Test
    @DisplayName(
            "A card that fails leaves the invoice open and the subscription past due; another card makes both good")
    void anotherCardMakesGood() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.FAILING).on("2026-02-28");
        UUID invoice = company.lastInvoice().id();
        assertThat(company.lastInvoice().status()).isEqualTo("open");
        assertThat(company.subscription().status()).isEqualTo("past_due");
        assertThat(payments(company)).containsExactly("failed");
        assertThat(posted(company)).isZero();
        Problem declined = problemOf(() -> pay(company, invoice));
        assertThat(declined.kind()).isEqualTo(Kind.PAYMENT_REQUIRED);
        assertThat(declined.code()).isEqualTo("card_declined");

        company.withCard(Company.VISA);
        assertThat(pay(company, invoice).status()).isEqualTo("paid");

        assertThat(company.subscription().status()).isEqualTo("active");
        assertThat(payments(company)).containsExactly("failed", "failed", "succeeded");
        assertThat(charges(company)).containsExactly(PRO);
        assertThat(posted(company)).isEqualTo(1);
    }

    @Test
    @DisplayName("A subscription stays unpaid until the last open invoice is paid")
    void unpaidUntilAllIsPaid() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.FAILING).on("2026-03-31");
        // Not as the default: that one would soon be charged by itself.
        UUID failing = company.as(world.methods::list).get(0).id();
        company.does(() -> {
            world.cards.add(Company.VISA, false);
            world.cards.remove(failing);
        });
        List<InvoiceView> open = company.invoices();
        assertThat(open).extracting(InvoiceView::status).containsExactly("open", "open");

        pay(company, open.get(1).id());
        assertThat(company.subscription().status()).isEqualTo("unpaid");
        pay(company, open.get(0).id());
        assertThat(company.subscription().status()).isEqualTo("active");
    }

    @Test
    @DisplayName("Without a card there is nothing to charge, and a declined or unknown one is not kept")
    void withoutACard() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01");

        assertThat(problemOf(() -> pay(company, company.lastInvoice().id())).code())
                .isEqualTo("no_payment_method");
        assertRefused(Kind.PAYMENT_REQUIRED, () -> company.withCard("pm_card_visa_chargeDeclined"));
        assertRefused(Kind.INVALID, () -> company.withCard("pm_card_of_nobody"));
        assertThat(company.as(world.methods::list)).isEmpty();
        assertThat(payments(company)).isEmpty();
    }

    @Test
    @DisplayName("PAY-2: after a crash between the provider's yes and our note of it the money moves once")
    void crashBeforeSettlement() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01").withCard(Company.VISA);
        UUID invoice = company.lastInvoice().id();
        Attempt attempt = company.as(() -> world.payments.begin(invoice)).orElseThrow();
        ChargeOutcome first = charge(company, attempt);
        assertThat(charge(company, attempt)).isEqualTo(first);
        assertThat(company.as(() -> world.payments.begin(invoice)))
                .as("the attempt under way")
                .contains(attempt);
        assertThat(company.lastInvoice().status()).isEqualTo("open");

        company.on("2026-03-02");

        assertThat(company.lastInvoice().status()).isEqualTo("paid");
        assertThat(payments(company)).containsExactly("succeeded");
        assertThat(charges(company)).containsExactly(PRO);
        assertThat(posted(company)).isEqualTo(1);
        company.does(() -> world.payments.settle(attempt.id(), first));
        assertThat(posted(company)).as("told twice").isEqualTo(1);
    }

    @Test
    @DisplayName("PAY-2: after a crash before the provider was asked the invoice is paid as the tenant goes on")
    void crashBeforeTheCharge() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01").withCard(Company.VISA);
        company.as(() -> world.payments.begin(company.lastInvoice().id())).orElseThrow();

        company.on("2026-03-02");

        assertThat(company.lastInvoice().status()).isEqualTo("paid");
        assertThat(charges(company)).containsExactly(PRO);
    }

    private ChargeOutcome charge(Company company, Attempt attempt) {
        return company.as(() -> world.mock().charge(attempt.charge()));
    }

    @Test
    @DisplayName("PAY-3: eight who pay at once charge once, and each is told that it is paid or is being paid")
    void oneCharge() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01").withCard(Company.VISA);
        UUID invoice = company.lastInvoice().id();

        List<Crowd.Outcome<InvoiceView>> outcomes = crowd.jammedAt("payments", 8, i -> () -> pay(company, invoice));

        assertThat(company.lastInvoice().status()).isEqualTo("paid");
        assertThat(payments(company)).containsExactly("succeeded");
        assertThat(charges(company)).containsExactly(PRO);
        assertThat(posted(company)).isEqualTo(1);
        assertThat(outcomes).anyMatch(Crowd.Outcome::succeeded);
        assertThat(outcomes).allSatisfy(outcome -> {
            if (outcome.succeeded()) {
                assertThat(outcome.result().status()).isEqualTo("paid");
            } else {
                assertRefused(Kind.CONFLICT, () -> {
                    throw outcome.thrown();
                });
            }
        });
    }

    @Test
    @DisplayName("PAY-3: the database refuses a second payment that is under way or done")
    void databaseRefusesASecondCharge() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-03-01");

        assertThat(company.as(() -> probe.attempt("""
                        INSERT INTO payments SELECT (jsonb_populate_record(p, jsonb_build_object(
                            'id', uuidv7(), 'status', 'processing', 'settled_at', NULL))).* FROM payments p"""))).isEqualTo("23505");
    }

    @Test
    @DisplayName("The default card is one; its removal makes the newest other one the default")
    void oneDefaultCard() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).withCard("pm_card_mastercard");
        company.does(() -> world.cards.add(Company.FAILING, false));
        assertThat(company.as(world.methods::defaultMethod).orElseThrow().brand())
                .isEqualTo("mastercard");

        company.does(() ->
                world.methods.remove(world.methods.defaultMethod().orElseThrow().id()));

        assertThat(company.as(world.methods::list)).hasSize(2);
        assertThat(company.as(world.methods::list))
                .filteredOn(card -> card.isDefault())
                .hasSize(1);
    }

    @Test
    @DisplayName("Eight first cards at once: each is kept or refused with a reason, and one is the default")
    void firstCardsAtOnce() {
        Company company = world.open(Tier.PRO, "2026-01-31");

        List<Crowd.Outcome<Company>> outcomes =
                crowd.jammedAt("payment_methods", 8, i -> () -> company.withCard(Company.VISA));

        assertThat(company.as(world.methods::list))
                .filteredOn(card -> card.isDefault())
                .hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> !outcome.succeeded())
                .allSatisfy(outcome -> assertThat(outcome.thrown()).isInstanceOf(Problem.class));
    }
}
