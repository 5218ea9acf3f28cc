package com.cognitionos.invoicing.control;

import com.cognitionos.catalog.boundary.AddOns;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.AddOn;
import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.invoicing.entity.BillingFacts;
import com.cognitionos.invoicing.entity.BillingFacts.Agreement;
import com.cognitionos.invoicing.entity.BillingFacts.Month;
import com.cognitionos.invoicing.entity.BillingFacts.OneOff;
import com.cognitionos.invoicing.entity.BillingFacts.Part;
import com.cognitionos.invoicing.entity.BillingFacts.Reopened;
import com.cognitionos.invoicing.entity.BillingFacts.Terms;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Change;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Recurring;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gathers for the pure function what the database knows of a subscription. */
@ApplicationScoped
public class FactsOfRecord {

    @EJB
    private Usage usage;

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Plans plans;

    @EJB
    private AddOns addOns;

    @Inject
    private PlanChanges changes;

    @Inject
    private InvoiceLines lines;

    @Inject
    private WaitingCharges charges;

    /** Of the start of what is paid for. */
    public BillingFacts starting(Subscription subscription, Instant at) {
        return new BillingFacts(
                agreement(subscription, history(subscription)),
                at,
                0,
                false,
                null,
                List.of(),
                charges.of(subscription));
    }

    /**
     * Of the month that is being closed; events under way are waited for.
     *
     * @param next what holds from its end on; null where all stays as it is
     */
    public BillingFacts closing(Subscription subscription, Period month, @Nullable SubscriptionEvent next) {
        boolean ends = next != null && next.kind() == SubscriptionEvent.Kind.CANCELED;
        boolean cutShort =
                ends && month.end().isBefore(subscription.usagePeriod().end());
        // Periods are half-open, but an end inside the month takes the events of its own instant along.
        Period counted = cutShort ? new Period(month.start(), month.end().plus(1, ChronoUnit.MICROS)) : month;
        Instant at = next == null ? month.end() : next.recordedAt();
        Map<String, BigDecimal> used = usage.settled(counted);
        List<SubscriptionEvent> history = history(subscription);
        List<SubscriptionEvent> all = with(history, next);
        return facts(
                subscription,
                all,
                next,
                at,
                month(subscription, all, month, used),
                reopened(subscription, all),
                charges.of(subscription));
    }

    /**
     * As {@link #closing}, of a month that ends by its calendar with nothing changing or waiting, from what was read before.
     *
     * @param used in the month
     * @return empty where several plans held in it, so that its usage has to be read by part
     */
    public Optional<BillingFacts> closing(
            Subscription subscription, List<SubscriptionEvent> history, Map<String, BigDecimal> used) {
        Period month = subscription.usagePeriod();
        UsageMonths.UsageMonth planned = planned(subscription, history, month);
        return cuts(subscription, history, month, planned).size() > 1
                ? Optional.empty()
                : Optional.of(new BillingFacts(
                        agreement(subscription, history),
                        month.end(),
                        0,
                        false,
                        whole(subscription, history, month, planned, used),
                        List.of()));
    }

    /** Of what happens inside a month, before the subscription knows of it. The month is closed where it ends with that. */
    public BillingFacts of(Subscription subscription, SubscriptionEvent next) {
        Period month = subscription.usagePeriod();
        if (next.kind() == SubscriptionEvent.Kind.CANCELED) {
            return closing(subscription, PlanChanges.until(month, next.recordedAt()), next);
        }
        boolean moves = !next.anchor().equals(subscription.anchor().at());
        Anchor anchor = new Anchor(next.anchor(), subscription.anchor().zone());
        boolean ends = moves
                && month.start().isBefore(next.at())
                && anchor.periodAround(next.at(), Cadence.MONTH).start().equals(next.at());
        return ends ? closing(subscription, new Period(month.start(), next.at()), next) : changing(subscription, next);
    }

    /** From when on a subscription's history can still be amended: nothing after is invoiced, and nothing happened. */
    public Instant openSince(Subscription subscription) {
        List<SubscriptionEvent> history = history(subscription);
        Instant last = history.get(history.size() - 1).at();
        Instant month = subscription.usagePeriod().start();
        return last.isAfter(month) ? last : month;
    }

    /** Of a change inside a month, which goes on. */
    private BillingFacts changing(Subscription subscription, SubscriptionEvent next) {
        List<SubscriptionEvent> history = with(history(subscription), next);
        return new BillingFacts(
                agreement(subscription, history),
                next.recordedAt(),
                since(history, next),
                false,
                null,
                List.of(),
                charges.of(subscription));
    }

    /** Of the running month as if it ended with this usage. */
    public BillingFacts running(Subscription subscription, Map<String, BigDecimal> used) {
        return running(subscription, used, true, true);
    }

    /**
     * As {@link #running(Subscription, Map)}, for who knows more.
     *
     * @param late false where no events are late
     * @param waiting false where no charges wait
     */
    public BillingFacts running(
            Subscription subscription, Map<String, BigDecimal> used, boolean late, boolean waiting) {
        Period month = subscription.usagePeriod();
        List<SubscriptionEvent> past = history(subscription);
        SubscriptionEvent next = changes.atMonthEnd(subscription);
        List<SubscriptionEvent> history = with(past, next);
        return facts(
                subscription,
                history,
                next,
                month.end(),
                month(subscription, past, month, used),
                late ? reopened(subscription, history) : List.of(),
                waiting ? charges.of(subscription) : List.of());
    }

    /** @param history with what comes next */
    private BillingFacts facts(
            Subscription subscription,
            List<SubscriptionEvent> history,
            @Nullable SubscriptionEvent next,
            Instant at,
            Month month,
            List<Reopened> reopened,
            List<OneOff> waiting) {
        boolean last = next != null && next.kind() == SubscriptionEvent.Kind.CANCELED;
        return new BillingFacts(
                agreement(subscription, history), at, since(history, next), last, month, reopened, waiting);
    }

    private static int since(List<SubscriptionEvent> history, @Nullable SubscriptionEvent next) {
        return next != null && next.afterDue() ? history.size() - 1 : 0;
    }

    private List<SubscriptionEvent> history(Subscription subscription) {
        return subscriptions.history(subscription.id());
    }

    private static List<SubscriptionEvent> with(List<SubscriptionEvent> history, @Nullable SubscriptionEvent next) {
        List<SubscriptionEvent> all = new ArrayList<>(history);
        if (next != null) {
            all.add(next);
        }
        return all;
    }

    /** What is sold, by its code: a plan or an add-on. */
    private record Sold(String code, int version) {}

    private Agreement agreement(Subscription subscription, List<SubscriptionEvent> history) {
        Map<Recurring, String> named = new HashMap<>();
        Map<Sold, Plan> held = new HashMap<>();
        Map<Sold, AddOn> added = new HashMap<>();
        List<Change> changes = new ArrayList<>();
        for (SubscriptionEvent event : history) {
            Plan plan = held.computeIfAbsent(
                    new Sold(event.tier().code(), event.planVersion()),
                    any -> plans.version(event.tier(), event.planVersion(), subscription.tenantId()));
            Anchor anchor = new Anchor(event.anchor(), subscription.anchor().zone());
            Change.Terms terms;
            if (event.kind() == SubscriptionEvent.Kind.CANCELED) {
                terms = Change.Terms.end(anchor);
            } else if (event.kind().isFree()) {
                terms = Change.Terms.free(anchor);
            } else {
                List<Recurring> prices = new ArrayList<>();
                Recurring price = plan.recurring(event.cycle(), subscription.currency());
                named.put(price, plan.name() + " plan");
                prices.add(price);
                for (HeldAddOns.Item item : event.addOns().items()) {
                    AddOn addOn = added.computeIfAbsent(
                            new Sold(item.code(), item.version()), any -> addOns.version(item.code(), item.version()));
                    Recurring more = addOn.recurring(event.cycle(), subscription.currency(), item.quantity());
                    named.put(more, addOn.name());
                    prices.add(more);
                }
                terms = new Change.Terms(prices, anchor, false, null);
            }
            changes.add(new Change(
                    event.recordedAt(),
                    event.at(),
                    event.afterDue(),
                    terms.by(plan.grain()),
                    event.kind() != SubscriptionEvent.Kind.MOVED));
        }
        return new Agreement(changes, Grain.SECOND, named);
    }

    /** @param used in all of it */
    private Month month(
            Subscription subscription, List<SubscriptionEvent> history, Period month, Map<String, BigDecimal> used) {
        UsageMonths.UsageMonth planned = planned(subscription, history, month);
        List<Instant> cuts = cuts(subscription, history, month, planned);
        if (cuts.size() == 1) {
            return whole(subscription, history, month, planned, used);
        }
        cuts.add(month.end());
        List<Part> parts = new ArrayList<>();
        for (int i = 1; i < cuts.size(); i++) {
            Period part = new Period(cuts.get(i - 1), cuts.get(i));
            parts.add(new Part(terms(subscription, history, part.start(), planned), part, usage.share(part, month)));
        }
        return new Month(month, planned.whole(), parts);
    }

    private static UsageMonths.UsageMonth planned(
            Subscription subscription, List<SubscriptionEvent> history, Period month) {
        return UsageMonths.around(history, subscription.anchor().zone(), month.start())
                .orElse(new UsageMonths.UsageMonth(month, month, month));
    }

    private Month whole(
            Subscription subscription,
            List<SubscriptionEvent> history,
            Period month,
            UsageMonths.UsageMonth planned,
            Map<String, BigDecimal> used) {
        Part all = new Part(terms(subscription, history, month.start(), planned), month, used);
        return new Month(month, planned.whole(), List.of(all));
    }

    /** The month's start, and where in it usage is charged differently from then on. */
    private List<Instant> cuts(
            Subscription subscription, List<SubscriptionEvent> history, Period month, UsageMonths.UsageMonth planned) {
        List<Instant> cuts = new ArrayList<>(List.of(month.start()));
        for (SubscriptionEvent event : history) {
            Instant at = event.at();
            boolean inside = at.isAfter(month.start()) && at.isBefore(month.end());
            // Two things may happen at one instant.
            if (inside
                    && !cuts.contains(at)
                    && !terms(subscription, history, at, planned)
                            .equals(terms(subscription, history, at.minusNanos(1), planned))) {
                cuts.add(at);
            }
        }
        return cuts;
    }

    private Terms terms(
            Subscription subscription, List<SubscriptionEvent> history, Instant at, UsageMonths.UsageMonth month) {
        SubscriptionEvent valid = valid(history, at);
        Plan plan = plans.version(valid.tier(), valid.planVersion(), subscription.tenantId())
                .including(month.planned(), month.calendar());
        return new Terms(plan, subscription.currency(), valid.kind().isFree());
    }

    private static SubscriptionEvent valid(List<SubscriptionEvent> history, Instant at) {
        SubscriptionEvent valid = history.get(0);
        for (SubscriptionEvent event : history) {
            if (!event.at().isAfter(at) && event.kind() != SubscriptionEvent.Kind.CANCELED) {
                valid = event;
            }
        }
        return valid;
    }

    private List<Reopened> reopened(Subscription subscription, List<SubscriptionEvent> history) {
        Map<Instant, Reopened> months = new TreeMap<>();
        for (Instant late : usage.lateInstants(subscription.id())) {
            UsageMonths.around(history, subscription.anchor().zone(), late)
                    .map(UsageMonths.UsageMonth::period)
                    .ifPresent(month -> months.computeIfAbsent(
                            month.start(),
                            start -> new Reopened(
                                    month(subscription, history, month, usage.inPeriod(month)),
                                    lines.invoicedCents(subscription.id(), month),
                                    lines.creditedCents(subscription.id(), month))));
        }
        return List.copyOf(months.values());
    }
}
