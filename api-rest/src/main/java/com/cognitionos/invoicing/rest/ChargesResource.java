package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.OneOffCharges;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.Texts;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What finance adds to a tenant's next invoice, once. */
@Path("/finance/charges")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class ChargesResource {

    private static final int LATEST = 200;

    @EJB
    private OneOffCharges charges;

    @EJB
    private Tenants tenants;

    /** In the currency of the tenant's subscription. */
    public record NewCharge(
            @NotNull UUID tenantId,
            @NotNull @Size(min = 1, max = 500) String description,
            long amountCents) {}

    public record Charges(List<Charge> charges) {}

    /** @param invoiceId the invoice it is on; null while it waits for the next one */
    public record Charge(
            UUID id,
            UUID tenantId,
            String description,
            long amountCents,
            String currency,
            @Nullable UUID invoiceId,
            Instant createdAt) {

        static Charge of(OneOffCharges.Charge charge) {
            return new Charge(
                    charge.id(),
                    charge.tenantId(),
                    charge.description(),
                    charge.amountCents(),
                    charge.currency(),
                    charge.invoice(),
                    charge.createdAt());
        }
    }

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "A tenant's latest charges of once, newest first")
    public Charges list(@QueryParam("tenant_id") @Nullable String tenantId) {
        UUID tenant = Texts.uuid(tenantId == null ? "" : tenantId)
                .orElseThrow(() -> Problem.invalid("tenant_id", "required", "tenant_id names the tenant"));
        return new Charges(at(tenant).call(() -> charges.list(LATEST)).stream()
                .map(Charge::of)
                .toList());
    }

    @POST
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Add an amount to a tenant's next invoice")
    @APIResponseSchema(value = Charge.class, responseCode = "201")
    public Response add(NewCharge wanted) {
        if (Caller.current()
                .acrossTenants()
                .call(() -> tenants.withIds(Set.of(wanted.tenantId())))
                .isEmpty()) {
            throw Problem.invalid("tenant_id", "unknown_tenant", "tenant_id is no tenant");
        }
        Charge added =
                Charge.of(at(wanted.tenantId()).call(() -> charges.add(wanted.description(), wanted.amountCents())));
        return Response.status(Response.Status.CREATED).entity(added).build();
    }

    @DELETE
    @Path("/{tenant_id}/{id}")
    @RequiresScope("finance:write")
    @Operation(summary = "Take back a charge that is on no invoice yet")
    public void remove(@PathParam("tenant_id") UUID tenant, @PathParam("id") UUID id) {
        at(tenant).run(() -> charges.remove(id));
    }

    private static Caller at(UUID tenant) {
        return Caller.current().acrossTenants().in(tenant);
    }
}
