package com.cognitionos.identity.control;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.kernel.Vault;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Slows down whoever guesses (IDE-5). All counts lie in the database, so they hold on all nodes, and each is kept in a
 * transaction of its own, so that no refusal rolls it back. A guess is counted as wrong before anybody looks at it: many
 * at once get no further than one after the other.
 */
@Stateless
@TenantWall
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class Throttle {

    private static final int FORGET_ONE_AFTER_S = 600;

    /** What is guessed; each is counted for itself. */
    public enum Guess {
        PASSWORD,
        SECOND_FACTOR,
        CONFIRMATION;

        private String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What may be done only so often in any period of that length. */
    public enum Window {
        /** Wrong guesses from one place. */
        PLACE(20, Duration.ofMinutes(15)),
        /** Links for one address. */
        RESET(3, Duration.ofHours(1)),
        RESETS_OF_PLACE(20, Duration.ofHours(1)),
        /** Mails to one address about signing up. */
        SIGN_UP(3, Duration.ofHours(1)),
        SIGN_UPS_OF_PLACE(30, Duration.ofHours(1)),
        /** Mails from one tenant to one address. */
        INVITATION(5, Duration.ofHours(1));

        private final int most;
        private final Duration period;

        Window(int most, Duration period) {
            this.most = most;
            this.period = period;
        }

        private String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A guess that was let through or held up.
     *
     * @param waitSeconds 0 when it may be looked at
     */
    public record Turn(
            Guess guess, String account, @Nullable String address, Instant at, long waitSeconds) {
        public boolean held() {
            return waitSeconds > 0;
        }
    }

    @Inject
    private Sql sql;

    @Inject
    private Vault vault;

    @Inject
    private BusinessClock clock;

    /**
     * Counts a guess at an account, whether there is one or not. Who is held up is not counted.
     *
     * @param address of the client; null where nobody knows it, and then only the account is counted
     */
    public Turn begin(Guess guess, String account, @Nullable String address) {
        Instant now = clock.system();
        // The place comes before the account, here and in right(): two that meet in the other order would deadlock.
        if (address != null) {
            long wait = take(Window.PLACE, Place.of(address), now);
            if (wait > 0) {
                return new Turn(guess, account, address, now, wait);
            }
        }
        long wait = count(guess, account, now);
        if (wait > 0 && address != null) {
            giveBack(Window.PLACE, Place.of(address), now);
        }
        return new Turn(guess, account, address, now, wait);
    }

    /** The guess was right: the account starts anew, and the place has not done it. */
    public void right(Turn turn) {
        if (turn.address() != null) {
            giveBack(Window.PLACE, Place.of(turn.address()), turn.at());
        }
        sql.update(
                "DELETE FROM guess_counts WHERE kind = ? AND subject = ?",
                turn.guess().code(),
                mac(turn.guess().code(), turn.account()));
    }

    /** @return 0 when it was counted; else the seconds until there is room, and then it was not */
    public long attempt(Window window, String subject) {
        return attempt(window, subject, clock.system());
    }

    /** As {@link #attempt(Window, String)}, counted at that moment, for {@link #takeBack}. */
    public long attempt(Window window, String subject, Instant at) {
        return take(window, subject, at);
    }

    /** The attempt of that moment was none. */
    public void takeBack(Window window, String subject, Instant at) {
        giveBack(window, subject, at);
    }

    /** As {@link #attempt}, counted for a client's place at that moment. */
    public long attemptFrom(Window window, @Nullable String address, Instant at) {
        return address == null ? 0 : take(window, Place.of(address), at);
    }

    /** Drops what counts no more. @return how many rows */
    public int forget() {
        Instant now = clock.system();
        return sql.update("DELETE FROM guess_counts WHERE counted_at < ?", now.minus(Duration.ofHours(3)))
                + sql.update(
                        "DELETE FROM attempt_windows WHERE attempts[cardinality(attempts)] < ? OR attempts = '{}'",
                        now.minus(Duration.ofHours(1)));
    }

    private long count(Guess guess, String account, Instant now) {
        byte[] subject = mac(guess.code(), account);
        Integer failures = sql.queryOne(
                        """
                INSERT INTO guess_counts AS g (kind, subject, failures, counted_at) VALUES (?, ?, 1, ?)
                ON CONFLICT (kind, subject) DO UPDATE SET counted_at = excluded.counted_at,
                    failures = 1 + least(?, greatest(0, g.failures - greatest(0,
                        floor(extract(epoch FROM excluded.counted_at - g.counted_at) / ?)::integer)))
                WHERE g.held_until IS NULL OR g.held_until <= excluded.counted_at
                RETURNING failures""", row -> row.getInt(1), guess.code(), subject, now, Pause.MOST_COUNTED, FORGET_ONE_AFTER_S)
                .orElse(null);
        if (failures == null) {
            return sql.queryOne(
                            "SELECT held_until FROM guess_counts WHERE kind = ? AND subject = ?",
                            row -> seconds(now, Sql.instant(row, "held_until")),
                            guess.code(),
                            subject)
                    .orElse(1L);
        }
        Duration pause = Pause.after(failures);
        sql.update(
                "UPDATE guess_counts SET held_until = ? WHERE kind = ? AND subject = ?",
                pause.isZero() ? null : now.plus(pause),
                guess.code(),
                subject);
        return 0;
    }

    private long take(Window window, String subject, Instant now) {
        byte[] mac = mac(window.code(), subject);
        Instant since = now.minus(window.period);
        boolean room = sql.queryOne("""
                INSERT INTO attempt_windows AS w (kind, subject, attempts) VALUES (?, ?, ARRAY[?::timestamptz])
                ON CONFLICT (kind, subject) DO UPDATE SET attempts =
                    ARRAY(SELECT a FROM unnest(w.attempts) a WHERE a > ? ORDER BY a) || excluded.attempts
                WHERE (SELECT count(*) FROM unnest(w.attempts) a WHERE a > ?) < ?
                RETURNING 1""", row -> true, window.code(), mac, now, since, since, window.most)
                .isPresent();
        if (room) {
            return 0;
        }
        return sql.queryOne(
                        """
                SELECT min(a) AS oldest FROM attempt_windows w, unnest(w.attempts) a
                WHERE w.kind = ? AND w.subject = ? AND a > ?""",
                        row -> {
                            Instant oldest = Sql.instant(row, "oldest");
                            return seconds(now, oldest == null ? null : oldest.plus(window.period));
                        },
                        window.code(),
                        mac,
                        since)
                .orElse(1L);
    }

    private void giveBack(Window window, String subject, Instant at) {
        sql.update("""
                UPDATE attempt_windows SET attempts =
                    attempts[:array_position(attempts, ?::timestamptz) - 1]
                    || attempts[array_position(attempts, ?::timestamptz) + 1:]
                WHERE kind = ? AND subject = ? AND ?::timestamptz = ANY (attempts)""", at, at, window.code(), mac(window.code(), subject), at);
    }

    /** Rounded up, from 1. */
    private static long seconds(Instant now, @Nullable Instant until) {
        return until == null
                ? 1
                : Math.max(
                        1, Duration.between(now, until).plusNanos(999_999_999).toSeconds());
    }

    private byte[] mac(String kind, String subject) {
        return vault.mac("throttle " + kind, subject);
    }
}
