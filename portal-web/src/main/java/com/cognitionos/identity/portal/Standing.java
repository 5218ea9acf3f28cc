package com.cognitionos.identity.portal;

import com.cognitionos.identity.boundary.Users.Membership;
import com.cognitionos.identity.boundary.Users.Person;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a person may do at this moment, in the tenant that their session works in.
 *
 * @param memberships those that this session may choose from
 * @param closed those that require single sign-on, which is not how this session was opened
 * @param platformRoles none in a session that a tenant's identity provider opened
 * @param tenant null for staff across tenants, and for a person who belongs nowhere
 * @param role their role in the tenant; null for staff who act for it
 */
record Standing(
        Person person,
        List<Membership> memberships,
        List<Membership> closed,
        Set<Role> platformRoles,
        @Nullable UUID tenant,
        @Nullable Role role) {

    /** @param requiringSso those of the person's tenants that a password opens no longer, owners' aside */
    static Standing of(SignedIn session, Person person, Set<UUID> requiringSso) {
        UUID only = session.onlyTenant();
        Map<Boolean, List<Membership>> open = person.memberships().stream()
                .filter(membership -> only == null || membership.tenant().equals(only))
                .collect(Collectors.partitioningBy(membership -> only != null
                        || membership.role() == Role.OWNER
                        || !requiringSso.contains(membership.tenant())));
        List<Membership> memberships = open.get(true);
        Set<Role> platformRoles = only == null ? person.platformRoles() : Set.of();
        Optional<Membership> chosen = memberships.stream()
                .filter(membership -> membership.tenant().equals(session.tenant()))
                .findFirst();
        if (chosen.isEmpty() && platformRoles.isEmpty()) {
            chosen = memberships.stream().findFirst();
        }
        UUID acted = mayActForTenants(platformRoles) ? session.tenant() : null;
        return new Standing(
                person,
                memberships,
                open.get(false),
                platformRoles,
                chosen.map(Membership::tenant).orElse(acted),
                chosen.map(Membership::role).orElse(null));
    }

    /** An operator for all that a tenant does, finance for its invoices: each with the scopes of the platform's role. */
    private static boolean mayActForTenants(Set<Role> roles) {
        return roles.stream().anyMatch(role -> role.scopes().contains("invoices:write"));
    }

    boolean isStaff() {
        return !platformRoles.isEmpty();
    }

    /** Whether it is the platform at work in a tenant that the person does not belong to. */
    boolean isActing() {
        return tenant != null && role == null;
    }

    /** Empty for a person who belongs nowhere. */
    Optional<Caller> caller(Origin origin) {
        if (tenant == null && !isStaff()) {
            return Optional.empty();
        }
        Set<String> scopes = new TreeSet<>();
        platformRoles.forEach(held -> scopes.addAll(held.scopes()));
        if (role != null) {
            scopes.addAll(role.scopes());
        }
        return Optional.of(new Caller(subject(), isStaff(), tenant, scopes, origin));
    }

    /** For the person's own account, which belongs to no tenant. */
    Caller forAccount(Origin origin) {
        return new Caller(subject(), true, null, Set.of(), origin);
    }

    private String subject() {
        return "user:" + person.id();
    }
}
