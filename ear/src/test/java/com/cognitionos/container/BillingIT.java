package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.ledger.boundary.Ledger.AccountBalance;
import com.cognitionos.metering.boundary.IngestResult.Rejection;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Billing")
class BillingIT extends InContainer {

    private static final long PRO = 4_900;
    private static final long PRO_YEAR = 49_000;

    private static Period period(String start, String end) {
        return new Period(Dates.at(start), Dates.at(end));
    }

    @Test
    @DisplayName("SUB-2, INV-6: from 31 January the months end on 28 February, 31 March and 30 April")
    void monthsFromTheThirtyFirst() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-05-01");

        assertThat(company.invoices())
                .extracting(InvoiceView::period)
                .containsExactly(
                        period("2026-01-31", "2026-02-28"),
                        period("2026-02-28", "2026-03-31"),
                        period("2026-03-31", "2026-04-30"));
        assertThat(company.totals()).containsExactly(PRO, PRO, PRO);
        assertThat(company.subscription().currentPeriod()).isEqualTo(period("2026-04-30", "2026-05-31"));
        assertThat(company.invoices()).allSatisfy(invoice -> {
            assertThat(invoice.kind()).isEqualTo("period");
            assertThat(invoice.finalizedAt()).isEqualTo(invoice.period().end());
            assertThat(invoice.dueDate()).isEqualTo(invoice.period().end().plusSeconds(7 * 86_400));
            assertThat(invoice.number()).matches("TEST-2026-\\d{6}");
        });
        assertThat(company.as(() -> world.clocks.current().now())).isEqualTo(Dates.at("2026-05-01"));
    }

    @Test
    @DisplayName("INV-4: to the same instant again, and to eight at once, makes nothing more")
    void againIsNothing() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-01").on("2026-03-01");
        assertThat(company.totals()).containsExactly(PRO);

        crowd.allAtOnce(8, i -> () -> company.on("2026-05-01"));

        assertThat(company.totals()).containsExactly(PRO, PRO, PRO);
        assertThat(owner.count(
                        "SELECT count(*) FROM ledger_transactions WHERE tenant_id = ? AND kind = 'invoice_finalized'",
                        company.id()))
                .isEqualTo(3);
    }

    @Test
    @DisplayName("INV-5: a month with nothing but zeroes makes no invoice")
    void freeMakesNoInvoice() {
        Company company =
                world.open(Tier.FREE, "2026-01-31").uses("executions", 100).on("2026-05-01");

        assertThat(company.invoices()).isEmpty();
        assertThat(company.subscription().usagePeriod()).isEqualTo(period("2026-04-30", "2026-05-31"));
    }

    @Test
    @DisplayName(
            "SUB-4: a trial with a card becomes the plan, anchored at the trial's end; the trial itself is free and limited")
    void trialWithACard() {
        Company company =
                world.open(Tier.PRO, BillingCycle.MONTHLY, 14, "2026-01-31").withCard(Company.VISA);
        assertThat(company.subscription().status()).isEqualTo("trialing");
        assertThat(company.subscription().currentPeriod()).isEqualTo(period("2026-01-31", "2026-02-14"));
        assertThat(company.uses("executions", 10_000)
                        .sends(Company.event("more", "executions", "1", Dates.at("2026-01-31")))
                        .rejected())
                .extracting(Rejection::code)
                .containsExactly("entitlement_exceeded");

        company.on("2026-02-14");
        assertThat(company.invoices()).isEmpty();
        assertThat(company.subscription().status()).isEqualTo("active");
        assertThat(company.subscription().tier()).isEqualTo("pro");
        company.on("2026-03-14");

        assertThat(company.totals()).containsExactly(PRO);
        assertThat(company.lastInvoice().period()).isEqualTo(period("2026-02-14", "2026-03-14"));
        assertThat(history(company))
                .containsExactly(SubscriptionEvent.Kind.TRIAL_STARTED, SubscriptionEvent.Kind.TRIAL_CONVERTED);
        assertThat(company.as(world.tenants::current).status()).isEqualTo("active");
    }

    @Test
    @DisplayName("SUB-4: a trial without a card becomes free, and so do the limits")
    void trialWithoutACard() {
        Company company =
                world.open(Tier.PRO, BillingCycle.YEARLY, 14, "2026-01-31").on("2026-06-01");

        assertThat(company.invoices()).isEmpty();
        SubscriptionView subscription = company.subscription();
        assertThat(subscription.tier()).isEqualTo("free");
        assertThat(subscription.billingCycle()).isEqualTo("monthly");
        assertThat(subscription.status()).isEqualTo("active");
        assertThat(history(company))
                .containsExactly(SubscriptionEvent.Kind.TRIAL_STARTED, SubscriptionEvent.Kind.TRIAL_LAPSED);
        assertThat(company.as(world.settings::current).maxExecutionsPerMonth()).isEqualTo(100);
        assertThat(company.as(world.tenants::current).tier()).isEqualTo("free");
    }

    @Test
    @DisplayName("A trial of a yearly plan with a card is invoiced in advance as it ends")
    void yearlyTrial() {
        Company company =
                world.open(Tier.PRO, BillingCycle.YEARLY, 14, "2026-01-31").withCard(Company.VISA);
        company.on("2026-02-14");

        assertThat(company.lastInvoice().kind()).isEqualTo("start");
        assertThat(company.lastInvoice().status()).isEqualTo("paid");
        assertThat(company.totals()).containsExactly(PRO_YEAR);
        assertThat(company.lastInvoice().period()).isEqualTo(period("2026-02-14", "2027-02-14"));
    }

    private List<SubscriptionEvent.Kind> history(Company company) {
        return company
                .as(() -> world.subscriptions.history(
                        world.subscriptions.current().id()))
                .stream()
                .map(SubscriptionEvent::kind)
                .toList();
    }

    @Test
    @DisplayName("Canceled at the end of its period, a subscription is invoiced to the end and then no more")
    void cancelAtPeriodEnd() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-03-10").uses("executions", 10_010);
        company.does(() -> world.settlement.amend(new Amendment.Cancel(null), Amendment.Effective.PERIOD_END));
        assertThat(company.subscription().status()).isEqualTo("active");

        company.on("2026-07-01");

        assertThat(company.totals()).containsExactly(PRO, PRO + 100);
        assertThat(company.lastInvoice().kind()).isEqualTo("final");
        assertThat(company.subscription().status()).isEqualTo("canceled");
        assertThat(company.subscription().endedAt()).isEqualTo(Dates.at("2026-03-31"));
        assertThat(company.as(world.tenants::current).tier()).isEqualTo("free");
        assertRefused(Kind.CONFLICT, () -> company.does(world.subscriptions::reactivate));
    }

    @Test
    @DisplayName("A cancellation that was taken back leaves everything as it was")
    void cancellationTakenBack() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-10");
        company.does(() -> world.settlement.amend(new Amendment.Cancel(null), Amendment.Effective.PERIOD_END));
        company.does(world.subscriptions::reactivate);

        company.on("2026-04-01");

        assertThat(company.totals()).containsExactly(PRO, PRO);
        assertThat(company.subscription().status()).isEqualTo("active");
    }

    @Test
    @DisplayName("Canceled now, a subscription gets its unused part back, pays all of its overage, and can begin anew")
    void cancelNow() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-13").uses("executions", 10_003);
        company.on("2026-02-14").does(() -> world.settlement.cancelNow("too dear"));
        // 14 of 28 days
        assertThat(company.lastInvoice().lines())
                .extracting(InvoiceLine::amountCents)
                .containsExactly(-PRO / 2, PRO, 30L);
        assertThat(company.lastInvoice().kind()).isEqualTo("final");
        assertThat(company.lastInvoice().period()).isEqualTo(period("2026-01-31", "2026-02-14"));
        assertThat(company.subscription().status()).isEqualTo("canceled");
        assertRefused(Kind.CONFLICT, () -> company.does(() -> world.settlement.cancelNow(null)));

        company.on("2026-04-01").does(() -> world.settlement.subscribe(Tier.PRO, BillingCycle.MONTHLY, "USD", 0));
        company.on("2026-05-01");
        assertThat(company.totals()).containsExactly(PRO / 2 + 30, PRO);
        assertRefused(
                Kind.CONFLICT,
                () -> company.does(() -> world.settlement.subscribe(Tier.TEAM, BillingCycle.MONTHLY, "USD", 0)));
    }

    @Test
    @DisplayName("Canceled now, a subscription also pays what was used at that very instant")
    void cancelNowForgetsNoUsage() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-14").uses("executions", 10_003);
        company.does(() -> world.settlement.cancelNow(null));

        assertThat(company.lastInvoice().lines())
                .extracting(InvoiceLine::amountCents)
                .containsExactly(-PRO / 2, PRO, 30L);
    }

    @Test
    @DisplayName("SUB-1: of eight who subscribe at once one does, the others are told why not")
    void oneLiveSubscription() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-14");
        company.does(() -> world.settlement.cancelNow(null));

        List<Crowd.Outcome<SubscriptionView>> outcomes = crowd.atOnce(
                8, i -> () -> company.as(() -> world.settlement.subscribe(Tier.TEAM, BillingCycle.MONTHLY, "USD", 0)));

        assertThat(outcomes).filteredOn(Crowd.Outcome::succeeded).hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> !outcome.succeeded())
                .allSatisfy(outcome -> assertRefused(Kind.CONFLICT, () -> {
                    throw outcome.thrown();
                }));
    }

    @Test
    @DisplayName("SUB-3: a yearly price is invoiced in advance, usage every month, and the next year as it begins")
    void yearlyInAdvance() {
        Company company = world.open(Tier.PRO, BillingCycle.YEARLY, 0, "2026-01-31");
        assertThat(company.totals()).containsExactly(PRO_YEAR);
        assertThat(company.lastInvoice().kind()).isEqualTo("start");
        assertThat(company.lastInvoice().period()).isEqualTo(period("2026-01-31", "2027-01-31"));
        assertThat(balance(company, "deferred_revenue")).isEqualTo(-PRO_YEAR);

        company.on("2026-03-15").uses("executions", 10_020).on("2027-02-01");

        assertThat(company.totals()).containsExactly(PRO_YEAR, 200L, PRO_YEAR);
        assertThat(company.invoices().get(1).period()).isEqualTo(period("2026-02-28", "2026-03-31"));
        assertThat(company.lastInvoice().lines())
                .singleElement()
                .satisfies(line -> assertThat(line.period()).isEqualTo(period("2027-01-31", "2028-01-31")));
        // LED-5: the first year, the overage, and a day of the second year.
        assertThat(balance(company, "revenue")).isEqualTo(-(PRO_YEAR + 200 + 134));
    }

    private long balance(Company company, String account) {
        return company.as(() -> world.ledger.trialBalance(true)).stream()
                .filter(one -> one.account().equals(account))
                .mapToLong(AccountBalance::balanceCents)
                .sum();
    }
}
