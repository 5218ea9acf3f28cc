package com.cognitionos.payment.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.control.EventInbox;
import com.cognitionos.payment.control.EventInbox.Claimed;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Works on the kept events: one after another of each payment, card or customer, each until it is done (PAY-15). */
@ApplicationScoped
public class ProviderInbox {

    private static final Logger LOG = Logger.getLogger(ProviderInbox.class.getName());
    private static final Caller CALLER = Caller.job("provider-events");

    @Resource
    private ManagedExecutorService executor;

    @EJB
    private EventInbox inbox;

    @EJB
    private ProviderWord word;

    private final AtomicBoolean waiting = new AtomicBoolean();

    void kept(@Observes(during = TransactionPhase.AFTER_SUCCESS) ProviderEvents.Kept event) {
        // One that waits to begin will find this event too.
        if (waiting.compareAndSet(false, true)) {
            executor.execute(() -> {
                waiting.set(false);
                carry();
            });
        }
    }

    /** Works on all that is due. Outside of transactions; many may do so at once. @return how many were done */
    public int carry() {
        return CALLER.call(() -> {
            int done = 0;
            for (Optional<Claimed> next = inbox.claim(); next.isPresent(); next = inbox.claim()) {
                done += work(next.get()) ? 1 : 0;
            }
            return done;
        });
    }

    /** @return how many that were done long ago are gone */
    public int forgetSettled() {
        return CALLER.call(inbox::forgetSettled);
    }

    private boolean work(Claimed event) {
        Optional<String> note;
        try {
            note = handle(event);
        } catch (Problem problem) {
            LOG.log(Level.FINE, problem, () -> "Event " + event.id() + " is tried again");
            inbox.failed(
                    event, problem.code() + ": " + problem.getMessage(), problem.kind() == Problem.Kind.UNAVAILABLE);
            return false;
        } catch (RuntimeException fault) {
            LOG.log(Level.WARNING, fault, () -> "Event " + event.id() + " could not be worked on");
            inbox.failed(
                    event, "internal: " + root(fault).getClass().getSimpleName() + ", see the server's log", false);
            return false;
        }
        if (note.isPresent()) {
            inbox.processed(event, note.get());
        } else {
            inbox.ignored(event);
        }
        return true;
    }

    private static Throwable root(Throwable fault) {
        Throwable cause = fault;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** @return what came of it; empty for a type that means nothing here */
    private Optional<String> handle(Claimed event) {
        String type = event.type();
        String provider = event.provider();
        if (type.startsWith("payment_intent.")) {
            return Optional.of(word.payment(provider, event.object()));
        }
        if (type.startsWith("charge.dispute.")) {
            return Optional.of(word.dispute(provider, event.object()));
        }
        if (type.equals("charge.refunded") || type.startsWith("charge.refund.") || type.startsWith("refund.")) {
            return Optional.of(word.refunds(provider, event.subject()));
        }
        // The fee of a charge is known a while after it.
        if (type.equals("charge.succeeded") || type.equals("charge.updated")) {
            return Optional.of(
                    event.subject().equals(event.object())
                            ? "It is of no payment of ours."
                            : word.payment(provider, event.subject()));
        }
        if (type.startsWith("payment_method.")) {
            return Optional.of(word.card(provider, event.object()));
        }
        if (type.startsWith("invoice.") || type.startsWith("customer.subscription.")) {
            return Optional.of("Invoices and subscriptions are kept here; the provider's own are none of ours.");
        }
        if (type.equals("customer.created") || type.equals("customer.updated") || type.equals("customer.deleted")) {
            return Optional.of(word.customer(provider, event.object()));
        }
        return Optional.empty();
    }
}
