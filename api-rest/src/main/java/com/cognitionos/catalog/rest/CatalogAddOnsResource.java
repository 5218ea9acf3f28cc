package com.cognitionos.catalog.rest;

import com.cognitionos.catalog.boundary.AddOnCatalogue;
import com.cognitionos.catalog.boundary.AddOnVersion;
import com.cognitionos.catalog.entity.AddOn;
import com.cognitionos.catalog.entity.AddOnDocument;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.Body;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Add-ons in versions: drafted, published, archived as plans are. */
@Path("/catalog/add-ons")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Catalogue")
public class CatalogAddOnsResource {

    @EJB
    private AddOnCatalogue catalogue;

    /** By code. */
    @Schema(name = "AddOnCatalogue")
    public record AddOnList(List<AddOnOfVersions> addOns) {}

    @Schema(name = "AddOnOfVersions")
    public record AddOnOfVersions(String code, List<Version> versions) {}

    /**
     * A version of an add-on.
     *
     * @param validFrom sold from there on; null for a draft
     * @param validTo not sold from there on; null is open
     */
    @Schema(name = "AddOnVersion")
    public record Version(
            String code,
            int version,

            @Schema(enumeration = {"draft", "published", "archived"})
            String status,

            @Nullable Instant validFrom,
            @Nullable Instant validTo,
            String name,
            @Nullable String description,

            @Schema(implementation = String[].class) @Nullable
            Object tiers,

            int minimumQuantity,
            @Nullable Integer maximumQuantity,

            @Schema(implementation = PlanTerms.Price[].class) @Nullable
            Object prices) {

        static Version of(AddOnVersion version) {
            AddOn addOn = version.addOn();
            Map<String, @Nullable Object> document = AddOnDocument.write(addOn);
            return new Version(
                    addOn.code(),
                    addOn.version(),
                    version.status().name().toLowerCase(Locale.ROOT),
                    version.validFrom(),
                    version.validTo(),
                    addOn.name(),
                    addOn.description(),
                    document.get("tiers"),
                    addOn.minimumQuantity(),
                    addOn.maximumQuantity(),
                    document.get("prices"));
        }
    }

    /** An add-on that there was none of. */
    @Schema(name = "NewAddOn", allOf = AddOnTerms.class)
    public record NewAddOn(String code) {}

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "All add-ons with their versions, by code")
    public AddOnList list() {
        Map<String, List<Version>> byCode = new LinkedHashMap<>();
        platform(catalogue::versions)
                .forEach(version -> byCode.computeIfAbsent(version.addOn().code(), code -> new ArrayList<>())
                        .add(Version.of(version)));
        return new AddOnList(byCode.entrySet().stream()
                .map(one -> new AddOnOfVersions(one.getKey(), one.getValue()))
                .toList());
    }

    @POST
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Draft an add-on that there was none of")
    @APIResponseSchema(value = Version.class, responseCode = "201")
    public Response add(@RequestBody(content = @Content(schema = @Schema(implementation = NewAddOn.class))) Body body) {
        Map<String, @Nullable Object> wanted = body.plain();
        if (!(wanted.get("code") instanceof String code)) {
            throw Problem.invalid("code", "required", "code is required");
        }
        return created(() -> catalogue.add(code, wanted));
    }

    @GET
    @Path("/{code}/versions/{version}")
    @RequiresScope("finance:read")
    @Operation(summary = "A version of an add-on")
    public Version get(
            @PathParam("code") String code,
            @PathParam("version") @Parameter(schema = @Schema(type = SchemaType.INTEGER)) int version) {
        return reply(() -> catalogue.version(code, version));
    }

    @POST
    @Path("/{code}/versions")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Draft a further version, like the newest one but for what is given")
    @APIResponseSchema(value = Version.class, responseCode = "201")
    public Response addVersion(
            @PathParam("code") @Parameter(schema = @Schema(type = SchemaType.STRING)) String code,
            @RequestBody(content = @Content(schema = @Schema(implementation = AddOnTerms.class))) Body body) {
        return created(() -> catalogue.addVersion(code, body.plain()));
    }

    @PUT
    @Path("/{code}/versions/{version}")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Set what a draft says, as a whole")
    public Version change(
            @PathParam("code") String code,
            @PathParam("version") @Parameter(schema = @Schema(type = SchemaType.INTEGER)) int version,
            @RequestBody(content = @Content(schema = @Schema(implementation = AddOnTerms.class))) Body body) {
        return reply(() -> catalogue.change(code, version, body.plain()));
    }

    @POST
    @Path("/{code}/versions/{version}/publish")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Sell a draft from an instant on, in the place of the version without an end before it")
    public Version publish(
            @PathParam("code") String code,
            @PathParam("version") @Parameter(schema = @Schema(type = SchemaType.INTEGER)) int version,
            CatalogPlansResource.Publication publication) {
        return reply(() -> catalogue.publish(code, version, publication.validFrom(), publication.validTo()));
    }

    @POST
    @Path("/{code}/versions/{version}/archive")
    @RequiresScope("finance:write")
    @Operation(summary = "Sell a version no more; who has it keeps it")
    public Version archive(
            @PathParam("code") String code,
            @PathParam("version") @Parameter(schema = @Schema(type = SchemaType.INTEGER)) int version) {
        return reply(() -> catalogue.archive(code, version));
    }

    /** They belong to no tenant, whichever the request names. */
    private static <T> T platform(Supplier<T> work) {
        return Caller.current().acrossTenants().call(work);
    }

    private static Version reply(Supplier<AddOnVersion> work) {
        return Version.of(platform(work));
    }

    private static Response created(Supplier<AddOnVersion> work) {
        return Response.status(Response.Status.CREATED).entity(reply(work)).build();
    }
}
