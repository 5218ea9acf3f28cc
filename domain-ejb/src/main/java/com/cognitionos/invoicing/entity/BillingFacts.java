package com.cognitionos.invoicing.entity;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that an invoice depends on: the terms that hold, the month and what was used in it.
 *
 * @param month the usage month that ends with this invoice
 * @param endedAt when the subscription ended, if it did so inside or at the end of the month
 * @param usage quantity by meter in the month; absent is none
 * @param reopened invoiced months into which usage came late
 */
public record BillingFacts(
        Terms terms, Period month, @Nullable Instant endedAt, Map<String, BigDecimal> usage, List<Reopened> reopened) {

    public BillingFacts {
        usage = Map.copyOf(usage);
        reopened = List.copyOf(reopened);
    }

    /** The same but for what was used in the month. */
    public BillingFacts withUsage(Map<String, BigDecimal> other) {
        return new BillingFacts(terms, month, endedAt, other, reopened);
    }

    /**
     * What was agreed.
     *
     * @param trial whether nothing is charged
     */
    public record Terms(Plan plan, BillingCycle cycle, String currency, Anchor anchor, boolean trial) {}

    /**
     * An invoiced month with what is known of it now.
     *
     * @param invoicedCents by meter: what its overage and adjustment lines add up to so far
     */
    public record Reopened(Terms terms, Period month, Map<String, BigDecimal> usage, Map<String, Long> invoicedCents) {}
}
