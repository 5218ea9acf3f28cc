package com.cognitionos.invoicing.control;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import com.cognitionos.subscription.entity.SubscriptionEvent.Kind;
import com.cognitionos.subscription.entity.SubscriptionStatus;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What may happen to a subscription, as the entry that its history gets. */
@ApplicationScoped
public class PlanChanges {

    @EJB
    private Plans plans;

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
     * Another plan or cycle.
     *
     * @param afterDue whether what falls due at that instant is invoiced already
     * @throws Problem CONFLICT when that is no change, or the subscription is paused
     */
    public SubscriptionEvent change(
            Subscription subscription, Tier tier, BillingCycle cycle, Instant at, boolean afterDue) {
        if (subscription.status() == SubscriptionStatus.PAUSED) {
            throw Problem.conflict("wrong_state", "A paused subscription has to go on before it is changed.");
        }
        if (tier == subscription.tier() && cycle == subscription.cycle()) {
            throw Problem.conflict("no_change", "The subscription is on that plan and billing cycle already.");
        }
        Plan plan = tier == subscription.tier() ? plan(subscription) : plans.onSale(tier, at);
        return event(subscription, direction(subscription, tier, cycle), plan, cycle, at, afterDue);
    }

    /** What will happen as the usage month ends; null where all goes on as it is. */
    public @Nullable SubscriptionEvent atMonthEnd(Subscription subscription) {
        Instant end = subscription.usagePeriod().end();
        if (!subscription.isLive() || !end.equals(subscription.currentPeriod().end())) {
            return null;
        }
        if (subscription.cancelsAtPeriodEnd()) {
            return event(subscription, Kind.CANCELED, plan(subscription), subscription.cycle(), end, false);
        }
        return subscription
                .pending()
                .map(next -> event(
                        subscription,
                        direction(subscription, next.tier(), next.cycle()),
                        plans.version(next.tier(), next.planVersion()),
                        next.cycle(),
                        end,
                        false))
                .orElse(null);
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

    /** @throws Problem CONFLICT ({@code billing_behind}) when a boundary before that instant is not invoiced yet */
    public static void requireUpToDate(Period month, Instant now) {
        if (!now.isBefore(month.end())) {
            throw Problem.conflict(
                    "billing_behind", "The month before is not invoiced yet; try again after the next run.");
        }
    }

    private static Kind direction(Subscription subscription, Tier tier, BillingCycle cycle) {
        if (subscription.status() == SubscriptionStatus.TRIALING) {
            // What a trial is of changes, not that it is one.
            return Kind.TRIAL_STARTED;
        }
        if (subscription.status() == SubscriptionStatus.PAUSED) {
            return Kind.PAUSED;
        }
        boolean up = tier == subscription.tier()
                ? cycle.compareTo(subscription.cycle()) > 0
                : tier.compareTo(subscription.tier()) > 0;
        return up ? Kind.UPGRADED : Kind.DOWNGRADED;
    }

    private static SubscriptionEvent event(
            Subscription subscription, Kind kind, Plan plan, BillingCycle cycle, Instant at, boolean afterDue) {
        boolean newPeriod = cycle != subscription.cycle() && kind != Kind.TRIAL_STARTED;
        Instant anchor = newPeriod ? at : subscription.anchor().at();
        return new SubscriptionEvent(kind, at, at, plan.tier(), plan.version(), cycle, anchor, afterDue, null);
    }
}
