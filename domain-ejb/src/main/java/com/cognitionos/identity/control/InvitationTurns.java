package com.cognitionos.identity.control;

import com.cognitionos.identity.control.Throttle.Window;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Sends an invitation when its address has not had enough mails yet. The throttle is asked before the transaction of the
 * invitation begins: it takes a connection of its own, and whoever waits for one shall hold neither another nor a lock.
 * A caller that comes with a transaction keeps it.
 */
@ApplicationScoped
public class InvitationTurns {

    private static final Caller ASKER = Caller.job("invitations");

    @EJB
    private Throttle throttle;

    @EJB
    private OneTransaction transaction;

    @Inject
    private BusinessClock clock;

    /**
     * @param place who invites, such as the tenant
     * @param address in lower case
     * @throws Problem TOO_MANY_REQUESTS, or what {@code send} says; that counts as no mail
     */
    public <T> T take(String place, String address, Supplier<T> send) {
        Instant now = clock.system();
        String subject = place + " " + address;
        long wait = ASKER.call(() -> throttle.attempt(Window.INVITATION, subject, now));
        if (wait > 0) {
            throw Problem.tooMany("too_many_invitations", "This address got enough mails for now.", wait);
        }
        boolean sent = false;
        try {
            T result = transaction.call(send);
            sent = true;
            return result;
        } finally {
            if (!sent) {
                ASKER.run(() -> throttle.takeBack(Window.INVITATION, subject, now));
            }
        }
    }
}
