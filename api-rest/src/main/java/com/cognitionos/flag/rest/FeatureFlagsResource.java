package com.cognitionos.flag.rest;

import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.flag.boundary.FeatureFlags;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Feature flags, as operators keep them. Tenants see them as entitlements. */
@Path("/feature-flags")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Feature flags")
public class FeatureFlagsResource {

    @EJB
    private FeatureFlags flags;

    public record Flags(List<Flag> featureFlags) {}

    public record Flag(
            String key,
            boolean enabledGlobally,
            List<String> enabledTiers,
            List<UUID> enabledTenantIds,
            int rolloutPercentage,
            Instant updatedAt,
            long version) {

        static Flag of(FeatureFlags.FlagView view) {
            return new Flag(
                    view.flag().key(),
                    view.flag().enabledGlobally(),
                    view.flag().enabledTiers().stream().map(Tier::code).sorted().toList(),
                    view.enabledTenantIds(),
                    view.flag().rolloutPercentage(),
                    view.updatedAt(),
                    view.flag().version());
        }
    }

    /** The whole flag; {@code version} is that of the flag it was made from, the present one when left out. */
    public record NewFlag(
            boolean enabledGlobally,

            @NotNull @Size(max = 200) @Schema(type = SchemaType.ARRAY, implementation = String.class)
            List<Tier> enabledTiers,

            @NotNull @Size(max = FeatureFlags.MAX_NAMED) List<UUID> enabledTenantIds,
            int rolloutPercentage,
            @Nullable Long version) {}

    @GET
    @RequiresScope("operator:read")
    @Operation(summary = "All flags, by key")
    public Flags list() {
        return new Flags(Caller.current().acrossTenants().call(flags::list).stream()
                .map(Flag::of)
                .toList());
    }

    @PUT
    @Path("/{key}")
    @RequiresScope("operator:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Set a flag; it holds on every node at once. Nothing and nobody named switches it off for all")
    public Flag set(@PathParam("key") String key, NewFlag wanted) {
        FeatureFlags.Change change = new FeatureFlags.Change(
                wanted.enabledGlobally(),
                Set.copyOf(wanted.enabledTiers()),
                wanted.enabledTenantIds().stream().collect(Collectors.toSet()),
                wanted.rolloutPercentage());
        return Flag.of(Caller.current().acrossTenants().call(() -> flags.set(key, change, wanted.version())));
    }
}
