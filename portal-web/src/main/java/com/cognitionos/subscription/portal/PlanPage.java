package com.cognitionos.subscription.portal;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.MeterPrice;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.identity.portal.StepUp;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Amendment.Effective;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.kernel.portal.Dates;
import com.cognitionos.kernel.portal.LocalZone;
import com.cognitionos.kernel.portal.Messages;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.annotation.ManagedProperty;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
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
    private PlanAddOns addOns;

    @Inject
    private Money money;

    @Inject
    private LocalZone place;

    @Inject
    @ManagedProperty("#{param.tier}")
    private @Nullable String tier;

    @Inject
    @ManagedProperty("#{param.cycle}")
    private @Nullable String cycle;

    /** {@code now}, {@code period_end}, or a day. */
    @Inject
    @ManagedProperty("#{param.at}")
    private @Nullable String at;

    /** {@code change}, {@code cancel}, {@code anchor}, or what is done to an add-on. */
    @Inject
    @ManagedProperty("#{param.action}")
    private @Nullable String action;

    /** Of the month, where periods are to begin. */
    @Inject
    @ManagedProperty("#{param.day}")
    private @Nullable String day;

    /** The code of an add-on. */
    @Inject
    @ManagedProperty("#{param.add_on}")
    private @Nullable String addOn;

    @Inject
    @ManagedProperty("#{param.quantity}")
    private @Nullable String quantity;

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
     * What is being looked at.
     *
     * @param title what it is, without when
     * @param address of the page that shows it, but for when
     * @param at {@code now}, {@code period_end}, or a day
     */
    public record Proposed(
            Amendment amendment,
            Effective effective,
            String title,
            String address,
            String at,
            Billing.Preview preview) {

        public boolean now() {
            return at.equals("now");
        }

        public boolean atPeriodEnd() {
            return at.equals("period_end");
        }

        /** The day that was chosen; empty for the two times that need none. */
        public String day() {
            return now() || atPeriodEnd() ? "" : at;
        }

        public boolean cancel() {
            return amendment instanceof Amendment.Cancel;
        }
    }

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

    /**
     * A plan with the prices at which it can be had.
     *
     * @param current whether it is the tenant's, in whichever cycle
     * @param saved what a year's price takes off twelve months, in words; empty for nothing
     */
    public record OfferedPlan(Plan plan, List<Offer> offers, boolean current, String saved) {

        /** What more than is included of a meter costs. */
        public @Nullable MeterPrice above(Plan.MeteredAllowance allowance) {
            return allowance.price(offers.get(0).currency());
        }
    }

    /** The plans that can be had, smallest first. */
    public List<OfferedPlan> getOfferedPlans() {
        Map<Tier, List<Offer>> byTier = new LinkedHashMap<>();
        getOffers()
                .forEach(offer -> byTier.computeIfAbsent(offer.plan().tier(), tier -> new ArrayList<>())
                        .add(offer));
        return byTier.values().stream()
                .map(offers -> new OfferedPlan(
                        offers.get(0).plan(), offers, offers.stream().anyMatch(Offer::current), saved(offers)))
                .toList();
    }

    private String saved(List<Offer> offers) {
        long months = cents(offers, BillingCycle.MONTHLY) * 12;
        long year = cents(offers, BillingCycle.YEARLY);
        return year > 0 && months > year
                ? money.of(months - year, offers.get(0).currency()) + " less than twelve months"
                : "";
    }

    private static long cents(List<Offer> offers, BillingCycle cycle) {
        return offers.stream()
                .filter(offer -> offer.cycle() == cycle)
                .mapToLong(Offer::cents)
                .findFirst()
                .orElse(0);
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
        if (view == null || !isChangeable() || isEmpty(action) && isEmpty(tier)) {
            return null;
        }
        try {
            return switch (isEmpty(action) ? "change" : String.valueOf(action)) {
                case "change" -> isEmpty(tier) || isEmpty(cycle) ? null : change(view);
                case "cancel" -> propose(new Amendment.Cancel(null), "End of the plan", "action=cancel", "period_end");
                case "anchor" ->
                    propose(
                            new Amendment.MoveToDay(dayOfMonth()),
                            "Periods begin on day " + dayOfMonth() + " of the month",
                            "action=anchor&day=" + dayOfMonth(),
                            "period_end");
                case "attach_add_on", "change_add_on", "remove_add_on" -> isEmpty(addOn) ? null : ofAddOn(view);
                default -> null;
            };
        } catch (Problem problem) {
            messages.show(problem, Map.of());
            return null;
        }
    }

    private Proposed change(SubscriptionView view) {
        Tier to = Tier.of(String.valueOf(tier));
        BillingCycle in = BillingCycle.of(String.valueOf(cycle));
        Plan plan = plans(view).stream()
                .filter(each -> each.tier().equals(to) && !each.custom())
                .findFirst()
                .orElseThrow(() -> Problem.notFound("plan"));
        boolean larger = SubscriptionEvent.Kind.ofChange(plan(view), BillingCycle.of(view.billingCycle()), plan, in)
                == SubscriptionEvent.Kind.UPGRADED;
        return propose(
                new Amendment.ToPlan(to, in, null),
                plan.name() + ", " + (in == BillingCycle.YEARLY ? "yearly" : "monthly"),
                "tier=" + to.code() + "&cycle=" + in.code(),
                larger ? "now" : "period_end");
    }

    private Proposed ofAddOn(SubscriptionView view) {
        String code = String.valueOf(addOn);
        Amendment.OfAddOn amendment = addOns.amendment(String.valueOf(action), code, quantity);
        String count = amendment instanceof Amendment.RemoveAddOn ? "" : "&quantity=" + quantity;
        return propose(
                amendment,
                addOns.title(view, amendment),
                "action=" + action + "&add_on=" + code + count,
                addOns.isLess(view, amendment) ? "period_end" : "now");
    }

    private Proposed propose(Amendment amendment, String title, String address, String otherwise) {
        String when = isEmpty(at) ? otherwise : String.valueOf(at);
        Effective effective = switch (when) {
            case "now" -> Effective.NOW;
            case "period_end" -> Effective.PERIOD_END;
            default -> Effective.at(start(when));
        };
        return new Proposed(amendment, effective, title, address, when, settlement.preview(amendment, effective));
    }

    private Instant start(String day) {
        try {
            return LocalDate.parse(day).atStartOfDay(place.zone()).toInstant();
        } catch (DateTimeParseException e) {
            throw Problem.invalid("at", "invalid_timestamp", "a day is written like 2026-02-21");
        }
    }

    private int dayOfMonth() {
        try {
            int number = Integer.parseInt(String.valueOf(day));
            if (number >= 1 && number <= 31) {
                return number;
            }
        } catch (NumberFormatException e) {
            // as one that no month has
        }
        throw Problem.invalid("day", "out_of_range", "the day must be from 1 to 31");
    }

    private static boolean isEmpty(@Nullable String parameter) {
        return parameter == null || parameter.isEmpty();
    }

    @RequiresScope("subscriptions:write")
    @StepUp
    public void change() {
        Proposed wanted = getProposed();
        if (wanted != null) {
            act(() -> settlement.amend(wanted.amendment(), wanted.effective()), view -> done(wanted, view));
        }
    }

    private String done(Proposed wanted, SubscriptionView view) {
        boolean waits = view.pending()
                .filter(next -> next.at().equals(wanted.preview().effectiveAt()))
                .isPresent();
        String day = dates.day(wanted.preview().effectiveAt());
        if (wanted.cancel()) {
            return waits ? "Your plan ends on " + day + "." : "Your plan has ended.";
        }
        if (wanted.amendment() instanceof Amendment.ToPlan to) {
            String name = plans.version(to.tier(), planVersion(view, to)).name();
            return waits ? "You change to " + name + " on " + day + "." : "You are on " + name + " now.";
        }
        if (wanted.amendment() instanceof Amendment.OfAddOn) {
            return waits ? "From " + day + " on: " + wanted.title() + "." : "From now on: " + wanted.title() + ".";
        }
        return waits
                ? "Periods are counted anew from " + day + "."
                : "The running period ends on " + dates.day(view.currentPeriod().end()) + ".";
    }

    private static int planVersion(SubscriptionView view, Amendment.ToPlan to) {
        return view.pending()
                .filter(next -> next.tier().equals(to.tier()))
                .map(Subscription.Pending::planVersion)
                .orElse(view.planVersion());
    }

    @RequiresScope("subscriptions:write")
    @StepUp
    public void keep() {
        act(settlement::keep, view -> "Your plan goes on as it is.");
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

    /** Whether periods can be counted from another day: not in a trial, whose calendar begins when it ends. */
    public boolean isMovable() {
        SubscriptionView view = view();
        return isChangeable() && view != null && !view.status().equals("trialing");
    }

    /** What will happen by itself, in words; null where nothing will. */
    public @Nullable String getPending() {
        SubscriptionView view = view();
        if (view == null || view.endedAt() != null) {
            return null;
        }
        return view.pending().map(this::words).orElse(null);
    }

    /** Whether that can be taken back. */
    public boolean isKeepable() {
        SubscriptionView view = view();
        return view != null
                && view.pending()
                        .filter(next -> next.what() != Subscription.Waiting.CONTRACT_END)
                        .isPresent();
    }

    private String words(Subscription.Pending next) {
        String day = dates.day(next.at());
        return switch (next.what()) {
            case CANCEL -> "Ends on " + day + ".";
            case ANCHOR -> "Periods are counted anew from " + day + ".";
            case CONTRACT_END ->
                "Your contract ends on " + day + "; from then on the price of "
                        + plans.version(next.tier(), next.planVersion()).name() + " holds.";
            case CHANGE -> {
                String added = addOns.words(next.addOns());
                yield (isOtherPlan(next)
                                ? "Changes to "
                                        + plans.version(next.tier(), next.planVersion())
                                                .name()
                                        + ", " + (next.cycle() == BillingCycle.YEARLY ? "yearly" : "monthly") + ", on "
                                        + day + "."
                                : "")
                        + (added.isEmpty() ? "" : " Add-ons from " + day + " on: " + added + ".");
            }
        };
    }

    private boolean isOtherPlan(Subscription.Pending next) {
        SubscriptionView view = view();
        return view == null
                || !next.tier().code().equals(view.tier())
                || next.planVersion() != view.planVersion()
                || !next.cycle().code().equals(view.billingCycle());
    }

    public List<PlanAddOns.Row> getAddOns() {
        SubscriptionView view = view();
        return view == null ? List.of() : addOns.held(view);
    }

    public List<PlanAddOns.Row> getAddable() {
        SubscriptionView view = view();
        return view == null || !isChangeable() ? List.of() : addOns.offers(view);
    }
}
