package com.cognitionos.invoicing.boundary;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.idempotency.boundary.KeyedEffects;
import com.cognitionos.invoicing.boundary.Amendment.Effective;
import com.cognitionos.invoicing.control.AddOnChanges;
import com.cognitionos.invoicing.control.CreditedSoFar;
import com.cognitionos.invoicing.control.DueLines;
import com.cognitionos.invoicing.control.FactsOfRecord;
import com.cognitionos.invoicing.control.Finalisation;
import com.cognitionos.invoicing.control.InvoiceTerms;
import com.cognitionos.invoicing.control.PlanChanges;
import com.cognitionos.invoicing.entity.BillingFacts;
import com.cognitionos.invoicing.entity.Invoice;
import com.cognitionos.invoicing.entity.InvoiceCalculator;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.ledger.boundary.RevenueRecognition;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.InvoiceAmounts;
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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
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

    public static final String CHANGED = "change of subscription";

    /** How far ahead something can be arranged. */
    private static final int HORIZON_YEARS = 3;

    @Resource
    private SessionContext session;

    @Inject
    private BusinessClock clock;

    @Inject
    private FactsOfRecord facts;

    @Inject
    private CreditedSoFar credited;

    @Inject
    private PlanChanges changes;

    @Inject
    private AddOnChanges addOnChanges;

    @Inject
    private InvoiceTerms terms;

    @Inject
    private Finalisation finalisation;

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
    private InvoiceRuns runs;

    @EJB
    private RevenueRecognition recognition;

    @EJB
    private PrepaidCredits prepaid;

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
        if (subscription != null && isLetInAgain(subscription)) {
            return Optional.of(reinstate(subscription, order));
        }
        Instant due = subscription == null ? null : subscription.nextDueAt();
        if (subscription == null || due == null || due.isAfter(order.upTo())) {
            recognition.recognise(order.upTo());
            prepaid.expire(order.upTo());
            return Optional.empty();
        }
        TenantView tenant = tenants.current();
        if (tenant.testMode()) {
            testClocks.pass(due);
        }
        recognition.recognise(due);
        prepaid.expire(due);
        return Optional.of(step(due, pass(subscription, due, order.canPay()), order));
    }

    private Step step(Instant at, Optional<Invoice> made, Order order) {
        made.ifPresent(invoice -> count(order.run(), invoice));
        return new Step(
                at,
                made.map(Invoice::id).orElse(null),
                made.map(Invoice::totalCents).orElse(0L));
    }

    /** Its tenant is not suspended any more; a month that is over meanwhile is passed first. */
    private boolean isLetInAgain(Subscription subscription) {
        return subscription.isStopped()
                && subscription.status() != SubscriptionStatus.PAUSED
                && present().isBefore(subscription.usagePeriod().end())
                && tenants.current().suspendedAt() == null;
    }

    /** The rest of the period is charged again (SUB-13). */
    private Step reinstate(Subscription subscription, Order order) {
        Instant now = present();
        SubscriptionEvent event = changes.now(subscription, SubscriptionEvent.Kind.REINSTATED, now);
        return step(now, issueDue(subscription, carryOut(subscription, event)), order);
    }

    private Optional<Invoice> pass(Subscription subscription, Instant due, boolean canPay) {
        if (due.isBefore(subscription.usagePeriod().end())) {
            SubscriptionEvent event = changes.waiting(subscription, due, true);
            if (event == null) {
                subscriptions.passOver(subscription, due);
                return Optional.empty();
            }
            return issueDue(subscription, carryOut(subscription, event));
        }
        return subscription.status() == SubscriptionStatus.TRIALING
                ? endTrial(subscription, canPay)
                : closeMonth(subscription);
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
        invoiceStart(subscription);
        return view;
    }

    /**
     * What a change would make.
     *
     * @param lines invoiced as it takes effect
     * @param waiting what it adds to the invoice of the period's end, where that is when the price is invoiced
     * @param periodEnd of the period in which it takes effect
     */
    public record Preview(
            List<InvoiceLine> lines,
            InvoiceAmounts amounts,
            String currency,
            Instant effectiveAt,
            List<InvoiceLine> waiting,
            Instant periodEnd) {

        /** Negative where more is given back than charged. */
        public long netCents() {
            return InvoiceCalculator.subtotalCents(lines);
        }

        /** Negative where the invoice of the period's end is to be smaller. */
        public long waitingCents() {
            return InvoiceCalculator.subtotalCents(waiting);
        }
    }

    /**
     * What an amendment would make: the lines of the invoice at the instant from which it holds, with the usage that is
     * known now. What is due before is taken as done; nothing of it stays.
     *
     * @param canPay whether a trial that ends before would turn into its plan
     * @throws Problem as {@link #amend}
     */
    public Preview preview(Amendment amendment, Effective effective, boolean canPay) {
        Instant now = clock.now(Caller.currentTenant());
        Order dues = new Order(now, canPay, null);
        while (next(dues).isPresent()) {
            // until nothing is due
        }
        Subscription subscription = live();
        Instant at = instant(subscription, effective, now);
        List<InvoiceLine> lines;
        List<InvoiceLine> waiting = List.of();
        if (at.isAfter(now)) {
            arrange(subscription, amendment, effective, at);
            lines = walkTo(subscription, at, canPay)
                    .map(InvoiceCalculator::lines)
                    .orElse(List.of());
        } else {
            BillingFacts made = carryOut(subscription, event(subscription, amendment, at, now))
                    .facts();
            lines = InvoiceCalculator.lines(made);
            waiting =
                    InvoiceCalculator.waiting(made, subscription.currentPeriod().end());
        }
        DueLines due = credited.due(subscription.id(), lines);
        boolean last = amendment instanceof Amendment.Cancel;
        InvoiceAmounts amounts =
                InvoiceAmounts.of(terms.draft(subscription, due, at, last).draft());
        session.setRollbackOnly();
        return new Preview(
                due.lines(),
                amounts,
                subscription.currency(),
                at,
                waiting,
                subscription.currentPeriod().end());
    }

    /** As the dues on the way would do it, but without their invoices. @return empty where it would change nothing */
    private Optional<BillingFacts> walkTo(Subscription subscription, Instant at, boolean canPay) {
        boolean passed = false;
        for (Instant due = subscription.nextDueAt(); due != null && due.isBefore(at); due = subscription.nextDueAt()) {
            passed = true;
            boolean inside = due.isBefore(subscription.usagePeriod().end());
            if (!inside && subscription.status() == SubscriptionStatus.TRIALING) {
                convert(subscription, canPay);
                continue;
            }
            // Nothing else waits for an instant on the way than the end of a contract and a trial's notice.
            SubscriptionEvent event = changes.waiting(subscription, due, inside);
            if (!inside) {
                subscriptions.monthInvoiced(subscription);
            }
            if (event == null) {
                subscriptions.passOver(subscription, due);
            } else {
                subscriptions.carryOut(subscription, event);
            }
        }
        SubscriptionEvent event = changes.waiting(subscription, at, true);
        BillingFacts made = null;
        if (subscription.status() == SubscriptionStatus.TRIALING
                && at.equals(subscription.currentPeriod().end())) {
            convert(subscription, canPay);
            made = facts.starting(subscription, at);
        } else if (at.equals(subscription.usagePeriod().end())) {
            made = facts.closing(subscription, subscription.usagePeriod(), changes.atMonthEnd(subscription));
        } else if (event != null) {
            made = facts.of(subscription, event);
        }
        return Optional.ofNullable(made == null || !passed ? made : made.withoutBacklog());
    }

    /**
     * Another plan, calendar or state. From now on, or from an instant back that is not settled yet, it makes an invoice of
     * its own: what is unused is given back and what holds instead is charged, and where the month ends with it, the
     * month's overage. Else it waits, in the place of whatever waited before.
     *
     * @throws Problem CONFLICT when it changes nothing, goes the other way, or none is live; INVALID ({@code effective_at})
     *     when the instant is settled or too far ahead
     */
    public SubscriptionView amend(Amendment amendment, Effective effective) {
        Subscription subscription = live();
        Instant now = clock.now(Caller.currentTenant());
        PlanChanges.requireUpToDate(subscription.usagePeriod(), now);
        Instant at = instant(subscription, effective, now);
        if (at.isAfter(now)) {
            arrange(subscription, amendment, effective, at);
        } else {
            issueDue(subscription, carryOut(subscription, event(subscription, amendment, at, now)));
        }
        effects.note(amendment instanceof Amendment.Cancel ? ENDED : CHANGED, subscription.id());
        return subscriptions.view(subscription);
    }

    /** Takes back what is to happen by itself. @throws Problem CONFLICT when nothing is, or something is due by now */
    public SubscriptionView keep() {
        Subscription subscription = live();
        Instant due = subscription.nextDueAt();
        Period open = new Period(subscription.usagePeriod().start(), due == null ? Instant.MAX : due);
        PlanChanges.requireUpToDate(open, clock.now(Caller.currentTenant()));
        SubscriptionView kept = subscriptions.reactivate();
        effects.note(CHANGED, subscription.id());
        return kept;
    }

    private Instant instant(Subscription subscription, Effective effective, Instant now) {
        if (effective instanceof Effective.Now) {
            return now;
        }
        if (effective instanceof Effective.At named) {
            Instant at = named.instant().truncatedTo(ChronoUnit.MICROS);
            if (at.isBefore(now)) {
                PlanChanges.requireOpen(at, facts.openSince(subscription));
            } else if (at.isAfter(
                    now.atZone(ZoneOffset.UTC).plusYears(HORIZON_YEARS).toInstant())) {
                throw Problem.invalid(
                        "effective_at", "out_of_range", "effective_at can be no more than three years ahead");
            }
            return at;
        }
        return subscription.currentPeriod().end();
    }

    private SubscriptionEvent event(Subscription subscription, Amendment amendment, Instant at, Instant now) {
        SubscriptionEvent event;
        if (amendment instanceof Amendment.ToPlan to) {
            event = changes.change(subscription, to.tier(), to.cycle(), at, true);
            if (to.direction() != null) {
                PlanChanges.require(event, to.direction());
            }
        } else if (amendment instanceof Amendment.ToVersion to) {
            event = changes.move(subscription, to.tier(), to.version(), at, !at.isAfter(present()));
        } else if (amendment instanceof Amendment.Cancel cancel) {
            event = changes.now(subscription, SubscriptionEvent.Kind.CANCELED, at)
                    .because(cancel.reason());
        } else if (amendment instanceof Amendment.Pause pause) {
            requireNow(at, now);
            event = changes.now(subscription, SubscriptionEvent.Kind.PAUSED, at).because(pause.reason());
        } else if (amendment instanceof Amendment.Resume) {
            requireNow(at, now);
            event = changes.now(subscription, SubscriptionEvent.Kind.RESUMED, at);
        } else if (amendment instanceof Amendment.OfAddOn one) {
            HeldAddOns.Item item = item(subscription, one, at);
            event = changes.holding(subscription, subscription.addOns().after(HeldAddOns.NONE.with(item)), at);
        } else {
            event = changes.anchor(subscription, anchor(subscription, amendment), at);
        }
        return event.knownAt(now);
    }

    private HeldAddOns.Item item(Subscription subscription, Amendment.OfAddOn amendment, Instant at) {
        if (amendment instanceof Amendment.AttachAddOn attach) {
            return addOnChanges.attached(subscription, attach.code(), attach.quantity(), at);
        }
        return amendment instanceof Amendment.ChangeAddOn change
                ? addOnChanges.changed(subscription, change.code(), change.quantity(), change.version(), at)
                : addOnChanges.removed(subscription, amendment.code(), at);
    }

    private static Anchor anchor(Subscription subscription, Amendment amendment) {
        Anchor anchor = PlanChanges.calendar(subscription);
        return amendment instanceof Amendment.MoveToDay to
                ? anchor.onDay(to.day(), subscription.cycle().cadence())
                : new Anchor(((Amendment.MoveAnchor) amendment).anchor().truncatedTo(ChronoUnit.MICROS), anchor.zone());
    }

    private static void requireNow(Instant at, Instant now) {
        if (!at.equals(now)) {
            throw onlyNow();
        }
    }

    private static Problem onlyNow() {
        return Problem.invalid("effective_at", "out_of_range", "A pause begins and ends at once.");
    }

    private void arrange(Subscription subscription, Amendment amendment, Effective effective, Instant at) {
        Instant named = effective instanceof Effective.At ? at : null;
        if (amendment instanceof Amendment.OfAddOn one) {
            subscriptions.changeAddOnLater(item(subscription, one, at), named);
            return;
        }
        SubscriptionEvent event = event(subscription, amendment, at, at);
        switch (event.kind()) {
            case CANCELED -> subscriptions.cancelLater(named, event.reason());
            case ANCHOR_MOVED -> subscriptions.moveAnchorLater(event.anchor(), named);
            case PAUSED, RESUMED -> throw onlyNow();
            default -> subscriptions.changeLater(changes.plan(event), event.cycle(), named);
        }
    }

    private Subscription live() {
        return subscriptions
                .lockLive()
                .orElseThrow(() -> Problem.conflict("no_subscription", "The tenant has no live subscription."));
    }

    /** An invoice to be made. */
    private record Due(Invoice.Kind kind, Period period, BillingFacts facts) {}

    /** Does it, but for the invoice. */
    private Due carryOut(Subscription subscription, SubscriptionEvent event) {
        BillingFacts made = facts.of(subscription, event);
        Period month = subscription.usagePeriod();
        subscriptions.carryOut(subscription, event);
        return event.kind() == SubscriptionEvent.Kind.CANCELED
                ? new Due(Invoice.Kind.FINAL, PlanChanges.until(month, event.recordedAt()), made)
                : new Due(
                        Invoice.Kind.CHANGE,
                        new Period(event.at(), subscription.currentPeriod().end()),
                        made);
    }

    private Optional<Invoice> endTrial(Subscription subscription, boolean canPay) {
        convert(subscription, canPay);
        return subscription.isLive() ? invoiceStart(subscription) : Optional.empty();
    }

    /** What follows a trial: what waits for its end, its plan, or without a card the free one. */
    private void convert(Subscription subscription, boolean canPay) {
        Instant end = subscription.currentPeriod().end();
        Subscription.Pending next =
                subscription.pending().filter(one -> one.at().equals(end)).orElse(null);
        if (next != null && next.what() == Subscription.Waiting.CANCEL) {
            subscriptions.monthInvoiced(subscription);
            tenants.activate(end);
        } else if (!canPay) {
            subscriptions.endTrial(subscription, plans.fallback(end), BillingCycle.MONTHLY, false);
        } else if (next == null || next.what() == Subscription.Waiting.ANCHOR) {
            subscriptions.endTrial(subscription, changes.after(subscription, end), subscription.cycle(), true);
        } else {
            subscriptions.endTrial(subscription, plans.version(next.tier(), next.planVersion()), next.cycle(), true);
        }
    }

    private Optional<Invoice> invoiceStart(Subscription subscription) {
        Instant start = subscription.currentPeriod().start();
        List<InvoiceLine> lines = InvoiceCalculator.lines(facts.starting(subscription, start));
        return finalisation.issue(
                Ids.next(),
                subscription,
                Invoice.Kind.START,
                subscription.currentPeriod(),
                credited.due(subscription.id(), lines));
    }

    private Optional<Invoice> closeMonth(Subscription subscription) {
        Period month = subscription.usagePeriod();
        SubscriptionEvent next = changes.atMonthEnd(subscription);
        boolean last = next != null && next.kind() == SubscriptionEvent.Kind.CANCELED;
        boolean changesNothing = next == null
                && subscription
                        .pending()
                        .filter(one -> one.at().equals(month.end()))
                        .isPresent();
        Optional<Invoice> made = issueDue(
                subscription,
                last ? Invoice.Kind.FINAL : Invoice.Kind.PERIOD,
                month,
                facts.closing(subscription, month, next));
        subscriptions.monthInvoiced(subscription);
        if (next != null && !last) {
            subscriptions.carryOut(subscription, next);
        } else if (changesNothing) {
            subscriptions.drop(subscription, month.end());
        } else {
            subscriptions.outlast(subscription, month.end());
        }
        return made;
    }

    private Optional<Invoice> issueDue(Subscription subscription, Due due) {
        return issueDue(subscription, due.kind(), due.period(), due.facts());
    }

    private Optional<Invoice> issueDue(Subscription subscription, Invoice.Kind kind, Period period, BillingFacts made) {
        boolean ofMonth = made.month() != null;
        Optional<Invoice> issued = finalisation.issue(
                ofMonth ? subscription.nextInvoiceId() : Ids.next(),
                subscription,
                kind,
                period,
                credited.due(subscription.id(), InvoiceCalculator.lines(made)));
        if (ofMonth && issued.isPresent()) {
            usage.lateSettled(subscription.id(), issued.get().id());
            subscription.invoiceMade();
        }
        return issued;
    }

    private void count(@Nullable UUID run, Invoice invoice) {
        if (run != null) {
            runs.counted(
                    run,
                    List.of(new InvoiceRuns.Counted(
                            invoice.tenantId(), 1, invoice.totalCents(), invoice.currency(), false)));
        }
    }
}
