package com.cognitionos.payment.boundary;

import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Problem;
import com.cognitionos.payment.control.StripeEvent;
import com.cognitionos.payment.control.WebhookSecrets;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Takes Stripe's events in (PAY-14). What somebody else sends is refused without the database. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class StripeWebhook {

    @Inject
    private WebhookSecrets secrets;

    @Inject
    private BusinessClock clock;

    @EJB
    private ProviderEvents events;

    /**
     * Keeps an event; when this returns it is committed.
     *
     * @param signature the header {@code Stripe-Signature}
     * @return whether it was news; one that is kept already changes nothing
     * @throws Problem as {@link WebhookSecrets#verify}; BAD_REQUEST ({@code malformed_event}) for what is no event
     */
    public boolean receive(@Nullable String signature, byte[] body) {
        secrets.verify(signature, body, clock.system());
        StripeEvent event = StripeEvent.parse(body)
                .orElseThrow(() -> new Problem(
                        Problem.Kind.BAD_REQUEST,
                        "malformed_event",
                        "The body is signed, but it is no event: it needs id, type, created and data.object."));
        return events.keep("stripe", event, body);
    }
}
