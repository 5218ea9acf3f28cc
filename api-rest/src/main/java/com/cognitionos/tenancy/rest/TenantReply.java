package com.cognitionos.tenancy.rest;

import com.cognitionos.tenancy.boundary.TenantView;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A tenant; {@code version} goes back with a change. */
public record TenantReply(
        UUID id,
        String name,
        String slug,
        String status,
        String tier,
        int planVersion,
        String ownerEmail,
        String billingEmail,
        boolean testMode,
        String timeZone,
        @Nullable Instant trialEndsAt,
        @Nullable Instant suspendedAt,
        @Nullable String suspendedReason,
        Instant createdAt,
        Instant updatedAt,
        long version) {

    static TenantReply of(TenantView tenant) {
        return new TenantReply(
                tenant.id(),
                tenant.name(),
                tenant.slug(),
                tenant.status(),
                tenant.tier(),
                tenant.planVersion(),
                tenant.ownerEmail(),
                tenant.billingEmail(),
                tenant.testMode(),
                tenant.timeZone(),
                tenant.trialEndsAt(),
                tenant.suspendedAt(),
                tenant.suspendedReason(),
                tenant.createdAt(),
                tenant.updatedAt(),
                tenant.version());
    }
}
