package com.cognitionos.payment.boundary;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.idempotency.boundary.KeyedEffects;
import com.cognitionos.idempotency.boundary.RequestKey;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Amendment.Effective;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.invoicing.boundary.InvoiceView;
import com.cognitionos.invoicing.boundary.Invoices;
import com.cognitionos.invoicing.boundary.PlainMonths;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.LeaseLost;
import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.control.PaymentProvider;
import com.cognitionos.payment.control.Providers;
import com.cognitionos.payment.entity.ChargeOutcome;
import com.cognitionos.rating.entity.CreditNoteAmounts;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import com.cognitionos.tenancy.boundary.Tenants;
import com.cognitionos.tenancy.boundary.TestClocks;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries the caller's tenant through time: what falls due is invoiced and collected, in order. It has no transaction
 * itself, since it calls the provider; every step that it takes is one and is safe to take again.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Settlement {

    private static final Logger LOG = Logger.getLogger(Settlement.class.getName());

    @EJB
    private Billing billing;

    @EJB
    private PlainMonths months;

    @EJB
    private Invoices invoices;

    @EJB
    private Payments payments;

    @EJB
    private Refunds refunds;

    @EJB
    private CreditNotes creditNotes;

    @EJB
    private PaymentMethods methods;

    @EJB
    private Tenants tenants;

    @EJB
    private TestClocks testClocks;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private KeyedEffects effects;

    @EJB
    private Arrears arrears;

    @EJB
    private Lookout lookout;

    @Inject
    private Providers providers;

    /**
     * Does everything that is due up to an instant; a test tenant's clock is there afterwards.
     *
     * @param run the invoice run that counts what is made; null outside one
     */
    public void carryTo(Instant upTo, @Nullable UUID run) {
        recover();
        boolean test = tenants.current().testMode();
        Instant looked = Instant.MIN;
        while (true) {
            Optional<Instant> chased = arrears.nextDue().filter(due -> !due.isAfter(upTo));
            Instant before = chased.orElse(upTo);
            Optional<Instant> look = test ? looks(looked, before) : Optional.empty();
            boolean canPay = methods.defaultMethod().isPresent();
            Optional<Billing.Step> step = billing.next(new Billing.Order(look.orElse(before), canPay, run));
            if (step.isPresent()) {
                collect(step.get().invoice());
            } else if (look.isPresent()) {
                looked = look.get();
                lookout.look(looked);
            } else if (chased.isPresent()) {
                chase(chased.get());
            } else {
                break;
            }
        }
        if (test) {
            testClocks.tick(upTo);
        }
    }

    /**
     * As {@link #carryTo} for an invoice run, of many tenants at once as far as they can be: those whose dues are months'
     * ends at which nothing changes, and of whom nothing is left to finish. For the platform; live tenants only.
     *
     * @return those to go on with one by one
     */
    public List<UUID> carryAllTo(List<UUID> all, Instant upTo, UUID run) {
        Set<UUID> finished = new HashSet<>();
        Set<UUID> next = new TreeSet<>(all);
        while (!next.isEmpty()) {
            next.retainAll(payments.recovered(next));
            if (!next.isEmpty()) {
                next.retainAll(arrears.quiet(next, upTo));
            }
            if (next.isEmpty()) {
                break;
            }
            PlainMonths.Outcome outcome = months.close(next, upTo, run);
            finished.addAll(outcome.finished());
            next.retainAll(outcome.closed());
            next.removeAll(finished);
            collect(outcome.made());
        }
        return all.stream().filter(tenant -> !finished.contains(tenant)).toList();
    }

    private void collect(List<PlainMonths.Made> made) {
        if (made.isEmpty()) {
            return;
        }
        Set<UUID> paying =
                methods.payingByCard(made.stream().map(PlainMonths.Made::tenant).toList());
        Caller platform = Caller.current();
        for (PlainMonths.Made one : made) {
            if (paying.contains(one.tenant())) {
                try {
                    platform.in(one.tenant()).run(() -> collect(one.invoice()));
                } catch (LeaseLost overtaken) {
                    throw overtaken;
                } catch (RuntimeException e) {
                    // The invoice stands; what has no outcome yet is asked again by itself (PAY-10).
                    LOG.log(Level.WARNING, e, () -> "Could not collect invoice " + one.invoice());
                }
            }
        }
    }

    /** At most once an instant: a tenant that goes on using would else hold up its own clock. */
    private Optional<Instant> looks(Instant after, Instant upTo) {
        return lookout.nextDue().filter(at -> at.isAfter(after) && !at.isAfter(upTo));
    }

    /** Does what has fallen due for invoices that could not be collected, and for the cards that should (PAY-18). */
    public void chaseTo(Instant upTo) {
        recover();
        for (Optional<Instant> due = arrears.nextDue();
                due.filter(at -> !at.isAfter(upTo)).isPresent();
                due = arrears.nextDue()) {
            chase(due.get());
        }
    }

    private void chase(Instant due) {
        arrears.next(due).ifPresent(this::charge);
    }

    /** As {@link #chaseTo}, up to now and whoever asks: for somebody who has just added a card and waits. */
    public void chase() {
        Caller.job("settlement").in(Caller.currentTenant()).run(() -> chaseTo(billing.present()));
    }

    /** Finishes what a crash cut off: payments and refunds without an outcome, invoices that were never charged. */
    public void recover() {
        payments.unsettled().forEach(this::charge);
        refunds.unsettled().forEach(this::payBack);
        payments.untried().forEach(this::collect);
    }

    /** Asks what the provider has kept of payments of which that is not known yet (PAY-11). */
    public void learnFees() {
        List<UUID> unknown = new ArrayList<>();
        for (Payments.Attempt paid : payments.withoutFee()) {
            providers
                    .configured(paid.provider())
                    .flatMap(provider -> provider.find(paid.charge()))
                    .map(ChargeOutcome::fee)
                    .ifPresentOrElse(fee -> payments.bear(paid.id(), fee), () -> unknown.add(paid.id()));
        }
        if (!unknown.isEmpty()) {
            payments.feeUnknown(unknown);
        }
    }

    /** The totals in cents of what {@link #carryTo} would invoice. */
    public List<Long> dryRun(Instant upTo) {
        return billing.dryRun(new Billing.Order(upTo, methods.defaultMethod().isPresent(), null));
    }

    /** Starts a subscription and collects what is due in advance. */
    public SubscriptionView subscribe(Tier tier, BillingCycle cycle, String currency, int trialDays) {
        SubscriptionView subscription = triedBefore(Billing.SUBSCRIBED).isPresent()
                ? subscriptions.current()
                : billing.subscribe(tier, cycle, currency, trialDays);
        collectNew();
        return subscription;
    }

    /**
     * Another plan, calendar or state of the subscription; what that costs at once is collected.
     *
     * @throws Problem as {@link Billing#amend}
     */
    public SubscriptionView amend(Amendment amendment, Effective effective) {
        SubscriptionView subscription =
                triedBefore(amendment instanceof Amendment.Cancel ? Billing.ENDED : Billing.CHANGED)
                                .isPresent()
                        ? subscriptions.current()
                        : amended(amendment, effective);
        collectNew();
        return subscription;
    }

    private SubscriptionView amended(Amendment amendment, Effective effective) {
        return caughtUp(() -> billing.amend(amendment, effective));
    }

    /** After all that is due by now. */
    private SubscriptionView caughtUp(Supplier<SubscriptionView> change) {
        catchUp();
        try {
            return change.get();
        } catch (Problem behind) {
            if (!behind.code().equals("billing_behind")) {
                throw behind;
            }
            // A boundary was passed this very moment.
            catchUp();
            return change.get();
        }
    }

    /** Takes back what is to happen by itself, but for what is due by now. @throws Problem CONFLICT when nothing is */
    public SubscriptionView keep() {
        return triedBefore(Billing.CHANGED).isPresent() ? subscriptions.current() : caughtUp(billing::keep);
    }

    /** What {@link #amend} would make. */
    public Billing.Preview preview(Amendment amendment, Effective effective) {
        return billing.preview(amendment, effective, methods.defaultMethod().isPresent());
    }

    /** Ends the subscription now and collects its final invoice. */
    public SubscriptionView cancelNow(@Nullable String reason) {
        return amend(new Amendment.Cancel(reason), Effective.NOW);
    }

    /** Another plan or cycle from now on; what that costs is collected. */
    public SubscriptionView changeNow(Tier tier, BillingCycle cycle, SubscriptionEvent.Kind direction) {
        return amend(new Amendment.ToPlan(tier, cycle, direction), Effective.NOW);
    }

    /** As {@link #changeNow}, when the period ends. */
    public SubscriptionView changeAtPeriodEnd(Tier tier, BillingCycle cycle, SubscriptionEvent.Kind direction) {
        return amend(new Amendment.ToPlan(tier, cycle, direction), Effective.PERIOD_END);
    }

    /** Onto another version of the plan; what that costs at once is collected. One request may move many tenants. */
    public SubscriptionView move(Tier tier, int version, Effective effective) {
        SubscriptionView subscription = amended(new Amendment.ToVersion(tier, version), effective);
        collectNew();
        return subscription;
    }

    public SubscriptionView pause(@Nullable String reason) {
        return amend(new Amendment.Pause(reason), Effective.NOW);
    }

    /** Goes on after a pause; the rest of the period is collected. */
    public SubscriptionView resume() {
        return amend(new Amendment.Resume(), Effective.NOW);
    }

    /** A change of now comes after all that is due by now, which falls due whoever asks. */
    private void catchUp() {
        Caller.job("settlement").in(Caller.currentTenant()).run(() -> carryTo(billing.present(), null));
    }

    /**
     * Collects one invoice now.
     *
     * @throws Problem CONFLICT when it is not open or there is no card, PAYMENT_REQUIRED when the charge fails
     */
    public InvoiceView pay(UUID invoiceId) {
        InvoiceView before = invoices.get(invoiceId);
        if (before.status().equals("paid")
                && triedBefore(Payments.BEGUN).filter(invoiceId::equals).isPresent()) {
            return before;
        }
        if (!Payments.PAYABLE.contains(before.status())) {
            throw Problem.conflict(
                    "wrong_state", "Only an open invoice can be paid; this one is " + before.status() + ".");
        }
        Payments.Attempt attempt = payments.begin(invoiceId).orElse(null);
        if (attempt == null) {
            InvoiceView now = invoices.get(invoiceId);
            if (Payments.PAYABLE.contains(now.status())) {
                throw Problem.conflict("no_payment_method", "Add a payment method first.");
            }
            return now;
        }
        ChargeOutcome outcome = charge(attempt);
        if (!outcome.isSettled()) {
            throw Problem.conflict(
                    "payment_in_progress",
                    "The payment provider has not said yet what became of the payment; it is asked again by itself.",
                    60);
        }
        if (outcome.failed()) {
            throw new Problem(
                    Problem.Kind.PAYMENT_REQUIRED,
                    String.valueOf(outcome.failureCode()),
                    "The card was declined; the invoice stays open.");
        }
        return invoices.get(invoiceId);
    }

    /**
     * Issues a credit note, see {@link CreditNotes#issue}, and pays back what it refunds.
     *
     * @throws Problem as there, and CONFLICT while a payment of the invoice is under way
     */
    public CreditNoteView credit(
            UUID invoice, @Nullable List<CreditNotes.Wanted> lines, String reason, CreditNoteAmounts.Payout payout) {
        UUID note = triedBefore(Refunds.CREDITED).orElseGet(() -> refunds.credit(invoice, lines, reason, payout));
        refunds.unsettled().stream()
                .filter(attempt -> attempt.repayment().creditNote().equals(note))
                .forEach(this::payBack);
        return creditNotes.get(note);
    }

    /** What an earlier try of this very request has done without living to reply (IDP-2). */
    private Optional<UUID> triedBefore(String what) {
        return RequestKey.current().flatMap(key -> effects.noted(what));
    }

    /** What was just made; what is open for longer goes by its own schedule. */
    private void collectNew() {
        payments.untried().forEach(this::collect);
    }

    private void collect(@Nullable UUID invoice) {
        if (invoice != null) {
            payments.beginByItself(invoice).ifPresent(this::charge);
        }
    }

    private ChargeOutcome charge(Payments.Attempt attempt) {
        ChargeOutcome outcome = providers
                .configured(attempt.provider())
                .map(provider -> asked(provider, attempt))
                .orElseGet(ChargeOutcome::unknown);
        payments.settle(attempt.id(), outcome);
        return outcome;
    }

    /** With the same key while the provider must know it, and afterwards never again (PAY-10). */
    private static ChargeOutcome asked(PaymentProvider provider, Payments.Attempt attempt) {
        return attempt.keyLasts() && attempt.charge().providerRef() == null
                ? provider.charge(attempt.charge())
                : provider.find(attempt.charge()).orElseGet(() -> neverArrived("payment", attempt.id(), true));
    }

    private void payBack(Refunds.Attempt attempt) {
        refunds.settle(
                attempt.id(),
                providers
                        .configured(attempt.provider())
                        .map(provider -> asked(provider, attempt))
                        .orElseGet(ChargeOutcome::unknown));
    }

    private static ChargeOutcome asked(PaymentProvider provider, Refunds.Attempt attempt) {
        return attempt.keyLasts() && attempt.repayment().providerRef() == null
                ? provider.refund(attempt.repayment())
                : provider.find(attempt.repayment()).orElseGet(() -> neverArrived("refund", attempt.id(), false));
    }

    private static ChargeOutcome neverArrived(String what, UUID id, boolean retryable) {
        LOG.warning(() -> "The provider has no " + what + " " + id + ", which was asked for a day ago: it failed");
        return ChargeOutcome.failed(null, Payments.NEVER_ARRIVED, null, retryable);
    }
}
