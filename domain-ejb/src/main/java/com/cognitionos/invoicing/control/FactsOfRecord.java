package com.cognitionos.invoicing.control;

import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.invoicing.entity.BillingFacts;
import com.cognitionos.invoicing.entity.BillingFacts.Reopened;
import com.cognitionos.invoicing.entity.BillingFacts.Terms;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
    private InvoiceLines lines;

    /** Of the month that is being closed; events under way are waited for. */
    public BillingFacts closing(Subscription subscription, Period month, @Nullable Instant endedAt) {
        // Periods are half-open, but an end inside the month takes the events of its own instant along.
        boolean cutShort =
                endedAt != null && endedAt.isBefore(subscription.usagePeriod().end());
        Period counted = cutShort ? new Period(month.start(), month.end().plus(1, ChronoUnit.MICROS)) : month;
        Map<String, BigDecimal> used = usage.settled(counted);
        return new BillingFacts(termsAt(subscription, month.start()), month, endedAt, used, reopened(subscription));
    }

    /** Of the running month as if it ended with this usage. */
    public BillingFacts running(Subscription subscription, Map<String, BigDecimal> used) {
        Period month = subscription.usagePeriod();
        return new BillingFacts(termsAt(subscription, month.start()), month, null, used, reopened(subscription));
    }

    /** The terms that held at an instant of the subscription's life. */
    public Terms termsAt(Subscription subscription, Instant at) {
        return termsAt(subscription, subscriptions.history(subscription.id()), at);
    }

    private Terms termsAt(Subscription subscription, List<SubscriptionEvent> history, Instant at) {
        SubscriptionEvent valid = history.get(0);
        Instant anchor = valid.at();
        for (SubscriptionEvent event : history) {
            if (!event.at().isAfter(at) && event.kind() != SubscriptionEvent.Kind.CANCELED) {
                valid = event;
                anchor = event.at();
            }
        }
        return new Terms(
                plans.version(valid.tier(), valid.planVersion()),
                valid.cycle(),
                subscription.currency(),
                new Anchor(anchor, subscription.anchor().zone()),
                valid.kind() == SubscriptionEvent.Kind.TRIAL_STARTED);
    }

    private List<Reopened> reopened(Subscription subscription) {
        Map<Instant, Reopened> months = new TreeMap<>();
        List<Instant> instants = usage.lateInstants(subscription.id());
        if (instants.isEmpty()) {
            return List.of();
        }
        List<SubscriptionEvent> history = subscriptions.history(subscription.id());
        for (Instant late : instants) {
            Terms terms = termsAt(subscription, history, late);
            Period month = terms.anchor().periodAround(late, Cadence.MONTH);
            if (!terms.trial()) {
                months.computeIfAbsent(
                        month.start(),
                        start -> new Reopened(
                                terms, month, usage.inPeriod(month), lines.invoicedCents(subscription.id(), month)));
            }
        }
        return List.copyOf(months.values());
    }
}
