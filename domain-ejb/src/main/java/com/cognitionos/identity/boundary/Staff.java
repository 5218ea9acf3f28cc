package com.cognitionos.identity.boundary;

import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The people who run the platform, and as what. Runs for the platform; a person may have several roles. */
@Stateless
@TenantWall
public class Staff {

    public record StaffView(UUID userId, String email, String name, Set<Role> roles, boolean secondFactor) {}

    public List<StaffView> list() {
        throw new UnsupportedOperationException();
    }

    public List<Members.InvitationView> invitations() {
        throw new UnsupportedOperationException();
    }

    /** As {@link Members#invite}, with one platform role; a person who has an account gets the role by the link too. */
    public Members.InvitationView invite(String email, Role role) {
        throw new UnsupportedOperationException();
    }

    public void withdraw(UUID invitation) {
        throw new UnsupportedOperationException();
    }

    /** @throws com.cognitionos.kernel.Problem NOT_FOUND, INVALID, CONFLICT ({@code last_operator}) */
    public StaffView changeRoles(UUID user, Set<Role> roles) {
        throw new UnsupportedOperationException();
    }
}
