package com.cognitionos.identity.boundary;

import com.cognitionos.identity.control.Passwords;
import com.cognitionos.identity.entity.Role;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** People and the tenants that they may act in. Runs for the platform, since a person may belong to several tenants. */
@Stateless
@TenantWall
public class Users {

    private static final Pattern EMAIL =
            Pattern.compile("[^\\s\\p{Cntrl}@]{1,64}@[^\\s\\p{Cntrl}@]{1,185}\\.[^\\s\\p{Cntrl}@.]{2,63}");

    @Inject
    private Sql sql;

    @Inject
    private Passwords passwords;

    /** A tenant that the person belongs to, and as what. */
    public record Membership(UUID tenant, String slug, String tenantName, Role role) {}

    /**
     * A person and what they may do where.
     *
     * @param platformRoles what they are on the platform; mostly nothing
     */
    public record Person(UUID id, String email, String name, List<Membership> memberships, Set<Role> platformRoles) {}

    /** @throws Problem INVALID unless it looks like an e-mail address */
    public static String checkEmail(String field, String email) {
        String trimmed = email.strip();
        if (!EMAIL.matcher(trimmed).matches()) {
            throw Problem.invalid(field, "not_an_email", "That is not an e-mail address.");
        }
        return trimmed;
    }

    static String checkName(String name) {
        if (name.isBlank() || name.length() > 255 || name.chars().anyMatch(Character::isISOControl)) {
            throw Problem.invalid("name", "length", "A name has 1 to 255 characters.");
        }
        return name.strip();
    }

    /** @throws Problem INVALID for a bad address, name or password, CONFLICT for an address that is taken */
    public UUID create(String email, String name, String password, Instant at) {
        String address = checkEmail("email", email).toLowerCase(Locale.ROOT);
        String called = checkName(name);
        passwords.check(password, address, called);
        String hash = passwords.hash(password);
        return insert(address, called, hash, at);
    }

    /** As {@link #create}, for somebody who came by a link in a mail to that address. */
    public UUID createVerified(String email, String name, String password, Instant at) {
        UUID user = create(email, name, password, at);
        sql.update("UPDATE users SET email_verified_at = ? WHERE id = ?", at, user);
        return user;
    }

    public Optional<UUID> find(String email) {
        return sql.queryOne(
                "SELECT id FROM users WHERE email = ?",
                row -> row.getObject("id", UUID.class),
                email.strip().toLowerCase(Locale.ROOT));
    }

    /** Without an invitation and without counting seats: who founds a tenant. A second time changes nothing. */
    public void join(UUID user, UUID tenant, Role role, Instant at) {
        sql.update("""
                INSERT INTO memberships (tenant_id, user_id, role, created_at) VALUES (?, ?, ?, ?)
                ON CONFLICT DO NOTHING""", tenant, user, role.code(), at);
    }

    /** Somebody who cannot come in by password until they set one by mail; nothing is known of whose the address is. */
    public UUID createWithoutPassword(String email, String name, Instant at) {
        return insert(checkEmail("email", email).toLowerCase(Locale.ROOT), checkName(name), null, at);
    }

    private UUID insert(String address, String name, @Nullable String hash, Instant at) {
        UUID id = Ids.next();
        int inserted = sql.update("""
                INSERT INTO users (id, email, name, password_hash, created_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (email) DO NOTHING""", id, address, name, hash, at);
        if (inserted == 0) {
            throw Problem.conflict("email_taken", "There is an account with this e-mail address; sign in instead.");
        }
        return id;
    }
}
