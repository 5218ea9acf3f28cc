package com.cognitionos.credit.rest;

import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
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
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Prepaid credits, as finance grants and voids them. */
@Path("/finance/prepaid-credits")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class CreditGrantsResource {

    @EJB
    private PrepaidCredits credits;

    @EJB
    private Tenants tenants;

    /**
     * @param kind {@code paid} where it was; a promotional one is owed to nobody
     * @param expiresAt from then on it pays nothing; never where none is named
     * @param priority the lowest is used first; 0 where none is named
     */
    public record NewCredit(
            @NotNull UUID tenantId,
            @NotNull @Size(min = 3, max = 3) String currency,
            long amountCents,
            @Nullable Instant expiresAt,
            @Nullable Integer priority,

            @NotNull
            @Schema(
                    implementation = String.class,
                    enumeration = {"paid", "promotional"})
            PrepaidCredits.Kind kind,

            @Nullable @Size(max = 500) String note) {}

    @POST
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Grant a tenant credit that pays its invoices to come")
    @APIResponseSchema(value = CreditReply.class, responseCode = "201")
    public Response grant(NewCredit wanted) {
        if (Caller.current()
                .acrossTenants()
                .call(() -> tenants.withIds(List.of(wanted.tenantId())))
                .isEmpty()) {
            throw Problem.invalid("tenant_id", "unknown_tenant", "tenant_id is no tenant");
        }
        PrepaidCredits.NewCredit credit = new PrepaidCredits.NewCredit(
                wanted.kind(),
                wanted.currency(),
                wanted.amountCents(),
                wanted.expiresAt(),
                wanted.priority() == null ? 0 : wanted.priority(),
                wanted.note() == null ? "" : wanted.note().strip());
        return Response.status(Response.Status.CREATED)
                .entity(CreditReply.of(Caller.current().in(wanted.tenantId()).call(() -> credits.grant(credit))))
                .build();
    }

    @POST
    @Path("/{id}/void")
    @RequiresScope("finance:write")
    @Operation(summary = "Void what is left of a credit; a paid rest is paid back")
    public CreditReply voided(@PathParam("id") UUID id) {
        UUID tenant = Caller.current().acrossTenants().call(() -> credits.tenantOf(id));
        return CreditReply.of(Caller.current().in(tenant).call(() -> credits.cancel(id)));
    }
}
