package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.InvoiceRunOrders;
import com.cognitionos.invoicing.boundary.InvoiceRuns;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Invoice runs. The work is a batch job, submitted after the run itself is committed. */
@Path("/finance/invoice-runs")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class InvoiceRunsResource {

    private static final int LATEST = 50;

    @EJB
    private InvoiceRuns runs;

    @Inject
    private InvoiceRunOrders orders;

    @Inject
    private BusinessClock clock;

    /** Without {@code tenant_ids} every tenant with something due. */
    public record NewRun(
            @NotNull AsOf asOf,
            @Nullable Boolean dryRun,
            @Nullable @Size(max = 10_000) List<UUID> tenantIds) {}

    public record Accepted(UUID runId) {}

    public record Runs(List<RunState> invoiceRuns) {}

    @POST
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Bill everything that is due up to as_of, or with dry_run only count it")
    @APIResponseSchema(value = Accepted.class, responseCode = "202")
    public Response start(NewRun wanted) {
        return platform().call(() -> {
            InvoiceRuns.Run run = orders.start(
                    wanted.asOf().at(clock.system()),
                    Boolean.TRUE.equals(wanted.dryRun()),
                    wanted.tenantIds(),
                    Caller.current().subject());
            return accepted(run.id());
        });
    }

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "The latest runs, newest first")
    public Runs list() {
        return new Runs(platform().call(() -> runs.latest(LATEST)).stream()
                .map(RunState::of)
                .toList());
    }

    @GET
    @Path("/{id}")
    @RequiresScope("finance:read")
    @Operation(summary = "How far a run is, and which tenants failed")
    public RunState get(@PathParam("id") UUID id) {
        return RunState.of(platform().call(() -> runs.get(id)));
    }

    @POST
    @Path("/{id}/restart")
    @RequiresScope("finance:write")
    @Operation(summary = "Do again what failed and go on with what is left; nothing is billed twice")
    @APIResponseSchema(value = Accepted.class, responseCode = "202")
    public Response restart(@PathParam("id") UUID id) {
        return platform().call(() -> {
            orders.restart(id);
            return accepted(id);
        });
    }

    @POST
    @Path("/{id}/stop")
    @RequiresScope("finance:write")
    @Operation(summary = "Stop a run after the tenants under way; restart goes on from there")
    @APIResponseSchema(value = RunState.class, responseCode = "202")
    public Response stop(@PathParam("id") UUID id) {
        return Response.accepted(RunState.of(platform().call(() -> runs.stop(id))))
                .build();
    }

    private static Caller platform() {
        return Caller.current().acrossTenants();
    }

    private static Response accepted(UUID id) {
        return Response.accepted(new Accepted(id)).build();
    }
}
