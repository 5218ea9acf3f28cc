package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.coupon.entity.Coupon;
import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.DocumentKind;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The draft of the running month")
class DraftInvoiceIT extends InContainer {

    @Inject
    private Terms terms;

    @Inject
    private Shop shop;

    private Page<InvoiceView> page(Company company, int number, int size) {
        return company.as(() -> world.invoices.list(new Page.Request(number, size)));
    }

    private List<InvoiceView> drafts(Company company) {
        return page(company, 1, 100).items().stream()
                .filter(invoice -> invoice.status().equals("draft"))
                .toList();
    }

    @Test
    @DisplayName("INV-22, INV-1: the last look at the draft is the invoice, under the same id")
    void becomesTheInvoice() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-02-10").uses("executions", 10_100);
        InvoiceView early = drafts(company).get(0);
        assertThat(early.totalCents()).isEqualTo(4_900 + 1_000);
        company.on("2026-02-27T23:59").uses("executions", 5);
        InvoiceView draft = drafts(company).get(0);
        assertThat(draft.id()).isEqualTo(early.id());
        assertThat(draft.number()).isNull();
        assertThat(draft.finalizedAt()).isNull();
        assertThat(draft.totalCents()).isEqualTo(4_900 + 1_050);
        assertThat(company.as(() -> world.invoices.get(draft.id()))).isEqualTo(draft);
        assertThat(owner.count("SELECT count(*) FROM invoices WHERE tenant_id = ?", company.id()))
                .isZero();

        company.on("2026-03-01");

        InvoiceView invoice = company.as(() -> world.invoices.get(draft.id()));
        assertThat(invoice.number()).isNotNull();
        assertThat(invoice.lines()).isEqualTo(draft.lines());
        assertThat(invoice.amounts()).isEqualTo(draft.amounts());
        assertThat(invoice.totalCents()).isEqualTo(draft.totalCents());
        assertThat(invoice.period()).isEqualTo(draft.period());
        assertThat(invoice.kind()).isEqualTo(draft.kind());
        assertThat(drafts(company)).singleElement().satisfies(next -> {
            assertThat(next.id()).isNotEqualTo(invoice.id());
            assertThat(next.totalCents()).isEqualTo(4_900);
        });
    }

    @Test
    @DisplayName(
            "INV-22, INV-1: the draft has all that the invoice has: coupons, credit, balance, charge, late usage, tax")
    void hasAllOfIt() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-03-02");
        String region = Terms.region();
        terms.rate(region, "19", false, "2026-01-01", null);
        terms.moves(company, region);
        UUID month = company.lastInvoice().id();
        company.does(() -> world.settlement.amend(
                new Amendment.ToPlan(Tier.TEAM, BillingCycle.MONTHLY, null), Amendment.Effective.NOW));
        List<Runnable> steps = List.of(
                () -> terms.redeems(company, Terms.percent("10", null)),
                () -> terms.redeems(company, firstOfAll("5")),
                () -> shop.charge(company, "A visit", 12_345),
                () -> terms.granted(company, PrepaidCredits.Kind.PAID, 700, 0, null),
                () -> company.credited(month, List.of(new CreditNotes.Wanted(1, 100)), Payout.BALANCE),
                () -> company.used("executions", 10_200, "2026-02-20"),
                () -> company.uses("executions", 500_000));
        long before = drafts(company).get(0).totalCents();
        for (Runnable step : steps) {
            step.run();
            InvoiceView draft = drafts(company).get(0);
            assertThat(company.as(() -> world.invoices.get(draft.id()))).isEqualTo(draft);
            assertThat(draft.amountDueCents()).as("after another step").isNotEqualTo(before);
            before = draft.amountDueCents();
        }
        company.on("2026-03-30T23:59:59.999999");
        InvoiceView draft = drafts(company).get(0);

        company.on("2026-03-31");

        InvoiceView invoice = company.as(() -> world.invoices.get(draft.id()));
        assertThat(invoice.number()).isNotNull();
        assertThat(invoice.lines()).isEqualTo(draft.lines());
        assertThat(invoice.amounts())
                .isEqualTo(draft.amounts())
                .anySatisfy(line -> assertThat(line.discounts()).hasSize(2));
        assertThat(invoice.totalCents()).isEqualTo(draft.totalCents());
        assertThat(invoice.prepaidAppliedCents()).isEqualTo(draft.prepaidAppliedCents());
        assertThat(invoice.balanceAppliedCents()).isEqualTo(draft.balanceAppliedCents());
        assertThat(invoice.taxCents()).isPositive().isEqualTo(draft.taxCents());
    }

    /** Whenever it is redeemed, it applies before others. */
    private static Coupon firstOfAll(String percent) {
        return new Coupon(
                World.unique("F"), "Off", new BigDecimal(percent), null, null, null, Set.of(), Set.of(), -1, false);
    }

    @Test
    @DisplayName(
            "INV-22, INV-23: the draft of a last invoice carries nothing over, and is there where it only collects")
    void ofTheLastInvoice() {
        World.OPERATOR.run(() -> terms.minimums.set("USD", 1_000));
        try {
            Company small = world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
            terms.redeems(small, Terms.amount(4_500, "USD", 1, false));
            Company owing = world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
            terms.redeems(owing, Terms.amount(4_500, "USD", 1, false));
            small.on("2026-02-10");
            assertThat(drafts(small).get(0).amountDueCents())
                    .as("while another follows")
                    .isZero();
            endsWithItsPeriod(small);
            InvoiceView draft = drafts(small).get(0);
            assertThat(draft.kind()).isEqualTo("final");
            assertThat(draft.carriedOverCents()).isZero();
            assertThat(draft.amountDueCents()).isEqualTo(400);
            small.on("2026-03-01");
            assertIsInvoiced(small, draft);

            owing.does(() -> world.settlement.changeAtPeriodEnd(
                    Tier.FREE, BillingCycle.MONTHLY, SubscriptionEvent.Kind.DOWNGRADED));
            owing.on("2026-03-05");
            assertThat(drafts(owing)).as("while another follows").isEmpty();
            endsWithItsPeriod(owing);
            InvoiceView collecting = drafts(owing).get(0);
            assertThat(collecting.kind()).isEqualTo("final");
            assertThat(collecting.totalCents()).isZero();
            assertThat(collecting.amountDueCents()).isEqualTo(400);
            owing.on("2026-04-01");
            assertIsInvoiced(owing, collecting);
        } finally {
            World.OPERATOR.run(() -> terms.minimums.set("USD", 0));
        }
    }

    private void endsWithItsPeriod(Company company) {
        company.does(() -> world.settlement.amend(new Amendment.Cancel(null), Amendment.Effective.PERIOD_END));
    }

    private void assertIsInvoiced(Company company, InvoiceView draft) {
        InvoiceView invoice = company.as(() -> world.invoices.get(draft.id()));
        assertThat(invoice.number()).isNotNull();
        assertThat(invoice.kind()).isEqualTo(draft.kind());
        assertThat(invoice.lines()).isEqualTo(draft.lines());
        assertThat(invoice.amounts()).isEqualTo(draft.amounts());
        assertThat(invoice.balanceAppliedCents()).isEqualTo(draft.balanceAppliedCents());
        assertThat(invoice.carriedOverCents()).isEqualTo(draft.carriedOverCents());
        assertThat(invoice.amountPaidCents()).as("by card").isEqualTo(draft.amountDueCents());
    }

    @Test
    @DisplayName("INV-22: the draft comes first, whatever the size of a page")
    void pages() {
        Company company = world.open(Tier.PRO, "2026-01-31").on("2026-04-01");
        List<InvoiceView> all = page(company, 1, 100).items();
        assertThat(all).extracting(InvoiceView::status).containsExactly("draft", "open", "open");
        for (int size : new int[] {1, 2}) {
            for (int n = 0; n < 3; n += size) {
                Page<InvoiceView> one = page(company, n / size + 1, size);
                assertThat(one.total()).isEqualTo(3);
                assertThat(one.items()).isEqualTo(all.subList(n, Math.min(3, n + size)));
            }
        }
        assertThat(page(company, 4, 1).items()).isEmpty();
    }

    @Test
    @DisplayName("INV-22: a draft can be neither paid, credited nor drawn, and is nobody else's")
    void isNoInvoiceYet() {
        Company company =
                world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-02-10");
        Company other = world.open(Tier.PRO, "2026-01-31").on("2026-02-10");
        InvoiceView draft = drafts(company).get(0);

        assertThat(problemOf(() -> company.as(() -> world.settlement.pay(draft.id())))
                        .code())
                .isEqualTo("wrong_state");
        assertThat(problemOf(() -> company.as(() -> world.invoices.document(draft.id(), DocumentKind.PDF)))
                        .code())
                .isEqualTo("wrong_state");
        assertRefused(Kind.NOT_FOUND, () -> other.as(() -> world.invoices.get(draft.id())));
    }

    @Test
    @DisplayName("INV-22: with nothing to charge, in a trial and after the end there is no draft")
    void nothingToCharge() {
        assertThat(drafts(world.open(Tier.FREE, "2026-01-31").on("2026-02-10"))).isEmpty();
        assertThat(drafts(world.open(Tier.PRO, BillingCycle.MONTHLY, 14, "2026-01-31")))
                .isEmpty();
        Company ended = world.open(Tier.PRO, "2026-01-31").on("2026-02-10");
        InvoiceView draft = drafts(ended).get(0);
        ended.does(() -> world.settlement.cancelNow(null));
        assertThat(drafts(ended)).isEmpty();
        assertThat(ended.lastInvoice().id()).as("the final invoice").isEqualTo(draft.id());
    }

    @Test
    @DisplayName("INV-1, INV-18: draft and running total give back no unused time that a note has given back already")
    void afterANote() {
        Company company =
                world.open(Tier.PRO, BillingCycle.YEARLY, 0, "2026-01-31").withCard(Company.VISA);
        company.on("2026-02-10")
                .credited(company.lastInvoice().id(), List.of(new CreditNotes.Wanted(1, 30_000)), Payout.BALANCE);
        company.does(() -> world.settlement.amend(
                new Amendment.ToPlan(Tier.TEAM, BillingCycle.MONTHLY, null),
                Amendment.Effective.at(Dates.at("2026-02-28"))));

        List<InvoiceLine> draft = drafts(company).get(0).lines();

        assertThat(draft.stream()
                        .mapToLong(InvoiceLine::amountCents)
                        .filter(cents -> cents < 0)
                        .sum())
                .isEqualTo(-19_000);
        assertThat(company.as(terms.totals::current).lines()).isEqualTo(draft);
        company.on("2026-02-28");
        assertThat(company.lastInvoice().lines()).isEqualTo(draft);
    }
}
