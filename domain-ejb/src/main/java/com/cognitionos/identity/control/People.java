package com.cognitionos.identity.control;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.identity.boundary.Members.MemberView;
import com.cognitionos.identity.boundary.Users;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is stored about people. Runs for the platform: the tenants' role may not look at people at all. */
@Stateless
@TenantWall
public class People {

    private static final String USER = "user:";

    @Inject
    private Sql sql;

    @Inject
    private AuditLog audit;

    /** @param hash null for who has no password */
    public record Known(
            UUID id, String email, String name, @Nullable String hash, boolean secondFactor) {}

    private static final String KNOWN = """
            SELECT u.id, u.email, u.name, u.password_hash, f.secret IS NOT NULL AS second_factor
            FROM users u LEFT JOIN second_factors f ON f.user_id = u.id
            """;

    /** @param email in lower case */
    public Optional<Known> byEmail(String email) {
        // A NUL, which PostgreSQL's text cannot hold, is in nobody's address.
        return email.indexOf('\0') >= 0
                ? Optional.empty()
                : sql.queryOne(KNOWN + "WHERE u.email = ?", People::known, email);
    }

    /** @throws Problem NOT_FOUND */
    public Known byId(UUID user) {
        return sql.queryOne(KNOWN + "WHERE u.id = ?", People::known, user)
                .orElseThrow(() -> Problem.notFound("person"));
    }

    private static Known known(ResultSet row) throws SQLException {
        return new Known(
                row.getObject("id", UUID.class),
                row.getString("email"),
                row.getString("name"),
                row.getString("password_hash"),
                row.getBoolean("second_factor"));
    }

    public List<Users.Membership> memberships(UUID user) {
        return sql.query(
                """
                SELECT m.tenant_id, t.slug, t.name, m.role FROM memberships m JOIN tenants t ON t.id = m.tenant_id
                WHERE m.user_id = ? ORDER BY m.created_at, m.tenant_id""",
                row -> new Users.Membership(
                        row.getObject("tenant_id", UUID.class),
                        row.getString("slug"),
                        row.getString("name"),
                        Role.stored(row.getString("role"))),
                user);
    }

    public Set<Role> platformRoles(UUID user) {
        return new LinkedHashSet<>(sql.query(
                "SELECT role FROM platform_roles WHERE user_id = ? ORDER BY role",
                row -> Role.stored(row.getString("role")),
                user));
    }

    /** By name. @param user only this one; null for all */
    public List<MemberView> members(UUID tenant, @Nullable UUID user) {
        return sql.query(
                """
                SELECT u.id, u.email, u.name, m.role, f.secret IS NOT NULL AS second_factor, m.created_at, u.last_seen_at
                FROM memberships m JOIN users u ON u.id = m.user_id LEFT JOIN second_factors f ON f.user_id = u.id
                WHERE m.tenant_id = ? AND (?::uuid IS NULL OR u.id = ?::uuid)
                ORDER BY lower(u.name), u.email""",
                row -> new MemberView(
                        row.getObject("id", UUID.class),
                        row.getString("email"),
                        row.getString("name"),
                        Role.stored(row.getString("role")),
                        row.getBoolean("second_factor"),
                        Sql.instant(row, "created_at"),
                        Sql.instant(row, "last_seen_at")),
                tenant,
                user,
                user);
    }

    /** @return the person that the caller is; empty for a key or a job */
    public static Optional<UUID> userOf(Caller caller) {
        return caller.subject().startsWith(USER)
                ? Optional.of(UUID.fromString(caller.subject().substring(USER.length())))
                : Optional.empty();
    }

    /** How to call somebody in a mail and in a list. */
    public String nameOf(Caller caller) {
        return userOf(caller)
                .flatMap(
                        user -> sql.queryOne("SELECT name FROM users WHERE id = ?", row -> row.getString("name"), user))
                .orElseGet(() -> caller.subject().startsWith("key:")
                        ? "API key " + caller.subject().substring("key:".length())
                        : "CognitionOS");
    }

    /** Sessions that are good for that tenant alone. */
    public void endSessionsOf(UUID user, UUID tenant) {
        sql.update("DELETE FROM user_sessions WHERE user_id = ? AND only_tenant = ?", user, tenant);
    }

    /** Into the log of each of the person's tenants, or the platform's for who has none. */
    public void enterSignIn(UUID user, Origin origin, String by) {
        List<Users.Membership> memberships = memberships(user);
        Caller.current().from(origin).run(() -> {
            if (memberships.isEmpty() || !platformRoles(user).isEmpty()) {
                record(user, null, "user.signed_in", null, Map.of("by", by));
            }
            memberships.forEach(
                    membership -> record(user, membership.tenant(), "user.signed_in", null, Map.of("by", by)));
        });
    }

    /** Enters what the person did with themselves, whoever runs the code for them. */
    public void record(
            UUID user,
            @Nullable UUID tenant,
            String action,
            @Nullable Map<String, ?> before,
            @Nullable Map<String, ?> after) {
        new Caller(USER + user, true, null, Caller.ALL, Caller.current().origin())
                .run(() -> audit.record(tenant, action, user.toString(), before, after));
    }
}
