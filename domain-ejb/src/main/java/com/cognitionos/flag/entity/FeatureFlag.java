package com.cognitionos.flag.entity;

import com.cognitionos.catalog.entity.Tier;
import java.util.Set;
import java.util.UUID;

/**
 * For whom something is switched on: for everybody, for plans, for a share of all tenants, or for tenants by name.
 *
 * @param rolloutPercentage of all tenants, from 0 to 100
 * @param version goes up with each change
 */
public record FeatureFlag(
        String key, boolean enabledGlobally, Set<Tier> enabledTiers, int rolloutPercentage, long version) {

    public FeatureFlag {
        enabledTiers = Set.copyOf(enabledTiers);
    }

    /** @param named whether the tenant is among those named */
    public boolean isOnFor(UUID tenant, Tier tier, boolean named) {
        return enabledGlobally
                || named
                || enabledTiers.contains(tier)
                || Rollout.reaches(key, tenant, rolloutPercentage);
    }

    /** Switched off for all but those named, if any: with none named nobody has it. */
    public boolean isOffButForNamed() {
        return !enabledGlobally && enabledTiers.isEmpty() && rolloutPercentage == 0;
    }
}
