package com.cognitionos.tenancy.boundary;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The settings that hold: the plan's, with this tenant's overrides on top. A number that is null is unlimited.
 *
 * @param maxStorageGb in units of 1000 MB of the storage meter
 * @param metadata a JSON object as text
 */
public record Settings(
        UUID tenantId,
        @Nullable Long maxUsers,
        @Nullable Long maxAgents,
        @Nullable Long maxWorkflows,
        @Nullable Long maxExecutionsPerMonth,
        @Nullable Long maxStorageGb,
        @Nullable Long apiRateLimitPerMinute,
        boolean enablePlugins,
        boolean enableCustomModels,
        boolean enablePriorityExecution,
        @Nullable String customDomain,
        @Nullable String webhookUrl,
        String metadata) {}
