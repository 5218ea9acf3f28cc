package com.cognitionos.subscription.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened to a subscription, newest first. */
@Named
@RequestScoped
public class PlanHistory {

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Plans plans;

    @Inject
    private PlanAddOns addOns;

    /**
     * One turn.
     *
     * @param at from when on it holds
     * @param asked when it was asked for, where that was later; else null
     */
    public record Turn(
            Instant at,
            @Nullable Instant asked,
            String words,
            @Nullable String reason) {}

    public List<Turn> of(SubscriptionView subscription) {
        List<Turn> turns = new ArrayList<>();
        HeldAddOns before = HeldAddOns.NONE;
        for (SubscriptionEvent event : subscriptions.history(subscription.id())) {
            turns.add(turn(event, addOns.difference(before, event.addOns())));
            before = event.addOns();
        }
        Collections.reverse(turns);
        return turns;
    }

    /** @param added what it makes of the add-ons; empty for nothing */
    private Turn turn(SubscriptionEvent event, String added) {
        String plan = plans.version(event.tier(), event.planVersion()).name()
                + (event.cycle() == BillingCycle.YEARLY ? ", yearly" : ", monthly");
        return new Turn(
                event.at(),
                event.recordedAt().isAfter(event.at()) ? event.recordedAt() : null,
                event.kind() == SubscriptionEvent.Kind.ADD_ONS_CHANGED
                        ? added
                        : words(event.kind(), plan) + (added.isEmpty() ? "" : ". " + added),
                event.reason());
    }

    private static String words(SubscriptionEvent.Kind kind, String plan) {
        return switch (kind) {
            case STARTED -> "Started with " + plan;
            case TRIAL_STARTED -> "Trial of " + plan;
            case TRIAL_CONVERTED -> "The trial became " + plan;
            case TRIAL_LAPSED -> "The trial ended; on with " + plan;
            case UPGRADED -> "Up to " + plan;
            case DOWNGRADED -> "Down to " + plan;
            case MOVED -> "Onto another version of " + plan;
            case ANCHOR_MOVED -> "Periods are counted anew";
            case ADD_ONS_CHANGED -> "Add-ons changed";
            case PAUSED -> "Paused, on " + plan;
            case RESUMED -> "Went on with " + plan;
            case SUSPENDED -> "Not charged while the account is suspended, on " + plan;
            case REINSTATED -> "Charged again, with " + plan;
            case CANCELED -> "Ended";
        };
    }
}
