package com.cognitionos.mail.control;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.kernel.Vault;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The queued mails; each step is a transaction of its own. */
@Stateless
@TenantWall
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class Outbox {

    public static final String PURPOSE = "mail";

    /** Longer than any attempt takes: until then nobody else tries, after that whoever tried has crashed. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private static final Duration GIVE_UP_AFTER = Duration.ofDays(3);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(4);
    private static final Duration KEEP_SETTLED = Duration.ofDays(30);

    @Inject
    private Sql sql;

    @Inject
    private Vault vault;

    @Inject
    private BusinessClock clock;

    /** Takes the next mail that is due, so that nobody else sends it meanwhile. */
    public Optional<Letter> claim() {
        Instant now = clock.system();
        return sql.queryOne(
                """
                UPDATE mails SET attempts = attempts + 1, next_attempt_at = ?
                WHERE id = (SELECT id FROM mails WHERE state = 'queued' AND next_attempt_at <= ?
                            ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING id, recipient, subject, body, created_at, attempts""",
                row -> {
                    UUID id = row.getObject("id", UUID.class);
                    return new Letter(
                            id,
                            row.getString("recipient"),
                            row.getString("subject"),
                            new String(
                                    vault.open(PURPOSE, id.toString(), row.getBytes("body")), StandardCharsets.UTF_8),
                            Sql.instant(row, "created_at"),
                            row.getInt("attempts"));
                },
                now.plus(LEASE),
                now);
    }

    public boolean anyDue() {
        return sql.queryOne(
                        "SELECT 1 FROM mails WHERE state = 'queued' AND next_attempt_at <= ? LIMIT 1",
                        row -> true,
                        clock.system())
                .isPresent();
    }

    public void sent(Letter letter) {
        settle(letter, "sent", null);
    }

    /** @param reason what went wrong, without anything of the letter */
    public void failed(Letter letter, String reason, boolean forGood) {
        Instant now = clock.system();
        if (forGood || now.isAfter(letter.queuedAt().plus(GIVE_UP_AFTER))) {
            settle(letter, "failed", reason);
        } else {
            sql.update(
                    "UPDATE mails SET next_attempt_at = ?, last_error = ? WHERE id = ? AND state = 'queued'",
                    now.plus(pause(letter.attempts())),
                    reason,
                    letter.id());
        }
    }

    /** 30 seconds, a minute, two …, up to four hours. */
    static Duration pause(int attempts) {
        Duration doubled = Duration.ofSeconds(30L << Math.min(attempts - 1, 16));
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    /** Drops what was settled long ago. @return how many */
    public int forgetSettled() {
        return sql.update(
                "DELETE FROM mails WHERE settled_at < ?", clock.system().minus(KEEP_SETTLED));
    }

    private void settle(Letter letter, String state, @Nullable String reason) {
        sql.update(
                "UPDATE mails SET state = ?, body = NULL, settled_at = ?, last_error = ? WHERE id = ? AND state = 'queued'",
                state,
                clock.system(),
                reason,
                letter.id());
    }
}
