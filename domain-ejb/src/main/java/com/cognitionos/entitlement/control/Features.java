package com.cognitionos.entitlement.control;

import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.entitlement.boundary.FeatureUse;
import com.cognitionos.entitlement.entity.Entitlement.Reason;
import com.cognitionos.flag.boundary.Flags;
import com.cognitionos.tenancy.boundary.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/** What plans, settings and flags say of the features that are not metered (ENT-3). */
@ApplicationScoped
public class Features {

    @Inject
    @Any
    private Instance<FeatureUse> uses;

    /** How much of it is used; null where nobody counts. */
    public @Nullable Long use(String feature) {
        for (FeatureUse use : uses) {
            if (use.feature().equals(feature)) {
                return use.current();
            }
        }
        return null;
    }

    /** The flag that releases a feature. */
    public static String flagOf(String feature) {
        return feature.equals("plugins") ? "plugins_enabled" : feature;
    }

    /** What is sold: the plan's word, or the override's. */
    public static boolean granted(String feature, Plan plan, Settings settings) {
        return switch (feature) {
            case "plugins" -> settings.enablePlugins();
            case "custom_models" -> settings.enableCustomModels();
            case "priority_execution" -> settings.enablePriorityExecution();
            default -> plan.has(feature);
        };
    }

    /** The number that holds; null is unlimited. */
    public static @Nullable Long limit(String feature, Plan plan, Settings settings) {
        return switch (feature) {
            case "seats" -> settings.maxUsers();
            case "agents" -> settings.maxAgents();
            case "workflows" -> settings.maxWorkflows();
            case "api_requests_per_minute" -> settings.apiRateLimitPerMinute();
            default -> plan.amount(feature);
        };
    }

    /**
     * @param inPlan whether the plan has the feature
     * @param granted whether the tenant has it, by its plan or by an override
     * @param flag null where no flag belongs to it
     */
    public static Reason reason(boolean inPlan, boolean granted, Flags.@Nullable State flag) {
        if (!granted) {
            return Reason.NOT_IN_PLAN;
        }
        boolean byOverride = !inPlan;
        boolean released = flag == null || flag.on() || (byOverride && !flag.killed());
        return released ? Reason.INCLUDED : Reason.SWITCHED_OFF;
    }
}
