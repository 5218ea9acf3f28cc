package com.cognitionos.invoicing.control;

import com.cognitionos.catalog.boundary.AddOns;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.AddOn;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import com.cognitionos.subscription.entity.SubscriptionEvent.Kind;
import com.cognitionos.subscription.entity.SubscriptionStatus;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may happen to a subscription, as the entry that its history gets. */
@ApplicationScoped
public class PlanChanges {

    @EJB
    private Plans plans;

    @EJB
    private AddOns addOns;

    @EJB
    private Tenants tenants;

    /** The plan that the subscription is on. */
    public Plan plan(Subscription subscription) {
        return plans.version(subscription.tier(), subscription.planVersion());
    }

    public Plan plan(SubscriptionEvent event) {
        return plans.version(event.tier(), event.planVersion());
    }

    /** A pause, the going on after it, or the end, at an instant whose dues are invoiced. */
    public SubscriptionEvent now(Subscription subscription, Kind kind, Instant at) {
        return event(subscription, kind, plan(subscription), subscription.cycle(), at, true);
    }

    /**
     * Another calendar from that instant on.
     *
     * @throws Problem CONFLICT when it is the same one, or the subscription is paused or, then, in a trial
     */
    public SubscriptionEvent anchor(Subscription subscription, Anchor anchor, Instant at) {
        if (subscription.status() == SubscriptionStatus.TRIALING
                && !at.equals(subscription.currentPeriod().end())) {
            throw Problem.conflict("wrong_state", "The calendar of a trial begins when it ends.");
        }
        requireRunning(subscription);
        Anchor present = calendar(subscription);
        boolean same = anchor.periodAround(at, subscription.cycle().cadence())
                        .equals(present.periodAround(at, subscription.cycle().cadence()))
                && anchor.periodAround(at, Cadence.MONTH).equals(present.periodAround(at, Cadence.MONTH));
        if (same) {
            throw Problem.conflict("no_change", "The periods are counted from there already.");
        }
        return moved(subscription, anchor.at(), at, true);
    }

    /** What its periods are counted from, in a trial from its end on. */
    public static Anchor calendar(Subscription subscription) {
        Anchor anchor = subscription.anchor();
        return subscription.status() == SubscriptionStatus.TRIALING
                ? new Anchor(subscription.currentPeriod().end(), anchor.zone())
                : anchor;
    }

    static void requireRunning(Subscription subscription) {
        if (subscription.status() == SubscriptionStatus.PAUSED) {
            throw Problem.conflict("wrong_state", "A paused subscription has to go on before it is changed.");
        }
        if (subscription.isStopped()) {
            throw Problem.conflict(
                    "payment_due", "The tenant is suspended: what is due has to be paid before the plan is changed.");
        }
    }

    private SubscriptionEvent moved(Subscription subscription, Instant anchor, Instant at, boolean afterDue) {
        Kind kind = idle(subscription).orElse(Kind.ANCHOR_MOVED);
        return new SubscriptionEvent(
                kind,
                at,
                at,
                subscription.tier(),
                subscription.planVersion(),
                subscription.cycle(),
                anchor,
                afterDue,
                null,
                subscription.addOns());
    }

    /**
     * Another plan or cycle. Add-ons that the plan does not take go with the change.
     *
     * @param afterDue whether what falls due at that instant is invoiced already
     * @throws Problem CONFLICT when that is no change, or the subscription is paused; INVALID when the plan, or an add-on
     *     that stays, has no price for the cycle
     */
    public SubscriptionEvent change(
            Subscription subscription, Tier tier, BillingCycle cycle, Instant at, boolean afterDue) {
        requireRunning(subscription);
        if (tier.equals(subscription.tier()) && cycle == subscription.cycle()) {
            throw Problem.conflict("no_change", "The subscription is on that plan and billing cycle already.");
        }
        Plan plan = tier.equals(subscription.tier()) ? plan(subscription) : plans.onSale(tier, at);
        plan.requirePrice(cycle, subscription.currency(), "tier");
        HeldAddOns arranged = subscription
                .pending()
                .map(next -> subscription.addOns().after(next.addOns()))
                .orElseGet(subscription::addOns);
        for (HeldAddOns.Item item : arranged.items()) {
            AddOn addOn = addOns.version(item.code(), item.version());
            if (addOn.isFor(tier)) {
                addOn.requirePrice(cycle, subscription.currency(), "billing_cycle");
            }
        }
        return event(subscription, direction(subscription, plan, cycle), plan, cycle, at, afterDue)
                .with(addOns.fitting(subscription.addOns(), tier, cycle, subscription.currency()));
    }

    /**
     * Onto another version of its plan, a contract of the tenant's among them.
     *
     * @param afterDue as for {@link #change}
     * @throws Problem INVALID when the tenant cannot have it; CONFLICT when that is no change, another one waits, or the
     *     subscription is paused
     */
    public SubscriptionEvent move(Subscription subscription, Tier tier, int version, Instant at, boolean afterDue) {
        requireRunning(subscription);
        if (!tier.equals(subscription.tier())) {
            throw Problem.conflict("other_plan", "The subscription is on the plan " + subscription.tier() + ".");
        }
        if (version == subscription.planVersion()) {
            throw Problem.conflict("no_change", "The subscription is on that version already.");
        }
        boolean waits =
                subscription.cancelsAtPeriodEnd() || subscription.pending().isPresent();
        if (!afterDue && waits) {
            throw Problem.conflict("change_pending", "Something else is to happen at the period's end.");
        }
        Plan plan = plans.find(tier, version)
                .orElseThrow(
                        () -> Problem.invalid("version", "unknown_version", "the tenant cannot have that version"));
        plan.requirePrice(subscription.cycle(), subscription.currency(), "version");
        return event(
                subscription,
                direction(subscription, plan, subscription.cycle()),
                plan,
                subscription.cycle(),
                at,
                afterDue);
    }

    /** What will happen as the usage month ends; null where all goes on as it is. */
    public @Nullable SubscriptionEvent atMonthEnd(Subscription subscription) {
        Instant end = subscription.usagePeriod().end();
        SubscriptionEvent next = waiting(subscription, end, false);
        boolean ends = next != null && next.kind() == Kind.CANCELED;
        boolean stops = !ends
                && idle(subscription).isEmpty()
                && end.equals(subscription.currentPeriod().end())
                && tenants.suspendedForNonPaymentSince()
                        .filter(since -> !since.isAfter(end))
                        .isPresent();
        if (!stops) {
            return next;
        }
        SubscriptionEvent period = next == null
                ? event(subscription, Kind.SUSPENDED, plan(subscription), subscription.cycle(), end, false)
                : next.as(Kind.SUSPENDED);
        return period.because("suspended for not paying");
    }

    /** What it stays, whatever else changes, where it is not charged at present. */
    private static Optional<Kind> idle(Subscription subscription) {
        if (subscription.status() == SubscriptionStatus.PAUSED) {
            return Optional.of(Kind.PAUSED);
        }
        return subscription.isStopped() ? Optional.of(Kind.SUSPENDED) : Optional.empty();
    }

    /**
     * The end of a contract: the subscription goes on by the version that is sold then. Null where none is sold in its cycle
     * and currency: it stays on what was agreed.
     */
    private @Nullable SubscriptionEvent contractEnd(Subscription subscription, Instant at, boolean afterDue) {
        if (!at.equals(subscription.termsEnd())) {
            return null;
        }
        return successor(subscription, at)
                .map(plan -> event(
                                subscription,
                                direction(subscription, plan, subscription.cycle()),
                                plan,
                                subscription.cycle(),
                                at,
                                afterDue)
                        .because("the contract ended"))
                .orElse(null);
    }

    private Optional<Plan> successor(Subscription subscription, Instant at) {
        return plans.sold(subscription.tier(), subscription.cycle(), subscription.currency(), at);
    }

    /** The plan that a subscription is on as a trial ends. */
    public Plan after(Subscription subscription, Instant trialEnd) {
        Instant end = subscription.termsEnd();
        return end == null || end.isAfter(trialEnd)
                ? plan(subscription)
                : successor(subscription, trialEnd).orElseGet(() -> plan(subscription));
    }

    /**
     * What waits for exactly that instant, the end of a contract last; null where nothing does, or it would change nothing any
     * more.
     *
     * @param afterDue as for {@link #change}
     */
    public @Nullable SubscriptionEvent waiting(Subscription subscription, Instant at, boolean afterDue) {
        Subscription.Pending next =
                subscription.pending().filter(one -> one.at().equals(at)).orElse(null);
        if (next == null) {
            return contractEnd(subscription, at, afterDue);
        }
        SubscriptionEvent event = switch (next.what()) {
            case CANCEL -> event(subscription, Kind.CANCELED, plan(subscription), subscription.cycle(), at, afterDue);
            case ANCHOR -> moved(subscription, Objects.requireNonNull(next.anchor()), at, afterDue);
            case CONTRACT_END -> throw new IllegalStateException("nobody arranges the end of a contract");
            case CHANGE -> {
                Plan plan = plans.version(next.tier(), next.planVersion());
                Kind kind = isOn(subscription, next.tier(), next.planVersion(), next.cycle())
                        ? ofAddOns(subscription)
                        : direction(subscription, plan, next.cycle());
                yield event(subscription, kind, plan, next.cycle(), at, afterDue)
                        .with(addOns.fitting(
                                subscription.addOns().after(next.addOns()),
                                next.tier(),
                                next.cycle(),
                                subscription.currency()));
            }
        };
        boolean same = isOn(subscription, event.tier(), event.planVersion(), event.cycle())
                && event.addOns().equals(subscription.addOns());
        return next.what() == Subscription.Waiting.CHANGE && same ? null : event.because(next.reason());
    }

    private static boolean isOn(Subscription subscription, Tier tier, int version, BillingCycle cycle) {
        return tier.equals(subscription.tier())
                && version == subscription.planVersion()
                && cycle == subscription.cycle();
    }

    /** What it is to a subscription that its add-ons change and nothing else. */
    private static Kind ofAddOns(Subscription subscription) {
        return subscription.status() == SubscriptionStatus.TRIALING
                ? Kind.TRIAL_STARTED
                : idle(subscription).orElse(Kind.ADD_ONS_CHANGED);
    }

    /** Other add-ons from that instant on, whose dues are invoiced. */
    public SubscriptionEvent holding(Subscription subscription, HeldAddOns held, Instant at) {
        return event(subscription, ofAddOns(subscription), plan(subscription), subscription.cycle(), at, true)
                .with(held);
    }

    /** @throws Problem CONFLICT ({@code wrong_direction}) when an upgrade would be a downgrade, or the other way */
    public static void require(SubscriptionEvent change, Kind wanted) {
        if (change.kind() != wanted && change.kind() != Kind.TRIAL_STARTED) {
            throw Problem.conflict(
                    "wrong_direction",
                    "To that plan and billing cycle it would be "
                            + change.kind().code() + ".");
        }
    }

    /** What is counted of a month that ends at {@code now}: what was used at that very instant belongs to it still. */
    public static Period until(Period month, Instant now) {
        return new Period(month.start(), month.start().isBefore(now) ? now : now.plus(1, ChronoUnit.MICROS));
    }

    /** @throws Problem CONFLICT ({@code billing_behind}) when a boundary before that instant is not invoiced yet */
    public static void requireUpToDate(Period month, Instant now) {
        if (!now.isBefore(month.end())) {
            throw Problem.conflict(
                    "billing_behind", "The month before is not invoiced yet; try again after the next run.");
        }
    }

    /**
     * @param earliest from when on nothing is settled yet
     * @throws Problem INVALID ({@code period_closed}) for an earlier instant
     */
    public static void requireOpen(Instant at, Instant earliest) {
        if (at.isBefore(earliest)) {
            throw Problem.invalid(
                    "effective_at",
                    "period_closed",
                    "What was before " + earliest + " is settled; effective_at can be no earlier.");
        }
    }

    private Kind direction(Subscription subscription, Plan to, BillingCycle cycle) {
        if (subscription.status() == SubscriptionStatus.TRIALING) {
            // What a trial is of changes, not that it is one.
            return Kind.TRIAL_STARTED;
        }
        return idle(subscription).orElseGet(() -> Kind.ofChange(plan(subscription), subscription.cycle(), to, cycle));
    }

    private static SubscriptionEvent event(
            Subscription subscription, Kind kind, Plan plan, BillingCycle cycle, Instant at, boolean afterDue) {
        boolean newPeriod = cycle != subscription.cycle() && kind != Kind.TRIAL_STARTED;
        Instant anchor = newPeriod ? at : subscription.anchor().at();
        return new SubscriptionEvent(
                kind, at, at, plan.tier(), plan.version(), cycle, anchor, afterDue, null, subscription.addOns());
    }
}
