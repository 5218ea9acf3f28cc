package com.cognitionos.subscription.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The plan, what else there is, and what a change would make to the cent before it is made. Which change is looked at stands
 * in the address.
 */
@Named
@RequestScoped
public class PlanPage {

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Plans plans;

    @EJB
    private Billing billing;

    @EJB
    private Settlement settlement;

    @Inject
    private Messages messages;

    @Inject
    private Dates dates;

    @Inject
    @ManagedProperty("#{param.tier}")
    private @Nullable String tier;

    @Inject
    @ManagedProperty("#{param.cycle}")
    private @Nullable String cycle;

    @Inject
    @ManagedProperty("#{param.at}")
    private @Nullable String at;

    private @Nullable SubscriptionView subscription;
    private @Nullable Proposed proposed;
    private boolean looked;

    /** A price that can be had. */
    public record Offer(Plan plan, BillingCycle cycle, long cents, String currency, boolean current) {

        public String per() {
            return cycle == BillingCycle.YEARLY ? "year" : "month";
        }
    }

    /**
     * A change that is being looked at.
     *
     * @param larger whether it is an upgrade
     * @param now whether it would hold at once
     */
    public record Proposed(Plan plan, BillingCycle cycle, boolean larger, boolean now, Billing.Preview preview) {}

    /** The live subscription, or the last one; null when there never was one. */
    public @Nullable PlanCard getCard() {
        SubscriptionView view = view();
        return view == null ? null : PlanCard.of(view, plan(view));
    }

    private @Nullable SubscriptionView view() {
        if (subscription == null) {
            try {
                subscription = subscriptions.current();
            } catch (Problem none) {
                return null;
            }
        }
        return subscription;
    }

    private Plan plan(SubscriptionView view) {
        return plans.version(Tier.of(view.tier()), view.planVersion());
    }

    /** Whether anything can be changed at all. */
    public boolean isChangeable() {
        SubscriptionView view = view();
        return view != null
                && !view.status().equals("canceled")
                && !view.status().equals("paused");
    }

    public List<Offer> getOffers() {
        List<Offer> offers = new ArrayList<>();
        SubscriptionView view = view();
        if (view == null) {
            return offers;
        }
        for (Plan plan : plans(view)) {
            for (BillingCycle each : BillingCycle.values()) {
                boolean own = plan.tier().code().equals(view.tier());
                if (!plan.isSoldIn(each, view.currency())) {
                    continue;
                }
                boolean current = own && each.code().equals(view.billingCycle());
                // A free plan is the same in either cycle.
                boolean twice = each == BillingCycle.YEARLY && price(plan, each, view) == 0 && !current;
                if ((!plan.custom() || current) && !twice) {
                    offers.add(new Offer(plan, each, price(plan, each, view), view.currency(), current));
                }
            }
        }
        return offers;
    }

    /** What is sold, with the version that the tenant has in the place of its plan. */
    private List<Plan> plans(SubscriptionView view) {
        List<Plan> all = new ArrayList<>(billing.plansOnSale());
        Plan own = plan(view);
        all.removeIf(plan -> plan.tier().equals(own.tier()));
        all.add(own);
        all.sort(Comparator.comparing(Plan::position));
        return all;
    }

    private static long price(Plan plan, BillingCycle cycle, SubscriptionView view) {
        return plan.price(cycle, view.currency()).amountCents();
    }

    /** Before anything is written, so that what is wrong with it is said. */
    @RequiresScope("subscriptions:read")
    public void look() {
        getProposed();
    }

    /** Null where none is looked at, or it is none. */
    public @Nullable Proposed getProposed() {
        if (!looked) {
            looked = true;
            proposed = propose();
        }
        return proposed;
    }

    private @Nullable Proposed propose() {
        SubscriptionView view = view();
        if (isEmpty(tier) || isEmpty(cycle) || view == null || !isChangeable()) {
            return null;
        }
        try {
            Tier to = Tier.of(String.valueOf(tier));
            BillingCycle in = BillingCycle.of(String.valueOf(cycle));
            Plan plan = plans(view).stream()
                    .filter(each -> each.tier().equals(to) && !each.custom())
                    .findFirst()
                    .orElseThrow(() -> Problem.notFound("plan"));
            boolean larger = SubscriptionEvent.Kind.ofChange(plan(view), BillingCycle.of(view.billingCycle()), plan, in)
                    == SubscriptionEvent.Kind.UPGRADED;
            boolean now = isEmpty(at) ? larger : "now".equals(at);
            return new Proposed(plan, in, larger, now, billing.preview(to, in, !now));
        } catch (Problem problem) {
            messages.show(problem, Map.of());
            return null;
        }
    }

    private static boolean isEmpty(@Nullable String parameter) {
        return parameter == null || parameter.isEmpty();
    }

    @RequiresScope("subscriptions:write")
    @StepUp
    public void change() {
        Proposed wanted = getProposed();
        if (wanted == null) {
            return;
        }
        SubscriptionEvent.Kind kind =
                wanted.larger() ? SubscriptionEvent.Kind.UPGRADED : SubscriptionEvent.Kind.DOWNGRADED;
        Tier to = wanted.plan().tier();
        act(
                () -> wanted.now()
                        ? settlement.changeNow(to, wanted.cycle(), kind)
                        : settlement.changeAtPeriodEnd(to, wanted.cycle(), kind),
                view -> wanted.now()
                        ? "You are on " + wanted.plan().name() + " now."
                        : "You change to " + wanted.plan().name() + " on "
                                + dates.day(view.currentPeriod().end()) + ".");
    }

    @RequiresScope("subscriptions:write")
    @StepUp
    public void keep() {
        act(subscriptions::reactivate, view -> "Your plan goes on as it is.");
    }

    @RequiresScope("subscriptions:write")
    @StepUp
    public void cancel() {
        act(
                subscriptions::cancelAtPeriodEnd,
                view -> "Your plan ends on " + dates.day(view.currentPeriod().end()) + ".");
    }

    @RequiresScope("subscriptions:write")
    @StepUp
    public void pause() {
        act(() -> settlement.pause(null), view -> "Your plan is paused. What was unused is on your balance.");
    }

    @RequiresScope("subscriptions:write")
    @StepUp
    public void resume() {
        act(settlement::resume, view -> "Your plan goes on.");
    }

    private void act(Supplier<SubscriptionView> change, Function<SubscriptionView, String> words) {
        messages.attempt(Map.of(), () -> {
            subscription = change.get();
            messages.done(words.apply(subscription));
        });
        subscription = null;
        proposed = null;
        looked = true;
    }

    /** What will happen by itself, in words; null where nothing will. */
    public @Nullable String getPending() {
        SubscriptionView view = view();
        if (view == null || view.endedAt() != null) {
            return null;
        }
        String day = dates.day(view.currentPeriod().end());
        if (view.cancelAtPeriodEnd()) {
            return "Ends on " + day + ".";
        }
        return view.pending()
                .map(next -> "Changes to "
                        + plans.version(next.tier(), next.planVersion()).name() + ", "
                        + (next.cycle() == BillingCycle.YEARLY ? "yearly" : "monthly") + ", on " + day + ".")
                .orElse(null);
    }
}
