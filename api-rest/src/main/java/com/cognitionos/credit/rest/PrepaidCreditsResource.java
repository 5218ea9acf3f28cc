package com.cognitionos.credit.rest;

import com.cognitionos.credit.boundary.PrepaidCredits;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Uncounted;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The prepaid credits of a tenant. */
@Path("/prepaid-credits")
@ApplicationScoped
@OpenWhenSuspended
@Uncounted
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Balance and credits")
public class PrepaidCreditsResource {

    @EJB
    private PrepaidCredits credits;

    public record Credits(List<CreditReply> prepaidCredits) {}

    @GET
    @RequiresScope("invoices:read")
    @Operation(summary = "Prepaid credits with what is left of each and which invoices used it, newest first")
    public Credits list() {
        return new Credits(credits.list().stream().map(CreditReply::of).toList());
    }
}
