package com.cognitionos.invoicing.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.idempotency.boundary.KeyedEffects;
import com.cognitionos.invoicing.control.FactsOfRecord;
import com.cognitionos.invoicing.control.InvoiceLines;
import com.cognitionos.invoicing.control.InvoiceNumbers;
import com.cognitionos.invoicing.entity.BillingFacts;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.InvoiceCalculator;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.ledger.boundary.Ledger;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionStatus;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import com.cognitionos.tenancy.boundary.TestClocks;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns what falls due for the caller's tenant into invoices, one boundary and one transaction at a time (INV-6). */
@Stateless
@TenantWall
public class Billing {

    /** What {@link KeyedEffects} knows a subscription by that a request has started, and one that it has ended. */
    public static final String SUBSCRIBED = "subscription";

    public static final String ENDED = "end of subscription";

    @PersistenceContext(unitName = "cognitionos")
    private EntityManager entities;

    @Resource
    private SessionContext session;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private FactsOfRecord facts;

    @Inject
    private InvoiceLines invoiceLines;

    @Inject
    private InvoiceNumbers numbers;

    @Inject
    private AuditLog audit;

    @EJB
    private Plans plans;

    @EJB
    private Tenants tenants;

    @EJB
    private TestClocks testClocks;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Usage usage;

    @EJB
    private Ledger ledger;

    @EJB
    private KeyedEffects effects;

    /** One boundary that was passed, and the invoice it made, if any. */
    public record Step(Instant at, @Nullable UUID invoice, long totalCents) {}

    /** Who a step is made for: the run that counts its invoices, and whether the tenant could pay. */
    public record Order(
            Instant upTo, boolean canPay, @Nullable UUID run) {}

    /** Passes the next boundary up to an instant. @return empty when nothing is due any more */
    public Optional<Step> next(Order order) {
        Subscription subscription = subscriptions.lockLive().orElse(null);
        Instant due = subscription == null ? null : subscription.nextDueAt();
        if (subscription == null || due == null || due.isAfter(order.upTo())) {
            return Optional.empty();
        }
        TenantView tenant = tenants.current();
        if (tenant.testMode()) {
            testClocks.tick(due);
        }
        UUID invoice = null;
        long total = 0;
        List<Invoice> made = subscription.status() == SubscriptionStatus.TRIALING
                ? endTrial(subscription, tenant, order.canPay())
                : closeMonth(subscription, tenant);
        for (Invoice one : made) {
            invoice = one.id();
            total = one.totalCents();
            count(order.run(), one);
        }
        return Optional.of(new Step(due, invoice, total));
    }

    /**
     * What {@link #next} would do up to the instant, to the cent: it is done and rolled back.
     *
     * @return the totals of the invoices, in order
     */
    public List<Long> dryRun(Order order) {
        List<Long> totals = new ArrayList<>();
        for (Optional<Step> step = next(order); step.isPresent(); step = next(order)) {
            if (step.get().invoice() != null) {
                totals.add(step.get().totalCents());
            }
        }
        session.setRollbackOnly();
        return totals;
    }

    /** Starts a subscription and invoices what is due in advance. @throws Problem CONFLICT when one lives already */
    public SubscriptionView subscribe(Tier tier, BillingCycle cycle, int trialDays) {
        SubscriptionView view = subscriptions.create(tier, cycle, trialDays);
        effects.note(SUBSCRIBED, view.id());
        Subscription subscription = subscriptions.lockLive().orElseThrow();
        invoiceStart(subscription, tenants.current());
        return view;
    }

    /**
     * Ends the subscription now, with a final invoice for the running month: its part of the price, all of its overage.
     *
     * @throws Problem CONFLICT when none is live
     */
    public SubscriptionView cancelNow(@Nullable String reason) {
        Subscription subscription = subscriptions
                .lockLive()
                .orElseThrow(() -> Problem.conflict("no_subscription", "The tenant has no live subscription."));
        Instant now = clock.now(Caller.currentTenant());
        Period month = subscription.usagePeriod();
        if (now.isAfter(month.end())) {
            throw Problem.conflict(
                    "billing_behind", "The month before is not invoiced yet; try again after the next run.");
        }
        // What was used at this very instant belongs to the subscription still.
        Instant end = month.start().isBefore(now) ? now : now.plus(1, ChronoUnit.MICROS);
        if (!month.start().isAfter(now)) {
            Period until = new Period(month.start(), end);
            issueMonth(
                    subscription,
                    tenants.current(),
                    Invoice.Kind.FINAL,
                    until,
                    facts.closing(subscription, until, now));
        }
        subscriptions.cancelNow(subscription, now, reason);
        effects.note(ENDED, subscription.id());
        return subscriptions.view(subscription);
    }

    private List<Invoice> endTrial(Subscription subscription, TenantView tenant, boolean canPay) {
        Instant end = subscription.currentPeriod().end();
        if (subscription.cancelsAtPeriodEnd()) {
            subscriptions.monthInvoiced(subscription);
            tenants.activate(end);
            return List.of();
        }
        if (canPay) {
            Plan same = plans.version(subscription.tier(), subscription.planVersion());
            subscriptions.endTrial(subscription, same, subscription.cycle(), true);
        } else {
            subscriptions.endTrial(subscription, plans.onSale(Tier.FREE, end), BillingCycle.MONTHLY, false);
        }
        return invoiceStart(subscription, tenant);
    }

    private List<Invoice> invoiceStart(Subscription subscription, TenantView tenant) {
        Instant start = subscription.currentPeriod().start();
        List<InvoiceLine> lines = InvoiceCalculator.start(facts.termsAt(subscription, start), start);
        return issue(subscription, tenant, Invoice.Kind.START, subscription.currentPeriod(), lines);
    }

    private List<Invoice> closeMonth(Subscription subscription, TenantView tenant) {
        Period month = subscription.usagePeriod();
        boolean last = subscription.cancelsAtPeriodEnd()
                && month.end().equals(subscription.currentPeriod().end());
        BillingFacts closing = facts.closing(subscription, month, last ? month.end() : null);
        List<Invoice> made =
                issueMonth(subscription, tenant, last ? Invoice.Kind.FINAL : Invoice.Kind.PERIOD, month, closing);
        subscriptions.monthInvoiced(subscription);
        return made;
    }

    private List<Invoice> issueMonth(
            Subscription subscription, TenantView tenant, Invoice.Kind kind, Period period, BillingFacts closing) {
        List<InvoiceLine> due = InvoiceCalculator.monthEnd(closing);
        List<InvoiceLine> payable = InvoiceCalculator.withoutCreditThatDoesNotFit(due);
        List<Invoice> made = issue(subscription, tenant, kind, period, payable);
        if (payable.equals(due)) {
            // Otherwise the late usage stays open and its credit is tried again on the next invoice.
            made.forEach(invoice -> usage.lateSettled(subscription.id(), invoice.id()));
        }
        return made;
    }

    /** @return the invoice, or none when every line is 0 (INV-5) */
    private List<Invoice> issue(
            Subscription subscription, TenantView tenant, Invoice.Kind kind, Period period, List<InvoiceLine> lines) {
        if (lines.stream().allMatch(line -> line.amountCents() == 0)) {
            return List.of();
        }
        Instant now = clock.now(Caller.currentTenant());
        Invoice invoice = new Invoice(
                Ids.next(),
                subscription.tenantId(),
                subscription.id(),
                kind,
                period,
                subscription.currency(),
                InvoiceCalculator.subtotalCents(lines),
                tenant.name(),
                tenant.billingEmail(),
                now);
        entities.persist(invoice);
        entities.flush();
        invoiceLines.add(invoice.id(), lines);
        ledger.post(posting(invoice, lines, tenant.testMode(), now));
        invoice.finalise(numbers.next(tenant.testMode(), now), now, tenants.paymentTermsDays());
        entities.flush();
        audit.record(
                "invoice.finalized",
                invoice.id().toString(),
                null,
                Map.of(
                        "number", String.valueOf(invoice.number()),
                        "kind", kind.code(),
                        "total_cents", invoice.totalCents(),
                        "currency", invoice.currency(),
                        "period_start", period.start(),
                        "period_end", period.end()));
        return List.of(invoice);
    }

    private static Posting posting(Invoice invoice, List<InvoiceLine> lines, boolean testMode, Instant at) {
        long deferred = lines.stream()
                .filter(line -> line.kind() == InvoiceLine.Kind.PLAN
                        && line.period().end().isAfter(at))
                .mapToLong(InvoiceLine::amountCents)
                .sum();
        return new Posting.Draft()
                .debit(Account.RECEIVABLE, invoice.totalCents())
                .credit(Account.DEFERRED_REVENUE, deferred)
                .credit(Account.REVENUE, invoice.subtotalCents() - deferred)
                .credit(Account.TAX, invoice.taxCents())
                .as(Posting.Kind.INVOICE_FINALIZED, invoice.id(), invoice.currency(), testMode, at);
    }

    private void count(@Nullable UUID run, Invoice invoice) {
        if (run != null) {
            sql.update("""
                    UPDATE invoice_run_tenants SET invoices = invoices + 1, amount_cents = amount_cents + ?
                    WHERE tenant_id = ? AND run_id = ?""", invoice.totalCents(), invoice.tenantId(), run);
        }
    }
}
