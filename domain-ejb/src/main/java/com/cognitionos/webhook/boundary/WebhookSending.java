package com.cognitionos.webhook.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.webhook.control.Courier;
import com.cognitionos.webhook.control.Queue;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;

/** Carries on with what no commit set off: attempts that failed, and what a crash left. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class WebhookSending {

    @Inject
    private Courier courier;

    @EJB
    private Queue queue;

    /** Begins with what is due, and does not wait for it. */
    public void carry() {
        courier.wake();
    }

    /** Gives up what waited for a disabled endpoint for three days; drops what was settled a month ago. @return how many went */
    public int forget() {
        return Caller.job("webhook").call(queue::forget);
    }
}
