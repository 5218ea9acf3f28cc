package com.cognitionos.payment.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.ReconciliationOrders;
import com.cognitionos.payment.boundary.Reconciliations;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Comparisons of the payment provider's books with ours; a timer starts one each night. */
@Path("/finance/reconciliations")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class ReconciliationsResource {

    private static final int LATEST = 50;

    @EJB
    private Reconciliations runs;

    @Inject
    private ReconciliationOrders orders;

    public record Started(UUID id) {}

    /**
     * @param status queued, running, completed or failed
     * @param comparesFrom what happened before is not compared
     * @param differences so many were found, or found again
     */
    public record ReconciliationState(
            UUID id,
            String status,
            String requestedBy,
            Instant comparesFrom,
            Instant createdAt,
            @Nullable Instant endedAt,
            int payments,
            int refunds,
            int disputes,
            int differences,
            @Nullable String reason) {

        static ReconciliationState of(Reconciliations.Run run) {
            return new ReconciliationState(
                    run.id(),
                    run.status(),
                    run.requestedBy(),
                    run.from(),
                    run.createdAt(),
                    run.endedAt(),
                    run.payments(),
                    run.refunds(),
                    run.disputes(),
                    run.differences(),
                    run.reason());
        }
    }

    public record ReconciliationList(List<ReconciliationState> reconciliations) {}

    @POST
    @RequiresScope("finance:write")
    @Operation(
            summary = "Compare the payment provider's books with ours now",
            description = "While one is under way, its id is given. What differs is listed at /finance/differences.")
    @APIResponseSchema(value = Started.class, responseCode = "202")
    public Response start() {
        Reconciliations.Run run =
                platform().call(() -> orders.start(Caller.current().subject()));
        return Response.accepted(new Started(run.id())).build();
    }

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "The latest comparisons, newest first")
    public ReconciliationList list() {
        return new ReconciliationList(platform().call(() -> runs.latest(LATEST)).stream()
                .map(ReconciliationState::of)
                .toList());
    }

    @GET
    @Path("/{id}")
    @RequiresScope("finance:read")
    @Operation(summary = "How far a comparison is")
    public ReconciliationState get(@PathParam("id") UUID id) {
        return ReconciliationState.of(platform().call(() -> runs.get(id)));
    }

    private static Caller platform() {
        return Caller.current().acrossTenants();
    }
}
