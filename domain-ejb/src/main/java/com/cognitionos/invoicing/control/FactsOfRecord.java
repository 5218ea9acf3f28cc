package com.cognitionos.invoicing.control;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.invoicing.entity.BillingFacts;
import com.cognitionos.invoicing.entity.BillingFacts.Agreement;
import com.cognitionos.invoicing.entity.BillingFacts.Month;
import com.cognitionos.invoicing.entity.BillingFacts.Part;
import com.cognitionos.invoicing.entity.BillingFacts.Reopened;
import com.cognitionos.invoicing.entity.BillingFacts.Terms;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Change;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.Period;
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

    @Inject
    private PlanChanges changes;

    @Inject
    private InvoiceLines lines;

    /** Of the start of what is paid for. */
    public BillingFacts starting(Subscription subscription, Instant at) {
        return new BillingFacts(agreement(subscription, history(subscription)), at, 0, false, null, List.of());
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
        Instant at = next == null ? month.end() : next.at();
        Map<String, BigDecimal> used = usage.settled(counted);
        List<SubscriptionEvent> history = history(subscription);
        return facts(subscription, history, next, at, month(history, month, used));
    }

    /** Of a change inside a month, which goes on. */
    public BillingFacts changing(Subscription subscription, SubscriptionEvent next) {
        List<SubscriptionEvent> history = with(history(subscription), next);
        return new BillingFacts(
                agreement(subscription, history), next.at(), since(history, next), false, null, List.of());
    }

    /** Of the running month as if it ended with this usage. */
    public BillingFacts running(Subscription subscription, Map<String, BigDecimal> used) {
        Period month = subscription.usagePeriod();
        List<SubscriptionEvent> history = history(subscription);
        return facts(subscription, history, changes.atMonthEnd(subscription), month.end(), month(history, month, used));
    }

    private BillingFacts facts(
            Subscription subscription,
            List<SubscriptionEvent> past,
            @Nullable SubscriptionEvent next,
            Instant at,
            Month month) {
        List<SubscriptionEvent> history = with(past, next);
        boolean last = next != null && next.kind() == SubscriptionEvent.Kind.CANCELED;
        return new BillingFacts(
                agreement(subscription, history),
                at,
                since(history, next),
                last,
                month,
                reopened(subscription, history));
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

    private Agreement agreement(Subscription subscription, List<SubscriptionEvent> history) {
        Map<String, Plan> named = new HashMap<>();
        List<Change> changes = new ArrayList<>();
        for (SubscriptionEvent event : history) {
            Plan plan = plans.version(event.tier(), event.planVersion());
            named.put(plan.tier().code(), plan);
            Anchor anchor = new Anchor(event.anchor(), subscription.anchor().zone());
            Change.Terms terms;
            if (event.kind() == SubscriptionEvent.Kind.CANCELED) {
                terms = Change.Terms.end(anchor);
            } else if (event.kind().isFree()) {
                terms = Change.Terms.free(anchor);
            } else {
                terms = Change.Terms.of(anchor, plan.recurring(event.cycle(), subscription.currency()));
            }
            changes.add(new Change(event.recordedAt(), event.at(), event.afterDue(), terms));
        }
        return new Agreement(changes, Grain.SECOND, named);
    }

    /** @param used in all of it */
    private Month month(List<SubscriptionEvent> history, Period month, Map<String, BigDecimal> used) {
        List<Instant> cuts = new ArrayList<>(List.of(month.start()));
        for (SubscriptionEvent event : history) {
            Instant at = event.at();
            boolean inside = at.isAfter(month.start()) && at.isBefore(month.end());
            if (inside && !terms(history, at).equals(terms(history, at.minusNanos(1)))) {
                cuts.add(at);
            }
        }
        if (cuts.size() == 1) {
            return Month.of(terms(history, month.start()), month, used);
        }
        cuts.add(month.end());
        List<Part> parts = new ArrayList<>();
        for (int i = 1; i < cuts.size(); i++) {
            Period part = new Period(cuts.get(i - 1), cuts.get(i));
            parts.add(new Part(terms(history, part.start()), part, usage.share(part, month)));
        }
        return new Month(month, parts);
    }

    private Terms terms(List<SubscriptionEvent> history, Instant at) {
        SubscriptionEvent valid = valid(history, at);
        return new Terms(
                plans.version(valid.tier(), valid.planVersion()), valid.kind() == SubscriptionEvent.Kind.TRIAL_STARTED);
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
            Anchor anchor = new Anchor(
                    valid(history, late).anchor(), subscription.anchor().zone());
            Period month = anchor.periodAround(late, Cadence.MONTH);
            if (!terms(history, month.end().minusNanos(1)).trial()) {
                months.computeIfAbsent(
                        month.start(),
                        start -> new Reopened(
                                month(history, month, usage.inPeriod(month)),
                                lines.invoicedCents(subscription.id(), month),
                                lines.creditedCents(subscription.id(), month)));
            }
        }
        return List.copyOf(months.values());
    }
}
