package com.cognitionos.identity.portal;

import com.cognitionos.identity.entity.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import org.jspecify.annotations.Nullable;

/** Roles as people read them. */
@Named("roles")
@ApplicationScoped
public class Roles {

    public String name(@Nullable Role role) {
        return role == null ? "" : role.name().charAt(0) + role.code().substring(1);
    }

    /** What the role is for, in a few words. */
    public String purpose(Role role) {
        return switch (role) {
            case OWNER -> "everything, and owners";
            case ADMIN -> "everything but owners";
            case BILLING -> "plans, invoices and cards; sees usage";
            case DEVELOPER -> "keys and usage; sees no money";
            case VIEWER -> "sees, changes nothing";
            case OPERATOR -> "runs the platform, acts for tenants";
            case FINANCE -> "runs the invoicing";
            case REVIEWER -> "reviews plugins";
        };
    }

    public String label(Role role) {
        return name(role) + ": " + purpose(role);
    }
}
