package com.cognitionos.webhook.rest;

import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.webhook.boundary.WebhookDeliveries;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.StringReader;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What a tenant's endpoints were told. */
@Path("/webhook-deliveries")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Webhooks")
public class WebhookDeliveriesResource {

    @EJB
    private WebhookDeliveries deliveries;

    /**
     * A delivery with what was tried.
     *
     * @param payload as it is sent
     * @param attempts oldest first
     */
    public record DeliveryDetails(
            UUID id,
            UUID endpointId,
            UUID eventId,
            String eventType,
            String status,
            @Nullable Instant nextAttemptAt,
            Instant createdAt,
            @Nullable Instant settledAt,
            JsonObject payload,
            List<Attempt> attempts) {

        static DeliveryDetails of(WebhookDeliveries.DeliveryDetails details) {
            WebhookDeliveries.DeliveryView view = details.delivery();
            try (JsonReader reader = Json.createReader(new StringReader(details.payload()))) {
                return new DeliveryDetails(
                        view.id(),
                        view.endpointId(),
                        view.eventId(),
                        view.eventType(),
                        view.status().code(),
                        view.nextAttemptAt(),
                        view.createdAt(),
                        view.settledAt(),
                        reader.readObject(),
                        details.attempts().stream().map(Attempt::of).toList());
            }
        }
    }

    /**
     * One attempt.
     *
     * @param number from 1
     * @param statusCode null where there was no reply
     * @param responseBody its first 1,000 characters
     * @param error why there was no reply
     */
    public record Attempt(
            int number,
            Instant at,
            int durationMs,
            @Nullable Integer statusCode,
            String responseBody,
            @Nullable String error) {

        static Attempt of(WebhookDeliveries.AttemptView view) {
            return new Attempt(
                    view.number(), view.at(), view.durationMs(), view.statusCode(), view.reply(), view.error());
        }
    }

    @GET
    @Path("/{id}")
    @RequiresScope("webhooks:read")
    @Operation(summary = "A delivery with its payload and each attempt")
    public DeliveryDetails get(@PathParam("id") UUID id) {
        return DeliveryDetails.of(deliveries.get(id));
    }

    @POST
    @Path("/{id}/resend")
    @RequiresScope("webhooks:write")
    @Operation(summary = "Send it again now, with the same webhook-id")
    @APIResponseSchema(value = DeliveryReply.class, responseCode = "202")
    public Response resend(@PathParam("id") UUID id) {
        return Response.accepted(DeliveryReply.of(deliveries.resend(id))).build();
    }
}
