package com.cognitionos.tenancy.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.tenancy.boundary.ClockMover;
import com.cognitionos.tenancy.boundary.TestClocks;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The clock of a test tenant. */
@Path("/tenants/{tenant}/test-clock")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Tenants")
public class TestClockResource {

    @EJB
    private TestClocks clocks;

    @EJB
    private ClockMover mover;

    public record Target(@NotNull Instant now) {}

    /** @param target where an advancing clock is going; null when it is ready */
    public record ClockState(
            Instant now, String status, @Nullable Instant target) {
        static ClockState of(TestClocks.TestClock clock) {
            return new ClockState(clock.now(), clock.status(), clock.target());
        }
    }

    @GET
    @RequiresScope("tenants:read")
    @OpenWhenSuspended
    @Operation(summary = "Where a test tenant's clock stands")
    public ClockState get() {
        return ClockState.of(clocks.current());
    }

    @PUT
    @RequiresScope("tenants:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Send a test tenant's clock forward; what falls due on the way happens in order")
    @APIResponseSchema(value = ClockState.class, responseCode = "202")
    public Response advance(Target wanted) {
        TestClocks.TestClock sent = clocks.sendTo(wanted.now());
        mover.move(Caller.currentTenant());
        return Response.accepted(ClockState.of(sent)).build();
    }
}
