package com.cognitionos.dunning.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.dunning.control.CardNotices;
import com.cognitionos.dunning.control.CardNotices.Notice;
import com.cognitionos.dunning.control.CaseRecords;
import com.cognitionos.dunning.control.DunningLetters;
import com.cognitionos.dunning.entity.DunningCase;
import com.cognitionos.dunning.entity.DunningCase.State;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.boundary.Invoices;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Events;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.payment.boundary.Arrears;
import com.cognitionos.payment.boundary.PaymentMethods;
import com.cognitionos.payment.boundary.Payments;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.tenancy.boundary.Tenants;
import com.cognitionos.tenancy.boundary.TestClocks;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Goes after invoices that could not be collected: what payments tell it of, step by step in the tenant's time. */
@Stateless
@TenantWall
public class Dunning implements Arrears {

    private static final String UNCHARGED = """
            FROM invoices i WHERE i.tenant_id = ? AND i.status = 'open' AND i.due_date IS NOT NULL
                AND NOT EXISTS (SELECT FROM payments p WHERE p.tenant_id = i.tenant_id AND p.invoice_id = i.id)
                AND NOT EXISTS (SELECT FROM dunning_cases c WHERE c.tenant_id = i.tenant_id AND c.invoice_id = i.id)
            """;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private TenantLock locks;

    @Inject
    private AuditLog audit;

    @Inject
    private CaseRecords records;

    @Inject
    private CardNotices notices;

    @Inject
    private DunningLetters letters;

    @Inject
    private Events events;

    @EJB
    private Payments payments;

    @EJB
    private PaymentMethods methods;

    @EJB
    private Invoices invoices;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Tenants tenants;

    @EJB
    private TestClocks testClocks;

    @Override
    public void failed(UUID invoice, UUID card, ChargeOutcome outcome) {
        Instant now = now();
        UUID declined = outcome.retryable() ? null : card;
        DunningCase known = records.ofInvoice(Caller.currentTenant(), invoice).orElse(null);
        if (known == null) {
            begin(invoice, now, outcome.failureCode(), declined);
        } else if (known.state().isOpen()) {
            DunningCase failed = known.declined(outcome.failureCode(), declined);
            records.update(failed);
            if (failed.next() == DunningCase.Next.RETRY && failed.isDue(now)) {
                pass(failed, now, true);
            } else if (known.isCardDue(now)) {
                told(EventType.DUNNING_CASE_RETRY_FAILED, failed);
                letters.failedAgain(failed, invoices.get(invoice));
            }
        }
    }

    @Override
    public boolean takes(UUID invoice, @Nullable Barred barred) {
        if (records.ofInvoice(Caller.currentTenant(), invoice).isPresent()) {
            return true;
        }
        if (tenants.suspendedForNonPaymentSince().isPresent()) {
            join(invoice);
            return true;
        }
        if (barred != null) {
            begin(invoice, now(), barred.code(), barred.card());
        }
        return barred != null;
    }

    @Override
    public boolean isChasing() {
        return records.anyWanted(Caller.currentTenant());
    }

    @Override
    public void settled(boolean behind) {
        Instant now = now();
        List<InvoiceView> paid = new ArrayList<>();
        for (DunningCase open : records.open(Caller.currentTenant())) {
            InvoiceView invoice = invoices.get(open.invoice());
            if (!invoice.status().equals("open")) {
                boolean recovered = invoice.status().equals("paid");
                end(open, recovered ? State.RECOVERED : State.CLOSED, now);
                if (recovered) {
                    paid.add(invoice);
                }
            }
        }
        boolean reactivated = !behind && tenants.reactivatePaid();
        if (!paid.isEmpty() || reactivated) {
            letters.recovered(paid, reactivated);
        }
    }

    @Override
    public void anotherCard() {
        sql.update(
                "UPDATE dunning_cases SET card_at = ? WHERE tenant_id = ? AND state IN ('active', 'exhausted')",
                now(),
                Caller.currentTenant());
    }

    @Override
    public Set<UUID> quiet(Collection<UUID> some, Instant by) {
        Set<UUID> quiet = new HashSet<>(sql.query(
                """
                SELECT t.id FROM unnest(?::uuid[]) AS t (id)
                WHERE NOT EXISTS (SELECT FROM dunning_cases c WHERE c.tenant_id = t.id AND c.state IN ('active', 'exhausted'))
                  AND NOT (? AND EXISTS (SELECT FROM invoices i
                      WHERE i.tenant_id = t.id AND i.status = 'open' AND i.due_date <= ?))""",
                row -> row.getObject("id", UUID.class),
                new Sql.Array("uuid", some.toArray()),
                records.policy().policy().withoutCard(),
                by));
        quiet.removeAll(notices.tenantsDue(quiet, by));
        return quiet;
    }

    @Override
    public Optional<Instant> nextDue() {
        return Stream.of(nextStep(), nextUncharged(), notices.next(now()).map(Notice::at))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    @Override
    public Optional<Payments.Attempt> next(Instant due) {
        // Before any row: whoever pays, withdraws or writes off takes it first too.
        locks.take(TenantLock.Purpose.PAYING);
        if (tenants.current().testMode()) {
            testClocks.pass(due);
        }
        Instant now = now();
        Optional<UUID> uncharged = uncharged(due);
        if (uncharged.isPresent()) {
            return chargeOr(uncharged.get(), null, () -> begin(uncharged.get(), now, null, null));
        }
        Optional<DunningCase> step = records.due(Caller.currentTenant(), due);
        if (step.isPresent()) {
            return take(step.get(), now);
        }
        notices.next(now())
                .filter(notice -> !notice.at().isAfter(due))
                .filter(notice -> notices.sent(notice, now))
                .ifPresent(notice -> {
                    methods.expiring(notice.card());
                    letters.cardEnds(notice);
                });
        return Optional.empty();
    }

    private Optional<Payments.Attempt> take(DunningCase due, Instant now) {
        if (!invoices.get(due.invoice()).status().equals("open")) {
            payments.caughtUp();
            return Optional.empty();
        }
        DunningCase known = payments.barred()
                .map(barred -> due.declined(barred.code(), barred.card()))
                .orElse(due);
        if (due.isCardDue(now)) {
            return chargeOr(due.invoice(), known.declinedCard(), () -> records.update(known.cardTried()));
        }
        if (due.next() == DunningCase.Next.SUSPEND) {
            suspend(due, now);
            return Optional.empty();
        }
        return chargeOr(due.invoice(), known.declinedCard(), () -> pass(known, now, false));
    }

    /** @param declined a card that must not be tried again by itself */
    private Optional<Payments.Attempt> chargeOr(UUID invoice, @Nullable UUID declined, Runnable otherwise) {
        Optional<Payments.Attempt> attempt = methods.defaultMethod()
                .filter(card -> !card.id().equals(declined))
                .flatMap(card -> payments.begin(invoice));
        if (attempt.isEmpty()) {
            otherwise.run();
        }
        return attempt;
    }

    private void begin(UUID id, Instant now, @Nullable String code, @Nullable UUID declined) {
        InvoiceView invoice = invoices.get(id);
        if (!invoice.status().equals("open")) {
            return;
        }
        CaseRecords.Version policy = records.policy();
        DunningCase begun =
                DunningCase.begun(Caller.currentTenant(), id, policy.version(), policy.policy(), now, code, declined);
        open(begun);
        subscriptions.paymentState(true);
        if (code == null) {
            letters.overdue(begun, invoice);
        } else {
            letters.failed(begun, invoice);
        }
    }

    /** To an account that is suspended already there is nothing to say and nothing to be taken from it. */
    private void join(UUID invoice) {
        CaseRecords.Version policy = records.policy();
        open(DunningCase.joined(Caller.currentTenant(), invoice, policy.version(), policy.policy(), now()));
    }

    private void open(DunningCase begun) {
        records.insert(begun);
        audit.record(
                "dunning_case.begun",
                begun.id().toString(),
                null,
                Map.of(
                        "status",
                        begun.state().code(),
                        "invoice_id",
                        begun.invoice(),
                        "policy_version",
                        begun.policyVersion()));
        told(EventType.DUNNING_CASE_BEGUN, begun);
    }

    /** @param tried whether a charge failed just now */
    private void pass(DunningCase due, Instant now, boolean tried) {
        DunningCase passed = due.passed(now);
        records.update(passed);
        InvoiceView invoice = invoices.get(due.invoice());
        if (passed.unpaidAt() == null) {
            told(EventType.DUNNING_CASE_RETRY_FAILED, passed);
            if (tried) {
                letters.failedAgain(passed, invoice);
            } else {
                letters.reminder(passed, invoice);
            }
            return;
        }
        subscriptions.unpaid();
        audit.record(
                "dunning_case.unpaid",
                due.id().toString(),
                Map.of("status", due.state().code()),
                Map.of("status", passed.state().code(), "retries", passed.step()));
        told(EventType.DUNNING_CASE_UNPAID, passed);
        letters.lastNotice(passed, invoice);
    }

    private void suspend(DunningCase due, Instant now) {
        end(due, State.EXHAUSTED, now);
        InvoiceView invoice = invoices.get(due.invoice());
        if (tenants.suspendForNonPayment("Invoice " + invoice.number() + " is unpaid")) {
            letters.suspended(invoice);
        }
    }

    private void end(DunningCase open, State to, Instant now) {
        DunningCase ended = open.ended(to, now);
        records.update(ended);
        audit.record(
                "dunning_case." + to.code(),
                open.id().toString(),
                Map.of("status", open.state().code()),
                Map.of("status", to.code(), "invoice_id", open.invoice()));
        told(
                switch (to) {
                    case RECOVERED -> EventType.DUNNING_CASE_RECOVERED;
                    case EXHAUSTED -> EventType.DUNNING_CASE_EXHAUSTED;
                    default -> EventType.DUNNING_CASE_CLOSED;
                },
                ended);
    }

    private void told(EventType type, DunningCase dunning) {
        events.publish(type, () -> DunningCaseNews.of(dunning, invoices.get(dunning.invoice())));
    }

    private Optional<Instant> nextStep() {
        return earliest("""
                SELECT min(least(c.next_at, c.card_at)) AS at FROM dunning_cases c
                WHERE c.tenant_id = ? AND c.state IN ('active', 'exhausted') AND NOT EXISTS (
                    SELECT FROM payments y WHERE y.tenant_id = c.tenant_id AND y.invoice_id = c.invoice_id
                        AND y.status = 'processing')""");
    }

    private Optional<Instant> nextUncharged() {
        return records.policy().policy().withoutCard()
                ? earliest("SELECT min(i.due_date) AS at " + UNCHARGED)
                : Optional.empty();
    }

    private Optional<UUID> uncharged(Instant due) {
        return records.policy().policy().withoutCard()
                ? sql.queryOne(
                        "SELECT i.id " + UNCHARGED + " AND i.due_date <= ? ORDER BY i.due_date, i.number LIMIT 1",
                        row -> row.getObject("id", UUID.class),
                        Caller.currentTenant(),
                        due)
                : Optional.empty();
    }

    private Optional<Instant> earliest(String statement) {
        return sql.query(statement, row -> Optional.ofNullable(Sql.instant(row, "at")), Caller.currentTenant()).stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Instant now() {
        return clock.now(Caller.currentTenant());
    }
}
