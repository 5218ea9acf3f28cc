package com.cognitionos.payment.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.ProviderDifferences;
import com.cognitionos.payment.boundary.ProviderDifferences.DifferenceView;
import com.cognitionos.payment.boundary.Remedies;
import com.cognitionos.payment.entity.Finding;
import com.cognitionos.payment.entity.Finding.Remedy;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Where the payment provider's books and ours do not say alike, and what to do about it. */
@Path("/finance/differences")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class DifferencesResource {

    @EJB
    private ProviderDifferences differences;

    @EJB
    private Remedies remedies;

    /** How it stands on one side; null where it is not there. */
    public record Side(
            @Nullable String state,
            @Nullable Long amountCents,
            @Nullable String currency) {
        static Side of(Finding.Side side) {
            return new Side(side.state(), side.cents(), side.currency());
        }
    }

    /**
     * @param reference what the provider calls it; our id where it has no name there
     * @param paymentReference what the provider calls the payment that it is about
     * @param tenantId null where nobody here knows it
     * @param recordId our payment's or refund's id
     * @param remedies what can be done, the usual one first
     * @param resolution the remedy, or {@code agrees}; null while it is open
     */
    public record Difference(
            UUID id,
            String state,
            String kind,
            String provider,
            String reference,
            @Nullable String paymentReference,
            @Nullable UUID tenantId,
            @Nullable UUID recordId,
            Side ours,
            Side theirs,
            List<String> remedies,
            Instant happenedAt,
            Instant foundAt,
            Instant seenAt,
            @Nullable String resolution,
            @Nullable String reason,
            @Nullable String resolvedBy,
            @Nullable Instant resolvedAt) {

        static Difference of(DifferenceView view) {
            Finding finding = view.finding();
            return new Difference(
                    view.id(),
                    view.state(),
                    finding.kind().code(),
                    finding.provider(),
                    finding.reference(),
                    finding.paymentRef(),
                    finding.tenant(),
                    finding.ours(),
                    Side.of(finding.here()),
                    Side.of(finding.there()),
                    view.isOpen()
                            ? finding.kind().remedies().stream()
                                    .map(Remedy::code)
                                    .toList()
                            : List.of(),
                    finding.happenedAt(),
                    view.foundAt(),
                    view.seenAt(),
                    view.resolution(),
                    view.reason(),
                    view.resolvedBy(),
                    view.resolvedAt());
        }
    }

    public record DifferenceList(List<Difference> differences, long total, int page, int pageSize) {}

    /**
     * @param action settle, ask_again, record_refund or acknowledge
     * @param reason needed to acknowledge
     */
    public record WantedRemedy(
            @NotNull String action, @Nullable String reason) {}

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "Differences between the payment provider's books and ours, newest first")
    public DifferenceList list(
            @Parameter(description = "open or resolved") @QueryParam("state") @Nullable String state,
            @QueryParam("page") @Nullable String page,
            @QueryParam("page_size") @Nullable String pageSize) {
        String wanted = state == null || state.isEmpty() ? null : state;
        if (wanted != null && !ProviderDifferences.STATES.contains(wanted)) {
            throw Problem.invalid("state", "unknown_state", "must be open or resolved");
        }
        Page<DifferenceView> found = platform().call(() -> differences.list(wanted, Texts.page(page, pageSize)));
        return new DifferenceList(
                found.items().stream().map(Difference::of).toList(), found.total(), found.page(), found.pageSize());
    }

    @GET
    @Path("/{id}")
    @RequiresScope("finance:read")
    @Operation(summary = "A difference")
    public Difference get(@PathParam("id") UUID id) {
        return Difference.of(platform().call(() -> differences.get(id)));
    }

    @POST
    @Path("/{id}/remedy")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Do something about a difference",
            description =
                    "settle: the provider's word counts here too. ask_again: look at both sides again. record_refund:"
                            + " write a credit note for what the provider has paid back. acknowledge: it may stay, for a reason."
                            + " The reply says how it stands then.")
    public Difference remedy(@PathParam("id") UUID id, WantedRemedy wanted) {
        Remedy remedy = Arrays.stream(Remedy.values())
                .filter(one -> one.code().equals(wanted.action()))
                .findFirst()
                .orElseThrow(() -> Problem.invalid(
                        "action",
                        "unknown_action",
                        "must be one of "
                                + Arrays.stream(Remedy.values())
                                        .map(Remedy::code)
                                        .collect(Collectors.joining(", "))));
        return Difference.of(platform().call(() -> remedies.apply(id, remedy, wanted.reason())));
    }

    private static Caller platform() {
        return Caller.current().acrossTenants();
    }
}
