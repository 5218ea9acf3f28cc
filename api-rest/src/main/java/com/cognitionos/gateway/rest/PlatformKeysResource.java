package com.cognitionos.gateway.rest;

import com.cognitionos.gateway.boundary.PlatformKeys;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
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
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The keys of the platform's own programs. */
@Path("/platform-keys")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Platform keys")
public class PlatformKeysResource {

    @EJB
    private PlatformKeys keys;

    public record PlatformKeyList(List<PlatformKeys.KeyView> platformKeys) {}

    public record NewPlatformKey(
            @NotNull @Size(min = 1, max = 100) String name,
            @NotNull @Size(min = 1, max = 50) List<String> scopes,
            @Nullable Instant expiresAt,
            @Nullable Integer rateLimitPerMinute) {}

    /** A new key. {@code key} is shown this once. */
    public record IssuedPlatformKey(
            UUID id,
            String key,
            String prefix,
            String name,
            Set<String> scopes,
            int rateLimitPerMinute,
            Instant createdAt,
            @Nullable Instant expiresAt) {

        static Response reply(PlatformKeys.IssuedKey issued) {
            PlatformKeys.KeyView view = issued.view();
            return Response.status(Response.Status.CREATED)
                    .entity(new IssuedPlatformKey(
                            view.id(),
                            issued.key(),
                            view.prefix(),
                            view.name(),
                            view.scopes(),
                            view.rateLimitPerMinute(),
                            view.createdAt(),
                            view.expiresAt()))
                    .build();
        }
    }

    @GET
    @RequiresScope("operator:read")
    @Operation(summary = "The platform's keys, newest first, revoked ones too")
    public PlatformKeyList list() {
        return new PlatformKeyList(platform(keys::list));
    }

    @POST
    @RequiresScope("operator:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Make a key, such as finance's own; it is shown once")
    @APIResponseSchema(value = IssuedPlatformKey.class, responseCode = "201")
    public Response issue(NewPlatformKey wanted) {
        return IssuedPlatformKey.reply(platform(
                () -> keys.issue(wanted.name(), wanted.scopes(), wanted.expiresAt(), wanted.rateLimitPerMinute())));
    }

    @POST
    @Path("/{id}/rotate")
    @RequiresScope("operator:write")
    @Operation(summary = "Replace a key; the old one works on for the overlap")
    @APIResponseSchema(value = IssuedPlatformKey.class, responseCode = "201")
    public Response rotate(@PathParam("id") UUID id, ApiKeysResource.Rotation rotation) {
        Integer seconds = rotation.overlapSeconds();
        return IssuedPlatformKey.reply(platform(() -> keys.rotate(
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
