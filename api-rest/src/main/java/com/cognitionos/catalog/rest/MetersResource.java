package com.cognitionos.catalog.rest;

import com.cognitionos.catalog.boundary.Catalogue;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What is counted. */
@Path("/catalog/meters")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Catalogue")
public class MetersResource {

    @EJB
    private Catalogue catalogue;

    @EJB
    private Plans plans;

    public record Meters(List<Meter> meters) {}

    /**
     * @param uniqueBy of a {@code unique_count} what it tells apart: {@code subject}, or a property of the events
     * @param dimensions the properties that its usage can be shown by, besides subject, key, plugin and model
     */
    public record Meter(
            String code,
            String name,
            String aggregation,
            String unit,
            @Nullable String uniqueBy,
            List<String> dimensions) {
        static Meter of(com.cognitionos.catalog.entity.Meter meter) {
            return new Meter(
                    meter.code(),
                    meter.name(),
                    meter.aggregation().code(),
                    meter.unit(),
                    meter.uniqueBy(),
                    meter.dimensions());
        }
    }

    /** {@code name} in the plural as an invoice writes it, {@code unit} in the singular. */
    public record NewMeter(
            @NotNull @Size(min = 1, max = 63) String code,
            @NotNull @Size(min = 1, max = 100) String name,

            @NotNull @Schema(enumeration = {"sum", "count", "max", "unique_count", "latest", "time_weighted"})
            String aggregation,

            @NotNull @Size(min = 1, max = 40) String unit,

            @Nullable
            @Size(min = 1, max = 63)
            @Schema(
                    description =
                            "Of a unique_count what it tells apart: subject, or the name of a property of the events",
                    defaultValue = "subject")
            String uniqueBy,

            @Nullable
            @Size(max = 10)
            @Schema(
                    description =
                            "Properties of the events that usage can be shown by, besides subject, key, plugin and model")
            List<String> dimensions) {}

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "All meters")
    public Meters list() {
        return new Meters(Caller.current().acrossTenants().call(plans::meters).stream()
                .map(Meter::of)
                .toList());
    }

    @POST
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Count something more; all that is said of it stays")
    @APIResponseSchema(value = Meter.class, responseCode = "201")
    public Response add(NewMeter wanted) {
        Meter added = Meter.of(Caller.current()
                .acrossTenants()
                .call(() -> catalogue.addMeter(
                        wanted.code(),
                        wanted.name().strip(),
                        wanted.aggregation(),
                        wanted.unit().strip(),
                        wanted.uniqueBy(),
                        wanted.dimensions() == null ? List.of() : wanted.dimensions())));
        return Response.status(Response.Status.CREATED).entity(added).build();
    }
}
