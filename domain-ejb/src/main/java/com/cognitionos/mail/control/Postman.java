package com.cognitionos.mail.control;

import com.cognitionos.kernel.Caller;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Carries queued mails away (MAI-1, MAI-2). */
@ApplicationScoped
public class Postman {

    private static final Logger LOG = Logger.getLogger(Postman.class.getName());
    private static final Caller CALLER = Caller.job("mail");

    /** A mail was queued. */
    public record Queued() {}

    @Resource
    private ManagedExecutorService executor;

    @Inject
    private MailSettings settings;

    @EJB
    private Outbox outbox;

    private final AtomicBoolean waiting = new AtomicBoolean();
    private final AtomicBoolean warned = new AtomicBoolean();

    void queued(@Observes(during = TransactionPhase.AFTER_SUCCESS) Queued event) {
        // One that waits to begin will find this mail too.
        if (waiting.compareAndSet(false, true)) {
            executor.execute(() -> {
                waiting.set(false);
                carry();
            });
        }
    }

    /** Sends all that is due. Outside of transactions. @return how many went */
    public int carry() {
        return CALLER.call(() -> {
            Optional<Transport> transport = settings.transport();
            if (transport.isEmpty()) {
                if (outbox.anyDue() && warned.compareAndSet(false, true)) {
                    LOG.warning("Mails stay queued: no mail server is configured, set COGNITIONOS_MAIL_HOST");
                }
                return 0;
            }
            int sent = 0;
            for (Optional<Letter> next = outbox.claim(); next.isPresent(); next = outbox.claim()) {
                sent += send(transport.get(), next.get()) ? 1 : 0;
            }
            return sent;
        });
    }

    private boolean send(Transport transport, Letter letter) {
        try {
            transport.send(letter);
        } catch (Transport.Undeliverable e) {
            LOG.log(
                    e.isForGood() ? Level.SEVERE : Level.WARNING,
                    () -> "Could not send " + letter + " (attempt " + letter.attempts() + "): " + e.getMessage());
            outbox.failed(letter, e.getMessage(), e.isForGood());
            return false;
        }
        outbox.sent(letter);
        return true;
    }
}
