package com.cognitionos.invoicing.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.Payments;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What finance does about a tenant's invoices that should not stand as they are. */
@Path("/finance/invoices")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class FinanceInvoicesResource {

    @EJB
    private Payments payments;

    @Context
    private UriInfo uri;

    /** @param tenantId whose invoice it is; may be left out where X-Tenant-ID names it */
    public record Correction(
            @Nullable UUID tenantId,
            @NotNull @Size(min = 1, max = 500) String reason) {}

    @POST
    @Path("/{id}/void")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Withdraw an open invoice as if it had never been made; a paid one needs a credit note")
    public InvoiceReply withdraw(@PathParam("id") UUID id, Correction wanted) {
        return in(wanted.tenantId())
                .call(() ->
                        InvoiceReply.of(payments.withdraw(id, wanted.reason().strip()), uri));
    }

    @POST
    @Path("/{id}/mark-uncollectible")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Write an open invoice off; it can still be paid")
    public InvoiceReply writeOff(@PathParam("id") UUID id, Correction wanted) {
        return in(wanted.tenantId())
                .call(() ->
                        InvoiceReply.of(payments.writeOff(id, wanted.reason().strip()), uri));
    }

    private static Caller in(@Nullable UUID tenant) {
        return Caller.current().in(tenant == null ? Caller.currentTenant() : tenant);
    }
}
