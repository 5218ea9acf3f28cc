package com.cognitionos.gateway.rest;

import com.cognitionos.gateway.boundary.ApiKeys;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.rest.Texts;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The keys of a tenant. */
@Path("/api-keys")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "API keys")
public class ApiKeysResource {

    static final long DEFAULT_OVERLAP_SECONDS = 86_400;

    private static final Duration DEFAULT_SPAN = Duration.ofDays(30);

    @EJB
    private ApiKeys keys;

    @EJB
    private Tenants tenants;

    public record Keys(List<Key> apiKeys) {}

    /** A key as it may be shown; {@code createdBy} is whose key or which person made it. */
    public record Key(
            UUID id,
            String name,
            String prefix,
            Set<String> scopes,
            @Nullable Integer rateLimitPerMinute,
            Instant createdAt,
            String createdBy,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt,
            @Nullable Instant lastUsedAt,
            @Nullable UUID replacedBy) {

        static Key of(ApiKeys.KeyView view) {
            return new Key(
                    view.id(),
                    view.name(),
                    view.prefix(),
                    view.scopes(),
                    view.rateLimitPerMinute(),
                    view.createdAt(),
                    view.createdBy(),
                    view.expiresAt(),
                    view.revokedAt(),
                    view.lastUsedAt(),
                    view.replacedBy());
        }
    }

    public record NewKey(
            @NotNull @Size(min = 1, max = 100) String name,
            @NotNull @Size(min = 1, max = 50) List<String> scopes,
            @Nullable Instant expiresAt,
            @Nullable Integer rateLimitPerMinute) {}

    /** How long the old key goes on working; a day when left out. */
    public record Rotation(@Nullable Integer overlapSeconds) {}

    /** A new key. {@code key} is shown this once. */
    public record IssuedKey(
            UUID id,
            String key,
            String prefix,
            String name,
            Set<String> scopes,
            @Nullable Integer rateLimitPerMinute,
            Instant createdAt,
            @Nullable Instant expiresAt) {

        static Response reply(ApiKeys.IssuedKey issued) {
            ApiKeys.KeyView view = issued.view();
            return Response.status(Response.Status.CREATED)
                    .entity(new IssuedKey(
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

    /** The counted calls that came with a key; {@code total} over the whole span. */
    public record KeyUsage(
            UUID id,
            String prefix,
            String meter,
            String unit,
            String granularity,
            Instant from,
            Instant to,
            Instant countedUpTo,
            BigDecimal total,
            List<Step> series) {

        /** From {@code start} to before {@code end}. */
        public record Step(Instant start, Instant end, BigDecimal quantity) {}

        static KeyUsage of(UUID id, ApiKeys.KeyUsage usage) {
            Usage.Series series = usage.series();
            return new KeyUsage(
                    id,
                    usage.prefix(),
                    series.meter().code(),
                    series.meter().unit(),
                    series.granularity().name().toLowerCase(Locale.ROOT),
                    series.from(),
                    series.to(),
                    series.countedUpTo(),
                    usage.total(),
                    series.points().stream()
                            .map(point -> new Step(point.start(), point.end(), point.quantity()))
                            .toList());
        }
    }

    @GET
    @RequiresScope("keys:read")
    @Operation(summary = "Keys, newest first, revoked ones too")
    public Keys list() {
        return new Keys(keys.list().stream().map(Key::of).toList());
    }

    @POST
    @RequiresScope("keys:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Make a key; it is shown once")
    @APIResponseSchema(value = IssuedKey.class, responseCode = "201")
    public Response issue(NewKey wanted) {
        return IssuedKey.reply(
                keys.issue(wanted.name(), wanted.scopes(), wanted.expiresAt(), wanted.rateLimitPerMinute()));
    }

    @POST
    @Path("/{id}/rotate")
    @RequiresScope("keys:write")
    @Operation(summary = "Replace a key; the old one works on for the overlap")
    @APIResponseSchema(value = IssuedKey.class, responseCode = "201")
    public Response rotate(@PathParam("id") UUID id, Rotation rotation) {
        Integer seconds = rotation.overlapSeconds();
        return IssuedKey.reply(
                keys.rotate(id, Duration.ofSeconds(seconds == null ? DEFAULT_OVERLAP_SECONDS : seconds)));
    }

    @DELETE
    @Path("/{id}")
    @RequiresScope("keys:write")
    @Operation(summary = "Revoke a key at once")
    public void revoke(@PathParam("id") UUID id) {
        keys.revoke(id);
    }

    @GET
    @Path("/{id}/usage")
    @RequiresScope("keys:read")
    @Operation(summary = "The counted calls that came with a key; without from and to the last 30 days")
    public KeyUsage usage(
            @PathParam("id") UUID id,
            @Parameter(description = "An instant, or a day: from its start in UTC") @QueryParam("from") @Nullable
                    String from,
            @Parameter(description = "An instant, or a day: to its end in UTC") @QueryParam("to") @Nullable String to,
            @QueryParam("granularity") @DefaultValue("day") String granularity) {
        Usage.Granularity step = Usage.Granularity.of(granularity);
        Instant end = to == null ? tenants.present() : Texts.to("to", to);
        Instant start = from == null ? end.minus(DEFAULT_SPAN) : Texts.from("from", from);
        return KeyUsage.of(id, keys.usage(id, start, end, step));
    }
}
