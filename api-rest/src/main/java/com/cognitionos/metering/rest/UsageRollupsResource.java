package com.cognitionos.metering.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.metering.boundary.RollupStarter;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The rollup job, which a timer starts too. */
@Path("/finance/usage-rollups")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class UsageRollupsResource {

    @EJB
    private RollupStarter starter;

    public record Started(long executionId) {}

    @POST
    @RequiresScope("finance:write")
    @Operation(summary = "Roll up usage now rather than within the minute")
    @APIResponseSchema(value = Started.class, responseCode = "202")
    public Response start() {
        long execution = Caller.current().acrossTenants().call(starter::start);
        return Response.accepted(new Started(execution)).build();
    }
}
