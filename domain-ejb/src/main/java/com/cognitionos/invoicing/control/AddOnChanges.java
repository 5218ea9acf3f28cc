package com.cognitionos.invoicing.control;

import com.cognitionos.catalog.boundary.AddOns;
import com.cognitionos.catalog.entity.AddOn;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.catalog.entity.HeldAddOns.Item;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Problem;
import com.cognitionos.subscription.entity.Subscription;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What may be asked of a subscription's add-ons, as what is had differently from an instant on. */
@ApplicationScoped
public class AddOnChanges {

    @EJB
    private AddOns addOns;

    /**
     * One that is not there yet.
     *
     * @throws Problem INVALID when it is not sold, not for the plan, without a price or not in that quantity; CONFLICT when
     *     it is there, or the subscription is paused
     */
    public Item attached(Subscription subscription, String code, int quantity, Instant at) {
        PlanChanges.requireRunning(subscription);
        AddOn addOn = addOns.onSale(code, at);
        addOn.requireQuantity(quantity);
        requireSold(subscription, addOn, at);
        if (held(subscription, at).item(code).isPresent()) {
            throw Problem.conflict("add_on_exists", "The subscription has the add-on " + code + " already.");
        }
        return new Item(code, addOn.version(), quantity);
    }

    /**
     * Another quantity or version of one that is there.
     *
     * @param quantity null stays
     * @param version null stays
     * @throws Problem as {@link #attached}; NOT_FOUND when it is not there; CONFLICT when that is no change
     */
    public Item changed(
            Subscription subscription, String code, @Nullable Integer quantity, @Nullable Integer version, Instant at) {
        PlanChanges.requireRunning(subscription);
        Item now = item(subscription, code, at);
        AddOn addOn = addOns.version(code, now.version());
        if (version != null && version != now.version()) {
            addOn = addOns.onSale(code, at);
            if (addOn.version() != version) {
                throw Problem.invalid(
                        "version", "unknown_version", "version must be the one that is sold, " + addOn.version());
            }
            requireSold(subscription, addOn, at);
        }
        int wanted = quantity == null ? now.quantity() : quantity;
        addOn.requireQuantity(wanted);
        Item item = new Item(code, addOn.version(), wanted);
        if (item.equals(now)) {
            throw Problem.conflict("no_change", "The add-on " + code + " is had so already.");
        }
        return item;
    }

    /** One that is there goes. @throws Problem NOT_FOUND when it is not; CONFLICT when the subscription is paused */
    public Item removed(Subscription subscription, String code, Instant at) {
        PlanChanges.requireRunning(subscription);
        return new Item(code, item(subscription, code, at).version(), 0);
    }

    private static Item item(Subscription subscription, String code, Instant at) {
        return held(subscription, at).item(code).orElseThrow(() -> Problem.notFound("add-on of the subscription"));
    }

    /** What is had as that instant comes, as far as it is arranged. */
    private static HeldAddOns held(Subscription subscription, Instant at) {
        return subscription
                .pending()
                .filter(next -> !next.at().isAfter(at))
                .map(next -> subscription.addOns().after(next.addOns()))
                .orElseGet(subscription::addOns);
    }

    /** On the plan of that instant, and in the cycle of what waits too: else it could not be kept then. */
    private static void requireSold(Subscription subscription, AddOn addOn, Instant at) {
        Subscription.Pending next = subscription.pending().orElse(null);
        Tier tier = next == null || next.at().isAfter(at) ? subscription.tier() : next.tier();
        addOn.requireFor(tier, "code");
        BillingCycle cycle = next == null || next.at().isAfter(at) ? subscription.cycle() : next.cycle();
        addOn.requirePrice(cycle, subscription.currency(), "code");
        if (next != null && addOn.isFor(next.tier())) {
            addOn.requirePrice(next.cycle(), subscription.currency(), "code");
        }
    }
}
