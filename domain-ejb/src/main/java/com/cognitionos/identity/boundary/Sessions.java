package com.cognitionos.identity.boundary;

import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that people have open: in the database, so that they can be seen and ended from elsewhere. A session ends
 * after 30 minutes without a request, 12 hours after it began, or when it is ended. Runs for the platform.
 */
@Stateless
@TenantWall
public class Sessions {

    /**
     * An open session.
     *
     * @param onlyTenant set when a tenant's own identity provider let the person in: the session is good for that tenant
     *     alone, and says nothing about the person's password
     */
    public record SessionView(
            UUID id,
            UUID user,
            @Nullable UUID onlyTenant,
            Instant startedAt,
            Instant lastSeenAt,
            @Nullable String address,
            @Nullable String agent) {}

    /** @return its id */
    public UUID open(UUID user, @Nullable UUID onlyTenant, Origin origin) {
        throw new UnsupportedOperationException();
    }

    /** For every request: the session if it is still good. When it was last seen is written at most once a minute. */
    public Optional<SessionView> use(UUID session) {
        throw new UnsupportedOperationException();
    }

    /** The person's open sessions, the last seen first. */
    public List<SessionView> of(UUID user) {
        throw new UnsupportedOperationException();
    }

    /** @throws com.cognitionos.kernel.Problem NOT_FOUND unless it is an open session of that person */
    public void end(UUID user, UUID session) {
        throw new UnsupportedOperationException();
    }

    /** @param except the one to keep, or null @return how many were ended */
    public int endAll(UUID user, @Nullable UUID except) {
        throw new UnsupportedOperationException();
    }
}
