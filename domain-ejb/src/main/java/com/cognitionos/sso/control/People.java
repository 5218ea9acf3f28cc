package com.cognitionos.sso.control;

import com.cognitionos.identity.boundary.Users;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Sql;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;

/** The people that a provider may mean. In a transaction of the platform. */
@ApplicationScoped
public class People {

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @EJB
    private Users users;

    public Optional<UUID> withEmail(String email) {
        return users.find(email);
    }

    public Optional<Role> roleIn(UUID tenant, UUID user) {
        return sql.queryOne(
                "SELECT role FROM memberships WHERE tenant_id = ? AND user_id = ?",
                row -> Role.stored(row.getString("role")),
                tenant,
                user);
    }

    /** Somebody who can come in only by the provider; nobody has proven the address to us. */
    public UUID create(String email, String name) {
        return users.createWithoutPassword(email, name, clock.system());
    }

    public void join(UUID user, UUID tenant, Role role) {
        users.join(user, tenant, role, clock.system());
    }
}
