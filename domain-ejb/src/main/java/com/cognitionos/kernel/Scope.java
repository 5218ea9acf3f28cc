package com.cognitionos.kernel;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What an API key may do (SPEC section 6). */
public final class Scope {

    private static final List<String> AREAS = List.of(
            "tenants",
            "subscriptions",
            "invoices",
            "usage",
            "entitlements",
            "plugins",
            "executions",
            "ai",
            "webhooks",
            "keys",
            "audit");

    private static final Set<String> TENANT = both(AREAS);
    private static final Set<String> PLATFORM = platform();

    private Scope() {}

    /** Every scope that a tenant's key may have. */
    public static Set<String> ofTenants() {
        return TENANT;
    }

    /** Every scope that a platform key may have; it may have the tenants' too, to act for them. */
    public static Set<String> ofPlatform() {
        return PLATFORM;
    }

    /** @throws Problem INVALID when there is none, or one that no tenant's key may have */
    public static Set<String> checkForTenant(Collection<String> scopes) {
        if (scopes.isEmpty()) {
            throw Problem.invalid("scopes", "required", "name at least one scope");
        }
        for (String scope : scopes) {
            if (!TENANT.contains(scope)) {
                throw Problem.invalid(
                        "scopes",
                        "unknown_scope",
                        "there is no scope " + scope + "; there are " + String.join(", ", TENANT));
            }
        }
        return new LinkedHashSet<>(scopes);
    }

    public static Set<String> parse(String stored) {
        return new LinkedHashSet<>(Arrays.asList(stored.split(" ")));
    }

    public static String format(Collection<String> scopes) {
        return String.join(" ", scopes);
    }

    private static Set<String> both(List<String> areas) {
        Set<String> scopes = new TreeSet<>();
        for (String area : areas) {
            scopes.add(area + ":read");
            scopes.add(area + ":write");
        }
        return Collections.unmodifiableSet(scopes);
    }

    private static Set<String> platform() {
        Set<String> scopes = new TreeSet<>(both(List.of("operator", "finance")));
        scopes.add("marketplace:review");
        return Collections.unmodifiableSet(scopes);
    }
}
