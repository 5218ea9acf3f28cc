package com.cognitionos.identity.entity;

import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a person is in a tenant, or on the platform, and so what they may do: each role is a set of scopes. */
public enum Role {
    /** Everything, and the only one who makes or unmakes owners. */
    OWNER(false, Scope.ofTenants()),
    /** Everything but owners. */
    ADMIN(false, Scope.ofTenants()),
    /** Plans, invoices and cards; sees usage. */
    BILLING(
            false,
            Set.of(
                    "tenants:read",
                    "subscriptions:read",
                    "subscriptions:write",
                    "invoices:read",
                    "invoices:write",
                    "usage:read",
                    "entitlements:read")),
    /** Keys, usage and whatever programs call; sees the plan, not the money. */
    DEVELOPER(
            false,
            union(
                    Set.of("tenants:read", "subscriptions:read"),
                    both("usage", "entitlements", "plugins", "executions", "ai", "webhooks", "keys"))),
    /** Sees; changes nothing. */
    VIEWER(
            false,
            Set.of(
                    "tenants:read",
                    "subscriptions:read",
                    "invoices:read",
                    "usage:read",
                    "entitlements:read",
                    "plugins:read",
                    "executions:read",
                    "ai:read",
                    "webhooks:read")),

    /** Runs the platform: tenants, flags, people; acts for tenants, audited as the operator. */
    OPERATOR(true, union(both("operator"), Scope.ofTenants())),
    /** Runs the invoicing: runs, ledger; acts for tenants on their invoices, audited as finance. */
    FINANCE(
            true,
            union(
                    both("finance", "invoices"),
                    Set.of("operator:read", "tenants:read", "subscriptions:read", "usage:read", "audit:read"))),
    /** Reviews plugins. */
    REVIEWER(true, Set.of("marketplace:review", "plugins:read"));

    private final boolean platform;
    private final Set<String> scopes;

    Role(boolean platform, Set<String> scopes) {
        this.platform = platform;
        this.scopes = Set.copyOf(scopes);
    }

    /** Whether it is a role on the platform rather than in a tenant. */
    public boolean isPlatform() {
        return platform;
    }

    public Set<String> scopes() {
        return scopes;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<Role> ofTenants() {
        return Arrays.stream(values()).filter(role -> !role.platform).toList();
    }

    public static List<Role> ofPlatform() {
        return Arrays.stream(values()).filter(role -> role.platform).toList();
    }

    /** As it is stored. @throws IllegalArgumentException */
    public static Role stored(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /** As somebody asks for it. @throws Problem INVALID when there is no such role there */
    public static Role wanted(String code, boolean platform) {
        List<Role> possible = platform ? ofPlatform() : ofTenants();
        return possible.stream()
                .filter(role -> role.code().equals(code))
                .findFirst()
                .orElseThrow(() -> Problem.invalid(
                        "role",
                        "unknown_role",
                        "role must be one of "
                                + possible.stream().map(Role::code).collect(Collectors.joining(", "))));
    }

    private static Set<String> both(String... areas) {
        return Arrays.stream(areas)
                .flatMap(area -> Stream.of(area + ":read", area + ":write"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
        return Stream.concat(a.stream(), b.stream()).collect(Collectors.toCollection(TreeSet::new));
    }
}
