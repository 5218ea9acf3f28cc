package com.cognitionos.subscription.portal;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.entity.Subscription;
import java.time.Instant;
import java.util.Optional;

/**
 * The plan in words.
 *
 * @param priceCents per cycle once nothing reduces it, so also during a trial
 */
public record PlanCard(SubscriptionView subscription, Plan plan, long priceCents) {

    static PlanCard of(SubscriptionView subscription, Plan plan) {
        BillingCycle cycle = BillingCycle.of(subscription.billingCycle());
        return new PlanCard(
                subscription, plan, plan.price(cycle, subscription.currency()).amountCents());
    }

    public boolean trial() {
        return subscription.status().equals("trialing");
    }

    public boolean ended() {
        return subscription.status().equals("canceled");
    }

    public boolean free() {
        return priceCents == 0 && !plan.custom();
    }

    public String status() {
        return switch (subscription.status()) {
            case "trialing" -> "Trial";
            case "past_due" -> "Payment due";
            case "unpaid" -> "Unpaid";
            case "paused" -> "Paused";
            case "canceled" -> "Ended";
            default -> leaving().isPresent() ? "Ends soon" : "Active";
        };
    }

    /** How the status looks: {@code good}, {@code info}, {@code warn} or {@code bad}. */
    public String tone() {
        return switch (subscription.status()) {
            case "trialing" -> "info";
            case "past_due", "paused" -> "warn";
            case "unpaid", "canceled" -> "bad";
            default -> leaving().isPresent() ? "warn" : "good";
        };
    }

    public String per() {
        return subscription.billingCycle().equals("yearly") ? "year" : "month";
    }

    public String turnWords() {
        if (trial()) {
            return "Trial ends on";
        }
        if (ended()) {
            return "Ended on";
        }
        return leaving().isPresent() ? "Ends on" : "Renews on";
    }

    /** When the state that is shown changes next, or when it ended. */
    public Instant turn() {
        Instant ended = subscription.endedAt();
        return ended == null ? leaving().orElse(subscription.currentPeriod().end()) : ended;
    }

    /** When it ends by itself, if it does. */
    private Optional<Instant> leaving() {
        return subscription
                .pending()
                .filter(next -> next.what() == Subscription.Waiting.CANCEL)
                .map(Subscription.Pending::at);
    }
}
