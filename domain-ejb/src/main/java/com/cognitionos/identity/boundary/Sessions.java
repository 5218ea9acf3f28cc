package com.cognitionos.identity.boundary;

import com.cognitionos.identity.control.People;
import com.cognitionos.identity.control.SignUpLinks;
import com.cognitionos.identity.control.Throttle;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Origin;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that people have open: in the database, so that they can be seen and ended from elsewhere. A session ends
 * after 30 minutes without a request (to the minute), 12 hours after it began, or when it is ended. Runs for the platform.
 */
@Stateless
@TenantWall
public class Sessions {

    public static final Duration IDLE = Duration.ofMinutes(30);
    public static final Duration LONGEST = Duration.ofHours(12);

    private static final Duration GRAIN = Duration.ofMinutes(1);

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @EJB
    private People people;

    @EJB
    private Throttle throttle;

    @EJB
    private SignUpLinks signUpLinks;

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
        UUID id = Ids.next();
        Instant now = clock.system();
        sql.update("""
                INSERT INTO user_sessions (id, user_id, only_tenant, started_at, last_seen_at, address, agent)
                VALUES (?, ?, ?, ?, ?, ?, ?)""", id, user, onlyTenant, now, now, origin.address(), printable(origin.agent()));
        seen(user, now);
        return id;
    }

    /** For every request: the session if it is still good. When it was last seen is written at most once a minute. */
    public Optional<SessionView> use(UUID session) {
        Instant now = clock.system();
        Optional<SessionView> open = sql.queryOne(
                "SELECT * FROM user_sessions WHERE id = ? AND last_seen_at > ? AND started_at > ?",
                Sessions::view,
                session,
                now.minus(IDLE),
                now.minus(LONGEST));
        open.filter(found -> !found.lastSeenAt().isAfter(now.minus(GRAIN))).ifPresent(found -> {
            sql.update("UPDATE user_sessions SET last_seen_at = ? WHERE id = ?", now, session);
            seen(found.user(), now);
        });
        return open;
    }

    /** The person's open sessions, the last seen first. */
    public List<SessionView> of(UUID user) {
        Instant now = clock.system();
        return sql.query("""
                SELECT * FROM user_sessions WHERE user_id = ? AND last_seen_at > ? AND started_at > ?
                ORDER BY last_seen_at DESC, started_at DESC, id""", Sessions::view, user, now.minus(IDLE), now.minus(LONGEST));
    }

    /** @throws com.cognitionos.kernel.Problem NOT_FOUND unless it is an open session of that person */
    public void end(UUID user, UUID session) {
        Instant now = clock.system();
        int ended = sql.update(
                "DELETE FROM user_sessions WHERE id = ? AND user_id = ? AND last_seen_at > ? AND started_at > ?",
                session,
                user,
                now.minus(IDLE),
                now.minus(LONGEST));
        if (ended == 0) {
            throw Problem.notFound("session");
        }
        people.record(user, null, "session.ended", null, null);
    }

    /** @param except the one to keep, or null @return how many were ended */
    public int endAll(UUID user, @Nullable UUID except) {
        int ended = sql.update(
                "DELETE FROM user_sessions WHERE user_id = ? AND (?::uuid IS NULL OR id <> ?::uuid)",
                user,
                except,
                except);
        if (ended > 0) {
            people.record(user, null, "sessions.ended", null, Map.of("number", ended));
        }
        return ended;
    }

    /** Drops what ended by itself, and what was counted against guessing and counts no more; also sign-ups that nobody finished. @return how many sessions */
    public int forgetEnded() {
        Instant now = clock.system();
        throttle.forget();
        signUpLinks.forget(now);
        return sql.update(
                "DELETE FROM user_sessions WHERE last_seen_at <= ? OR started_at <= ?",
                now.minus(IDLE),
                now.minus(LONGEST));
    }

    private void seen(UUID user, Instant now) {
        sql.update("UPDATE users SET last_seen_at = ? WHERE id = ?", now, user);
    }

    /** A header may hold what PostgreSQL's text cannot. */
    private static @Nullable String printable(@Nullable String agent) {
        return agent == null ? null : agent.replaceAll("\\p{Cntrl}", " ");
    }

    private static SessionView view(ResultSet row) throws SQLException {
        return new SessionView(
                row.getObject("id", UUID.class),
                row.getObject("user_id", UUID.class),
                row.getObject("only_tenant", UUID.class),
                Sql.instant(row, "started_at"),
                Sql.instant(row, "last_seen_at"),
                row.getString("address"),
                row.getString("agent"));
    }
}
