package com.cognitionos.payment.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.payment.boundary.StripeWebhook;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Public;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Where Stripe sends its events. It shows by its signature that it is Stripe, not by a key of ours. */
@Path("/webhooks/stripe")
@ApplicationScoped
@OpenWhenSuspended
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Events of the payment provider")
public class StripeWebhookResource {

    private static final Caller STRIPE = Caller.job("stripe");

    /** Many times the largest event that Stripe sends. */
    private static final int MAX_BYTES = 1024 * 1024;

    @EJB
    private StripeWebhook events;

    /** What is looked at of an event; the rest of it is kept too. For the API's document. */
    public record StripeEventBody(String id, String type, long created, EventData data) {

        /** What it is about, as it was then. */
        public record EventData(EventObject object) {}

        /** Its name. */
        public record EventObject(String id) {}
    }

    /** @param duplicate whether it was there already, so that nothing was changed */
    public record Received(boolean received, boolean duplicate) {}

    @POST
    @Public
    @SecurityRequirements
    @Consumes(MediaType.WILDCARD)
    @Operation(
            summary = "For Stripe: take an event in",
            description =
                    "Kept before the reply, worked on afterwards. The signature is checked over the body as it comes:"
                            + " 400 signature_missing, signature_invalid, signature_expired (300 seconds), malformed_event;"
                            + " 503 webhooks_not_configured. An event that is there already is 200 and changes nothing.")
    @RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = StripeEventBody.class)))
    public Received receive(@HeaderParam("Stripe-Signature") @Nullable String signature, InputStream body)
            throws IOException {
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new ClientErrorException(Response.Status.REQUEST_ENTITY_TOO_LARGE);
        }
        return new Received(true, !STRIPE.call(() -> events.receive(signature, bytes)));
    }
}
