package com.cognitionos.integrity.rest;

import com.cognitionos.integrity.boundary.IntegrityChecks;
import com.cognitionos.integrity.boundary.IntegrityOrders;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Whether all that is stored still agrees with itself; a timer asks each night. */
@Path("/operator/integrity-checks")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Operator")
public class IntegrityChecksResource {

    private static final int LATEST = 50;

    @EJB
    private IntegrityChecks checks;

    @Inject
    private IntegrityOrders orders;

    public record Requested(UUID id) {}

    /** @param what in a sentence; {@code tenantId} is null where it is no tenant's */
    public record IntegrityOffender(@Nullable UUID tenantId, String what) {}

    /**
     * @param code I1 to I12
     * @param offenders so many break it, of which the first 20 are named
     */
    public record IntegrityAnswer(
            String code, String invariant, boolean held, long offenders, long tookMs, List<IntegrityOffender> first) {

        static IntegrityAnswer of(IntegrityChecks.Answer answer) {
            return new IntegrityAnswer(
                    answer.invariant().code(),
                    answer.invariant().sentence(),
                    answer.findings().held(),
                    answer.findings().total(),
                    answer.tookMillis(),
                    answer.findings().first().stream()
                            .map(offender -> new IntegrityOffender(offender.tenant(), offender.what()))
                            .toList());
        }
    }

    /**
     * @param status queued, running, completed or failed
     * @param held whether everything holds; null before the end
     */
    public record IntegrityState(
            UUID id,
            String status,
            @Nullable Boolean held,
            String requestedBy,
            Instant createdAt,
            @Nullable Instant endedAt,
            int asked,
            int broken,
            @Nullable String reason) {

        static IntegrityState of(IntegrityChecks.Check check) {
            return new IntegrityState(
                    check.id(),
                    check.status(),
                    check.isUnderWay() ? null : check.held(),
                    check.requestedBy(),
                    check.createdAt(),
                    check.endedAt(),
                    check.answered(),
                    check.broken(),
                    check.reason());
        }
    }

    public record IntegrityReport(IntegrityState check, List<IntegrityAnswer> invariants) {}

    public record IntegrityList(List<IntegrityState> integrityChecks) {}

    @POST
    @RequiresScope("operator:write")
    @Operation(
            summary = "Check now that all that is stored agrees with itself",
            description = "While a check is under way, its id is given. It changes nothing but its own record.")
    @APIResponseSchema(value = Requested.class, responseCode = "202")
    public Response start() {
        IntegrityChecks.Check check =
                platform().call(() -> orders.start(Caller.current().subject()));
        return Response.accepted(new Requested(check.id())).build();
    }

    @GET
    @RequiresScope("operator:read")
    @Operation(summary = "The latest checks, newest first")
    public IntegrityList list() {
        return new IntegrityList(platform().call(() -> checks.latest(LATEST)).stream()
                .map(IntegrityState::of)
                .toList());
    }

    @GET
    @Path("/{id}")
    @RequiresScope("operator:read")
    @Operation(summary = "What a check has found so far")
    public IntegrityReport get(@PathParam("id") UUID id) {
        return platform()
                .call(() -> new IntegrityReport(
                        IntegrityState.of(checks.get(id)),
                        checks.answers(id).stream().map(IntegrityAnswer::of).toList()));
    }

    @GET
    @Path("/{id}/report")
    @Produces(MediaType.TEXT_PLAIN)
    @RequiresScope("operator:read")
    @Operation(
            summary = "What a check has found so far, for people",
            description =
                    "The first line begins with running, held, broken or failed; a line for each invariant follows.")
    public String report(@PathParam("id") UUID id) {
        return platform().call(() -> ReportText.of(checks.get(id), checks.answers(id)));
    }

    private static Caller platform() {
        return Caller.current().acrossTenants();
    }
}
