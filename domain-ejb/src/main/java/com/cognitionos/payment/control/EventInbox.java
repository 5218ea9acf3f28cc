package com.cognitionos.payment.control;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The kept events as they are worked on; each step is a transaction of its own (PAY-15). */
@Stateless
@TenantWall
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class EventInbox {

    /** So many failures in a row, about an hour and a half after the first, and it waits for somebody to look. */
    public static final int ATTEMPTS = 10;

    /**
     * While only the provider does not answer no more are counted, so that what fails then is tried a few times too; and it is
     * asked each ten minutes.
     */
    private static final int ATTEMPTS_OF_WAITING = 7;

    /** Longer than the work on one takes: until then nobody else takes it, after that whoever took it has crashed. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private static final Duration WAIT_FOR_THE_PROVIDER = Duration.ofDays(3);
    private static final Duration KEEP_SETTLED = Duration.ofDays(90);
    private static final int LONGEST_NOTE = 500;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    /**
     * An event in hand.
     *
     * @param claim its number among the times that it was taken up
     * @param attempts this one included
     */
    public record Claimed(
            UUID id,
            String provider,
            String type,
            String object,
            String subject,
            long claim,
            int attempts,
            Instant receivedAt) {}

    /** Takes the next event that is due and the first of its subject, so that nobody else works on that meanwhile. */
    public Optional<Claimed> claim() {
        Instant now = clock.system();
        return sql.queryOne(
                """
                UPDATE provider_events SET attempts = attempts + 1, claims = claims + 1, next_attempt_at = ?
                WHERE id = (
                    SELECT e.id FROM provider_events e
                    WHERE e.status = 'pending' AND e.next_attempt_at <= ? AND NOT EXISTS (
                        SELECT FROM provider_events f WHERE f.provider = e.provider AND f.subject = e.subject
                            AND f.status = 'pending' AND f.id < e.id)
                    ORDER BY e.id LIMIT 1 FOR UPDATE OF e SKIP LOCKED)
                RETURNING id, provider, type, object_ref, subject, claims, attempts, received_at""",
                row -> new Claimed(
                        row.getObject("id", UUID.class),
                        row.getString("provider"),
                        row.getString("type"),
                        row.getString("object_ref"),
                        row.getString("subject"),
                        row.getLong("claims"),
                        row.getInt("attempts"),
                        Sql.instant(row, "received_at")),
                now.plus(LEASE),
                now);
    }

    /** It is done. @param note what came of it */
    public void processed(Claimed event, String note) {
        settle(event, "processed", note);
    }

    /** It is of a type that means nothing here. */
    public void ignored(Claimed event) {
        settle(event, "ignored", "Nothing here depends on events of this type.");
    }

    /**
     * It is tried again later, or parked.
     *
     * @param reason without anything of the event that is not shown anyway
     * @param unavailable whether only the provider did not answer: that is waited for longer
     */
    public void failed(Claimed event, String reason, boolean unavailable) {
        Instant now = clock.system();
        boolean givenUp = unavailable
                ? now.isAfter(event.receivedAt().plus(WAIT_FOR_THE_PROVIDER))
                : event.attempts() >= ATTEMPTS;
        int counted = unavailable ? Math.min(event.attempts(), ATTEMPTS_OF_WAITING) : event.attempts();
        if (givenUp) {
            settle(event, "parked", reason);
        } else {
            sql.update("""
                    UPDATE provider_events SET next_attempt_at = ?, note = left(?, 500), attempts = ?
                    WHERE id = ? AND status = 'pending' AND claims = ?""", now.plus(pause(counted)), reason, counted, event.id(), event.claim());
        }
    }

    /** 10 seconds, 20, 40 …, three quarters of an hour before the last of {@link #ATTEMPTS}. */
    static Duration pause(int attempts) {
        return Duration.ofSeconds(10L << (attempts - 1));
    }

    /** Drops what was done long ago; what is parked stays. @return how many */
    public int forgetSettled() {
        return sql.update(
                "DELETE FROM provider_events WHERE status IN ('processed', 'ignored') AND settled_at < ?",
                clock.system().minus(KEEP_SETTLED));
    }

    private void settle(Claimed event, String status, String note) {
        sql.update(
                """
                UPDATE provider_events SET status = ?, note = ?, settled_at = ?
                WHERE id = ? AND status = 'pending' AND claims = ?""",
                status,
                note.length() > LONGEST_NOTE ? note.substring(0, LONGEST_NOTE) : note,
                clock.system(),
                event.id(),
                event.claim());
    }
}
