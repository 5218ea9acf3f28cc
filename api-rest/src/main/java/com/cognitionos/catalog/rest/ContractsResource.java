package com.cognitionos.catalog.rest;

import com.cognitionos.catalog.boundary.Catalogue;
import com.cognitionos.catalog.boundary.PlanVersion;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.Body;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What single tenants have agreed on: versions of a plan for nobody else. */
@Path("/catalog/contracts")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Catalogue")
public class ContractsResource {

    @EJB
    private Catalogue catalogue;

    public record Contracts(List<VersionReply> contracts) {}

    /** A version that is sold. */
    public record Base(String tier, int version) {}

    /** What the contract says other than the version it is based on; from when to when it may be moved onto. */
    @Schema(name = "NewContract", allOf = PlanTerms.class)
    public record NewContract(
            UUID tenantId,
            Base basedOn,
            @Nullable Instant validFrom,
            @Nullable Instant validTo) {}

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "All contracts, by plan and version")
    public Contracts list() {
        return new Contracts(Caller.current().acrossTenants().call(catalogue::versions).stream()
                .filter(version -> version.status() == PlanVersion.Status.CONTRACT)
                .map(VersionReply::of)
                .toList());
    }

    @POST
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Agree on terms with a tenant; moving its subscription onto them is another step")
    @APIResponseSchema(value = VersionReply.class, responseCode = "201")
    public Response agree(
            @RequestBody(content = @Content(schema = @Schema(implementation = NewContract.class))) Body body) {
        Map<String, @Nullable Object> wanted = body.plain();
        UUID tenant = text(wanted, "tenant_id", "invalid_id", Texts::uuid)
                .orElseThrow(() -> Problem.invalid("tenant_id", "required", "tenant_id is required"));
        if (!(wanted.get("based_on") instanceof Map<?, ?> base)) {
            throw Problem.invalid("based_on", "required", "based_on names a version of a plan");
        }
        Object code = base.get("tier");
        if (!(code instanceof String tier) || !Tier.isCode(tier)) {
            throw Problem.invalid("based_on/tier", "unknown_tier", "there is no such plan");
        }
        @SuppressWarnings("unchecked") // a JSON object
        Integer version = CatalogPlansResource.whole((Map<String, @Nullable Object>) base, "version");
        if (version == null) {
            throw Problem.invalid("based_on/version", "required", "version is required");
        }
        Catalogue.Contract contract = new Catalogue.Contract(
                tenant,
                new Tier(tier),
                version,
                wanted,
                text(wanted, "valid_from", "invalid_timestamp", Texts::instant).orElse(null),
                text(wanted, "valid_to", "invalid_timestamp", Texts::instant).orElse(null));
        return CatalogPlansResource.created(() -> catalogue.agree(contract));
    }

    private static <T> Optional<T> text(
            Map<String, @Nullable Object> body, String field, String code, Function<String, Optional<T>> reader) {
        Object value = body.get(field);
        if (value == null) {
            return Optional.empty();
        }
        Optional<T> read = value instanceof String text ? reader.apply(text) : Optional.empty();
        if (read.isEmpty()) {
            throw Problem.invalid(field, code, field + " is not acceptable");
        }
        return read;
    }
}
