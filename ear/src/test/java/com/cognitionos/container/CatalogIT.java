package com.cognitionos.container;

import static com.cognitionos.container.Problems.assertRefused;
import static com.cognitionos.container.Problems.problemOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.boundary.Catalogue;
import com.cognitionos.catalog.boundary.PlanVersion;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.Problem.Kind;
import com.cognitionos.payment.boundary.VersionMoves;
import com.cognitionos.payment.boundary.VersionMoves.Move;
import com.cognitionos.payment.boundary.VersionMoves.Outcome;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The catalogue as data")
class CatalogIT extends InContainer {

    private static final String GOLD = """
            "name": "Gold",
            "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 2800},
                       {"billing_cycle": "monthly", "currency": "EUR", "amount_cents": 2600}],
            "meters": [
              {"meter": "executions", "included": 100, "prices": [
                {"currency": "USD", "model": "graduated",
                 "tiers": [{"up_to": 100, "unit_cents": 10}, {"unit_cents": 5}]},
                {"currency": "EUR", "model": "per_unit", "unit_cents": 9}]},
              {"meter": "tokens", "included": 0, "prices": [
                {"currency": "USD", "model": "package", "package_size": 1000, "package_cents": 25},
                {"currency": "EUR", "model": "volume", "tiers": [{"up_to": 1000, "unit_cents": 1}, {"unit_cents": 0.5}]}]},
              {"meter": "api_calls", "included": 500}]""";

    @Inject
    private Shop shop;

    @AfterEach
    void close() {
        shop.close();
    }

    private Company on(Tier tier) {
        return world.open(tier, "2026-01-31").withCard(Company.VISA);
    }

    private VersionMoves.Result move(
            Tier tier, int version, boolean atPeriodEnd, boolean dryRun, Company... companies) {
        List<UUID> ids = Arrays.stream(companies).map(Company::id).toList();
        return World.OPERATOR.call(
                () -> shop.moves.move(new VersionMoves.Order(tier, version, ids, null, atPeriodEnd, dryRun)));
    }

    private static String codeOf(ThrowingCallable work) {
        return problemOf(work).errors().get(0).code();
    }

    @Test
    @DisplayName("CAT-6: usage is charged by the model that the plan says, with where the amount comes from")
    void models() {
        Company company = on(shop.open(GOLD));
        company.on("2026-02-10").uses("executions", 350).uses("tokens", 1_500);
        company.on("2026-03-01");

        InvoiceView invoice = company.lastInvoice();
        assertThat(invoice.lines())
                .extracting(InvoiceLine::meter, InvoiceLine::amountCents)
                .containsExactly(tuple(null, 2_800L), tuple("executions", 1_750L), tuple("tokens", 50L));
        assertThat(invoice.lines().get(1).description())
                .isEqualTo("Executions: 250 above the 100 included, 100 at 10 cents, 150 at 5 cents");
        assertThat(invoice.lines().get(2).description())
                .isEqualTo("Tokens: 1,500 above the 0 included, 2 packages at 25 cents");
        assertThat(company.as(world.subscriptions::current).amountCents()).isEqualTo(2_800);
    }

    @Test
    @DisplayName("SUB-8: a subscription in another currency pays the prices of that one, and cannot leave it")
    void currencies() {
        Tier tier = shop.open(GOLD);
        Company company = on(Tier.FREE);
        company.does(() -> world.settlement.cancelNow(null));
        assertThat(codeOf(() -> company.does(() -> world.settlement.subscribe(tier, BillingCycle.MONTHLY, "JPY", 0))))
                .isEqualTo("no_price_in_currency");
        assertThat(codeOf(() -> company.does(() -> world.settlement.subscribe(tier, BillingCycle.YEARLY, "EUR", 0))))
                .isEqualTo("no_price_for_cycle");
        company.does(() -> world.settlement.subscribe(tier, BillingCycle.MONTHLY, "EUR", 0));
        company.on("2026-02-10").uses("executions", 110).uses("tokens", 2_000);
        company.on("2026-03-01");

        InvoiceView invoice = company.lastInvoice();
        assertThat(invoice.currency()).isEqualTo("EUR");
        assertThat(invoice.lines()).extracting(InvoiceLine::amountCents).containsExactly(2_600L, 90L, 1_000L);
        assertThat(codeOf(() -> company.does(() -> world.settlement.changeNow(
                        Tier.TEAM, BillingCycle.MONTHLY, SubscriptionEvent.Kind.DOWNGRADED))))
                .isEqualTo("no_price_in_currency");
        company.does(() ->
                world.settlement.changeAtPeriodEnd(Tier.FREE, BillingCycle.MONTHLY, SubscriptionEvent.Kind.DOWNGRADED));
        company.on("2026-05-01");
        assertThat(company.subscription().tier())
                .as("what costs nothing can be had in any currency")
                .isEqualTo("free");
        assertThat(company.subscription().currency()).isEqualTo("EUR");
    }

    @Test
    @DisplayName("A month is lifted to what was committed to, also by late usage, and kept below the most")
    void commitments() {
        String members = GOLD + """
                , "commitments": [{"currency": "USD", "minimum_cents": 5000, "maximum_cents": 6000}]""";
        Company company = on(shop.open(members));
        company.on("2026-02-10").uses("executions", 350).on("2026-03-01");
        assertThat(company.lastInvoice().lines())
                .extracting(InvoiceLine::kind, InvoiceLine::amountCents)
                .containsExactly(
                        tuple(InvoiceLine.Kind.PLAN, 2_800L),
                        tuple(InvoiceLine.Kind.OVERAGE, 1_750L),
                        tuple(InvoiceLine.Kind.COMMITMENT, 450L));

        company.on("2026-03-05").used("executions", 40, "2026-02-20").uses("executions", 1_000);
        company.on("2026-04-01");
        assertThat(company.lastInvoice().lines())
                .extracting(InvoiceLine::kind, InvoiceLine::amountCents)
                .as("late usage takes the place of what was lifted")
                .containsExactly(
                        tuple(InvoiceLine.Kind.PLAN, 2_800L),
                        tuple(InvoiceLine.Kind.OVERAGE, 5_000L),
                        tuple(InvoiceLine.Kind.COMMITMENT, -1_800L),
                        tuple(InvoiceLine.Kind.ADJUSTMENT, 200L),
                        tuple(InvoiceLine.Kind.ADJUSTMENT, -200L));
        assertThat(company.totals()).containsExactly(5_000L, 6_000L);
    }

    @Test
    @DisplayName("INV-18: of a month that was kept to its most, notes and corrections give back what was paid, once")
    void notesBesideTheMost() {
        Company company = on(shop.open(GOLD + ", \"commitments\": [{\"currency\": \"USD\", \"maximum_cents\": 6000}]"));
        company.on("2026-02-10").sends(Company.event("much", "executions", "1000", Dates.at("2026-02-10")));
        company.on("2026-03-01");
        UUID month = company.lastInvoice().id();
        assertThat(company.as(() -> world.creditNotes.creditable(month)).lines())
                .extracting(CreditNotes.LineLeft::position, CreditNotes.LineLeft::leftCents)
                .as("the plan, and of 5,000 for usage what the most has left")
                .containsExactly(tuple(1, 2_800L), tuple(2, 3_200L));
        assertThat(codeOf(() -> company.credited(month, List.of(new CreditNotes.Wanted(2, 5_000)), Payout.BALANCE)))
                .isEqualTo("exceeds_invoice");
        assertThat(company.credited(month, List.of(new CreditNotes.Wanted(2, 3_200)), Payout.BALANCE)
                        .note()
                        .amounts()
                        .totalCents())
                .isEqualTo(3_200);
        company.on("2026-03-05").does(() -> world.retractions.retract("much"));
        company.on("2026-04-01");
        assertThat(company.lastInvoice().lines())
                .as(
                        "of the usage that is taken back the note gave back what was paid, and the most takes off nothing now")
                .extracting(InvoiceLine::kind, InvoiceLine::amountCents)
                .containsExactly(
                        tuple(InvoiceLine.Kind.PLAN, 2_800L),
                        tuple(InvoiceLine.Kind.ADJUSTMENT, -1_800L),
                        tuple(InvoiceLine.Kind.ADJUSTMENT, 1_800L));
        assertThat(owner.count(
                        "SELECT count(*) FROM invoice_line_credits WHERE tenant_id = ? AND ahead AND cents = 1800",
                        company.id()))
                .as("the most of its usage, and the usage of what the most gave back")
                .isEqualTo(2);
        assertThat(owner.refusal("UPDATE invoice_line_credits SET cents = 1 WHERE tenant_id = ?", company.id()))
                .as("integrity constraint violation")
                .isEqualTo("23000");
    }

    @Test
    @DisplayName("The grain is the plan's: by days, half a day is not counted")
    void grain() {
        Company bySecond = on(shop.open(GOLD));
        Company byDay = on(shop.open(GOLD + ", \"grain\": \"day\""));
        for (Company company : List.of(bySecond, byDay)) {
            company.on("2026-02-14T12:00").does(() -> world.settlement.cancelNow(null));
        }
        assertThat(bySecond.totals()).containsExactly(1_450L);
        assertThat(byDay.totals()).containsExactly(1_400L);
    }

    @Test
    @DisplayName("CAT-2, CAT-5: what is sold never changes and one version is sold at a time, in the database too")
    void versions() {
        Tier tier = shop.open(GOLD);
        Company early = on(tier);
        int second = shop.draft(tier, "\"name\": \"Gold 2\"");
        World.OPERATOR.run(() -> {
            assertThat(shop.plans.find(tier, second)).as("a draft is nobody's").isEmpty();
            shop.catalogue.change(
                    tier, second, Shop.document(GOLD.replace("2800", "5600").replace("Gold", "Gold 2")));
        });
        shop.publish(tier, second, "2026-03-01");
        World.OPERATOR.run(() -> {
            assertThat(shop.catalogue.version(tier, 1).validTo()).isEqualTo(Dates.at("2026-03-01"));
            assertThat(shop.plans.onSale(tier, Dates.at("2026-02-28")).version())
                    .isEqualTo(1);
            assertThat(shop.plans.onSale(tier, Dates.at("2026-03-01")).version())
                    .isEqualTo(second);
            assertRefused(Kind.CONFLICT, () -> shop.catalogue.change(tier, second, Shop.document(GOLD)));
        });
        int third = shop.draft(tier, "\"name\": \"Gold 3\"");
        for (String from : List.of("2026-01-15", "2026-03-01", "2025-06-01")) {
            assertThat(codeOf(() -> shop.publish(tier, third, from))).as(from).isEqualTo("validity_overlap");
        }
        assertThat(World.OPERATOR
                        .call(() -> shop.catalogue.version(tier, third))
                        .status())
                .isEqualTo(PlanVersion.Status.DRAFT);
        assertThat(World.OPERATOR.call(() -> shop.catalogue.version(tier, 1)).validTo())
                .as("a refusal changes nothing")
                .isEqualTo(Dates.at("2026-03-01"));
        assertThat(owner.refusal(
                        "UPDATE plan_versions SET terms = terms || '{\"custom\": true}' WHERE tier = ? AND version = 1",
                        tier.code()))
                .isEqualTo("23000");
        assertThat(owner.refusal("DELETE FROM plan_versions WHERE tier = ?", tier.code()))
                .isEqualTo("23000");
        assertThat(owner.refusal(
                        "UPDATE plan_versions SET status = 'published', valid_from = '2026-02-01Z' WHERE tier = ? AND version = ?",
                        tier.code(),
                        third))
                .as("an overlap")
                .isEqualTo("23P01");

        World.OPERATOR.run(() -> shop.catalogue.archive(tier, second));
        assertThat(codeOf(() -> World.OPERATOR.run(() -> shop.plans.onSale(tier, Dates.at("2026-04-01")))))
                .isEqualTo("unknown_tier");
        assertRefused(Kind.CONFLICT, () -> move(tier, second, false, true, early));
        early.on("2026-04-01");
        assertThat(early.totals()).as("who has a version keeps it").containsExactly(2_800L, 2_800L);
    }

    @Test
    @DisplayName("CAT-5: of two who publish at once for the same time one is refused")
    void publishingAtOnce() {
        Tier tier = shop.open(GOLD);
        int[] drafts = {shop.draft(tier, "\"name\": \"A\""), shop.draft(tier, "\"name\": \"B\"")};
        List<Crowd.Outcome<PlanVersion>> outcomes = crowd.atOnce(
                2,
                i -> () -> World.OPERATOR.call(
                        () -> shop.catalogue.publish(tier, drafts[i], Dates.at("2026-06-01"), null)));
        assertThat(outcomes).filteredOn(Crowd.Outcome::succeeded).hasSize(1);
        outcomes.stream()
                .filter(Crowd.Outcome::succeeded)
                .forEach(done -> World.OPERATOR.run(
                        () -> shop.catalogue.archive(tier, done.result().plan().version())));
    }

    @Test
    @DisplayName("SUB-9, PAY-5: subscriptions are moved one by one, as previewed; one that fails holds nobody else up")
    void moves() {
        Tier tier = shop.open(GOLD);
        Company now = on(tier).on("2026-02-14");
        Company later = on(tier).on("2026-02-14");
        Company leaving = on(tier).on("2026-02-14");
        leaving.does(() -> world.settlement.amend(new Amendment.Cancel(null), Amendment.Effective.PERIOD_END));
        Company gone = on(tier);
        gone.does(() -> world.settlement.cancelNow(null));
        int second = shop.draft(tier, """
                "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 5600}],
                "meters": []""");
        shop.publish(tier, second, "2026-03-01");

        VersionMoves.Result dry = move(tier, second, false, true, now, gone);
        assertThat(dry.moves())
                .extracting(Move::outcome, Move::code)
                .containsExactly(tuple(Outcome.PREVIEWED, null), tuple(Outcome.FAILED, "no_subscription"));
        assertThat(dry.moves().get(0).preview().lines())
                .as("what is due at the month's end is not charged at once")
                .isEmpty();
        assertThat(now.subscription().planVersion())
                .as("a dry run moves nobody")
                .isEqualTo(1);

        assertThat(move(tier, second, false, false, gone, now, leaving).moves())
                .extracting(Move::outcome)
                .containsExactly(Outcome.FAILED, Outcome.MOVED, Outcome.MOVED);
        assertThat(now.invoices()).isEmpty();
        assertThat(now.subscription().planVersion()).isEqualTo(second);
        assertThat(now.as(() -> world.subscriptions.history(now.subscription().id())))
                .extracting(SubscriptionEvent::kind)
                .endsWith(SubscriptionEvent.Kind.MOVED);
        assertThat(leaving.subscription().cancelAtPeriodEnd())
                .as("what was wanted stays")
                .isTrue();
        assertThat(move(tier, second, false, false, now).moves())
                .extracting(Move::outcome)
                .containsExactly(Outcome.UNCHANGED);

        assertThat(move(tier, second, true, false, later).moves())
                .extracting(Move::outcome)
                .containsExactly(Outcome.SCHEDULED);
        assertThat(later.subscription().planVersion()).isEqualTo(1);
        now.on("2026-03-01");
        assertThat(now.lastInvoice().lines())
                .extracting(InvoiceLine::description, InvoiceLine::amountCents)
                .containsExactlyInAnyOrder(
                        tuple("Gold plan, a month", 2_800L),
                        tuple("Unused time of the Gold plan, a month", -1_400L),
                        tuple("Gold plan, a month, part of the period", 2_800L));
        assertThat(now.lastInvoice().status()).isEqualTo("paid");
        later.on("2026-04-01");
        assertThat(later.totals()).containsExactly(2_800L, 5_600L);
        assertThat(later.subscription().planVersion()).isEqualTo(second);
        assertThat(later.subscription().pending()).isEmpty();
    }

    @Test
    @DisplayName("PAY-5: all of a version are moved, those apart that cannot be")
    void movesOfAVersion() {
        Tier tier = shop.open(GOLD);
        Company dollars = on(tier);
        Company euros = on(Tier.FREE);
        euros.does(() -> world.settlement.cancelNow(null));
        euros.does(() -> world.settlement.subscribe(tier, BillingCycle.MONTHLY, "EUR", 0));
        int second = shop.draft(tier, """
                "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 2900}], "meters": []""");
        shop.publish(tier, second, "2026-03-01");
        VersionMoves.Result result = World.OPERATOR.call(
                () -> shop.moves.move(new VersionMoves.Order(tier, second, List.of(), 1, true, false)));
        assertThat(result.moves())
                .extracting(Move::tenant, Move::outcome, Move::code)
                .containsExactlyInAnyOrder(
                        tuple(dollars.id(), Outcome.SCHEDULED, null),
                        tuple(euros.id(), Outcome.FAILED, "no_price_in_currency"));
        assertThat(result.more()).isFalse();
    }

    @Test
    @DisplayName("INV-13: a charge of once is on the next invoice as previewed, and on no other")
    void charges() {
        Company company = on(Tier.PRO);
        shop.charge(company, "Set-up", 12_345);
        UUID mistake = shop.charge(company, "A mistake", 1).id();
        World.OPERATOR.in(company.id()).run(() -> shop.charges.remove(mistake));
        long previewed = company.as(() -> world.settlement.preview(
                        new Amendment.ToPlan(Tier.TEAM, BillingCycle.MONTHLY, null), Amendment.Effective.NOW))
                .netCents();
        company.on("2026-02-14");
        company.does(
                () -> world.settlement.changeNow(Tier.TEAM, BillingCycle.MONTHLY, SubscriptionEvent.Kind.UPGRADED));
        InvoiceView change = company.lastInvoice();
        assertThat(change.lines())
                .extracting(InvoiceLine::kind, InvoiceLine::amountCents, InvoiceLine::description)
                .contains(tuple(InvoiceLine.Kind.CHARGE, 12_345L, "Set-up"))
                .hasSize(3);
        assertThat(previewed).isEqualTo(19_900 - 4_900 + 12_345);
        assertThat(change.status()).isEqualTo("paid");
        UUID invoiced = World.OPERATOR
                .in(company.id())
                .call(() -> shop.charges.list(10))
                .get(0)
                .id();
        World.OPERATOR.in(company.id()).run(() -> assertRefused(Kind.CONFLICT, () -> shop.charges.remove(invoiced)));
        assertThat(owner.refusal("DELETE FROM one_off_charges WHERE id = ?", invoiced))
                .isEqualTo("23000");
        company.on("2026-03-01");
        assertThat(company.totals()).containsExactly(7_500L + 12_345, 4_900L);
        assertRefused(Kind.INVALID, () -> shop.charge(company, "Nothing", 0));
    }

    @Test
    @DisplayName("CAT-7: a contract is for its tenant alone")
    void contracts() {
        Tier tier = shop.open(GOLD);
        Company own = on(tier);
        Company other = on(tier);
        PlanVersion contract = World.OPERATOR.call(
                () -> shop.catalogue.agree(new Catalogue.Contract(own.id(), tier, 1, Shop.document("""
                        "name": "Gold for one",
                        "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 1000}]"""), null, null)));
        int version = contract.plan().version();
        assertThat(contract.plan().meters())
                .as("what it does not say is as before")
                .hasSize(3);

        assertThat(own.as(() -> shop.plans.find(tier, version))).isPresent();
        assertThat(other.as(() -> shop.plans.find(tier, version))).isEmpty();
        assertThat(other.as(() -> probe.look("SELECT 1 FROM plan_contracts"))).isEqualTo("rows:0");
        assertThat(other.as(() -> probe.look(
                        "SELECT 1 FROM plan_versions WHERE tier = ? AND version = ? AND terms IS NOT NULL",
                        tier.code(),
                        version)))
                .isEqualTo("rows:0");
        assertThat(World.OPERATOR
                        .call(() -> shop.plans.onSale(tier, Dates.at("2026-03-01")))
                        .version())
                .as("it is not sold")
                .isEqualTo(1);

        assertThat(move(tier, version, true, false, other, own).moves())
                .extracting(Move::outcome, Move::code)
                .containsExactly(tuple(Outcome.FAILED, "unknown_version"), tuple(Outcome.SCHEDULED, null));
        own.on("2026-04-01");
        other.on("2026-04-01");
        assertThat(own.totals()).containsExactly(2_800L, 1_000L);
        assertThat(other.totals()).containsExactly(2_800L, 2_800L);
        assertThat(own.as(world.settings::current).maxUsers()).isEqualTo(10);
        assertThat(owner.refusal("UPDATE plan_contracts SET version = version WHERE tenant_id = ?", own.id()))
                .isEqualTo("23000");
        assertThat(codeOf(() -> World.OPERATOR.run(() ->
                        shop.catalogue.agree(new Catalogue.Contract(other.id(), tier, version, Map.of(), null, null)))))
                .as("based on another's")
                .isEqualTo("unknown_version");
        Catalogue.Contract over =
                new Catalogue.Contract(own.id(), tier, 1, Map.of(), Dates.at("2025-01-01"), Dates.at("2025-06-01"));
        int past = World.OPERATOR.call(() -> shop.catalogue.agree(over)).plan().version();
        assertThat(move(tier, past, false, false, own).moves())
                .extracting(Move::code)
                .containsExactly("not_valid");
    }

    @Test
    @DisplayName("CAT-7, SUB-9: a contract that ends leaves what is sold then, announced, previewed and in order")
    void contractEnds() {
        Tier tier = shop.open(GOLD);
        Company inside = agreed(tier, "2026-03-14");
        Company atBoundary = agreed(tier, "2026-03-31");
        Company leaving = agreed(tier, "2026-03-31");
        Company paused = agreed(tier, "2026-03-14");
        assertThat(inside.subscription().pending()).hasValueSatisfying(next -> {
            assertThat(next.what()).isEqualTo(Subscription.Waiting.CONTRACT_END);
            assertThat(next.at()).isEqualTo(Dates.at("2026-03-14"));
            assertThat(next.planVersion()).isEqualTo(1);
        });
        assertThat(problemOf(() -> inside.does(world.settlement::keep)).code())
                .as("nobody takes it back")
                .isEqualTo("wrong_state");
        Amendment.Effective end = Amendment.Effective.at(Dates.at("2026-03-31"));
        leaving.does(() -> world.settlement.amend(new Amendment.Cancel(null), end));
        paused.does(() -> world.settlement.pause(null));
        Billing.Preview afterwards = inside.as(
                () -> world.settlement.preview(new Amendment.ToPlan(Tier.FREE, BillingCycle.MONTHLY, null), end));

        for (Company company : List.of(inside, atBoundary, leaving, paused)) {
            company.on("2026-05-01");
        }
        // 17 of 31 days by the published price, invoiced as the month ends.
        assertThat(cents(inside, 1)).containsExactlyInAnyOrder(1_000L, -548L, 1_535L);
        assertThat(afterwards.lines())
                .extracting(InvoiceLine::amountCents)
                .as("what was known before of that month")
                .containsExactlyInAnyOrder(1_000L, -548L, 1_535L);
        assertThat(inside.totals()).containsExactly(1_000L, 1_987L, 2_800L);
        assertThat(history(inside)).last().satisfies(entry -> {
            assertThat(entry.kind()).isEqualTo(SubscriptionEvent.Kind.MOVED);
            assertThat(entry.at()).isEqualTo(Dates.at("2026-03-14"));
            assertThat(entry.reason()).isEqualTo("the contract ended");
        });
        assertThat(inside.subscription().pending()).isEmpty();
        assertThat(atBoundary.totals()).containsExactly(1_000L, 1_000L, 2_800L);
        assertThat(leaving.totals()).containsExactly(1_000L, 1_000L);
        assertThat(leaving.subscription().status()).isEqualTo("canceled");
        assertThat(paused.subscription().status()).isEqualTo("paused");
        assertThat(paused.subscription().planVersion()).isEqualTo(1);
    }

    @Test
    @DisplayName("SUB-9: where nothing is sold in its place, a subscription stays on the contract that has ended")
    void contractWithoutSuccessor() {
        Tier tier = shop.open(GOLD);
        Company company = agreed(tier, "2026-03-14");
        int contract = company.subscription().planVersion();
        World.OPERATOR.run(() -> shop.catalogue.archive(tier, 1));
        assertThat(company.subscription().pending()).isEmpty();
        company.on("2026-05-01");
        assertThat(company.totals()).containsExactly(1_000L, 1_000L, 1_000L);
        assertThat(company.subscription().planVersion()).isEqualTo(contract);
    }

    /** On a contract from the start on, up to that day. */
    private Company agreed(Tier tier, String until) {
        Company company = on(tier);
        int version = World.OPERATOR
                .call(() -> shop.catalogue.agree(
                        new Catalogue.Contract(company.id(), tier, 1, Shop.document("""
                        "prices": [{"billing_cycle": "monthly", "currency": "USD", "amount_cents": 1000}]"""), null, Dates.at(until))))
                .plan()
                .version();
        move(tier, version, false, false, company);
        return company.on("2026-02-10");
    }

    private static List<Long> cents(Company company, int invoice) {
        return company.invoices().get(invoice).lines().stream()
                .map(InvoiceLine::amountCents)
                .toList();
    }

    private List<SubscriptionEvent> history(Company company) {
        return company.as(
                () -> world.subscriptions.history(company.subscription().id()));
    }
}
