package com.cognitionos.payment.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.ProviderEvents;
import com.cognitionos.payment.boundary.ProviderEvents.EventView;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the payment provider told by itself, and what came of it. */
@Path("/finance/provider-events")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class ProviderEventsResource {

    @EJB
    private ProviderEvents events;

    /**
     * @param eventId what the provider calls it
     * @param objectId what it is about
     * @param note what came of it, or why it is not done yet
     * @param nextAttemptAt null unless it is pending
     */
    public record ProviderEvent(
            UUID id,
            String provider,
            String eventId,
            String type,
            String objectId,
            String status,
            int attempts,
            int replays,
            @Nullable String note,
            Instant happenedAt,
            Instant receivedAt,
            @Nullable Instant nextAttemptAt,
            @Nullable Instant settledAt) {

        static ProviderEvent of(EventView view) {
            return new ProviderEvent(
                    view.id(),
                    view.provider(),
                    view.ref(),
                    view.type(),
                    view.object(),
                    view.status(),
                    view.attempts(),
                    view.replays(),
                    view.note(),
                    view.happenedAt(),
                    view.receivedAt(),
                    view.nextAttemptAt(),
                    view.settledAt());
        }
    }

    public record ProviderEventList(List<ProviderEvent> providerEvents, long total, int page, int pageSize) {}

    /** @param payload the JSON that was sent, without its secrets */
    public record ProviderEventDetails(ProviderEvent event, String payload) {}

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "Events of the payment provider, newest first")
    public ProviderEventList list(
            @Parameter(description = "pending, processed, ignored or parked") @QueryParam("status") @Nullable
                    String status,
            @QueryParam("page") @Nullable String page,
            @QueryParam("page_size") @Nullable String pageSize) {
        String wanted = status == null || status.isEmpty() ? null : status;
        if (wanted != null && !ProviderEvents.STATUSES.contains(wanted)) {
            throw Problem.invalid(
                    "status", "unknown_status", "must be one of " + String.join(", ", ProviderEvents.STATUSES));
        }
        Page<EventView> found = platform().call(() -> events.list(wanted, Texts.page(page, pageSize)));
        return new ProviderEventList(
                found.items().stream().map(ProviderEvent::of).toList(), found.total(), found.page(), found.pageSize());
    }

    @GET
    @Path("/{id}")
    @RequiresScope("finance:read")
    @Operation(summary = "An event with what was sent")
    public ProviderEventDetails get(@PathParam("id") UUID id) {
        return platform().call(() -> new ProviderEventDetails(ProviderEvent.of(events.get(id)), events.payload(id)));
    }

    @POST
    @Path("/{id}/replay")
    @RequiresScope("finance:write")
    @Operation(summary = "Work on an event once more; the provider's present state counts, so it is harmless")
    @APIResponseSchema(value = ProviderEvent.class, responseCode = "202")
    public Response replay(@PathParam("id") UUID id) {
        return Response.accepted(ProviderEvent.of(platform().call(() -> events.replay(id))))
                .build();
    }

    private static Caller platform() {
        return Caller.current().acrossTenants();
    }
}
