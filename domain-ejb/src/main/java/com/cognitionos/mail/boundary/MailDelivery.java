package com.cognitionos.mail.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.mail.control.Outbox;
import com.cognitionos.mail.control.Postman;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** Carries on with what no sender's commit set off: attempts that failed, and what a crash left. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class MailDelivery {

    @Inject
    private Postman postman;

    @EJB
    private Outbox outbox;

    /** @return how many mails went */
    public int carry() {
        return postman.carry();
    }

    /** Drops what was settled a month ago. @return how many */
    public int forgetSettled() {
        return Caller.job("mail").call(() -> outbox.forgetSettled());
    }
}
