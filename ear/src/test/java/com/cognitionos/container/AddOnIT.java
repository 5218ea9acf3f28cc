package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.coupon.entity.Coupon;
import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Amendment.Effective;
import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Add-ons to a subscription")
class AddOnIT extends InContainer {

    private static final String GOLD = """
            "name": "Gold", "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 2800},
                                       {"billing_cycle": "yearly", "currency": "USD", "amount_cents": 28000}]""";
    private static final String SILVER = """
            "name": "Silver", "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 1400}]""";
    private static final String SEATS = """
            "name": "Extra seats", "maximum_quantity": 100,
            "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 200},
                       {"billing_cycle": "yearly", "currency": "USD", "amount_cents": 2000}]""";
    private static final String SUPPORT = """
            "name": "Support", "maximum_quantity": 1,
            "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 5600}]""";

    @Inject
    private Shop shop;

    @Inject
    private Terms terms;

    @Inject
    private Crowd crowd;

    @AfterEach
    void close() {
        shop.close();
    }

    private Company on(Tier tier) {
        return world.open(tier, "2026-01-31").withCard(Company.VISA);
    }

    /** Does what was looked at before: the invoice of now, if there is one, is its preview. @return its lines */
    private List<InvoiceLine> amend(Company company, Amendment amendment, Effective effective) {
        var preview = company.as(() -> world.settlement.preview(amendment, effective));
        Set<UUID> before = company.invoices().stream().map(InvoiceView::id).collect(Collectors.toSet());
        company.does(() -> world.settlement.amend(amendment, effective));
        List<InvoiceLine> made = company.invoices().stream()
                .filter(invoice -> !before.contains(invoice.id()))
                .flatMap(invoice -> charges(invoice).stream())
                .toList();
        if (!preview.effectiveAt().isAfter(company.as(world.billing::present))) {
            assertThat(made).isEqualTo(preview.lines());
        }
        return made;
    }

    private List<InvoiceLine> attach(Company company, String code, int quantity) {
        return amend(company, new Amendment.AttachAddOn(code, quantity), Effective.NOW);
    }

    private static Effective on(String day) {
        return Effective.at(Dates.at(day));
    }

    private static List<InvoiceLine> charges(InvoiceView invoice) {
        return invoice.lines().stream()
                .filter(line -> line.kind() != InvoiceLine.Kind.BALANCE)
                .toList();
    }

    private static List<Long> cents(InvoiceView invoice) {
        return cents(charges(invoice));
    }

    private static List<Long> cents(List<InvoiceLine> lines) {
        return lines.stream().map(InvoiceLine::amountCents).toList();
    }

    private static HeldAddOns held(Company company) {
        return company.subscription().addOns();
    }

    private static String codeOf(ThrowingCallable work) {
        return problemOf(work).errors().get(0).code();
    }

    @Test
    @DisplayName("SUB-12: what is attached, changed and removed is charged and given back for its time, as previewed")
    void life() {
        Tier gold = shop.open(GOLD);
        String seats = shop.addOn(SEATS, gold);
        Company company = on(gold).on("2026-02-14");
        attach(company, seats, 5);
        assertThat(company.lastInvoice().lines())
                .extracting(
                        InvoiceLine::kind,
                        InvoiceLine::plan,
                        InvoiceLine::quantity,
                        InvoiceLine::unitPrice,
                        InvoiceLine::amountCents,
                        InvoiceLine::proration)
                .containsExactly(tuple(
                        InvoiceLine.Kind.ADD_ON, seats, BigDecimal.valueOf(5), BigDecimal.valueOf(200), 500L, true));
        assertThat(company.lastInvoice().status()).isEqualTo("paid");

        company.on("2026-02-21");
        amend(company, new Amendment.ChangeAddOn(seats, 8, null), Effective.NOW);
        assertThat(cents(company.lastInvoice())).containsExactly(-250L, 400L);
        assertThat(company.as(world.totals::current).lines())
                .extracting(InvoiceLine::kind, InvoiceLine::amountCents)
                .as("the plan's month behind, the add-on's ahead")
                .containsExactlyInAnyOrder(
                        tuple(InvoiceLine.Kind.PLAN, 2_800L), tuple(InvoiceLine.Kind.ADD_ON, 1_600L));
        assertThat(company.as(() -> world.invoices.list(new Page.Request(1, 1)))
                        .items()
                        .get(0)
                        .totalCents())
                .as("the draft has it too")
                .isEqualTo(4_400);

        amend(company, new Amendment.RemoveAddOn(seats), on("2026-03-14"));
        company.on("2026-03-01");
        assertThat(cents(company.lastInvoice())).containsExactlyInAnyOrder(2_800L, 1_600L);
        assertThat(held(company).item(seats)).isPresent();
        company.on("2026-05-01");
        assertThat(held(company).isEmpty()).isTrue();
        assertThat(company.subscription().pending()).isEmpty();
        // 28 February to 31 March, of which 17 days are left: what was charged in advance pays for the plan.
        assertThat(company.invoices().stream()
                        .filter(invoice -> invoice.createdAt().equals(Dates.at("2026-03-14")))
                        .flatMap(invoice -> charges(invoice).stream()))
                .extracting(InvoiceLine::amountCents)
                .containsExactly(-877L);
        assertThat(cents(company.lastInvoice())).containsExactly(2_800L);
        assertThat(company.as(
                        () -> world.subscriptions.history(company.subscription().id())))
                .extracting(
                        SubscriptionEvent::kind,
                        event -> event.addOns()
                                .item(seats)
                                .map(HeldAddOns.Item::quantity)
                                .orElse(0))
                .containsExactly(
                        tuple(SubscriptionEvent.Kind.STARTED, 0),
                        tuple(SubscriptionEvent.Kind.ADD_ONS_CHANGED, 5),
                        tuple(SubscriptionEvent.Kind.ADD_ONS_CHANGED, 8),
                        tuple(SubscriptionEvent.Kind.ADD_ONS_CHANGED, 0));
    }

    @Test
    @DisplayName("SUB-12: what cannot be had so is refused with its code, and nothing is changed")
    void refusals() {
        Tier gold = shop.open(GOLD);
        Tier silver = shop.open(SILVER);
        String seats = shop.addOn(SEATS, gold);
        String support = shop.addOn(SUPPORT, silver);
        String pairs = shop.addOn(SEATS.replace("\"maximum", "\"minimum_quantity\": 2, \"maximum"), gold);
        String euro = shop.addOn(SEATS.replace("USD", "EUR"), gold);
        Company company = on(gold);
        assertThat(codeOf(() -> attach(company, "nothing", 1))).isEqualTo("unknown_add_on");
        for (int quantity : new int[] {0, -1, 101, Integer.MAX_VALUE}) {
            assertThat(codeOf(() -> attach(company, seats, quantity))).isEqualTo("out_of_range");
        }
        assertThat(codeOf(() -> attach(company, pairs, 1))).isEqualTo("out_of_range");
        assertThat(codeOf(() -> attach(company, support, 1))).isEqualTo("not_for_plan");
        assertThat(codeOf(() -> attach(company, euro, 1))).isEqualTo("no_price_in_currency");
        assertRefused(Kind.NOT_FOUND, () -> amend(company, new Amendment.RemoveAddOn(seats), Effective.NOW));
        assertRefused(Kind.NOT_FOUND, () -> amend(company, new Amendment.ChangeAddOn(seats, 2, null), Effective.NOW));
        attach(company, seats, 2);
        assertThat(problemOf(() -> attach(company, seats, 2)).code()).isEqualTo("add_on_exists");
        assertThat(problemOf(() -> amend(company, new Amendment.ChangeAddOn(seats, 2, 1), Effective.NOW))
                        .code())
                .isEqualTo("no_change");
        assertThat(codeOf(() -> amend(company, new Amendment.ChangeAddOn(seats, null, 2), Effective.NOW)))
                .isEqualTo("unknown_version");
        for (int quantity : new int[] {0, 101}) {
            assertThat(codeOf(() -> amend(company, new Amendment.ChangeAddOn(seats, quantity, null), Effective.NOW)))
                    .isEqualTo("out_of_range");
        }
        company.does(() -> world.settlement.pause(null));
        assertRefused(Kind.CONFLICT, () -> attach(company, pairs, 2));
        assertRefused(Kind.CONFLICT, () -> amend(company, new Amendment.RemoveAddOn(seats), Effective.NOW));
        assertRefused(Kind.CONFLICT, () -> amend(company, new Amendment.ChangeAddOn(seats, 3, null), Effective.NOW));
        company.does(world.settlement::resume);
        amend(company, new Amendment.Cancel(null), Effective.PERIOD_END);
        assertThat(problemOf(() -> amend(company, new Amendment.RemoveAddOn(seats), Effective.PERIOD_END))
                        .code())
                .as("a cancellation is not displaced")
                .isEqualTo("change_pending");
        assertThat(company.subscription().cancelAtPeriodEnd()).isTrue();
        company.does(() -> world.settlement.cancelNow(null));
        assertThat(problemOf(() -> attach(company, seats, 1)).code()).isEqualTo("no_subscription");
        assertThat(held(company)).isEqualTo(new HeldAddOns(List.of(new HeldAddOns.Item(seats, 1, 2))));
    }

    @Test
    @DisplayName("SUB-12: an add-on goes with a plan that does not take it, and follows another cycle or calendar")
    void withThePlan() {
        Tier gold = shop.open(GOLD);
        Tier silver = shop.open(SILVER);
        String seats = shop.addOn(SEATS, gold);
        String support = shop.addOn(SUPPORT, gold, silver);
        Company company = on(gold);
        attach(company, seats, 2);
        attach(company, support, 1);
        company.on("2026-02-14");
        Amendment yearly = new Amendment.ToPlan(gold, BillingCycle.YEARLY, null);
        assertThat(codeOf(() -> amend(company, yearly, Effective.NOW))).isEqualTo("no_price_for_cycle");
        assertThat(codeOf(() -> amend(company, yearly, Effective.PERIOD_END))).isEqualTo("no_price_for_cycle");
        assertThat(company.subscription().billingCycle()).isEqualTo("monthly");

        assertThat(amend(company, new Amendment.ToPlan(silver, BillingCycle.MONTHLY, null), Effective.NOW))
                .extracting(InvoiceLine::plan, InvoiceLine::amountCents)
                .as("half of the seats back; the support stays as it is")
                .containsExactlyInAnyOrder(
                        tuple(gold.code(), -1_400L), tuple(silver.code(), 700L), tuple(seats, -200L));
        assertThat(held(company).items()).extracting(HeldAddOns.Item::code).containsExactly(support);

        amend(company, new Amendment.ToPlan(gold, BillingCycle.MONTHLY, null), Effective.NOW);
        amend(company, new Amendment.RemoveAddOn(support), Effective.NOW);
        attach(company, seats, 1);
        assertThat(amend(company, yearly, Effective.NOW))
                .filteredOn(line -> line.kind() == InvoiceLine.Kind.ADD_ON)
                .extracting(InvoiceLine::amountCents)
                .containsExactly(-100L, 2_000L);
        company.on("2027-02-15");
        assertThat(charges(company.lastInvoice()))
                .extracting(InvoiceLine::plan, InvoiceLine::amountCents)
                .contains(tuple(gold.code(), 28_000L), tuple(seats, 2_000L));

        amend(company, new Amendment.MoveToDay(1), Effective.NOW);
        assertThat(held(company).item(seats)).isPresent();
        for (Amendment back : List.of(new Amendment.Pause(null), new Amendment.Resume(), new Amendment.Cancel(null))) {
            assertThat(amend(company, back, Effective.NOW))
                    .extracting(InvoiceLine::kind, line -> line.amountCents() < 0)
                    .as(back.toString())
                    .contains(
                            tuple(InvoiceLine.Kind.PLAN, !(back instanceof Amendment.Resume)),
                            tuple(InvoiceLine.Kind.ADD_ON, !(back instanceof Amendment.Resume)));
        }
        assertThat(held(company).item(seats)).isPresent();
    }

    @Test
    @DisplayName("SUB-12: add-ons of a trial cost from its end on; what is backdated is charged from then")
    void trialsAndBackdating() {
        Tier gold = shop.open(GOLD);
        String seats = shop.addOn(SEATS, gold);
        Company company =
                world.open(gold, BillingCycle.MONTHLY, 14, "2026-01-31").withCard(Company.VISA);
        company.on("2026-02-05");
        attach(company, seats, 3);
        assertThat(company.invoices()).isEmpty();
        amend(company, new Amendment.ChangeAddOn(seats, 2, null), Effective.PERIOD_END);
        company.on("2026-02-15");
        assertThat(cents(company.lastInvoice())).containsExactly(400L);
        assertThat(company.subscription().status()).isEqualTo("active");

        company.on("2026-02-28");
        String support = shop.addOn(SUPPORT, gold);
        assertThat(cents(amend(company, new Amendment.AttachAddOn(support, 1), on("2026-02-21"))))
                .as("from the 21st of 14 February to 14 March")
                .containsExactly(4_200L);
        assertThat(codeOf(() -> amend(company, new Amendment.ChangeAddOn(seats, 5, null), on("2026-02-20"))))
                .isEqualTo("period_closed");
    }

    @Test
    @DisplayName("SUB-12: what waits for several add-ons and the plan happens together; what is done at once stands")
    void pending() {
        Tier gold = shop.open(GOLD);
        Tier silver = shop.open(SILVER);
        String seats = shop.addOn(SEATS, gold, silver);
        String support = shop.addOn(SUPPORT, gold, silver);
        String third = shop.addOn(SUPPORT, gold, silver);
        Company company = on(gold);
        attach(company, seats, 4);
        attach(company, support, 1);
        company.on("2026-02-14");
        amend(company, new Amendment.ChangeAddOn(seats, 1, null), Effective.PERIOD_END);
        amend(company, new Amendment.RemoveAddOn(support), Effective.PERIOD_END);
        assertThat(problemOf(() -> amend(company, new Amendment.ChangeAddOn(seats, 1, null), Effective.PERIOD_END))
                        .code())
                .as("so it is had then")
                .isEqualTo("no_change");
        assertRefused(Kind.NOT_FOUND, () -> amend(company, new Amendment.RemoveAddOn(support), Effective.PERIOD_END));
        amend(company, new Amendment.ToPlan(silver, BillingCycle.MONTHLY, null), Effective.PERIOD_END);
        attach(company, third, 1);
        assertThat(problemOf(() -> amend(company, new Amendment.RemoveAddOn(third), on("2026-02-20")))
                        .code())
                .isEqualTo("change_pending");
        company.on("2026-03-01");
        assertThat(company.subscription().tier()).isEqualTo(silver.code());
        assertThat(held(company).items())
                .extracting(HeldAddOns.Item::code, HeldAddOns.Item::quantity)
                .containsExactlyInAnyOrder(tuple(seats, 1), tuple(third, 1));
        assertThat(charges(company.lastInvoice()))
                .extracting(InvoiceLine::plan, InvoiceLine::amountCents)
                .containsExactlyInAnyOrder(tuple(gold.code(), 2_800L), tuple(seats, 200L), tuple(third, 5_600L));

        amend(company, new Amendment.RemoveAddOn(third), Effective.PERIOD_END);
        amend(company, new Amendment.ToPlan(gold, BillingCycle.MONTHLY, null), Effective.NOW);
        assertThat(company.subscription().pending())
                .as("what waits for an add-on outlives another plan")
                .hasValueSatisfying(
                        next -> assertThat(next.addOns().items()).containsExactly(new HeldAddOns.Item(third, 1, 0)));
        amend(company, new Amendment.RemoveAddOn(third), Effective.NOW);
        assertThat(company.subscription().pending()).as("it is done").isEmpty();
    }

    @Test
    @DisplayName("CAT-8: a new price is for who attaches from then on, until one is moved onto it")
    void versions() {
        Tier gold = shop.open(GOLD);
        String seats = shop.addOn(SEATS, gold);
        Company company = on(gold);
        attach(company, seats, 3);
        shop.reprice(
                seats,
                "\"prices\": [{\"billing_cycle\": \"monthly\", \"currency\": \"USD\", \"amount_cents\": 300}]",
                "2026-02-01");
        company.on("2026-03-01");
        assertThat(cents(company.lastInvoice())).containsExactlyInAnyOrder(2_800L, 600L);
        assertThat(codeOf(() -> amend(company, new Amendment.ChangeAddOn(seats, null, 3), Effective.PERIOD_END)))
                .as("not the one that is sold")
                .isEqualTo("unknown_version");
        amend(company, new Amendment.ChangeAddOn(seats, null, 2), Effective.PERIOD_END);
        company.on("2026-04-01");
        assertThat(cents(company.lastInvoice())).as("as many as before").containsExactlyInAnyOrder(2_800L, 900L);
        assertThat(codeOf(() -> amend(company, new Amendment.ToPlan(gold, BillingCycle.YEARLY, null), Effective.NOW)))
                .as("the new version has no price for a year")
                .isEqualTo("no_price_for_cycle");
    }

    @Test
    @DisplayName("SUB-12: of two who attach the same at once one succeeds, and it is charged once")
    void atOnce() {
        Tier gold = shop.open(GOLD);
        String seats = shop.addOn(SEATS, gold);
        Company company = on(gold);
        List<Crowd.Outcome<Object>> outcomes = crowd.atOnce(
                4,
                i -> () ->
                        company.as(() -> world.settlement.amend(new Amendment.AttachAddOn(seats, 2), Effective.NOW)));
        assertThat(outcomes).filteredOn(Crowd.Outcome::succeeded).hasSize(1);
        assertThat(company.totals()).containsExactly(400L);
        assertThat(held(company).item(seats)).isPresent();
    }

    @Test
    @DisplayName("SUB-12: coupons reduce an add-on's line, a note credits it, its revenue is earned over its time")
    void money() {
        Tier gold = shop.open(GOLD);
        String seats = shop.addOn(SEATS, gold);
        Company company = on(gold);
        Coupon coupon = new Coupon(
                World.unique("P"),
                "Off",
                new BigDecimal("50"),
                null,
                null,
                null,
                Set.of(),
                Set.of(InvoiceLine.Kind.ADD_ON.code()),
                0,
                false);
        terms.redeems(company, coupon);
        attach(company, seats, 14);
        InvoiceView invoice = company.lastInvoice();
        assertThat(invoice.totalCents()).isEqualTo(1_400);
        assertThat(company.as(() -> world.ledger.next(new Ledger.Wanted(null, null, null, null, null), null)))
                .flatExtracting(Ledger.Transaction::entries)
                .contains(new Posting.Entry(Account.DEFERRED_REVENUE, 0, 1_400));

        CreditNoteView note = company.credited(invoice.id(), List.of(new CreditNotes.Wanted(1, 700)), Payout.BALANCE);
        assertThat(note.note().amounts().totalCents()).isEqualTo(350);
        company.on("2026-02-14");
        assertThat(cents(amend(company, new Amendment.RemoveAddOn(seats), Effective.NOW)))
                .as("the half that is unused, with the discount that was taken off")
                .containsExactly(-1_400L);
        assertThat(company.as(world.balance::balances))
                .extracting(CustomerBalance.Balance::cents)
                .containsExactly(350L + 700L);
    }
}
