package com.cognitionos.catalog.rest;

import com.cognitionos.catalog.boundary.Catalogue;
import com.cognitionos.catalog.boundary.PlanVersion;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.VersionMoves;
import com.cognitionos.rest.Body;
import com.cognitionos.subscription.rest.PreviewReply;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
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

/** Plans in versions: drafted, published, archived; and moving subscriptions from one version to another. */
@Path("/catalog/plans")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Catalogue")
public class CatalogPlansResource {

    @EJB
    private Catalogue catalogue;

    @EJB
    private VersionMoves moves;

    public record PlanList(List<VersionReply.PlanOfVersions> plans) {}

    /** A plan that there was none of; {@code position} among the plans is the last when left out. */
    @Schema(name = "NewPlan", allOf = PlanTerms.class)
    public record NewPlan(String tier, @Nullable Integer position) {}

    /** A version like {@code from_version}, the newest when left out, but for what else is given. */
    @Schema(name = "NewPlanVersion", allOf = PlanTerms.class)
    public record NewVersion(@Nullable Integer fromVersion) {}

    /** From now on when {@code valid_from} is left out, without an end when {@code valid_to} is. */
    public record Publication(
            @Nullable Instant validFrom, @Nullable Instant validTo) {}

    /** {@code tenant_ids}, or whoever is on {@code from_version}; {@code effective} is now or period_end. */
    public record NewMoves(
            @Nullable @Size(max = VersionMoves.MOST) List<UUID> tenantIds,
            @Nullable Integer fromVersion,

            @Nullable @Schema(enumeration = {"now", "period_end"})
            String effective,

            @Nullable Boolean dryRun) {}

    /** @param more whether others are on from_version still: ask again */
    public record Moves(boolean dryRun, List<Move> moves, boolean more) {}

    /**
     * One tenant.
     *
     * @param preview in a dry run what it would make
     * @param code why it failed
     */
    public record Move(
            UUID tenantId,

            @Schema(enumeration = {"moved", "scheduled", "previewed", "unchanged", "failed"})
            String outcome,

            @Nullable PreviewReply preview,
            @Nullable String code,
            @Nullable String detail) {

        static Move of(VersionMoves.Move move) {
            return new Move(
                    move.tenant(),
                    move.outcome().name().toLowerCase(Locale.ROOT),
                    move.preview() == null ? null : PreviewReply.of(move.preview()),
                    move.code(),
                    move.detail());
        }
    }

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "All plans with their versions, smallest first; contracts are listed apart")
    public PlanList list() {
        Map<String, List<VersionReply>> byTier = new LinkedHashMap<>();
        platform(catalogue::versions).stream()
                .filter(version -> version.status() != PlanVersion.Status.CONTRACT)
                .forEach(version -> byTier.computeIfAbsent(version.plan().tier().code(), tier -> new ArrayList<>())
                        .add(VersionReply.of(version)));
        return new PlanList(byTier.entrySet().stream()
                .map(plan -> new VersionReply.PlanOfVersions(
                        plan.getKey(), plan.getValue().get(0).position(), plan.getValue()))
                .toList());
    }

    @POST
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Draft a plan that there was none of")
    @APIResponseSchema(value = VersionReply.class, responseCode = "201")
    public Response addPlan(
            @RequestBody(content = @Content(schema = @Schema(implementation = NewPlan.class))) Body body) {
        Map<String, @Nullable Object> wanted = body.plain();
        if (!(wanted.get("tier") instanceof String code)) {
            throw Problem.invalid("tier", "required", "tier is required");
        }
        if (!Tier.isCode(code)) {
            throw Problem.invalid("tier", "malformed", "a plan's code has small letters, digits and underscores");
        }
        return created(() -> catalogue.addPlan(new Tier(code), whole(wanted, "position"), wanted));
    }

    @GET
    @Path("/{tier}/versions/{version}")
    @RequiresScope("finance:read")
    @Operation(summary = "A version of a plan")
    public VersionReply get(
            @PathParam("tier") String tier,
            @PathParam("version") @Parameter(schema = @Schema(type = SchemaType.INTEGER)) int version) {
        return reply(() -> catalogue.version(VersionReply.tier(tier), version));
    }

    @POST
    @Path("/{tier}/versions")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Draft a further version, like an earlier one but for what is given")
    @APIResponseSchema(value = VersionReply.class, responseCode = "201")
    public Response addVersion(
            @PathParam("tier") @Parameter(schema = @Schema(type = SchemaType.STRING)) String tier,
            @RequestBody(content = @Content(schema = @Schema(implementation = NewVersion.class))) Body body) {
        Map<String, @Nullable Object> wanted = body.plain();
        return created(() -> catalogue.addVersion(VersionReply.tier(tier), whole(wanted, "from_version"), wanted));
    }

    @PUT
    @Path("/{tier}/versions/{version}")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Set what a draft says, as a whole")
    public VersionReply change(
            @PathParam("tier") String tier,
            @PathParam("version") @Parameter(schema = @Schema(type = SchemaType.INTEGER)) int version,
            @RequestBody(content = @Content(schema = @Schema(implementation = PlanTerms.class))) Body body) {
        return reply(() -> catalogue.change(VersionReply.tier(tier), version, body.plain()));
    }

    @POST
    @Path("/{tier}/versions/{version}/publish")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Sell a draft from an instant on, in the place of the version without an end before it")
    public VersionReply publish(
            @PathParam("tier") String tier,
            @PathParam("version") @Parameter(schema = @Schema(type = SchemaType.INTEGER)) int version,
            Publication publication) {
        return reply(() ->
                catalogue.publish(VersionReply.tier(tier), version, publication.validFrom(), publication.validTo()));
    }

    @POST
    @Path("/{tier}/versions/{version}/archive")
    @RequiresScope("finance:write")
    @Operation(summary = "Sell a version no more; who has it keeps it")
    public VersionReply archive(
            @PathParam("tier") String tier,
            @PathParam("version") @Parameter(schema = @Schema(type = SchemaType.INTEGER)) int version) {
        return reply(() -> catalogue.archive(VersionReply.tier(tier), version));
    }

    @POST
    @Path("/{tier}/versions/{version}/moves")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Move subscriptions onto a version, one by one; with dry_run tell what each would cost")
    public Moves move(
            @PathParam("tier") String tier,
            @PathParam("version") @Parameter(schema = @Schema(type = SchemaType.INTEGER)) int version,
            NewMoves wanted) {
        String effective = wanted.effective() == null ? "now" : wanted.effective();
        if (!effective.equals("now") && !effective.equals("period_end")) {
            throw Problem.invalid("effective", "unknown_value", "effective must be now or period_end");
        }
        boolean dryRun = Boolean.TRUE.equals(wanted.dryRun());
        VersionMoves.Result result = moves.move(new VersionMoves.Order(
                VersionReply.tier(tier),
                version,
                wanted.tenantIds() == null ? List.of() : wanted.tenantIds(),
                wanted.fromVersion(),
                effective.equals("period_end"),
                dryRun));
        return new Moves(dryRun, result.moves().stream().map(Move::of).toList(), result.more());
    }

    /** They belong to no tenant, whichever the request names. */
    private static <T> T platform(Supplier<T> work) {
        return Caller.current().acrossTenants().call(work);
    }

    private static VersionReply reply(Supplier<PlanVersion> work) {
        return VersionReply.of(platform(work));
    }

    static Response created(Supplier<PlanVersion> work) {
        return Response.status(Response.Status.CREATED).entity(reply(work)).build();
    }

    static @Nullable Integer whole(Map<String, @Nullable Object> body, String field) {
        Object value = body.get(field);
        if (value == null) {
            return null;
        }
        try {
            if (value instanceof BigDecimal number) {
                return number.intValueExact();
            }
        } catch (ArithmeticException e) {
            // said below
        }
        throw Problem.invalid(field, "wrong_type", field + " must be a whole number in range");
    }
}
