package com.cognitionos.tenancy.boundary;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is told of a tenant, in the API's words. */
public record TenantNews(
        UUID id,
        String name,
        String slug,
        String status,
        String tier,
        @Nullable Instant suspendedAt,
        @Nullable String suspendedReason) {

    static TenantNews of(TenantView tenant) {
        return new TenantNews(
                tenant.id(),
                tenant.name(),
                tenant.slug(),
                tenant.status(),
                tenant.tier(),
                tenant.suspendedAt(),
                tenant.suspendedReason());
    }
}
