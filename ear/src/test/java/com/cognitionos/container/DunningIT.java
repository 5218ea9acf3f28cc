package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.dunning.boundary.DunningCases;
import com.cognitionos.dunning.boundary.DunningCases.CaseView;
import com.cognitionos.dunning.boundary.DunningPolicies;
import com.cognitionos.dunning.entity.DunningCase;
import com.cognitionos.dunning.entity.DunningCase.State;
import com.cognitionos.dunning.entity.DunningPolicy;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.kernel.Sql;
import com.cognitionos.payment.boundary.Arrears;
import com.cognitionos.payment.boundary.Payments.Attempt;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import jakarta.ejb.EJB;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Its invoices of 28 February fail; so the retries are on 1, 3, 5 and 7 March, and the suspension is on the 14th. */
@DisplayName("Dunning")
class DunningIT extends InContainer {

    private static final long PRO = 4_900;
    private static final String[] ATTEMPTS = {"2026-02-28", "2026-03-01", "2026-03-03", "2026-03-05", "2026-03-07"};

    @EJB
    private DunningCases cases;

    @EJB
    private DunningPolicies policies;

    @EJB
    private Arrears arrears;

    private Company failing(String day) {
        return world.open(Tier.PRO, "2026-01-31").withCard(Company.FAILING).on(day);
    }

    private DunningCase caseOf(Company company) {
        return World.OPERATOR.call(() -> cases.list(null, new Page.Request(1, 100))).items().stream()
                .map(CaseView::dunning)
                .filter(one -> one.tenant().equals(company.id()))
                .reduce((one, other) -> {
                    throw new AssertionError("two cases");
                })
                .orElseThrow();
    }

    private String tenant(Company company) {
        return company.as(world.tenants::current).status();
    }

    private List<Instant> failures(Company company) {
        return owner.query(
                "SELECT settled_at FROM payments WHERE tenant_id = ? AND status = 'failed' ORDER BY settled_at, id",
                row -> Sql.instant(row, "settled_at"),
                company.id());
    }

    private long charged(Company company) {
        return owner.count("""
                SELECT coalesce(sum(c.amount_cents), 0) FROM mock_charges c
                JOIN payment_methods m ON m.provider_ref = c.method_ref
                WHERE m.tenant_id = ? AND c.failure_code IS NULL""", company.id());
    }

    /** What the billing address was told, in order and without the number of the invoice. */
    private List<String> mails(Company company) {
        return owner.query(
                "SELECT subject FROM mails WHERE recipient = ? ORDER BY id",
                row -> row.getString(1).replaceAll(" ?TEST-\\d+-\\d+", ""),
                company.as(world.tenants::current).billingEmail());
    }

    private static Instant[] at(String... days) {
        return List.of(days).stream().map(Dates::at).toArray(Instant[]::new);
    }

    @Test
    @DisplayName("DUN-1 to DUN-4, DUN-7: failure, retries, unpaid, suspended; another card makes all good at once")
    void wholeStory() {
        Company company = failing("2026-02-28");
        assertThat(company.subscription().status()).isEqualTo("past_due");
        assertThat(caseOf(company).nextAt()).isEqualTo(Dates.at("2026-03-01"));
        assertThat(mails(company)).containsExactly("[Test] Payment of invoice failed");

        company.on("2026-03-06");
        assertThat(failures(company)).containsExactly(at("2026-02-28", "2026-03-01", "2026-03-03", "2026-03-05"));
        assertThat(caseOf(company).step()).isEqualTo(3);
        assertThat(company.subscription().status()).isEqualTo("past_due");

        company.on("2026-03-07");
        assertThat(company.subscription().status()).isEqualTo("unpaid");
        assertThat(caseOf(company).next()).isEqualTo(DunningCase.Next.SUSPEND);
        company.on("2026-03-13");
        assertThat(tenant(company)).isEqualTo("active");

        company.on("2026-03-14");
        assertThat(tenant(company)).isEqualTo("suspended");
        assertThat(caseOf(company).state()).isEqualTo(State.EXHAUSTED);
        assertThat(failures(company)).containsExactly(at(ATTEMPTS));
        assertThat(mails(company))
                .containsExactly(
                        "[Test] Payment of invoice failed",
                        "[Test] Payment of invoice failed again",
                        "[Test] Payment of invoice failed again",
                        "[Test] Payment of invoice failed again",
                        "[Test] Last notice: invoice is unpaid",
                        "[Test] Your account is suspended");

        company.withCard(Company.VISA).on("2026-03-14");

        assertThat(company.lastInvoice().status()).isEqualTo("paid");
        assertThat(company.subscription().status()).isEqualTo("active");
        assertThat(tenant(company)).isEqualTo("active");
        assertThat(caseOf(company).state()).isEqualTo(State.RECOVERED);
        assertThat(charged(company)).isEqualTo(PRO);
        assertThat(mails(company)).hasSize(7).endsWith("[Test] Your account is open again");
        assertThat(company.on("2026-03-30").as(world.tenants::current).status()).isEqualTo("active");
        assertThat(mails(company)).hasSize(7);
    }

    private List<String> cases(Company company) {
        return owner.query(
                "SELECT state || ' ' || step FROM dunning_cases WHERE tenant_id = ? ORDER BY began_at, id",
                row -> row.getString(1),
                company.id());
    }

    private List<SubscriptionEvent.Kind> history(Company company) {
        UUID subscription = company.subscription().id();
        return company.as(() -> world.subscriptions.history(subscription)).stream()
                .map(SubscriptionEvent::kind)
                .toList();
    }

    @Test
    @DisplayName(
            "DUN-1, DUN-8: a clock that jumps takes the same steps among renewals; what is made in a suspension only joins")
    void inOneJump() {
        Company company = failing("2026-04-03");

        assertThat(failures(company)).as("March is not charged").containsExactly(at(ATTEMPTS));
        assertThat(tenant(company)).isEqualTo("suspended");
        assertThat(company.as(world.tenants::current).suspendedAt()).isEqualTo(Dates.at("2026-03-14"));
        assertThat(company.totals()).containsExactly(PRO, PRO);
        assertThat(cases(company)).containsExactly("exhausted 4", "exhausted 0");
        assertThat(mails(company)).as("nor written about").hasSize(6);

        company.withCard(Company.VISA).on("2026-04-03");
        assertThat(tenant(company)).as("both are paid").isEqualTo("active");
        assertThat(cases(company)).containsExactly("recovered 4", "recovered 0");
        assertThat(charged(company)).isEqualTo(2 * PRO);
    }

    @Test
    @DisplayName(
            "SUB-13: of what begins in a suspension for not paying nothing is charged until the tenant is let in again")
    void suspendedIsNotCharged() {
        Company company = failing("2026-06-30");
        assertThat(company.totals())
                .as("February, and March which began before")
                .containsExactly(PRO, PRO);
        assertThat(company.subscription().status()).isEqualTo("unpaid");
        assertThat(history(company)).endsWith(SubscriptionEvent.Kind.SUSPENDED).hasSize(2);
        assertThat(problemOf(() -> company.as(() -> world.settlement.changeNow(
                                Tier.TEAM, BillingCycle.MONTHLY, SubscriptionEvent.Kind.UPGRADED)))
                        .code())
                .isEqualTo("payment_due");

        company.withCard(Company.VISA).on("2026-07-10");

        assertThat(tenant(company)).isEqualTo("active");
        assertThat(charged(company)).isEqualTo(2 * PRO);
        assertThat(history(company)).endsWith(SubscriptionEvent.Kind.REINSTATED).hasSize(3);
        assertThat(company.on("2026-07-31").totals())
                .as("the period from 30 June on, since it was let in again on its first day")
                .containsExactly(PRO, PRO, PRO);
        assertThat(company.on("2026-08-31").totals()).hasSize(4).endsWith(PRO);
        assertThat(company.lastInvoice().status()).isEqualTo("paid");
    }

    @Test
    @DisplayName("SUB-13: an operator who lets it in has the rest of the period charged; what is owed stays owed")
    void letInByAnOperator() {
        Company company = failing("2026-04-15");
        World.OPERATOR.in(company.id()).run(world.tenants::reactivate);

        company.on("2026-04-30");

        // 15 of the 30 days from 31 March to 30 April.
        assertThat(company.totals()).containsExactly(PRO, PRO, PRO / 2);
        assertThat(cases(company)).startsWith("exhausted 4", "exhausted 0");
    }

    @Test
    @DisplayName(
            "SUB-13: a suspension that is over within its period changes nothing of it, and neither does an operator's")
    void suspendedWithinAPeriod() {
        Company company = failing("2026-03-20").withCard(Company.VISA).on("2026-04-30");
        assertThat(company.totals()).containsExactly(PRO, PRO, PRO);
        assertThat(history(company)).containsExactly(SubscriptionEvent.Kind.STARTED);

        Company other =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-03-10");
        World.OPERATOR.in(other.id()).run(() -> world.tenants.suspend("a review"));
        assertThat(other.on("2026-04-30").totals()).containsExactly(PRO, PRO, PRO);
    }

    @Test
    @DisplayName("PAY-19: a change of plan is charged for itself; what is gone after keeps its schedule")
    void changeOfPlanWhileBehind() {
        Company company = failing("2026-02-28");
        UUID old = company.lastInvoice().id();
        company.does(() -> world.settlement.changeNow(Tier.PRO, BillingCycle.YEARLY, SubscriptionEvent.Kind.UPGRADED));

        assertThat(failures(company)).hasSize(2);
        assertThat(owner.count(
                        "SELECT count(*) FROM payments WHERE tenant_id = ? AND invoice_id = ?", company.id(), old))
                .as("tries of the old invoice")
                .isEqualTo(1);
        assertThat(caseOf(company, old).nextAt()).isEqualTo(Dates.at("2026-03-01"));
    }

    /** Of several that were made at one instant. */
    private UUID newest(Company company) {
        return owner.query(
                        "SELECT id FROM invoices WHERE tenant_id = ? ORDER BY number DESC LIMIT 1",
                        row -> row.getObject(1, UUID.class),
                        company.id())
                .get(0);
    }

    private DunningCase caseOf(Company company, UUID invoice) {
        return company.as(() -> cases.ofInvoice(invoice)).orElseThrow().dunning();
    }

    @Test
    @DisplayName(
            "PAY-19, DUN-9: a stolen card is charged for no invoice by itself, but still when a person asks for it")
    void stolenCard() {
        Company company = failing("2026-02-28");
        UUID soft = company.lastInvoice().id();
        company.does(() -> world.settlement.changeNow(Tier.PRO, BillingCycle.YEARLY, SubscriptionEvent.Kind.UPGRADED));
        UUID year = newest(company);
        owner.update(
                "UPDATE payments SET retryable = false, decline_code = 'stolen_card' WHERE tenant_id = ? AND invoice_id = ?",
                company.id(),
                year);

        company.on("2026-03-02");
        assertThat(failures(company)).as("neither invoice is tried again").hasSize(2);
        assertThat(caseOf(company, soft).declinedCard()).isNotNull();
        assertThat(mails(company)).endsWith("[Test] Reminder: invoice is unpaid");
        company.does(() -> world.settlement.changeNow(Tier.TEAM, BillingCycle.YEARLY, SubscriptionEvent.Kind.UPGRADED));
        UUID team = newest(company);
        assertThat(team).isNotEqualTo(year);
        assertThat(failures(company)).as("a new one is not tried at all").hasSize(2);
        assertThat(caseOf(company, team).declinedCard()).isNotNull();
        assertThat(mails(company)).endsWith("[Test] Payment of invoice failed");

        assertRefused(Kind.PAYMENT_REQUIRED, () -> company.as(() -> world.settlement.pay(team)));
        assertThat(failures(company)).hasSize(3);
        company.withCard(Company.VISA).on("2026-03-02");
        assertThat(company.invoices()).allMatch(invoice -> invoice.status().equals("paid"));
    }

    @Test
    @DisplayName("TEN-7: an operator's own suspension is not lifted by paying, also one that took over")
    void operatorsSuspension() {
        Company company = failing("2026-03-10");
        World.OPERATOR.in(company.id()).run(() -> world.tenants.suspend("fraud"));
        assertThat(company.on("2026-03-20").as(world.tenants::current).suspendedReason())
                .isEqualTo("fraud");
        Company other = failing("2026-03-20");
        World.OPERATOR.in(other.id()).run(() -> {
            world.tenants.suspend("fraud");
            assertRefused(Kind.CONFLICT, () -> world.tenants.suspend("fraud"));
        });

        for (Company each : List.of(company, other)) {
            each.withCard(Company.VISA).on("2026-03-20");
            assertThat(each.lastInvoice().status()).isEqualTo("paid");
            assertThat(each.subscription().status()).isEqualTo("active");
            assertThat(tenant(each)).isEqualTo("suspended");
        }
    }

    @Test
    @DisplayName("DUN-4: an invoice that is withdrawn or written off ends its case, and what came of it")
    void noLongerWanted() {
        Company withdrawn = failing("2026-03-08");
        UUID invoice = withdrawn.lastInvoice().id();
        World.OPERATOR.in(withdrawn.id()).run(() -> world.payments.withdraw(invoice, "a reason"));
        assertThat(caseOf(withdrawn).state()).isEqualTo(State.CLOSED);
        assertThat(withdrawn.subscription().status()).isEqualTo("active");
        assertThat(withdrawn.on("2026-03-30").as(world.tenants::current).status())
                .isEqualTo("active");

        Company writtenOff = failing("2026-03-20");
        UUID lost = writtenOff.lastInvoice().id();
        World.OPERATOR.in(writtenOff.id()).run(() -> world.payments.writeOff(lost, "a reason"));
        assertThat(caseOf(writtenOff).state()).isEqualTo(State.CLOSED);
        assertThat(writtenOff.subscription().status()).isEqualTo("active");
        assertThat(tenant(writtenOff)).isEqualTo("active");
        assertRefused(Kind.PAYMENT_REQUIRED, () -> writtenOff.as(() -> world.settlement.pay(lost)));
        assertThat(caseOf(writtenOff).state())
                .as("an invoice has one case, ever")
                .isEqualTo(State.CLOSED);
    }

    @Test
    @DisplayName("DUN-2: what a person tries in between does not move the schedule, and is not written about")
    void triedInBetween() {
        Company company = failing("2026-03-02");
        int mails = mails(company).size();
        UUID invoice = company.lastInvoice().id();

        assertRefused(Kind.PAYMENT_REQUIRED, () -> company.as(() -> world.settlement.pay(invoice)));

        assertThat(caseOf(company).step()).isEqualTo(1);
        assertThat(caseOf(company).nextAt()).isEqualTo(Dates.at("2026-03-03"));
        assertThat(mails(company)).hasSize(mails);
    }

    @Test
    @DisplayName("DUN-2: another card is tried aside from the schedule, which goes on when that fails")
    void anotherCardFails() {
        Company company = failing("2026-03-02").withCard(Company.FAILING).on("2026-03-02");
        assertThat(failures(company)).hasSize(3);
        assertThat(caseOf(company).step()).isEqualTo(1);
        assertThat(mails(company)).hasSize(3).endsWith("[Test] Payment of invoice failed again");

        assertThat(failures(company.on("2026-03-02"))).as("once").hasSize(3);
        assertThat(failures(company.on("2026-03-03"))).hasSize(4);
        Company suspended = failing("2026-03-20").withCard(Company.FAILING).on("2026-03-20");
        assertThat(failures(suspended)).hasSize(6);
        assertThat(caseOf(suspended).state()).isEqualTo(State.EXHAUSTED);
    }

    @Test
    @DisplayName("DUN-2: a card that must not be tried again is not, but reminded of; another one is charged at once")
    void hardDecline() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-28").withCard(Company.FAILING);
        UUID invoice = company.lastInvoice().id();
        Attempt attempt = company.as(() -> world.payments.begin(invoice)).orElseThrow();
        company.does(() -> world.payments.settle(
                attempt.id(), ChargeOutcome.failed("ch_x", "card_declined", "stolen_card", false)));
        assertThat(caseOf(company).declinedCard()).isNotNull();

        company.on("2026-03-20");

        assertThat(failures(company)).hasSize(1);
        assertThat(mails(company))
                .containsExactly(
                        "[Test] Payment of invoice failed",
                        "[Test] Reminder: invoice is unpaid",
                        "[Test] Reminder: invoice is unpaid",
                        "[Test] Reminder: invoice is unpaid",
                        "[Test] Last notice: invoice is unpaid",
                        "[Test] Your account is suspended");
        company.withCard(Company.VISA).on("2026-03-20");
        assertThat(company.lastInvoice().status()).isEqualTo("paid");
        assertThat(tenant(company)).isEqualTo("active");
    }

    @Test
    @DisplayName(
            "DUN-1: a step whose attempt a crash cut off is finished, not taken again; one under way is not overtaken")
    void crashInAStep() {
        Company company = failing("2026-02-28");
        Instant due = Dates.at("2026-03-01");
        Optional<Attempt> cutOff = World.OPERATOR.in(company.id()).call(() -> arrears.next(due));
        assertThat(cutOff).isPresent();
        company.does(() -> {
            assertThat(arrears.nextDue())
                    .as("it waits for the provider; the card ends later")
                    .hasValueSatisfying(next -> assertThat(next).isAfter(Dates.at("2034-01-01")));
            assertThat(arrears.next(due)).isEmpty();
        });

        company.on("2026-03-02");

        assertThat(failures(company)).hasSize(2);
        assertThat(caseOf(company).step()).isEqualTo(1);
        assertThat(mails(company)).hasSize(2);
    }

    @Test
    @DisplayName(
            "DUN-6: without a card an invoice stays open, and is gone after from its due date on where finance says so")
    void withoutACard() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-30");
        assertThat(company.subscription().status()).isEqualTo("active");
        assertThat(mails(company)).isEmpty();

        withPolicy(new DunningPolicy(List.of(2), 3, true, true), () -> {
            Company other = world.open(Tier.PRO, "2026-01-31").on("2026-03-06");
            assertThat(other.subscription().status()).isEqualTo("active");
            other.on("2026-03-07");
            assertThat(other.subscription().status()).isEqualTo("past_due");
            assertThat(mails(other)).containsExactly("[Test] Invoice is due");
            other.on("2026-03-09");
            assertThat(other.subscription().status()).isEqualTo("unpaid");
            assertThat(tenant(other.on("2026-03-12"))).isEqualTo("suspended");
            other.withCard(Company.VISA).on("2026-03-12");
            assertThat(tenant(other)).isEqualTo("active");
        });
    }

    @Test
    @DisplayName("DUN-5: a case keeps the policy that it began with; a stale or impossible policy is refused")
    void casesKeepTheirPolicy() {
        Company before = failing("2026-02-28");
        withPolicy(new DunningPolicy(List.of(10), 0, false, false), () -> {
            Company after = failing("2026-03-09");
            assertThat(failures(after)).hasSize(1);
            assertThat(after.subscription().status()).isEqualTo("past_due");
            after.on("2026-03-20");
            assertThat(after.subscription().status()).isEqualTo("unpaid");
            assertThat(caseOf(after).state()).isEqualTo(State.EXHAUSTED);
            assertThat(tenant(after)).isEqualTo("active");
            assertThat(failures(before.on("2026-03-07"))).containsExactly(at(ATTEMPTS));
            World.OPERATOR.run(() -> {
                DunningPolicies.PolicyView present = policies.view();
                assertThat(problemOf(() -> policies.change(
                                        new DunningPolicy(List.of(1), 1, true, false), present.version() - 1))
                                .code())
                        .isEqualTo("stale_version");
                assertRefused(
                        Kind.INVALID, () -> policies.change(new DunningPolicy(List.of(2, 1), 1, true, false), null));
            });
        });
    }

    private void withPolicy(DunningPolicy policy, Runnable work) {
        DunningPolicy usual = World.OPERATOR.call(() -> policies.view()).policy();
        World.OPERATOR.run(() -> policies.change(policy, null));
        try {
            work.run();
        } finally {
            World.OPERATOR.run(() -> policies.change(usual, null));
        }
    }

    @Test
    @DisplayName("DUN-4: what finance stops goes no further, and the invoice stays open")
    void stopped() {
        Company company = failing("2026-03-02");
        UUID id = caseOf(company).id();
        World.OPERATOR.in(company.id()).run(() -> {
            assertThat(cases.stop(id).dunning().state()).isEqualTo(State.CLOSED);
            assertRefused(Kind.CONFLICT, () -> cases.stop(id));
            assertRefused(Kind.NOT_FOUND, () -> cases.stop(UUID.randomUUID()));
        });

        company.on("2026-03-30");

        assertThat(failures(company)).hasSize(2);
        assertThat(company.lastInvoice().status()).isEqualTo("open");
        assertThat(tenant(company)).isEqualTo("active");
    }

    @Test
    @DisplayName("DUN-7: people are told once that the card ends this month, and once on its last day")
    void cardEnds() {
        Company company = world.open(Tier.PRO, BillingCycle.MONTHLY, 0, "2026-01-31")
                .withCard(Company.VISA)
                .on("2026-02-01");
        owner.update("UPDATE payment_methods SET exp_month = 3, exp_year = 2026 WHERE tenant_id = ?", company.id());

        assertThat(mails(company.on("2026-02-27"))).isEmpty();
        assertThat(mails(company.on("2026-03-01"))).containsExactly("[Test] Your card ends this month");
        assertThat(mails(company.on("2026-03-30"))).hasSize(1);
        assertThat(mails(company.on("2026-04-20")))
                .containsExactly("[Test] Your card ends this month", "[Test] Your card ends today");
    }
}
