package com.cognitionos.metering.control;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.metering.boundary.IngestResult.Rejection;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.subscription.entity.Anchor;
import com.cognitionos.subscription.entity.Period;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The hard limits of a plan (MET-6): what would go above the included quantity is refused, in the order it came. */
@ApplicationScoped
public class Allowance {

    @Inject
    private TenantLock locks;

    @Inject
    private PeriodUsage usage;

    private record Counted(String meter, Period month) {}

    /** Takes the refused events out of {@code candidates}. A trial is limited as if its plan had no overage prices. */
    public List<Rejection> refuse(
            Map<Integer, UsageEvent> candidates, Plan plan, Subscription subscription, Instant now) {
        List<Rejection> refused = new ArrayList<>();
        boolean trial = subscription.status() == SubscriptionStatus.TRIALING;
        Map<Counted, BigDecimal> used = new HashMap<>();
        candidates.entrySet().removeIf(entry -> {
            UsageEvent event = entry.getValue();
            Plan.MeteredAllowance allowance = plan.allowance(event.meter()).orElse(null);
            if (allowance == null || allowance.included() == null || !(trial || allowance.hardLimited())) {
                return false;
            }
            if (used.isEmpty()) {
                // Two batches at once must not both fit below the limit.
                locks.take(TenantLock.Purpose.ALLOWANCE);
            }
            BigDecimal after;
            if (allowance.meter().aggregation() == Meter.Aggregation.SUM) {
                Counted key = new Counted(event.meter(), month(event, subscription, now));
                BigDecimal before = used.computeIfAbsent(
                        key, k -> usage.of(k.month(), now).getOrDefault(k.meter(), BigDecimal.ZERO));
                after = before.add(event.quantity());
                if (after.compareTo(allowance.included()) <= 0) {
                    used.put(key, after);
                    return false;
                }
            } else {
                after = event.quantity();
                if (after.compareTo(allowance.included()) <= 0) {
                    return false;
                }
            }
            refused.add(new Rejection(
                    entry.getKey(),
                    "entitlement_exceeded",
                    "The plan " + plan.tier().code() + " includes "
                            + allowance.included().toPlainString() + " "
                            + event.meter() + " a month and this would make it "
                            + after.stripTrailingZeros().toPlainString()
                            + "."));
            return true;
        });
        return refused;
    }

    private static Period month(UsageEvent event, Subscription subscription, Instant now) {
        Anchor anchor = subscription.anchor();
        Instant at = UsageLog.countedAt(event, now, subscription.createdAt());
        return subscription.usagePeriod().contains(at) ? subscription.usagePeriod() : anchor.periodAround(at, 1);
    }
}
