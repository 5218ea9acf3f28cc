package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Amendment.Effective;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.ledger.boundary.Ledger.AccountBalance;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Changes of plan and cycle, pauses, and what they cost")
class PlanChangeIT extends InContainer {

    private static final long PRO = 4_900;
    private static final long TEAM = 19_900;
    /** 14 of the 28 days of the month from 31 January. */
    private static final String HALFWAY = "2026-02-14";

    private Company pro() {
        return world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
    }

    private void upgrade(Company company, Tier tier, BillingCycle cycle) {
        company.does(() -> world.settlement.changeNow(tier, cycle, SubscriptionEvent.Kind.UPGRADED));
    }

    private void downgradeNow(Company company, Tier tier) {
        company.does(() -> world.settlement.changeNow(tier, BillingCycle.MONTHLY, SubscriptionEvent.Kind.DOWNGRADED));
    }

    private static List<Long> cents(InvoiceView invoice) {
        return invoice.lines().stream().map(InvoiceLine::amountCents).toList();
    }

    @Test
    @DisplayName("SUB-6: an upgrade gives back the unused half, charges the other half, and is collected at once")
    void upgradeHalfway() {
        Company company = pro().on(HALFWAY);
        Billing.Preview preview = company.as(() ->
                world.settlement.preview(new Amendment.ToPlan(Tier.TEAM, BillingCycle.MONTHLY, null), Effective.NOW));
        assertThat(company.invoices()).as("a preview leaves nothing behind").isEmpty();

        upgrade(company, Tier.TEAM, BillingCycle.MONTHLY);

        InvoiceView invoice = company.lastInvoice();
        assertThat(invoice.kind()).isEqualTo("change");
        assertThat(invoice.status()).isEqualTo("paid");
        assertThat(invoice.lines())
                .extracting(InvoiceLine::plan, InvoiceLine::amountCents, InvoiceLine::proration)
                .containsExactly(tuple("pro", -PRO / 2, true), tuple("team", TEAM / 2, true));
        assertThat(invoice.totalCents()).isEqualTo((TEAM - PRO) / 2);
        assertThat(invoice.lines()).as("INV-1: as the preview told").isEqualTo(preview.lines());
        assertThat(preview.netCents()).isEqualTo(invoice.totalCents());
        assertThat(company.subscription().tier()).isEqualTo("team");
        assertThat(company.subscription().currentPeriod())
                .isEqualTo(new Period(Dates.at("2026-01-31"), Dates.at("2026-02-28")));
        assertThat(company.as(world.settings::current).maxUsers()).isEqualTo(50);

        company.on("2026-04-01");
        assertThat(company.totals()).containsExactly((TEAM - PRO) / 2, PRO, TEAM);
        assertBooksBalance(company);
    }

    @Test
    @DisplayName("SUB-6: a downgrade waits for the period's end and can be taken back")
    void downgradeWaits() {
        Company company =
                world.open(Tier.TEAM, "2026-01-31").withCard(Company.VISA).on(HALFWAY);
        Billing.Preview preview = company.as(() -> world.settlement.preview(
                new Amendment.ToPlan(Tier.PRO, BillingCycle.MONTHLY, null), Effective.PERIOD_END));
        assertThat(preview.effectiveAt()).isEqualTo(Dates.at("2026-02-28"));
        company.does(() ->
                world.settlement.changeAtPeriodEnd(Tier.PRO, BillingCycle.MONTHLY, SubscriptionEvent.Kind.DOWNGRADED));
        assertThat(company.subscription().tier()).isEqualTo("team");
        assertThat(company.subscription().pending())
                .hasValueSatisfying(next -> assertThat(next.tier()).isEqualTo(Tier.PRO));
        company.does(world.subscriptions::reactivate);
        assertThat(company.subscription().pending()).isEmpty();
        company.does(() ->
                world.settlement.changeAtPeriodEnd(Tier.PRO, BillingCycle.MONTHLY, SubscriptionEvent.Kind.DOWNGRADED));

        company.on("2026-04-01");

        assertThat(company.totals()).containsExactly(TEAM, PRO);
        assertThat(company.subscription().tier()).isEqualTo("pro");
        assertThat(company.subscription().pending()).isEmpty();
    }

    @Test
    @DisplayName("INV-8, CRE-1, CRE-2: an immediate downgrade credits the balance, which pays what comes next")
    void downgradeNow() {
        Company company =
                world.open(Tier.TEAM, "2026-01-31").withCard(Company.VISA).on(HALFWAY);
        downgradeNow(company, Tier.PRO);

        long credited = (TEAM - PRO) / 2;
        InvoiceView change = company.lastInvoice();
        assertThat(change.lines())
                .extracting(InvoiceLine::kind, InvoiceLine::amountCents)
                .containsExactly(
                        tuple(InvoiceLine.Kind.PLAN, -TEAM / 2),
                        tuple(InvoiceLine.Kind.PLAN, PRO / 2),
                        tuple(InvoiceLine.Kind.BALANCE, credited));
        assertThat(change.totalCents()).isZero();
        assertThat(change.status()).isEqualTo("paid");
        assertThat(balanceOf(company)).isEqualTo(credited);
        assertThat(company.account("customer_credit")).isEqualTo(-credited);

        company.on("2026-03-01");
        InvoiceView month = company.lastInvoice();
        assertThat(month.totalCents()).isEqualTo(TEAM);
        assertThat(month.balanceAppliedCents()).isEqualTo(credited);
        assertThat(month.amountPaidCents()).isEqualTo(TEAM - credited);
        assertThat(balanceOf(company)).isZero();
        assertThat(company.account("cash")).isEqualTo(TEAM - credited);
        assertThat(company.account("receivable")).isZero();
        assertBooksBalance(company);
    }

    @Test
    @DisplayName("SUB-6: another cycle begins a new period, with the month before on the same invoice")
    void anotherCycle() {
        Company company = pro().on("2026-02-10").uses("executions", 10_050).on(HALFWAY);
        upgrade(company, Tier.PRO, BillingCycle.YEARLY);

        assertThat(cents(company.lastInvoice())).containsExactly(-PRO / 2, PRO, 49_000L, 500L);
        assertThat(company.subscription().currentPeriod())
                .isEqualTo(new Period(Dates.at(HALFWAY), Dates.at("2027-02-14")));
        company.on("2026-03-20");
        assertThat(company.invoices()).hasSize(1);
    }

    @Test
    @DisplayName("I3: there and back at one instant costs nothing")
    void thereAndBack() {
        Company company = pro().on(HALFWAY);
        upgrade(company, Tier.TEAM, BillingCycle.MONTHLY);
        downgradeNow(company, Tier.PRO);
        assertThat(company.invoices()).hasSize(2);
        company.on("2026-03-01");
        long paid = company.invoices().stream()
                .mapToLong(InvoiceView::amountPaidCents)
                .sum();
        assertThat(paid - balanceOf(company)).isEqualTo(PRO);
        assertBooksBalance(company);
    }

    @Test
    @DisplayName("SUB-7: a pause gives the rest back and refuses usage; going on charges the rest of the period")
    void pauseAndResume() {
        Company company = pro().on(HALFWAY);
        company.does(() -> world.settlement.pause("summer"));
        assertThat(company.subscription().status()).isEqualTo("paused");
        assertThat(balanceOf(company)).isEqualTo(PRO / 2);
        assertThat(company.sends(Company.event("paused", "executions", "1", Dates.at(HALFWAY)))
                        .accepted())
                .isZero();
        assertRefused(Kind.CONFLICT, () -> company.does(() -> world.settlement.pause(null)));
        assertRefused(Kind.CONFLICT, () -> upgrade(company, Tier.TEAM, BillingCycle.MONTHLY));

        company.on("2026-02-21").does(world.settlement::resume);
        assertThat(company.subscription().status()).isEqualTo("active");
        company.on("2026-03-01");
        // Three quarters of the month were used.
        long paid = company.invoices().stream()
                .mapToLong(InvoiceView::amountPaidCents)
                .sum();
        assertThat(paid).isEqualTo(PRO * 3 / 4);
        assertThat(balanceOf(company)).isZero();
        assertBooksBalance(company);
    }

    @Test
    @DisplayName("SUB-7: a change that waited for the period's end comes in a pause too, and charges nothing in it")
    void pendingInAPause() {
        Company company =
                world.open(Tier.TEAM, "2026-01-31").withCard(Company.VISA).on(HALFWAY);
        company.does(() ->
                world.settlement.changeAtPeriodEnd(Tier.PRO, BillingCycle.MONTHLY, SubscriptionEvent.Kind.DOWNGRADED));
        company.does(() -> world.settlement.pause(null));
        company.on("2026-05-15");
        assertThat(company.subscription().tier()).isEqualTo("pro");
        assertThat(company.subscription().status()).isEqualTo("paused");
        long paid = company.invoices().stream()
                .mapToLong(InvoiceView::amountPaidCents)
                .sum();
        assertThat(paid - balanceOf(company)).isEqualTo(TEAM / 2);
    }

    @Test
    @DisplayName("A trial changes what it is a trial of, and costs nothing")
    void trial() {
        Company company =
                world.open(Tier.PRO, BillingCycle.MONTHLY, 14, "2026-01-31").withCard(Company.VISA);
        upgrade(company, Tier.TEAM, BillingCycle.MONTHLY);
        assertThat(company.invoices()).isEmpty();
        assertThat(company.subscription().status()).isEqualTo("trialing");
        company.on("2026-03-14");
        assertThat(company.totals()).containsExactly(TEAM);
    }

    @Test
    @DisplayName("What is no change, or goes the other way, is refused and changes nothing")
    void refusals() {
        Company company = pro().on(HALFWAY);
        assertRefused(Kind.CONFLICT, () -> upgrade(company, Tier.PRO, BillingCycle.MONTHLY));
        assertRefused(Kind.CONFLICT, () -> upgrade(company, Tier.FREE, BillingCycle.MONTHLY));
        assertRefused(Kind.CONFLICT, () -> downgradeNow(company, Tier.TEAM));
        assertRefused(Kind.CONFLICT, () -> company.does(world.settlement::resume));
        assertThat(company.invoices()).isEmpty();
        assertThat(company.subscription().tier()).isEqualTo("pro");
    }

    private long balanceOf(Company company) {
        return company.as(world.balance::balances).stream()
                .mapToLong(CustomerBalance.Balance::cents)
                .sum();
    }

    private void assertBooksBalance(Company company) {
        assertThat(company.as(() -> world.ledger.trialBalance(true)).stream()
                        .mapToLong(AccountBalance::balanceCents)
                        .sum())
                .isZero();
    }
}
