package com.cognitionos.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.alert.boundary.Budgets;
import com.cognitionos.alert.entity.Budget;
import com.cognitionos.alert.entity.Thresholds;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.dunning.boundary.DunningCases;
import com.cognitionos.invoicing.boundary.CreditNotes.Wanted;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.payment.boundary.Disputes.Status;
import com.cognitionos.payment.boundary.Disputes.Told;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import com.cognitionos.tenancy.boundary.Tenants;
import com.cognitionos.tenancy.entity.Slug;
import jakarta.ejb.EJB;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** WHK-2: what an endpoint that wants everything is told, once each and in order. */
@DisplayName("The catalogue of events")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WebhookEventsIT extends InContainer {

    /** All that any of the stories told. */
    private static final Set<String> TOLD = new ConcurrentSkipListSet<>();

    @Inject
    private Terms terms;

    @Inject
    private TransactionalWorkshop workshop;

    @EJB
    private Plans plans;

    @EJB
    private PrepaidCredits prepaid;

    @EJB
    private DunningCases cases;

    private Company company;
    private UUID endpoint;
    private int read;

    /** @param happenedAt by the tenant's clock */
    private record Event(String type, Instant happenedAt, JsonObject data) {}

    private void listens(Company listening) {
        company = listening;
        read = 0;
        endpoint = company.as(() -> world.webhooks.create("https://hooks.example/", "", List.of(), true))
                .view()
                .id();
    }

    @AfterEach
    void hangUp() {
        if (endpoint != null) {
            company.does(() -> world.webhooks.remove(endpoint));
        }
    }

    /** Since it was asked for the last time. */
    private List<Event> told() {
        List<Event> all = owner.query(
                """
                SELECT m.type, m.happened_at, m.payload FROM webhook_deliveries d
                JOIN webhook_events m ON m.tenant_id = d.tenant_id AND m.id = d.event_id
                WHERE d.endpoint_id = ? ORDER BY m.created_at, m.id""",
                row -> {
                    try (JsonReader reader = Json.createReader(new StringReader(row.getString("payload")))) {
                        return new Event(
                                row.getString("type"),
                                Sql.instant(row, "happened_at"),
                                reader.readObject().getJsonObject("data"));
                    }
                },
                endpoint);
        List<Event> fresh = all.subList(read, all.size());
        read = all.size();
        fresh.forEach(one -> {
            TOLD.add(one.type());
            assertThat(one.data().getString("tenant_id", company.id().toString()))
                    .isEqualTo(company.id().toString());
        });
        return fresh;
    }

    private List<String> types() {
        return told().stream().map(Event::type).toList();
    }

    private void finance(Runnable work) {
        World.OPERATOR.in(company.id()).run(work);
    }

    @Test
    @Order(1)
    @DisplayName("A trial: three days before its end; then it lapses, or turns into its plan")
    void trials() {
        listens(world.open(Tier.PRO, BillingCycle.MONTHLY, 14, "2026-01-01T10:00"));
        company.on("2026-01-12T09:59");
        assertThat(types()).isEmpty();
        company.on("2026-01-13");
        List<Event> notice = told();
        assertThat(notice).extracting(Event::type).containsExactly("subscription.trial_will_end");
        assertThat(notice.get(0).happenedAt()).isEqualTo(Dates.at("2026-01-12T10:00"));
        assertThat(notice.get(0).data().getString("trial_end")).isEqualTo("2026-01-15T10:00:00Z");
        assertThat(notice.get(0).data().getString("status")).isEqualTo("trialing");
        company.on("2026-01-15T10:00");
        assertThat(types()).containsExactly("subscription.updated");
        assertThat(company.invoices()).isEmpty();

        hangUp();
        listens(world.open(Tier.PRO, BillingCycle.MONTHLY, 14, "2026-01-01"));
        company.withCard(Company.VISA).on("2026-02-20");
        assertThat(types())
                .containsExactly(
                        "payment_method.added",
                        "subscription.trial_will_end",
                        "subscription.updated",
                        "invoice.finalized",
                        "subscription.renewed",
                        "payment.succeeded",
                        "invoice.paid");
    }

    @Test
    @Order(1)
    @DisplayName("A trial of three days or less: told as it begins, and not again; one that was ended before: never")
    void shortTrials() {
        listens(withoutSubscription("2026-01-01"));
        company.does(() -> world.settlement.subscribe(Tier.PRO, BillingCycle.MONTHLY, "USD", 3));
        assertThat(types()).containsExactly("subscription.created", "subscription.trial_will_end");
        company.on("2026-01-03");
        assertThat(types()).isEmpty();

        hangUp();
        listens(world.open(Tier.PRO, BillingCycle.MONTHLY, 14, "2026-01-01"));
        company.does(() -> world.settlement.cancelNow(null));
        company.on("2026-02-01");
        assertThat(types()).containsExactly("subscription.canceled");
    }

    private Company withoutSubscription(String start) {
        UUID id = UUID.randomUUID();
        Instant at = Dates.at(start);
        World.OPERATOR
                .in(id)
                .run(() -> workshop.together(() -> {
                    world.tenants.create(
                            new Tenants.NewTenant(
                                    "Company of a short trial",
                                    new Slug(World.unique("c")),
                                    "owner@c.example",
                                    "billing@c.example",
                                    ZoneOffset.UTC,
                                    true,
                                    plans.onSale(Tier.PRO, at)),
                            at);
                    world.clocks.start(at);
                }));
        return new Company(world, id);
    }

    @Test
    @Order(1)
    @DisplayName("Dunning: each step with what comes next, to the suspension, and back")
    void dunning() {
        listens(world.open(Tier.PRO, "2026-01-31").withCard(Company.FAILING));
        company.on("2026-02-28");
        List<Event> begun = told();
        assertThat(begun)
                .extracting(Event::type)
                .containsExactly(
                        "invoice.finalized",
                        "subscription.renewed",
                        "payment.failed",
                        "subscription.updated",
                        "dunning_case.begun");
        JsonObject first = begun.get(4).data();
        assertThat(first.getString("invoice_id"))
                .isEqualTo(company.lastInvoice().id().toString());
        assertThat(first.getInt("amount_due_cents")).isEqualTo(4_900);
        assertThat(first.getString("next_step")).isEqualTo("retry");
        assertThat(first.getString("next_at")).isEqualTo("2026-03-01T00:00:00Z");
        assertThat(first.getString("failure_code")).isNotEmpty();

        company.on("2026-03-01");
        assertThat(types()).containsExactly("payment.failed", "dunning_case.retry_failed");
        company.on("2026-03-06");
        assertThat(types())
                .containsExactly(
                        "payment.failed", "dunning_case.retry_failed", "payment.failed", "dunning_case.retry_failed");
        company.on("2026-03-07");
        assertThat(types()).containsExactly("payment.failed", "subscription.updated", "dunning_case.unpaid");
        company.on("2026-03-14");
        List<Event> suspended = told();
        assertThat(suspended).extracting(Event::type).containsExactly("dunning_case.exhausted", "tenant.suspended");
        assertThat(suspended.get(0).data().getString("status")).isEqualTo("exhausted");

        company.withCard(Company.VISA).on("2026-03-14");
        List<Event> recovered = told();
        assertThat(recovered)
                .extracting(Event::type)
                .containsExactly(
                        "payment_method.added",
                        "payment.succeeded",
                        "invoice.paid",
                        "subscription.updated",
                        "dunning_case.recovered",
                        "tenant.reactivated");
        assertThat(recovered.get(4).data().getInt("amount_due_cents")).isZero();
    }

    @Test
    @Order(1)
    @DisplayName("Dunning that ends otherwise: withdrawn, written off, stopped by finance; no card at all")
    void dunningEnds() {
        listens(world.open(Tier.PRO, "2026-01-31").withCard(Company.FAILING));
        company.on("2026-02-28");
        types();
        finance(() -> world.payments.withdraw(company.lastInvoice().id(), "a reason"));
        assertThat(types()).containsExactly("invoice.voided", "subscription.updated", "dunning_case.closed");
        company.on("2026-03-31");
        types();
        finance(() -> world.payments.writeOff(company.lastInvoice().id(), "a reason"));
        assertThat(types()).containsExactly("invoice.written_off", "subscription.updated", "dunning_case.closed");
        company.on("2026-04-30");
        types();
        UUID third = World.OPERATOR.call(() -> cases.list(null, new Page.Request(1, 100))).items().stream()
                .map(DunningCases.CaseView::dunning)
                .filter(one -> one.tenant().equals(company.id()) && one.state().isOpen())
                .findFirst()
                .orElseThrow()
                .id();
        finance(() -> cases.stop(third));
        assertThat(types()).containsExactly("dunning_case.closed");
        company.does(() -> world.methods.list().forEach(card -> world.cards.remove(card.id())));
        assertThat(types()).containsExactly("payment_method.removed");
    }

    @Test
    @Order(1)
    @DisplayName("Money that goes back: notes, refunds that succeed or fail, disputes that are won or lost")
    void moneyBack() {
        listens(world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA));
        company.on("2026-04-01");
        types();
        UUID last = company.lastInvoice().id();
        List<UUID> paid = owner.query(
                "SELECT id FROM payments WHERE tenant_id = ? ORDER BY created_at",
                row -> row.getObject(1, UUID.class),
                company.id());
        String first = World.unique("dp");
        String second = World.unique("dp");
        finance(() -> {
            world.disputes.enter(new Told(first, paid.get(0), 4_900, "fraudulent", Status.OPEN, null));
            world.disputes.enter(new Told(first, paid.get(0), 4_900, "fraudulent", Status.OPEN, null));
            world.disputes.enter(new Told(second, paid.get(1), 100, "duplicate", Status.OPEN, null));
            world.disputes.enter(new Told(first, paid.get(0), 4_900, "fraudulent", Status.LOST, null));
            world.disputes.enter(new Told(first, paid.get(0), 4_900, "fraudulent", Status.LOST, null));
            world.disputes.enter(new Told(second, paid.get(1), 100, "duplicate", Status.WON, null));
        });
        List<Event> disputes = told();
        assertThat(disputes)
                .extracting(Event::type)
                .containsExactly("dispute.opened", "dispute.opened", "dispute.lost", "dispute.won");
        assertThat(disputes.get(2).data().getString("status")).isEqualTo("lost");
        assertThat(disputes.get(2).data().getString("reason")).isEqualTo("fraudulent");
        assertThat(disputes.get(2).data().getString("payment_id"))
                .isEqualTo(paid.get(0).toString());

        company.credited(last, List.of(new Wanted(1, 900)), Payout.REFUND);
        List<Event> back = told();
        assertThat(back)
                .extracting(Event::type)
                .containsExactly("credit_note.issued", "refund.created", "refund.succeeded");
        assertThat(back.get(1).data().getString("status")).isEqualTo("processing");
        assertThat(back.get(2).data().getInt("amount_cents")).isEqualTo(900);

        finance(() -> world.refunds.credit(last, null, "a reason", Payout.REFUND));
        UUID refused = company.as(world.refunds::unsettled).get(0).id();
        finance(() -> world.refunds.settle(refused, ChargeOutcome.failed("re_1", "expired_card", null, false)));
        finance(() -> world.refunds.settle(refused, ChargeOutcome.failed("re_1", "expired_card", null, false)));
        List<Event> failed = told();
        assertThat(failed)
                .extracting(Event::type)
                .containsExactly("credit_note.issued", "refund.created", "refund.failed");
        assertThat(failed.get(2).data().getString("failure_code")).isEqualTo("expired_card");
    }

    @Test
    @Order(1)
    @DisplayName("Prepaid credits that are given, expire or are taken back; a card that ends; a ping")
    void creditsAndCards() {
        listens(world.open(Tier.PRO, "2026-01-31").withCard(Company.VISA).on("2026-02-01"));
        terms.granted(company, PrepaidCredits.Kind.PROMOTIONAL, 100, 0, "2026-02-10");
        UUID voided = terms.granted(company, PrepaidCredits.Kind.PAID, 200, 0, null);
        finance(() -> prepaid.cancel(voided));
        company.on("2026-02-11");
        List<Event> credits = told();
        assertThat(credits)
                .extracting(Event::type)
                .containsExactly(
                        "prepaid_credit.granted",
                        "prepaid_credit.granted",
                        "prepaid_credit.voided",
                        "prepaid_credit.expired");
        assertThat(credits.get(3).data().getInt("ended_cents")).isEqualTo(100);
        assertThat(credits.get(3).data().getString("ended_as")).isEqualTo("expired");

        owner.update("UPDATE payment_methods SET exp_month = 2, exp_year = 2026 WHERE tenant_id = ?", company.id());
        owner.update("UPDATE payment_methods SET created_at = '2026-01-31' WHERE tenant_id = ?", company.id());
        company.on("2026-02-12");
        assertThat(types()).containsExactly("payment_method.expiring");
        company.on("2026-02-27");
        assertThat(types()).isEmpty();
        company.does(() -> world.webhooks.test(endpoint));
        assertThat(types()).containsExactly("webhook.ping");
    }

    @Test
    @Order(1)
    @DisplayName("Usage and spend: each share that is reached, once")
    void alerts() {
        listens(world.open(Tier.PRO, "2026-01-31").on("2026-02-01"));
        company.does(() -> world.budgets.create(
                new Budgets.Wanted("All", Budget.Basis.TOTAL, null, 9_000, new Thresholds(List.of(50)))));
        company.uses("executions", 7_600).on("2026-02-02");
        List<Event> reached = told();
        assertThat(reached)
                .extracting(Event::type)
                .containsExactly("usage.alert_triggered", "usage.alert_triggered", "budget.alert_triggered");
        JsonObject usage = reached.get(1).data();
        assertThat(usage.getString("meter")).isEqualTo("executions");
        assertThat(usage.getInt("threshold_percent")).isEqualTo(75);
        assertThat(usage.getInt("value")).isEqualTo(7_600);
        assertThat(usage.getInt("limit")).isEqualTo(10_000);
        assertThat(usage.getBoolean("refused_above")).isFalse();
        assertThat(usage.getString("period_start")).isEqualTo("2026-01-31T00:00:00Z");
        JsonObject budget = reached.get(2).data();
        assertThat(budget.getInt("amount_cents")).isEqualTo(9_000);
        assertThat(budget.getInt("spent_cents")).isEqualTo(4_900);
        assertThat(budget.getString("basis")).isEqualTo("total");
        company.on("2026-02-20");
        assertThat(types()).isEmpty();

        UsageEvent[] month = LocalDate.parse("2026-01-31")
                .datesUntil(LocalDate.parse("2026-03-05"))
                .map(day -> Company.event(
                        "on-" + day, "tokens", "100", day.atTime(12, 0).toInstant(ZoneOffset.UTC)))
                .toArray(UsageEvent[]::new);
        company.on("2026-03-05");
        told();
        company.sends(month);
        company.uses("tokens", 500).on("2026-03-06");
        Event unlike = told().get(0);
        assertThat(unlike.type()).isEqualTo("usage.anomaly_detected");
        assertThat(unlike.data().getString("direction")).isEqualTo("high");
        assertThat(unlike.data().getInt("value")).isEqualTo(500);
        assertThat(unlike.data().getInt("usual")).isEqualTo(100);
        assertThat(unlike.data().getInt("high")).isEqualTo(200);
        assertThat(unlike.data().getString("day_start")).isEqualTo("2026-03-05T00:00:00Z");
    }

    @Test
    @Order(2)
    @DisplayName("Nothing of the catalogue is left out")
    void theWholeCatalogue() {
        assertThat(TOLD)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(EventType.values()).map(EventType::code).toList());
    }
}
