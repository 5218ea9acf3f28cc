package com.cognitionos.subscription.rest;

import com.cognitionos.invoicing.boundary.RunningTotals;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The running month: what is used, what it costs so far and what it comes to at this pace. */
public record UsageReply(
        Instant periodStart,
        Instant periodEnd,
        List<Metric> metrics,
        long projectedTotalCents,
        long totalCostCents,
        String currency,
        Instant countedUpTo) {

    /** @param limit what is included, and {@code percentage} of it; null when unlimited */
    public record Metric(
            String metricName,
            BigDecimal currentValue,
            @Nullable BigDecimal limit,
            @Nullable BigDecimal percentage,
            String unit,
            long overageCents,
            boolean hardLimit) {}

    static UsageReply of(RunningTotals.Totals totals) {
        return new UsageReply(
                totals.period().start(),
                totals.period().end(),
                totals.metrics().stream()
                        .map(m -> new Metric(
                                m.meter(),
                                m.current(),
                                m.limit(),
                                m.percentage(),
                                m.unit(),
                                m.overageCents(),
                                m.hardLimit()))
                        .toList(),
                totals.projectedCents(),
                totals.totalCents(),
                totals.currency(),
                totals.countedUpTo());
    }
}
