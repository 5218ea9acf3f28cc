package com.cognitionos.subscription.entity;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Period;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A plan that a tenant has, from its start or trial to its cancellation. Billing walks it from boundary to boundary:
 * the end of the trial, then the end of each usage month; every twelfth month of a yearly plan is also the end of the
 * period that its price covers. One change, cancellation or move of the calendar can wait for an instant on the way.
 */
@Entity
@Table(name = "subscriptions")
public class Subscription {

    /** What can wait for its day. */
    public enum Waiting {
        CHANGE,
        CANCEL,
        ANCHOR,
        /** Its contract ends; nobody has to ask for that, and nobody can take it back. */
        CONTRACT_END;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What happens by itself.
     *
     * @param at when, as far as is known now: the end of the period moves with the calendar
     * @param tier of the plan that it is on from then on, as the version and the cycle
     * @param anchor what periods are counted from then; null where that stays
     * @param reason that was given for it
     * @param addOns those that are had differently from then on, 0 of one that goes
     */
    public record Pending(
            Waiting what,
            Instant at,
            Tier tier,
            int planVersion,
            BillingCycle cycle,
            @Nullable Instant anchor,
            @Nullable String reason,
            HeldAddOns addOns) {}

    /** How long before a trial's end the tenant is told of it, by its calendar. */
    private static final java.time.Period TRIAL_NOTICE = java.time.Period.ofDays(3);

    @Id
    private UUID id;

    @Column(name = "tenant_id")
    private UUID tenantId;

    private String tier;

    @Column(name = "plan_version")
    private int planVersion;

    @Column(name = "billing_cycle")
    private String billingCycle;

    private String currency;
    private String status;

    @Column(name = "time_zone")
    private String timeZone;

    private Instant anchor;

    @Column(name = "current_period_start")
    private Instant currentPeriodStart;

    @Column(name = "current_period_end")
    private Instant currentPeriodEnd;

    @Column(name = "usage_period_start")
    private Instant usagePeriodStart;

    @Column(name = "usage_period_end")
    private Instant usagePeriodEnd;

    @Column(name = "next_due_at")
    private @Nullable Instant nextDueAt;

    @Column(name = "trial_notice_at")
    private @Nullable Instant trialNoticeAt;

    @Column(name = "next_invoice_id")
    private UUID nextInvoiceId;

    @Column(name = "trial_start")
    private @Nullable Instant trialStart;

    @Column(name = "trial_end")
    private @Nullable Instant trialEnd;

    @Column(name = "canceled_at")
    private @Nullable Instant canceledAt;

    @Column(name = "ended_at")
    private @Nullable Instant endedAt;

    @Column(name = "pending_action")
    private @Nullable String pendingAction;

    @Column(name = "pending_at")
    private @Nullable Instant pendingAt;

    @Column(name = "pending_anchor")
    private @Nullable Instant pendingAnchor;

    @Column(name = "pending_reason")
    private @Nullable String pendingReason;

    @Column(name = "pending_tier")
    private @Nullable String pendingTier;

    @Column(name = "pending_plan_version")
    private @Nullable Integer pendingPlanVersion;

    @Column(name = "pending_billing_cycle")
    private @Nullable String pendingBillingCycle;

    @Column(name = "add_ons")
    private String addOns = HeldAddOns.NONE.text();

    @Column(name = "pending_add_ons")
    private @Nullable String pendingAddOns;

    @Column(name = "terms_end")
    private @Nullable Instant termsEnd;

    private boolean stopped;

    @Column(name = "past_due_since")
    private @Nullable Instant pastDueSince;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "updated_at")
    private Instant updatedAt;

    @Version
    private long version;

    /** For JPA. */
    protected Subscription() {}

    private Subscription(
            UUID id, UUID tenantId, Plan plan, BillingCycle cycle, String currency, ZoneId zone, Instant at) {
        this.id = id;
        this.tenantId = tenantId;
        this.currency = currency;
        this.timeZone = zone.getId();
        this.createdAt = at;
        this.nextInvoiceId = Ids.next();
        become(plan, cycle, at);
    }

    /** One that is paid for from the first day. */
    public static Subscription start(
            UUID id, UUID tenantId, Plan plan, BillingCycle cycle, String currency, ZoneId zone, Instant at) {
        Subscription subscription = new Subscription(id, tenantId, plan, cycle, currency, zone, at);
        subscription.runFrom(at);
        return subscription;
    }

    /** One that costs nothing for {@code days} days, 1 to 365. */
    public static Subscription startTrial(
            UUID id, UUID tenantId, Plan plan, BillingCycle cycle, String currency, ZoneId zone, Instant at, int days) {
        Subscription subscription = new Subscription(id, tenantId, plan, cycle, currency, zone, at);
        Instant end = at.atZone(zone).plus(days, ChronoUnit.DAYS).toInstant();
        subscription.status = SubscriptionStatus.TRIALING.code();
        subscription.anchor = at;
        subscription.trialStart = at;
        subscription.trialEnd = end;
        subscription.currentPeriodStart = at;
        subscription.currentPeriodEnd = end;
        subscription.usagePeriodStart = at;
        subscription.usagePeriodEnd = end;
        Instant notice = end.atZone(zone).minus(TRIAL_NOTICE).toInstant();
        subscription.trialNoticeAt = notice.isAfter(at) ? notice : null;
        subscription.setNextDue();
        return subscription;
    }

    /**
     * The trial is over; the plan that follows it, with its add-ons, begins where the trial ended, on the calendar that
     * waits for that (SUB-4).
     */
    public void endTrial(Plan next, BillingCycle cycle, HeldAddOns others) {
        if (status() != SubscriptionStatus.TRIALING || trialEnd == null) {
            throw Problem.conflict("wrong_state", "The subscription is not in a trial.");
        }
        trialNoticeAt = null;
        Instant hung = waits(Waiting.ANCHOR) ? pendingAnchor : null;
        if (pendingAction != null && !pendingInstant().isAfter(trialEnd)) {
            withdrawPending();
        }
        hold(others, trialEnd);
        become(next, cycle, trialEnd);
        runFrom(trialEnd);
        if (hung != null) {
            anchor = hung;
            moveTo(trialEnd);
            usagePeriodStart = trialEnd;
            currentPeriodStart = trialEnd;
        }
    }

    /**
     * Another plan or cycle. The calendar stays, unless the cycle changes: then a new period begins (SUB-6). In a trial it
     * only decides what the trial is of.
     *
     * @param at from when on; no later than {@code now}
     */
    public void change(Plan plan, BillingCycle cycle, Instant at, Instant now) {
        requireLive();
        boolean newPeriod = cycle != cycle() && status() != SubscriptionStatus.TRIALING;
        become(plan, cycle, now);
        withdrawPendingPlan();
        if (newPeriod) {
            anchor = at;
            moveTo(at);
        }
    }

    /** Onto another version of the plan; what is to happen at the period's end stays, in the new version where it is of it. */
    public void move(Plan plan, Instant at) {
        requireLive();
        become(plan, cycle(), at);
        if (!plan.tier().code().equals(pendingTier)) {
            return;
        }
        if (billingCycle.equals(pendingBillingCycle)) {
            withdrawPendingPlan();
        } else {
            pendingPlanVersion = plan.version();
        }
    }

    /**
     * From now on these add-ons. What waits for an add-on stays unless something else has been done to that one, and as
     * long as it changes something.
     */
    public void hold(HeldAddOns others, Instant now) {
        HeldAddOns before = addOns();
        addOns = others.text();
        updatedAt = now;
        if (pendingAddOns != null) {
            HeldAddOns left = HeldAddOns.parse(pendingAddOns)
                    .only(item -> before.agrees(others, item.code())
                            && !others.agrees(others.after(HeldAddOns.NONE.with(item)), item.code()));
            pendingAddOns = left.isEmpty() ? null : left.text();
            if (pendingAddOns == null && pendingTier == null) {
                withdrawPending();
            }
        }
    }

    /**
     * The calendar hangs elsewhere (SUB-10): the month and the period that run end at its next boundary, at {@code at} itself
     * where that is one.
     *
     * @param at from when on; no later than {@code now}
     */
    public void moveAnchor(Instant to, Instant at, Instant now) {
        requireLive();
        if (waits(Waiting.ANCHOR)) {
            withdrawPending();
        }
        Instant month = usagePeriodStart;
        Instant whole = currentPeriodStart;
        anchor = to;
        moveTo(at);
        if (usagePeriodStart.isBefore(at)) {
            usagePeriodStart = month;
        }
        if (currentPeriodStart.isBefore(at)) {
            currentPeriodStart = whole;
        }
        updatedAt = now;
    }

    /**
     * Another plan or cycle later; it takes the place of what was to happen, but for add-ons that wait for the same instant.
     *
     * @param at null for the end of the period
     */
    public void changeLater(Plan plan, BillingCycle cycle, @Nullable Instant at, Instant now) {
        String kept = waitsFor(at) ? pendingAddOns : null;
        await(Waiting.CHANGE, at, now);
        pendingAddOns = kept;
        pendingTier = plan.tier().code();
        pendingPlanVersion = plan.version();
        pendingBillingCycle = cycle.code();
    }

    /**
     * Add-ons are had differently later, together with a change that waits for the same instant.
     *
     * @param item of quantity 0 to be taken away
     * @throws Problem CONFLICT ({@code change_pending}) when something else waits
     */
    public void changeAddOnLater(HeldAddOns.Item item, @Nullable Instant at, Instant now) {
        requireLive();
        if (pendingAction == null) {
            await(Waiting.CHANGE, at, now);
        } else if (!waits(Waiting.CHANGE) || !waitsFor(at)) {
            throw Problem.conflict(
                    "change_pending", "Something else is to happen to the subscription; take that back before.");
        }
        pendingAddOns = pendingAddOns().with(item).text();
        updatedAt = now;
    }

    private HeldAddOns pendingAddOns() {
        return pendingAddOns == null ? HeldAddOns.NONE : HeldAddOns.parse(pendingAddOns);
    }

    private boolean waitsFor(@Nullable Instant at) {
        return pendingAction != null && pendingInstant().equals(at == null ? currentPeriodEnd : at);
    }

    /** As {@link #changeLater}: periods are counted from elsewhere. */
    public void moveAnchorLater(Instant to, @Nullable Instant at, Instant now) {
        await(Waiting.ANCHOR, at, now);
        pendingAnchor = to;
    }

    private void await(Waiting what, @Nullable Instant at, Instant now) {
        requireLive();
        withdrawPending();
        pendingAction = what.code();
        pendingAt = at;
        updatedAt = now;
        setNextDue();
    }

    /** Nothing is charged and nothing may be used until it goes on; its calendar runs on. @throws Problem CONFLICT */
    public void pause(Instant at) {
        if (status() != SubscriptionStatus.ACTIVE) {
            throw Problem.conflict(
                    "wrong_state", "Only an active subscription can be paused; this one is " + status + ".");
        }
        status = SubscriptionStatus.PAUSED.code();
        updatedAt = at;
    }

    /** @throws Problem CONFLICT unless it is paused */
    public void resume(Instant at) {
        if (status() != SubscriptionStatus.PAUSED) {
            throw Problem.conflict("wrong_state", "Only a paused subscription can go on; this one is " + status + ".");
        }
        status = SubscriptionStatus.ACTIVE.code();
        stopped = false;
        updatedAt = at;
    }

    /** Its periods are not charged any more, for its tenant is suspended for not paying; its calendar runs on. */
    public void stop(Instant at) {
        stopped = true;
        updatedAt = at;
    }

    /** It is charged again. */
    public void reinstate(Instant at) {
        stopped = false;
        updatedAt = at;
    }

    /** Whether it is not charged, because a period began while its tenant was suspended for not paying. */
    public boolean isStopped() {
        return stopped;
    }

    /** Whether the next that is due is the end of its usage month, at which nothing changes. */
    public boolean isDueAtMonthEnd() {
        return status() == SubscriptionStatus.ACTIVE
                && !stopped
                && pendingAction == null
                && usagePeriodEnd.equals(nextDueAt)
                && !usagePeriodEnd.equals(termsEnd);
    }

    /** The usage month has been invoiced; on to the next one, or to the end when it was the last. */
    public void monthInvoiced() {
        Instant boundary = usagePeriodEnd;
        updatedAt = boundary;
        if (waits(Waiting.CANCEL) && boundary.equals(pendingInstant())) {
            end(boundary);
            return;
        }
        moveTo(boundary);
    }

    /**
     * Ends later, at {@code at} or where that is null with the period; it takes the place of what was to happen.
     *
     * @throws Problem CONFLICT when it is already to end then
     */
    public void cancelLater(@Nullable Instant at, @Nullable String reason, Instant now) {
        requireLive();
        if (waits(Waiting.CANCEL) && Objects.equals(at, pendingAt)) {
            throw Problem.conflict(
                    "wrong_state",
                    at == null
                            ? "The subscription is already canceled at its period's end."
                            : "The subscription is already canceled at that instant.");
        }
        await(Waiting.CANCEL, at, now);
        pendingReason = reason;
        canceledAt = now;
    }

    /**
     * Ends it; what is left to invoice is the running month.
     *
     * @param at when it ended, no later than {@code now}
     */
    public void cancelNow(Instant at, Instant now) {
        requireLive();
        withdrawPending();
        canceledAt = now;
        end(at);
        updatedAt = now;
    }

    /** Takes back what is to happen. @throws Problem CONFLICT when nothing is */
    public void keep(Instant at) {
        if (!isLive() || pendingAction == null) {
            throw Problem.conflict("wrong_state", "Nothing is to happen that could be taken back.");
        }
        withdrawPending();
        updatedAt = at;
    }

    /** Its row was written by a statement of our own. */
    public void written() {
        version++;
    }

    private void withdrawPending() {
        if (waits(Waiting.CANCEL)) {
            canceledAt = null;
        }
        pendingAction = null;
        pendingAt = null;
        pendingAnchor = null;
        pendingReason = null;
        pendingTier = null;
        pendingPlanVersion = null;
        pendingBillingCycle = null;
        pendingAddOns = null;
        setNextDue();
    }

    private void withdrawPendingPlan() {
        if (pendingAddOns == null) {
            withdrawPending();
        } else {
            pendingTier = null;
            pendingPlanVersion = null;
            pendingBillingCycle = null;
        }
    }

    private boolean waits(Waiting what) {
        return what.code().equals(pendingAction);
    }

    private Instant pendingInstant() {
        return pendingAt == null ? currentPeriodEnd : pendingAt;
    }

    /** An invoice was not paid. Nothing changes for a subscription that has ended. */
    public void paymentFailed(Instant at) {
        if (status() == SubscriptionStatus.ACTIVE) {
            status = SubscriptionStatus.PAST_DUE.code();
            pastDueSince = at;
            updatedAt = at;
        }
    }

    /** All attempts to collect an invoice have failed. Nothing changes for a subscription that is paused or has ended. */
    public void collectionFailed(Instant at) {
        if (status() == SubscriptionStatus.ACTIVE || status() == SubscriptionStatus.PAST_DUE) {
            status = SubscriptionStatus.UNPAID.code();
            pastDueSince = pastDueSince == null ? at : pastDueSince;
            updatedAt = at;
        }
    }

    /** Nothing is unpaid any more. */
    public void paymentCaughtUp(Instant at) {
        if (status() == SubscriptionStatus.PAST_DUE || status() == SubscriptionStatus.UNPAID) {
            status = SubscriptionStatus.ACTIVE.code();
            pastDueSince = null;
            updatedAt = at;
        }
    }

    private void become(Plan plan, BillingCycle cycle, Instant at) {
        tier = plan.tier().code();
        planVersion = plan.version();
        billingCycle = cycle.code();
        updatedAt = at;
    }

    /** From the start of what is paid for; a change later on leaves the status as it is. */
    private void runFrom(Instant at) {
        status = SubscriptionStatus.ACTIVE.code();
        anchor = at;
        moveTo(at);
    }

    private void moveTo(Instant instant) {
        Period month = anchor().periodAround(instant, Cadence.MONTH);
        Period whole = anchor().periodAround(instant, cycle().cadence());
        usagePeriodStart = month.start();
        usagePeriodEnd = month.end();
        currentPeriodStart = whole.start();
        currentPeriodEnd = whole.end();
        setNextDue();
    }

    private void setNextDue() {
        if (isLive()) {
            nextDueAt = Stream.of(usagePeriodEnd, pendingAt, termsEnd, trialNoticeAt)
                    .filter(Objects::nonNull)
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /** The terms of its plan hold so long; null for as long as it has them. */
    public void holdsUntil(@Nullable Instant end) {
        termsEnd = end;
        setNextDue();
    }

    /** The tenant is told that its trial ends. */
    public void trialNoticed() {
        trialNoticeAt = null;
        setNextDue();
    }

    /** When the tenant is to be told that its trial ends; null where it has been, and outside of a trial. */
    public @Nullable Instant trialNoticeAt() {
        return trialNoticeAt;
    }

    /** When the contract that it is on ends; null for never. */
    public @Nullable Instant termsEnd() {
        return termsEnd;
    }

    private void end(Instant at) {
        status = SubscriptionStatus.CANCELED.code();
        endedAt = at;
        if (at.isAfter(currentPeriodStart) && at.isBefore(currentPeriodEnd)) {
            currentPeriodEnd = at;
        }
        nextDueAt = null;
        trialNoticeAt = null;
        updatedAt = at;
    }

    private void requireLive() {
        if (!isLive()) {
            throw Problem.conflict("wrong_state", "The subscription has ended.");
        }
    }

    public boolean isLive() {
        return status() != SubscriptionStatus.CANCELED;
    }

    public UUID id() {
        return id;
    }

    public UUID tenantId() {
        return tenantId;
    }

    public Tier tier() {
        return Tier.of(tier);
    }

    public int planVersion() {
        return planVersion;
    }

    public BillingCycle cycle() {
        return BillingCycle.of(billingCycle);
    }

    public String currency() {
        return currency;
    }

    public SubscriptionStatus status() {
        return SubscriptionStatus.of(status);
    }

    public Anchor anchor() {
        return new Anchor(anchor, ZoneId.of(timeZone));
    }

    /** What the plan's price covers at present. */
    public Period currentPeriod() {
        return new Period(currentPeriodStart, currentPeriodEnd);
    }

    /** The month whose usage is being counted; all before it has been invoiced. */
    public Period usagePeriod() {
        return new Period(usagePeriodStart, usagePeriodEnd);
    }

    /** When billing must next look at it; null once it has ended. */
    public @Nullable Instant nextDueAt() {
        return nextDueAt;
    }

    /** The id that the invoice of the running usage month will have; its draft has it already. */
    public UUID nextInvoiceId() {
        return nextInvoiceId;
    }

    /** The invoice of a usage month is made: the next one is another. */
    public void invoiceMade() {
        nextInvoiceId = Ids.next();
    }

    public @Nullable Instant trialStart() {
        return trialStart;
    }

    public @Nullable Instant trialEnd() {
        return trialEnd;
    }

    public @Nullable Instant canceledAt() {
        return canceledAt;
    }

    public boolean cancelsAtPeriodEnd() {
        return waits(Waiting.CANCEL) && pendingAt == null;
    }

    /** What happens by itself; nothing where it goes on as it is. */
    public Optional<Pending> pending() {
        if (pendingAction == null || !isLive()) {
            return Optional.empty();
        }
        return Optional.of(new Pending(
                Waiting.valueOf(pendingAction.toUpperCase(Locale.ROOT)),
                pendingInstant(),
                pendingTier == null ? tier() : Tier.of(pendingTier),
                pendingPlanVersion == null ? planVersion : pendingPlanVersion,
                pendingBillingCycle == null ? cycle() : BillingCycle.of(pendingBillingCycle),
                pendingAnchor,
                pendingReason,
                pendingAddOns()));
    }

    public HeldAddOns addOns() {
        return HeldAddOns.parse(addOns);
    }

    public @Nullable Instant endedAt() {
        return endedAt;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }

    public long version() {
        return version;
    }
}
