package com.cognitionos.subscription.boundary;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a subscription, in the API's words.
 *
 * @param amountCents the plan's price per billing cycle in the currency's minor unit, 0 during a trial
 */
public record SubscriptionNews(
        UUID id,
        UUID tenantId,
        String tier,
        String status,
        Instant currentPeriodStart,
        Instant currentPeriodEnd,
        @Nullable Instant trialStart,
        @Nullable Instant trialEnd,
        @Nullable Instant canceledAt,
        boolean cancelAtPeriodEnd,
        @Nullable Instant endedAt,
        long amountCents,
        String currency,
        String billingCycle,
        Instant createdAt,
        Instant updatedAt,
        long version) {

    public static SubscriptionNews of(SubscriptionView s) {
        return new SubscriptionNews(
                s.id(),
                s.tenantId(),
                s.tier(),
                s.status(),
                s.currentPeriod().start(),
                s.currentPeriod().end(),
                s.trialStart(),
                s.trialEnd(),
                s.canceledAt(),
                s.cancelAtPeriodEnd(),
                s.endedAt(),
                s.amountCents(),
                s.currency(),
                s.billingCycle(),
                s.createdAt(),
                s.updatedAt(),
                s.version());
    }
}
