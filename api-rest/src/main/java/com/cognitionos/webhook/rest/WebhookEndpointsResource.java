package com.cognitionos.webhook.rest;

import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.Texts;
import com.cognitionos.webhook.boundary.WebhookDeliveries;
import com.cognitionos.webhook.boundary.WebhookEndpoints;
import com.cognitionos.webhook.entity.DeliveryStatus;
import com.cognitionos.webhook.rest.DeliveryReply.DeliveryPage;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Where a tenant wants to be told what happens. */
@Path("/webhook-endpoints")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Webhooks")
public class WebhookEndpointsResource {

    @EJB
    private WebhookEndpoints endpoints;

    @EJB
    private WebhookDeliveries deliveries;

    public record Endpoints(List<Endpoint> webhookEndpoints) {}

    /**
     * An endpoint as it may be shown.
     *
     * @param events the types that it gets; {@code *} for all
     * @param disabledReason {@code failing} or {@code gone}; null when it is enabled or somebody disabled it
     * @param failingSince the first failure after which nothing got through
     * @param oldSecretUntil until when the secret before the last rotation signs along
     * @param fromSettings whether it is the tenant setting {@code webhook_url}; its first secret is got by a rotation
     */
    public record Endpoint(
            UUID id,
            String url,
            String description,
            List<String> events,
            boolean enabled,
            @Nullable String disabledReason,
            @Nullable Instant failingSince,
            @Nullable Instant lastSuccessAt,
            @Nullable Instant oldSecretUntil,
            boolean fromSettings,
            Instant createdAt,
            Instant updatedAt) {

        static Endpoint of(WebhookEndpoints.EndpointView view) {
            return new Endpoint(
                    view.id(),
                    view.url(),
                    view.description(),
                    view.events(),
                    view.enabled(),
                    view.disabledReason(),
                    view.failingSince(),
                    view.succeededAt(),
                    view.formerSecretUntil(),
                    view.ofSettings(),
                    view.createdAt(),
                    view.updatedAt());
        }
    }

    /** An endpoint with its new secret, which is shown this once. */
    public record IssuedEndpoint(
            UUID id,
            String secret,
            String url,
            String description,
            List<String> events,
            boolean enabled,
            @Nullable Instant oldSecretUntil,
            Instant createdAt,
            Instant updatedAt) {

        static IssuedEndpoint of(WebhookEndpoints.IssuedSecret issued) {
            WebhookEndpoints.EndpointView view = issued.view();
            return new IssuedEndpoint(
                    view.id(),
                    issued.secret(),
                    view.url(),
                    view.description(),
                    view.events(),
                    view.enabled(),
                    view.formerSecretUntil(),
                    view.createdAt(),
                    view.updatedAt());
        }
    }

    /**
     * A new endpoint.
     *
     * @param url https, on the public internet
     * @param events the types that it is to get; none, or {@code *}, for all
     * @param enabled true when left out
     */
    public record NewEndpoint(
            @NotNull @Size(min = 8, max = 2000) String url,
            @Nullable @Size(max = 500) String description,
            @Nullable @Size(max = 50) List<String> events,
            @Nullable Boolean enabled) {}

    /** What is to be different; what is left out stays as it is. */
    public record EndpointChange(
            @Nullable @Size(min = 8, max = 2000) String url,
            @Nullable @Size(max = 500) String description,
            @Nullable @Size(max = 50) List<String> events,
            @Nullable Boolean enabled) {}

    /** How long the old secret signs along, 0 to 604800; a day when left out. */
    public record SecretRotation(@Nullable Long overlapSeconds) {}

    @GET
    @RequiresScope("webhooks:read")
    @Operation(summary = "Endpoints, oldest first")
    public Endpoints list() {
        return new Endpoints(endpoints.list().stream().map(Endpoint::of).toList());
    }

    @POST
    @RequiresScope("webhooks:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Add an endpoint; its secret is shown once")
    @APIResponseSchema(value = IssuedEndpoint.class, responseCode = "201")
    public Response create(NewEndpoint wanted) {
        return Response.status(Response.Status.CREATED)
                .entity(IssuedEndpoint.of(endpoints.create(
                        wanted.url(),
                        wanted.description() == null ? "" : wanted.description(),
                        wanted.events() == null ? List.of() : wanted.events(),
                        wanted.enabled() == null || wanted.enabled())))
                .build();
    }

    @GET
    @Path("/{id}")
    @RequiresScope("webhooks:read")
    @Operation(summary = "An endpoint")
    public Endpoint get(@PathParam("id") UUID id) {
        return Endpoint.of(endpoints.get(id));
    }

    @PATCH
    @Path("/{id}")
    @RequiresScope("webhooks:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change an endpoint; enabled again, it gets what waits for it")
    public Endpoint change(@PathParam("id") UUID id, EndpointChange change) {
        return Endpoint.of(endpoints.change(
                id,
                new WebhookEndpoints.Change(change.url(), change.description(), change.events(), change.enabled())));
    }

    @DELETE
    @Path("/{id}")
    @RequiresScope("webhooks:write")
    @Operation(summary = "Remove an endpoint with its deliveries")
    public void remove(@PathParam("id") UUID id) {
        endpoints.remove(id);
    }

    @POST
    @Path("/{id}/rotate-secret")
    @RequiresScope("webhooks:write")
    @Operation(summary = "Replace the secret; the old one signs along for the overlap")
    public IssuedEndpoint rotate(@PathParam("id") UUID id, SecretRotation rotation) {
        Long seconds = rotation.overlapSeconds();
        return IssuedEndpoint.of(endpoints.rotateSecret(
                id, seconds == null ? WebhookEndpoints.DEFAULT_OVERLAP : Duration.ofSeconds(seconds)));
    }

    @POST
    @Path("/{id}/test")
    @RequiresScope("webhooks:write")
    @Operation(summary = "Send a webhook.ping to an endpoint")
    @APIResponseSchema(value = DeliveryReply.class, responseCode = "202")
    public Response test(@PathParam("id") UUID id) {
        return Response.accepted(
                        DeliveryReply.of(deliveries.get(endpoints.test(id)).delivery()))
                .build();
    }

    @GET
    @Path("/{id}/deliveries")
    @RequiresScope("webhooks:read")
    @Operation(summary = "What was or is to be sent to an endpoint, newest first")
    public DeliveryPage deliveries(
            @PathParam("id") UUID id,
            @Parameter(description = "pending, delivered or failed") @QueryParam("status") @Nullable String status,
            @QueryParam("page") @Nullable String page,
            @QueryParam("page_size") @Nullable String pageSize) {
        DeliveryStatus wanted = status == null || status.isEmpty() ? null : DeliveryStatus.of(status);
        return DeliveryPage.of(deliveries.list(id, wanted, Texts.page(page, pageSize)));
    }
}
