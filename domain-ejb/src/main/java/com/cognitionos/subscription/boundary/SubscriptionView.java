package com.cognitionos.subscription.boundary;

import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.Subscription;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as the doors show it.
 *
 * @param pending what happens by itself, a cancellation too; where nothing was asked for, the end of its contract
 * @param amountCents the plan's price per billing cycle, 0 during a trial
 * @param usagePeriod the month that is being counted; equal to the current period in a monthly plan
 */
public record SubscriptionView(
        UUID id,
        UUID tenantId,
        String tier,
        int planVersion,
        String planName,
        String status,
        Period currentPeriod,
        Period usagePeriod,
        @Nullable Instant trialStart,
        @Nullable Instant trialEnd,
        @Nullable Instant canceledAt,
        boolean cancelAtPeriodEnd,
        @Nullable Instant endedAt,
        Optional<Subscription.Pending> pending,
        long amountCents,
        String currency,
        String billingCycle,
        HeldAddOns addOns,
        Instant createdAt,
        Instant updatedAt,
        long version) {

    static SubscriptionView of(Subscription s, Plan plan, Optional<Subscription.Pending> pending) {
        long price = plan.price(s.cycle(), s.currency()).amountCents();
        return new SubscriptionView(
                s.id(),
                s.tenantId(),
                s.tier().code(),
                s.planVersion(),
                plan.name(),
                s.status().code(),
                s.currentPeriod(),
                s.usagePeriod(),
                s.trialStart(),
                s.trialEnd(),
                s.canceledAt(),
                s.cancelsAtPeriodEnd(),
                s.endedAt(),
                pending,
                s.status().code().equals("trialing") ? 0 : price,
                s.currency(),
                s.cycle().code(),
                s.addOns(),
                s.createdAt(),
                s.updatedAt(),
                s.version());
    }
}
