package com.cognitionos.invoicing.entity;

import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.rating.entity.Change;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Recurring;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that an invoice depends on.
 *
 * @param at the instant that is invoiced: what falls due at it, and nothing else
 * @param since the first entry of the history that no invoice at {@code at} knows yet
 * @param last whether the subscription ends with it, so that whatever is still to come is due
 * @param month the usage month that ends at it, if one does
 * @param reopened invoiced months into which usage came late
 * @param charges that wait for the next invoice
 */
public record BillingFacts(
        Agreement agreement,
        Instant at,
        int since,
        boolean last,
        @Nullable Month month,
        List<Reopened> reopened,
        List<OneOff> charges) {

    private static final Duration LAST_DAY = Duration.ofDays(2);

    public BillingFacts {
        reopened = List.copyOf(reopened);
        charges = List.copyOf(charges);
    }

    /** Without charges of once. */
    public BillingFacts(
            Agreement agreement, Instant at, int since, boolean last, @Nullable Month month, List<Reopened> reopened) {
        this(agreement, at, since, last, month, reopened, List.of());
    }

    /**
     * An amount that is due once, from 1 cent.
     *
     * @param plan that the tenant is on
     */
    public record OneOff(String description, long cents, String plan) {}

    /**
     * What was agreed, and when it became known.
     *
     * @param grain of terms that say none
     * @param names what the prices of the history are called on an invoice
     */
    public record Agreement(List<Change> history, Grain grain, Map<Recurring, String> names) {

        public Agreement {
            history = List.copyOf(history);
            names = Map.copyOf(names);
        }
    }

    /**
     * By which plan usage is charged.
     *
     * @param free whether it is not: in a trial and in a pause
     */
    public record Terms(Plan plan, String currency, boolean free) {}

    /**
     * A usage month, or what there is of one that ends early.
     *
     * @param whole the month that prices are for; what is served of it is {@code period}
     * @param parts in the order of time: one, or one for each plan that held in it
     */
    public record Month(Period period, Period whole, List<Part> parts) {

        public Month {
            parts = List.copyOf(parts);
        }

        public static Month of(Terms terms, Period period, Map<String, BigDecimal> usage) {
            return new Month(period, period, List.of(new Part(terms, period, usage)));
        }

        /** By which plan usage is charged as the month ends. */
        public Terms terms() {
            return parts.get(parts.size() - 1).terms();
        }

        /** The same with that much more used at its end. */
        public Month with(Map<String, BigDecimal> more) {
            List<Part> all = new ArrayList<>(parts);
            Part last = all.remove(all.size() - 1);
            Map<String, BigDecimal> usage = new HashMap<>(last.usage());
            more.forEach((meter, quantity) -> usage.merge(meter, quantity, BigDecimal::add));
            all.add(new Part(last.terms(), last.period(), usage));
            return new Month(period, whole, all);
        }
    }

    /** @param usage quantity by meter, its share of the month's; absent is none */
    public record Part(Terms terms, Period period, Map<String, BigDecimal> usage) {

        public Part {
            usage = Map.copyOf(usage);
        }
    }

    /**
     * An invoiced month with what is known of it now.
     *
     * @param invoicedCents by meter: what its overage and adjustment lines add up to so far; for {@link #COMMITMENT} those
     *     of a commitment
     * @param creditedCents likewise: what of that is not owed any more, by credit notes and void invoices
     */
    public record Reopened(Month month, Map<String, Long> invoicedCents, Map<String, Long> creditedCents) {

        public static final String COMMITMENT = "";

        public Reopened(Month month, Map<String, Long> invoicedCents) {
            this(month, invoicedCents, Map.of());
        }
    }

    /** Up to when something may fall due: after the end only the rest of its last day can. */
    Instant until() {
        return last ? at.plus(LAST_DAY) : at;
    }

    /** The same once an invoice before took along what waited for one: late usage and charges. */
    public BillingFacts withoutBacklog() {
        return new BillingFacts(agreement, at, since, last, month, List.of(), List.of());
    }

    /** The same but for the month. */
    public BillingFacts with(Month other) {
        return new BillingFacts(agreement, at, since, last, other, reopened, charges);
    }
}
