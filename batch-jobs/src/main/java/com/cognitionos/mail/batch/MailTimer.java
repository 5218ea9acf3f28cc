package com.cognitionos.mail.batch;

import com.cognitionos.mail.boundary.MailDelivery;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;

/** Tries mails again, on any node: two never take the same one. */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class MailTimer {

    @EJB
    private MailDelivery delivery;

    @Schedule(hour = "*", minute = "*", second = "*/15", persistent = false)
    void carry() {
        delivery.carry();
    }

    @Schedule(hour = "3", minute = "10", persistent = false)
    void forget() {
        delivery.forgetSettled();
    }
}
