package com.cognitionos.invoicing.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.credit.boundary.CustomerBalance;
import com.cognitionos.idempotency.boundary.KeyedEffects;
import com.cognitionos.invoicing.control.FactsOfRecord;
import com.cognitionos.invoicing.control.InvoiceLines;
import com.cognitionos.invoicing.control.InvoiceNumbers;
import com.cognitionos.invoicing.control.InvoiceTerms;
import com.cognitionos.invoicing.control.PlanChanges;
import com.cognitionos.invoicing.control.WaitingCharges;
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
import com.cognitionos.ledger.boundary.RevenueRecognition;
import com.cognitionos.ledger.entity.Account;
import com.cognitionos.ledger.entity.Posting;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.rating.entity.InvoiceAmounts;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionEvent;
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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Turns what falls due for the caller's tenant into invoices, one boundary and one transaction at a time (INV-6). */
@Stateless
@TenantWall
public class Billing {

    /** What {@link KeyedEffects} knows a subscription by that a request has started, and one that it has ended. */
    public static final String SUBSCRIBED = "subscription";

    public static final String ENDED = "end of subscription";

    public static final String CHANGED = "change of subscription";

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
    private PlanChanges changes;

    @Inject
    private InvoiceLines invoiceLines;

    @Inject
    private InvoiceTerms terms;

    @Inject
    private InvoiceNumbers numbers;

    @Inject
    private WaitingCharges waitingCharges;

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
    private RevenueRecognition recognition;

    @EJB
    private CustomerBalance balance;

    @EJB
    private KeyedEffects effects;

    /** The tenant's present. */
    public Instant present() {
        return clock.now(Caller.currentTenant());
    }

    /** What the tenant can change to at its present. */
    public List<Plan> plansOnSale() {
        return plans.onSale(present());
    }

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
            recognition.recognise(order.upTo());
            return Optional.empty();
        }
        TenantView tenant = tenants.current();
        if (tenant.testMode()) {
            testClocks.tick(due);
        }
        recognition.recognise(due);
        UUID invoice = null;
        long total = 0;
        List<Invoice> made = subscription.status() == SubscriptionStatus.TRIALING
                ? endTrial(subscription, tenant, order.canPay())
                : closeMonth(subscription);
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
    public SubscriptionView subscribe(Tier tier, BillingCycle cycle, String currency, int trialDays) {
        SubscriptionView view = subscriptions.create(tier, cycle, currency, trialDays);
        effects.note(SUBSCRIBED, view.id());
        Subscription subscription = subscriptions.lockLive().orElseThrow();
        invoiceStart(subscription, tenants.current());
        return view;
    }

    /**
     * Ends the subscription now, with a final invoice: all of the month's overage, less what is unused of the period.
     *
     * @throws Problem CONFLICT when none is live
     */
    public SubscriptionView cancelNow(@Nullable String reason) {
        Subscription subscription = live();
        Instant now = clock.now(Caller.currentTenant());
        Period month = subscription.usagePeriod();
        PlanChanges.requireUpToDate(month, now);
        // What was used at this very instant belongs to the subscription still.
        Instant end = month.start().isBefore(now) ? now : now.plus(1, ChronoUnit.MICROS);
        Period until = new Period(month.start(), end);
        SubscriptionEvent canceled = changes.now(subscription, SubscriptionEvent.Kind.CANCELED, now);
        issueDue(subscription, Invoice.Kind.FINAL, until, facts.closing(subscription, until, canceled));
        subscriptions.cancelNow(subscription, now, reason);
        effects.note(ENDED, subscription.id());
        return subscriptions.view(subscription);
    }

    /** What a change would make. */
    public record Preview(List<InvoiceLine> lines, InvoiceAmounts amounts, String currency, Instant effectiveAt) {

        /** Negative where more is given back than charged. */
        public long netCents() {
            return InvoiceCalculator.subtotalCents(lines);
        }
    }

    /**
     * The lines that a change would make: those of its own invoice, or where it waits for the period's end, what is
     * charged then for the period that begins.
     *
     * @throws Problem CONFLICT when it changes nothing or none is live
     */
    public Preview preview(Tier tier, BillingCycle cycle, boolean atPeriodEnd) {
        Subscription subscription = live();
        Instant now = clock.now(Caller.currentTenant());
        Instant at = atPeriodEnd ? subscription.currentPeriod().end() : now;
        return preview(subscription, changes.change(subscription, tier, cycle, at, !atPeriodEnd), at, atPeriodEnd);
    }

    /** As {@link #preview(Tier, BillingCycle, boolean)}, of a move onto another version of the plan. */
    public Preview previewMove(Tier tier, int version, boolean atPeriodEnd) {
        Subscription subscription = live();
        Instant now = clock.now(Caller.currentTenant());
        Instant at = atPeriodEnd ? subscription.currentPeriod().end() : now;
        return preview(subscription, changes.move(subscription, tier, version, at, !atPeriodEnd), at, atPeriodEnd);
    }

    private Preview preview(Subscription subscription, SubscriptionEvent change, Instant at, boolean atPeriodEnd) {
        BillingFacts made = atPeriodEnd ? facts.changing(subscription, change) : changing(subscription, change);
        List<InvoiceLine> lines = InvoiceCalculator.lines(made);
        InvoiceAmounts amounts = InvoiceAmounts.of(terms.draft(subscription, lines, at));
        session.setRollbackOnly();
        return new Preview(lines, amounts, subscription.currency(), at);
    }

    /**
     * Another plan or cycle from now on. What is unused of the old one is given back and the rest of the period charged at
     * the new price, on an invoice of its own.
     *
     * @throws Problem CONFLICT when it is not a change in that direction or none is live
     */
    public SubscriptionView changeNow(Tier tier, BillingCycle cycle, SubscriptionEvent.Kind direction) {
        Subscription subscription = live();
        Instant now = clock.now(Caller.currentTenant());
        SubscriptionEvent change = changes.change(subscription, tier, cycle, now, true);
        PlanChanges.require(change, direction);
        return changeNow(subscription, change, now);
    }

    /** Onto another version of the plan from now on, settled as {@link #changeNow}. @throws Problem as the preview */
    public SubscriptionView moveNow(Tier tier, int version) {
        Subscription subscription = live();
        Instant now = clock.now(Caller.currentTenant());
        return changeNow(subscription, changes.move(subscription, tier, version, now, true), now);
    }

    /** As {@link #moveNow}, when the period ends. */
    public SubscriptionView moveAtPeriodEnd(Tier tier, int version) {
        Subscription subscription = live();
        Instant at = subscription.currentPeriod().end();
        SubscriptionEvent change = changes.move(subscription, tier, version, at, false);
        return subscriptions.changeAtPeriodEnd(changes.plan(change), subscription.cycle());
    }

    private SubscriptionView changeNow(Subscription subscription, SubscriptionEvent change, Instant now) {
        BillingFacts made = changing(subscription, change);
        Period old = subscription.currentPeriod();
        subscriptions.change(subscription, change, changes.plan(change));
        Period charged = subscription.currentPeriod().equals(old) && now.isBefore(old.end())
                ? new Period(now, old.end())
                : subscription.currentPeriod();
        issueDue(subscription, Invoice.Kind.CHANGE, charged, made);
        effects.note(CHANGED, subscription.id());
        return subscriptions.view(subscription);
    }

    /** As {@link #changeNow}, when the period ends. */
    public SubscriptionView changeAtPeriodEnd(Tier tier, BillingCycle cycle, SubscriptionEvent.Kind direction) {
        Subscription subscription = live();
        Instant at = subscription.currentPeriod().end();
        SubscriptionEvent change = changes.change(subscription, tier, cycle, at, false);
        PlanChanges.require(change, direction);
        return subscriptions.changeAtPeriodEnd(changes.plan(change), cycle);
    }

    /** Gives back what is unused of the period; nothing is charged until {@link #resume}. @throws Problem CONFLICT */
    public SubscriptionView pause(@Nullable String reason) {
        return pause(SubscriptionEvent.Kind.PAUSED, reason);
    }

    /** Charges the rest of the period that is running now. @throws Problem CONFLICT unless it is paused */
    public SubscriptionView resume() {
        return pause(SubscriptionEvent.Kind.RESUMED, null);
    }

    private SubscriptionView pause(SubscriptionEvent.Kind kind, @Nullable String reason) {
        Subscription subscription = live();
        Instant now = clock.now(Caller.currentTenant());
        PlanChanges.requireUpToDate(subscription.usagePeriod(), now);
        BillingFacts made = facts.changing(subscription, changes.now(subscription, kind, now));
        subscriptions.pause(subscription, kind == SubscriptionEvent.Kind.PAUSED, now, reason);
        Instant end = subscription.currentPeriod().end();
        issueDue(subscription, Invoice.Kind.CHANGE, new Period(now, end), made);
        effects.note(CHANGED, subscription.id());
        return subscriptions.view(subscription);
    }

    private Subscription live() {
        return subscriptions
                .lockLive()
                .orElseThrow(() -> Problem.conflict("no_subscription", "The tenant has no live subscription."));
    }

    private BillingFacts changing(Subscription subscription, SubscriptionEvent change) {
        Period month = subscription.usagePeriod();
        PlanChanges.requireUpToDate(month, change.at());
        boolean monthEnds = change.cycle() != subscription.cycle()
                && subscription.status() != SubscriptionStatus.TRIALING
                && month.start().isBefore(change.at());
        return monthEnds
                ? facts.closing(subscription, new Period(month.start(), change.at()), change)
                : facts.changing(subscription, change);
    }

    private List<Invoice> endTrial(Subscription subscription, TenantView tenant, boolean canPay) {
        Instant end = subscription.currentPeriod().end();
        if (subscription.cancelsAtPeriodEnd()) {
            subscriptions.monthInvoiced(subscription);
            tenants.activate(end);
            return List.of();
        }
        if (canPay) {
            Subscription.Pending next = subscription
                    .pending()
                    .orElse(new Subscription.Pending(
                            subscription.tier(), subscription.planVersion(), subscription.cycle()));
            subscriptions.endTrial(subscription, plans.version(next.tier(), next.planVersion()), next.cycle(), true);
        } else {
            subscriptions.endTrial(subscription, plans.fallback(end), BillingCycle.MONTHLY, false);
        }
        return invoiceStart(subscription, tenant);
    }

    private List<Invoice> invoiceStart(Subscription subscription, TenantView tenant) {
        Instant start = subscription.currentPeriod().start();
        List<InvoiceLine> lines = InvoiceCalculator.lines(facts.starting(subscription, start));
        return issue(subscription, tenant, Invoice.Kind.START, subscription.currentPeriod(), lines);
    }

    private List<Invoice> closeMonth(Subscription subscription) {
        Period month = subscription.usagePeriod();
        SubscriptionEvent next = changes.atMonthEnd(subscription);
        boolean last = next != null && next.kind() == SubscriptionEvent.Kind.CANCELED;
        List<Invoice> made = issueDue(
                subscription,
                last ? Invoice.Kind.FINAL : Invoice.Kind.PERIOD,
                month,
                facts.closing(subscription, month, next));
        subscriptions.monthInvoiced(subscription);
        if (next != null && !last) {
            subscriptions.change(subscription, next, changes.plan(next));
        }
        return made;
    }

    private List<Invoice> issueDue(Subscription subscription, Invoice.Kind kind, Period period, BillingFacts made) {
        List<Invoice> issued = issue(subscription, tenants.current(), kind, period, InvoiceCalculator.lines(made));
        if (made.month() != null) {
            issued.forEach(invoice -> usage.lateSettled(subscription.id(), invoice.id()));
        }
        return issued;
    }

    /** @return the invoice, or none when every line is 0 (INV-5) */
    private List<Invoice> issue(
            Subscription subscription, TenantView tenant, Invoice.Kind kind, Period period, List<InvoiceLine> charges) {
        if (charges.stream().allMatch(line -> line.amountCents() == 0)) {
            return List.of();
        }
        Instant now = clock.now(Caller.currentTenant());
        InvoiceAmounts amounts = InvoiceAmounts.of(terms.draft(subscription, charges, now));
        List<InvoiceLine> lines = InvoiceCalculator.settled(charges, amounts.creditToBalanceCents());
        Invoice invoice = new Invoice(
                Ids.next(),
                subscription.tenantId(),
                subscription.id(),
                kind,
                period,
                subscription.currency(),
                amounts,
                terms.buyer(tenant),
                now);
        entities.persist(invoice);
        entities.flush();
        invoiceLines.add(invoice.id(), lines);
        if (lines.stream().anyMatch(line -> line.kind() == InvoiceLine.Kind.CHARGE)) {
            waitingCharges.invoiced(subscription, invoice.id());
        }
        invoiceLines.addAmounts(invoice.id(), amounts.lines());
        long deferred = recognition.defer(
                invoice.id(), invoice.currency(), tenant.testMode(), ahead(amounts, charges, now), now);
        Posting.Draft movements = movements(amounts, deferred);
        if (!movements.isEmpty()) {
            ledger.post(movements.as(
                    Posting.Kind.INVOICE_FINALIZED, invoice.id(), invoice.currency(), tenant.testMode(), now));
        }
        invoice.finalise(numbers.next(tenant.testMode(), now), now, tenants.paymentTermsDays());
        entities.flush();
        carryBalance(invoice, amounts, now);
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

    private void carryBalance(Invoice invoice, InvoiceAmounts amounts, Instant now) {
        long change = amounts.creditToBalanceCents() - amounts.balanceAppliedCents() - amounts.carriedOverCents();
        if (change != 0) {
            balance.enter(invoice.currency(), change, invoice.id(), now);
        }
        if (invoice.amountDueCents() == 0) {
            invoice.settle(now);
            entities.flush();
        }
    }

    /** The lines for a time that is not over, without their discounts and taxes. */
    private static List<RevenueRecognition.Line> ahead(InvoiceAmounts amounts, List<InvoiceLine> charges, Instant at) {
        return IntStream.range(0, charges.size())
                .filter(i -> charges.get(i).kind() == InvoiceLine.Kind.PLAN
                        && charges.get(i).period().end().isAfter(at))
                .mapToObj(i -> new RevenueRecognition.Line(
                        i + 1, amounts.lines().get(i).netCents(), charges.get(i).period()))
                .toList();
    }

    private static Posting.Draft movements(InvoiceAmounts amounts, long deferred) {
        long net = amounts.lines().stream().mapToLong(InvoicedLine::netCents).reduce(0, Math::addExact);
        return new Posting.Draft()
                .debit(Account.RECEIVABLE, amounts.amountDueCents())
                .debit(Account.CUSTOMER_CREDIT, amounts.totalCents() - amounts.amountDueCents())
                .credit(Account.CUSTOMER_CREDIT, amounts.creditToBalanceCents())
                .credit(Account.DEFERRED_REVENUE, deferred)
                .credit(Account.REVENUE, net - deferred)
                .credit(Account.TAX, amounts.taxCents());
    }

    private void count(@Nullable UUID run, Invoice invoice) {
        if (run != null) {
            sql.update("""
                    UPDATE invoice_run_tenants SET invoices = invoices + 1, amount_cents = amount_cents + ?
                    WHERE tenant_id = ? AND run_id = ?""", invoice.totalCents(), invoice.tenantId(), run);
        }
    }
}
