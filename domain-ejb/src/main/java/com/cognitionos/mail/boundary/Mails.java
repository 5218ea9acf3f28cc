package com.cognitionos.mail.boundary;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.kernel.Vault;
import com.cognitionos.mail.control.Outbox;
import com.cognitionos.mail.control.Postman;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Mail to people: queued in the sender's transaction, sent after its commit, tried again until it is gone. */
@Stateless
@TenantWall
public class Mails {

    private static final int LONGEST_SUBJECT = 200;

    @Inject
    private Sql sql;

    @Inject
    private Vault vault;

    @Inject
    private BusinessClock clock;

    @Inject
    private Event<Postman.Queued> queued;

    /**
     * One mail.
     *
     * @param tenant in whose name it is sent; null for the platform
     * @param text plain text; links in it are complete addresses
     */
    public record Mail(@Nullable UUID tenant, String to, String subject, String text) {}

    /** Runs for the platform. */
    public void queue(Mail mail) {
        UUID id = Ids.next();
        Instant now = clock.system();
        String subject = mail.subject().replaceAll("\\p{Cntrl}", " ");
        sql.update(
                """
                INSERT INTO mails (id, sender_tenant, recipient, subject, body, state, next_attempt_at, created_at)
                VALUES (?, ?, ?, ?, ?, 'queued', ?, ?)""",
                id,
                mail.tenant(),
                mail.to(),
                subject.length() > LONGEST_SUBJECT ? subject.substring(0, LONGEST_SUBJECT) : subject,
                vault.seal(Outbox.PURPOSE, id.toString(), mail.text().getBytes(StandardCharsets.UTF_8)),
                now,
                now);
        queued.fire(new Postman.Queued());
    }
}
