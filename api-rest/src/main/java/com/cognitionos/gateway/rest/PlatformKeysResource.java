package com.cognitionos.gateway.rest;

import com.cognitionos.gateway.boundary.PlatformKeys;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The keys of the platform's own programs. */
@Path("/platform-keys")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Platform keys")
public class PlatformKeysResource {

    @EJB
    private PlatformKeys keys;

    public record PlatformKeyList(List<ApiKeysResource.Key> platformKeys) {}

    @GET
    @RequiresScope("operator:read")
    @Operation(summary = "The platform's keys, newest first, revoked ones too")
    public PlatformKeyList list() {
        return new PlatformKeyList(
                platform(keys::list).stream().map(ApiKeysResource.Key::of).toList());
    }

    @POST
    @RequiresScope("operator:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Make a key, such as finance's own; it is shown once")
    @APIResponseSchema(value = ApiKeysResource.IssuedKey.class, responseCode = "201")
    public Response issue(ApiKeysResource.NewKey wanted) {
        return ApiKeysResource.IssuedKey.reply(platform(
                () -> keys.issue(wanted.name(), wanted.scopes(), wanted.expiresAt(), wanted.rateLimitPerMinute())));
    }

    @POST
    @Path("/{id}/rotate")
    @RequiresScope("operator:write")
    @Operation(summary = "Replace a key; the old one works on for the overlap")
    @APIResponseSchema(value = ApiKeysResource.IssuedKey.class, responseCode = "201")
    public Response rotate(@PathParam("id") UUID id, ApiKeysResource.Rotation rotation) {
        Integer seconds = rotation.overlapSeconds();
        return ApiKeysResource.IssuedKey.reply(platform(() -> keys.rotate(
                id, Duration.ofSeconds(seconds == null ? ApiKeysResource.DEFAULT_OVERLAP_SECONDS : seconds))));
    }

    @DELETE
    @Path("/{id}")
    @RequiresScope("operator:write")
    @Operation(summary = "Revoke a key at once; the last that can make others stays")
    public void revoke(@PathParam("id") UUID id) {
        platform(() -> {
            keys.revoke(id);
            return id;
        });
    }

    /** They belong to no tenant, whichever the request names. */
    private static <T> T platform(Supplier<T> work) {
        return Caller.current().acrossTenants().call(work);
    }
}
