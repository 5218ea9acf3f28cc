package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Amendment.Effective;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.boundary.RunningTotals;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Amendments ahead, back in the open month, and what a preview says of each")
class AmendmentIT extends InContainer {

    private static final long PRO = 4_900;
    private static final long TEAM = 19_900;
    private static final String HALFWAY = "2026-02-14";
    private static final String THREE_QUARTERS = "2026-02-21";

    private static final Amendment TO_TEAM = new Amendment.ToPlan(Tier.TEAM, BillingCycle.MONTHLY, null);
    private static final Amendment TO_PRO = new Amendment.ToPlan(Tier.PRO, BillingCycle.MONTHLY, null);
    private static final Amendment YEARLY = new Amendment.ToPlan(Tier.PRO, BillingCycle.YEARLY, null);
    private static final Amendment CANCEL = new Amendment.Cancel("enough");

    private Company pro() {
        return world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA);
    }

    private SubscriptionView amend(Company company, Amendment amendment, Effective effective) {
        return company.as(() -> world.settlement.amend(amendment, effective));
    }

    private Billing.Preview preview(Company company, Amendment amendment, Effective effective) {
        return company.as(() -> world.settlement.preview(amendment, effective));
    }

    private static Effective on(String day) {
        return Effective.at(Dates.at(day));
    }

    /** Without what carries the credit over to the balance. */
    private static List<InvoiceLine> charges(InvoiceView invoice) {
        return invoice.lines().stream()
                .filter(line -> line.kind() != InvoiceLine.Kind.BALANCE)
                .toList();
    }

    private static List<Long> cents(List<InvoiceLine> lines) {
        return lines.stream().map(InvoiceLine::amountCents).toList();
    }

    private List<SubscriptionEvent> history(Company company) {
        return company.as(
                () -> world.subscriptions.history(company.subscription().id()));
    }

    @Test
    @DisplayName("SUB-6: a change waits for its instant, and is then settled as an immediate one would be")
    void ahead() {
        Company company = pro().on("2026-02-05");
        Billing.Preview preview = preview(company, TO_TEAM, on(HALFWAY));
        assertThat(preview.effectiveAt()).isEqualTo(Dates.at(HALFWAY));
        assertThat(company.subscription().pending())
                .as("a preview arranges nothing")
                .isEmpty();

        SubscriptionView arranged = amend(company, TO_TEAM, on(HALFWAY));
        assertThat(arranged.tier()).isEqualTo("pro");
        assertThat(arranged.cancelAtPeriodEnd()).isFalse();
        assertThat(arranged.pending()).hasValueSatisfying(next -> {
            assertThat(next.what()).isEqualTo(Subscription.Waiting.CHANGE);
            assertThat(next.at()).isEqualTo(Dates.at(HALFWAY));
            assertThat(next.tier()).isEqualTo(Tier.TEAM);
        });

        company.on("2026-03-01");
        assertThat(company.totals()).containsExactly((TEAM - PRO) / 2, PRO);
        InvoiceView change = company.invoices().get(0);
        assertThat(change.lines()).isEqualTo(preview.lines());
        assertThat(change.kind()).isEqualTo("change");
        assertThat(change.status()).isEqualTo("paid");
        assertThat(change.finalizedAt()).isEqualTo(Dates.at(HALFWAY));
        assertThat(company.subscription().tier()).isEqualTo("team");
        assertThat(company.subscription().pending()).isEmpty();
        assertThat(history(company))
                .extracting(SubscriptionEvent::kind, SubscriptionEvent::at)
                .endsWith(tuple(SubscriptionEvent.Kind.UPGRADED, Dates.at(HALFWAY)));
    }

    @Test
    @DisplayName("SUB-6: what waits can be taken back, and gives way to what is asked later")
    void oneAtATime() {
        Company company = pro().on("2026-02-05");
        amend(company, TO_TEAM, on(HALFWAY));
        company.does(world.subscriptions::reactivate);
        assertThat(company.subscription().pending()).isEmpty();
        company.on("2026-02-20");
        assertThat(company.invoices()).isEmpty();

        amend(company, TO_TEAM, on(THREE_QUARTERS));
        amend(company, CANCEL, on("2026-02-25"));
        assertThat(company.subscription().canceledAt()).isEqualTo(Dates.at("2026-02-20"));
        assertRefused(Kind.CONFLICT, () -> amend(company, CANCEL, on("2026-02-25")));
        company.on("2026-02-24");
        assertThat(company.subscription().tier()).isEqualTo("pro");
        company.on("2026-04-01");
        assertThat(company.subscription().endedAt()).isEqualTo(Dates.at("2026-02-25"));
        assertThat(cents(charges(company.lastInvoice()))).containsExactly(-PRO * 3 / 28, PRO);
        assertThat(history(company))
                .extracting(SubscriptionEvent::kind, SubscriptionEvent::reason)
                .endsWith(tuple(SubscriptionEvent.Kind.CANCELED, "enough"));
    }

    @Test
    @DisplayName("SUB-6: what waits past the month's end, at a month's end and past a year goes in its order")
    void farAhead() {
        Company company =
                world.open(Tier.PRO, BillingCycle.YEARLY, 0, "2026-01-31").withCard(Company.VISA);
        company.on("2026-02-05");
        Billing.Preview atMonthEnd = preview(company, TO_TEAM, on("2026-04-30"));
        amend(company, TO_TEAM, on("2026-04-30"));
        company.on("2026-05-01");
        InvoiceView closed = company.lastInvoice();
        assertThat(charges(closed)).isEqualTo(atMonthEnd.lines());
        assertThat(closed.createdAt()).isEqualTo(Dates.at("2026-04-30"));
        assertThat(cents(charges(closed))).hasSize(2);

        Billing.Preview far =
                preview(company, new Amendment.ToPlan(Tier.PRO, BillingCycle.YEARLY, null), on("2027-05-10"));
        amend(company, new Amendment.ToPlan(Tier.PRO, BillingCycle.YEARLY, null), on("2027-05-10"));
        company.on("2027-06-01");
        assertThat(company.subscription().tier()).isEqualTo("pro");
        assertThat(charges(company.invoices().stream()
                        .filter(invoice -> invoice.createdAt().equals(Dates.at("2027-05-10")))
                        .findFirst()
                        .orElseThrow()))
                .isEqualTo(far.lines());
    }

    @Test
    @DisplayName("An instant that is settled or too far ahead is refused with its field, and nothing changes")
    void refusals() {
        Company company = pro().on("2026-02-05");
        company.on("2026-03-10");
        amend(company, TO_TEAM, on("2026-03-05"));
        int invoices = company.invoices().size();
        assertCode(company, TO_PRO, on("2026-03-04"), "period_closed", "2026-03-05T00:00:00Z");
        assertCode(company, CANCEL, on("2026-02-27"), "period_closed", "2026-03-05T00:00:00Z");
        assertCode(company, TO_PRO, on("2029-03-11"), "out_of_range", "three years");
        assertCode(company, new Amendment.Pause(null), on("2026-03-12"), "out_of_range", "at once");
        assertCode(company, new Amendment.Pause(null), on("2026-03-09"), "out_of_range", "at once");
        assertThat(company.invoices()).hasSize(invoices);
        assertThat(company.subscription().tier()).isEqualTo("team");
        assertThat(company.subscription().pending()).isEmpty();
    }

    private void assertCode(Company company, Amendment amendment, Effective effective, String code, String words) {
        for (boolean preview : List.of(true, false)) {
            Problem problem = catchThrowableOfType(Problem.class, () -> {
                if (preview) {
                    preview(company, amendment, effective);
                } else {
                    amend(company, amendment, effective);
                }
            });
            assertThat(problem.errors())
                    .extracting(Problem.FieldError::pointer, Problem.FieldError::code)
                    .containsExactly(tuple("/effective_at", code));
            assertThat(problem).hasMessageContaining(words);
        }
    }

    @Test
    @DisplayName("SUB-11: a change that is backdated in the open month comes to what it would have then")
    void backdated() {
        Company company = pro().on("2026-02-10").uses("executions", 50_000).on("2026-02-18");
        company.uses("executions", 40_000).on(THREE_QUARTERS);
        Billing.Preview preview = preview(company, TO_TEAM, on(HALFWAY));
        amend(company, TO_TEAM, on(HALFWAY));

        InvoiceView change = company.lastInvoice();
        assertThat(change.lines()).isEqualTo(preview.lines());
        assertThat(cents(change.lines())).containsExactly(-PRO / 2, TEAM / 2);
        assertThat(change.period()).isEqualTo(new Period(Dates.at(HALFWAY), Dates.at("2026-02-28")));
        assertThat(change.createdAt()).isEqualTo(Dates.at(THREE_QUARTERS));
        SubscriptionEvent last = history(company).get(1);
        assertThat(last.at()).isEqualTo(Dates.at(HALFWAY));
        assertThat(last.recordedAt()).isEqualTo(Dates.at(THREE_QUARTERS));

        company.uses("executions", 20_000).on("2026-03-01");
        // 50,000 came before the change and 60,000 after it: within half of Pro and Team, and 10,000 above Team.
        assertThat(company.lastInvoice().lines())
                .extracting(InvoiceLine::plan, InvoiceLine::amountCents)
                .containsExactly(tuple("pro", PRO), tuple("team", 10_000L * 10));
    }

    @Test
    @DisplayName(
            "SUB-11: another cycle, backdated, ends the month back then; a cancellation still charges what was used")
    void backdatedEnds() {
        Company company = pro().on("2026-02-10").uses("executions", 10_050).on("2026-02-18");
        company.uses("executions", 10_020).on(THREE_QUARTERS);
        Billing.Preview yearly = preview(company, YEARLY, on(HALFWAY));
        amend(company, YEARLY, on(HALFWAY));
        assertThat(charges(company.lastInvoice())).isEqualTo(yearly.lines());
        assertThat(cents(yearly.lines())).containsExactly(-PRO / 2, PRO, 49_000L, 500L);
        assertThat(company.subscription().currentPeriod())
                .isEqualTo(new Period(Dates.at(HALFWAY), Dates.at("2027-02-14")));

        company.on("2026-02-25");
        Billing.Preview end = preview(company, CANCEL, on(THREE_QUARTERS));
        amend(company, CANCEL, on(THREE_QUARTERS));
        assertThat(charges(company.lastInvoice())).isEqualTo(end.lines());
        assertThat(company.subscription().endedAt()).isEqualTo(Dates.at(THREE_QUARTERS));
        // 358 of 365 days are given back; the 20 executions above the month's pool are charged.
        assertThat(cents(end.lines())).containsExactly(-48_060L, 200L);
    }

    @Test
    @DisplayName("INV-1: what a preview says of now is what is invoiced")
    void previewsOfNow() {
        for (Amendment amendment : List.of(TO_TEAM, YEARLY, CANCEL, new Amendment.Pause("summer"))) {
            Company company = pro().on("2026-02-10").uses("executions", 10_050).on(HALFWAY);
            Billing.Preview preview = preview(company, amendment, Effective.NOW);
            assertThat(company.invoices()).as("%s leaves nothing", amendment).isEmpty();
            assertThat(company.subscription().status()).isEqualTo("active");
            amend(company, amendment, Effective.NOW);
            assertThat(charges(company.lastInvoice())).as("%s", amendment).isEqualTo(preview.lines());
            assertThat(company.lastInvoice().totalCents())
                    .isEqualTo(preview.amounts().totalCents());
            if (amendment instanceof Amendment.Pause) {
                company.on(THREE_QUARTERS);
                Billing.Preview resume = preview(company, new Amendment.Resume(), Effective.NOW);
                amend(company, new Amendment.Resume(), Effective.NOW);
                assertThat(resume.lines()).as("charged as the period ends").isEmpty();
                assertThat(company.invoices()).hasSize(1);
            }
        }
    }

    @Test
    @DisplayName("INV-1: what a preview says of the period's end is what is invoiced then")
    void previewsOfThePeriodsEnd() {
        for (Amendment amendment : List.of(TO_TEAM, YEARLY, CANCEL)) {
            Company company = pro().on("2026-02-10").uses("executions", 10_050).on(HALFWAY);
            Billing.Preview preview = preview(company, amendment, Effective.PERIOD_END);
            amend(company, amendment, Effective.PERIOD_END);
            company.on("2026-03-01");
            assertThat(company.lastInvoice().lines()).as("%s", amendment).isEqualTo(preview.lines());
        }
    }

    @Test
    @DisplayName(
            "MET-8, MET-9: after a change in the month, limits and the spending cap go by what its invoice charges")
    void limitsFollowTheInvoice() {
        Company company =
                world.open(Tier.TEAM, "2026-01-31").withCard(Company.VISA).on("2026-02-10");
        company.uses("executions", 50_000).on(HALFWAY);
        amend(company, TO_PRO, Effective.NOW);
        company.does(() -> world.allowances.capSpending(0L));
        assertThat(company.as(world.allowances::limits).get("executions").shown())
                .as("half of Team and half of Pro")
                .isEqualByComparingTo("55000");
        company.uses("executions", 5_000);
        assertThat(company.sends(Company.event("one-more", "executions", "1", Dates.at(HALFWAY)))
                        .rejected())
                .hasSize(1);
        company.on("2026-03-01");
        assertThat(cents(company.lastInvoice().lines())).as("no overage").containsExactly(TEAM);
        assertThat(company.as(world.allowances::limits).get("executions").shown())
                .as("the next month is the plan's")
                .isEqualByComparingTo("10000");
        amend(company, new Amendment.ToPlan(Tier.FREE, BillingCycle.MONTHLY, null), Effective.NOW);
        assertThat(company.as(world.allowances::limits).get("executions").limit())
                .as("refused above what is included")
                .isEqualByComparingTo("100");
    }

    @Test
    @DisplayName("MET-8, INV-1: a plan that is left leaves free what was; a second on a larger one includes a second's")
    void aSecondOnALargerPlan() {
        Company company = pro().on("2026-02-10").uses("executions", 12_000).on(HALFWAY);
        assertThat(company.as(world.totals::current).totalCents()).isEqualTo(PRO + 2_000 * 10);
        amend(company, TO_TEAM, Effective.NOW);
        assertThat(company.as(world.allowances::limits).get("executions").shown())
                .as("the plan's own")
                .isEqualByComparingTo("100000");
        assertThat(company.as(world.allowances::spendingCap).spentCents())
                .as("within half of both")
                .isZero();
        company.on("2026-02-14T00:00:01");
        amend(company, TO_PRO, Effective.NOW);
        assertThat(company.as(world.allowances::limits).get("executions").shown())
                .isEqualByComparingTo("10000");
        assertThat(company.as(world.allowances::spendingCap).spentCents()).isEqualTo(2_000 * 10);
        company.uses("executions", 3);
        assertThat(company.as(world.totals::current).metrics())
                .filteredOn(metric -> metric.meter().equals("executions"))
                .extracting(RunningTotals.Metric::limit, RunningTotals.Metric::overageCents)
                .containsExactly(tuple(new BigDecimal("10000"), 20_030L));
        company.on("2026-03-01");
        assertThat(company.lastInvoice().lines())
                .filteredOn(line -> line.kind() == InvoiceLine.Kind.OVERAGE)
                .extracting(InvoiceLine::description, InvoiceLine::amountCents)
                .containsExactly(
                        tuple(
                                "Executions on Pro: 2,000 above the 10,000 included in the month, 10 cents each",
                                20_000L),
                        tuple("Executions on Pro: 3 above the 10,000 included in the month, 10 cents each", 30L));
    }

    @Test
    @DisplayName("SUB-3: taken back is what is not due yet: what is, happens first")
    void keepComesAfterWhatIsDue() {
        Company company = pro().on(HALFWAY);
        amend(company, CANCEL, Effective.PERIOD_END);
        assertThat(company.as(world.settlement::keep).cancelAtPeriodEnd()).isFalse();
        amend(company, CANCEL, Effective.PERIOD_END);
        company.does(() -> world.clocks.tick(Dates.at("2026-03-01")));
        assertThat(catchThrowableOfType(Problem.class, () -> company.as(world.settlement::keep))
                        .code())
                .isEqualTo("no_subscription");
        assertThat(company.subscription().status()).isEqualTo("canceled");
        assertThat(company.invoices()).hasSize(1);
    }

    @Test
    @DisplayName(
            "SUB-10: the calendar moves now: the period ends at its next boundary, price and allowance in proportion")
    void anchorNow() {
        Company company = pro().on("2026-02-10").uses("executions", 9_000).on(HALFWAY);
        Amendment move = new Amendment.MoveToDay(21);
        Billing.Preview preview = preview(company, move, Effective.NOW);
        SubscriptionView moved = amend(company, move, Effective.NOW);
        InvoiceView change = company.lastInvoice();
        assertThat(charges(change)).isEqualTo(preview.lines());
        // Until the 21st: a quarter of the month that ended is given back, and a share of 31 days from January on
        // charged.
        assertThat(cents(preview.lines())).containsExactly(-PRO / 2, PRO, PRO * 7 / 31);
        assertThat(moved.currentPeriod()).isEqualTo(new Period(Dates.at("2026-01-31"), Dates.at("2026-02-21")));
        assertThat(moved.usagePeriod()).isEqualTo(moved.currentPeriod());
        assertThat(company.as(world.allowances::limits).get("executions").plan().included())
                .as("10,000 × 21 / 31")
                .isEqualByComparingTo("6774");
        assertThat(company.as(world.totals::current).totalCents()).isEqualTo((9_000 - 6_774) * 10);

        company.on("2026-03-22");
        assertThat(company.totals()).containsExactly(PRO / 2 + PRO * 7 / 31, (9_000L - 6_774) * 10, PRO);
        assertThat(company.invoices())
                .extracting(InvoiceView::period)
                .containsExactly(
                        new Period(Dates.at(HALFWAY), Dates.at("2026-02-21")),
                        new Period(Dates.at("2026-01-31"), Dates.at("2026-02-21")),
                        new Period(Dates.at("2026-02-21"), Dates.at("2026-03-21")));
        assertThat(company.subscription().currentPeriod())
                .isEqualTo(new Period(Dates.at("2026-03-21"), Dates.at("2026-04-21")));
    }

    @Test
    @DisplayName("SUB-10: the calendar moves at the period's end, by a part of a period up to its first boundary")
    void anchorAtThePeriodsEnd() {
        Company company = pro().on(HALFWAY);
        Amendment move = new Amendment.MoveToDay(10);
        Billing.Preview preview = preview(company, move, Effective.PERIOD_END);
        SubscriptionView waiting = amend(company, move, Effective.PERIOD_END);
        assertThat(waiting.pending()).hasValueSatisfying(next -> {
            assertThat(next.what()).isEqualTo(Subscription.Waiting.ANCHOR);
            assertThat(next.at()).isEqualTo(Dates.at("2026-02-28"));
        });
        company.on("2026-03-01");
        assertThat(company.lastInvoice().lines()).isEqualTo(preview.lines());
        assertThat(company.subscription().usagePeriod())
                .isEqualTo(new Period(Dates.at("2026-02-28"), Dates.at("2026-03-10")));
        assertThat(company.as(world.allowances::limits).get("executions").plan().included())
                .as("10,000 × 10 / 28")
                .isEqualByComparingTo("3571");
        company.uses("executions", 4_000).on("2026-04-11");
        assertThat(company.totals()).containsExactly(PRO, PRO * 10 / 28 + (4_000 - 3_571) * 10, PRO);
        assertThat(cents(company.invoices().get(1).lines())).containsExactly(PRO * 10 / 28, (4_000L - 3_571) * 10);
    }

    @Test
    @DisplayName("SUB-10: an anchor of this very instant ends the period and begins another; a year moves its day only")
    void anchorHere() {
        Company company = pro().on("2026-02-10").uses("executions", 5_050).on(HALFWAY);
        Amendment here = new Amendment.MoveAnchor(Dates.at(HALFWAY));
        Billing.Preview preview = preview(company, here, Effective.NOW);
        amend(company, here, Effective.NOW);
        assertThat(charges(company.lastInvoice())).isEqualTo(preview.lines());
        // 14 days of the month of 31 that would end here include 4,516 executions.
        assertThat(cents(preview.lines())).containsExactly(-PRO / 2, PRO, PRO, (5_050L - 4_516) * 10);
        assertThat(company.subscription().currentPeriod())
                .isEqualTo(new Period(Dates.at(HALFWAY), Dates.at("2026-03-14")));
        assertRefused(Kind.CONFLICT, () -> amend(company, new Amendment.MoveToDay(14), Effective.NOW));

        Company yearly = world.open(Tier.PRO, BillingCycle.YEARLY, 0, "2026-03-15")
                .withCard(Company.VISA)
                .on("2026-10-15");
        amend(yearly, new Amendment.MoveToDay(1), Effective.NOW);
        assertThat(yearly.subscription().currentPeriod())
                .isEqualTo(new Period(Dates.at("2026-03-15"), Dates.at("2027-03-01")));
        assertThat(yearly.subscription().usagePeriod())
                .isEqualTo(new Period(Dates.at("2026-10-15"), Dates.at("2026-11-01")));
        long paid = yearly.totals().stream().mapToLong(Long::longValue).sum() - balanceOf(yearly);
        // 351 of 365 days.
        assertThat(paid).isEqualTo(49_000L - 20_271 + 18_392);
        yearly.on("2027-03-02");
        assertThat(yearly.subscription().currentPeriod())
                .isEqualTo(new Period(Dates.at("2027-03-01"), Dates.at("2028-03-01")));
    }

    @Test
    @DisplayName("MET-4, SUB-10: late usage of a month that was cut short is made up for in that month alone")
    void lateUsageOfACutMonth() {
        Company company = pro().on("2026-02-10").uses("executions", 10_000).on(HALFWAY);
        amend(company, YEARLY, Effective.NOW);
        company.on("2026-02-20").uses("executions", 9_000);
        company.used("executions", 30, "2026-02-12").on("2026-03-20");
        assertThat(company.lastInvoice().lines())
                .extracting(InvoiceLine::kind, InvoiceLine::amountCents)
                .containsExactly(tuple(InvoiceLine.Kind.ADJUSTMENT, 300L));
    }

    @Test
    @DisplayName(
            "INV-6: who asks before the month that is over was invoiced is answered as if it were, and so it is done")
    void behind() {
        Company company = pro().on("2026-02-10").uses("executions", 10_050).on("2026-02-20");
        owner.update("UPDATE test_clocks SET now = ? WHERE tenant_id = ?", Dates.at("2026-03-05"), company.id());
        Billing.Preview preview = preview(company, TO_TEAM, Effective.NOW);
        assertThat(company.invoices()).as("a preview invoices nothing").isEmpty();
        amend(company, TO_TEAM, Effective.NOW);
        assertThat(company.invoices())
                .filteredOn(invoice -> invoice.kind().equals("period"))
                .extracting(InvoiceView::totalCents)
                .containsExactly(PRO + 500);
        assertThat(company.invoices())
                .filteredOn(invoice -> invoice.kind().equals("change"))
                .extracting(InvoiceView::lines)
                .containsExactly(preview.lines());
    }

    private long balanceOf(Company company) {
        return company.as(world.balance::balances).stream()
                .mapToLong(CustomerBalance.Balance::cents)
                .sum();
    }

    @Test
    @DisplayName("SUB-4: a calendar that is chosen in the trial begins as it ends, with a part of a period")
    void calendarAfterTheTrial() {
        Company company =
                world.open(Tier.PRO, BillingCycle.YEARLY, 14, "2026-01-31").withCard(Company.VISA);
        Amendment onThe28th = new Amendment.MoveToDay(28);
        assertRefused(Kind.CONFLICT, () -> amend(company, onThe28th, Effective.NOW));
        assertRefused(Kind.CONFLICT, () -> amend(company, new Amendment.MoveToDay(14), Effective.PERIOD_END));
        Billing.Preview preview = preview(company, onThe28th, Effective.PERIOD_END);
        amend(company, onThe28th, Effective.PERIOD_END);
        assertThat(company.subscription().status()).isEqualTo("trialing");

        company.on("2026-02-20");
        SubscriptionView running = company.subscription();
        assertThat(running.pending()).isEmpty();
        assertThat(running.currentPeriod()).isEqualTo(new Period(Dates.at("2026-02-14"), Dates.at("2026-02-28")));
        assertThat(company.invoices().get(0).lines()).isEqualTo(preview.lines());

        company.on("2026-03-01");
        // 14 of the 365 days that end on 28 February.
        assertThat(company.totals()).containsExactly(1_879L, 49_000L);
    }

    @Test
    @DisplayName("SUB-4: what waits for the trial's end, for an instant in it, and after it")
    void trial() {
        Company company =
                world.open(Tier.PRO, BillingCycle.MONTHLY, 14, "2026-01-31").withCard(Company.VISA);
        Billing.Preview preview = preview(company, YEARLY, Effective.PERIOD_END);
        assertThat(cents(preview.lines())).containsExactly(49_000L);
        amend(company, YEARLY, Effective.PERIOD_END);
        company.on("2026-03-14");
        assertThat(company.totals()).containsExactly(49_000L);
        assertThat(history(company)).hasSize(2);

        Company lapsing = world.open(Tier.PRO, BillingCycle.MONTHLY, 14, "2026-01-31");
        Amendment toFree = new Amendment.ToPlan(Tier.FREE, BillingCycle.MONTHLY, null);
        assertThat(preview(lapsing, toFree, on("2026-02-20")).lines()).isEmpty();
        amend(lapsing, toFree, on("2026-02-20"));
        lapsing.on("2026-03-14");
        assertThat(lapsing.subscription().tier()).isEqualTo("free");
        assertThat(lapsing.subscription().pending()).isEmpty();
        assertThat(history(lapsing)).hasSize(2);

        Company ending = world.open(Tier.PRO, BillingCycle.MONTHLY, 14, "2026-01-31");
        amend(ending, CANCEL, on("2026-02-05"));
        ending.on("2026-03-14");
        assertThat(ending.subscription().endedAt()).isEqualTo(Dates.at("2026-02-05"));
        assertThat(ending.invoices()).isEmpty();
    }
}
