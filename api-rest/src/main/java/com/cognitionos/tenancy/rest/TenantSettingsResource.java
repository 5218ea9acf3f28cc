package com.cognitionos.tenancy.rest;

import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.Body;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.tenancy.boundary.Settings;
import com.cognitionos.tenancy.boundary.TenantSettings;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.StringReader;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A tenant's settings. */
@Path("/tenants/{tenant}/settings")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Tenants")
public class TenantSettingsResource {

    @EJB
    private TenantSettings settings;

    /**
     * The settings that hold; a number that is null is unlimited.
     *
     * @param webhookUrl where every event is sent: one of the webhook endpoints, with {@code from_settings}
     */
    public record EffectiveSettings(
            UUID tenantId,
            @Nullable Long maxUsers,
            @Nullable Long maxAgents,
            @Nullable Long maxWorkflows,
            @Nullable Long maxExecutionsPerMonth,
            @Nullable Long maxStorageGb,
            @Nullable Long apiRateLimitPerMinute,
            boolean enablePlugins,
            boolean enableCustomModels,
            boolean enablePriorityExecution,
            @Nullable String customDomain,
            @Nullable String webhookUrl,
            JsonObject metadata) {

        static EffectiveSettings of(Settings s) {
            try (JsonReader metadata = Json.createReader(new StringReader(s.metadata()))) {
                return new EffectiveSettings(
                        s.tenantId(),
                        s.maxUsers(),
                        s.maxAgents(),
                        s.maxWorkflows(),
                        s.maxExecutionsPerMonth(),
                        s.maxStorageGb(),
                        s.apiRateLimitPerMinute(),
                        s.enablePlugins(),
                        s.enableCustomModels(),
                        s.enablePriorityExecution(),
                        s.customDomain(),
                        s.webhookUrl(),
                        metadata.readObject());
            }
        }
    }

    @GET
    @RequiresScope("tenants:read")
    @OpenWhenSuspended
    @Operation(summary = "The settings that hold: the plan's, with the tenant's own on top")
    public EffectiveSettings get() {
        return EffectiveSettings.of(settings.current());
    }

    @PUT
    @RequiresScope("tenants:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change settings; null goes back to the plan, what is left out stays")
    public EffectiveSettings change(
            @RequestBody(content = @Content(schema = @Schema(implementation = EffectiveSettings.class))) Body body) {
        return EffectiveSettings.of(settings.change(SettingsChange.of(body)));
    }
}
