package com.cognitionos.tenancy.boundary;

import com.cognitionos.tenancy.entity.Tenant;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A tenant as the doors show it; {@code version} goes back with a change (TEN-3). */
public record TenantView(
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

    static TenantView of(Tenant tenant) {
        return new TenantView(
                tenant.id(),
                tenant.name(),
                tenant.slug(),
                tenant.status().code(),
                tenant.tier().code(),
                tenant.planVersion(),
                tenant.ownerEmail(),
                tenant.billingEmail(),
                tenant.testMode(),
                tenant.timeZone().getId(),
                tenant.trialEndsAt(),
                tenant.suspendedAt(),
                tenant.suspendedReason(),
                tenant.createdAt(),
                tenant.updatedAt(),
                tenant.version());
    }
}
