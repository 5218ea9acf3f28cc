package com.cognitionos.webhook.batch;

import com.cognitionos.webhook.boundary.WebhookSending;
import jakarta.ejb.EJB;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;

/** Tries webhooks again, on any node: two never take the same one. */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class WebhookTimer {

    @EJB
    private WebhookSending sending;

    @Schedule(hour = "*", minute = "*", second = "*/5", persistent = false)
    void carry() {
        sending.carry();
    }

    @Schedule(hour = "3", minute = "40", persistent = false)
    void forget() {
        sending.forget();
    }
}
