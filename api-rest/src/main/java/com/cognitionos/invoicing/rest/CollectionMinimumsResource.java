package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.CollectionMinimums;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.RequiresScope;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Which amounts are too small to be collected at once. */
@Path("/finance/collection-minimums")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class CollectionMinimumsResource {

    @EJB
    private CollectionMinimums minimums;

    /** @param cents in the currency's minor unit; 0 collects everything */
    public record Minimum(String currency, long cents) {
        static Minimum of(CollectionMinimums.Minimum minimum) {
            return new Minimum(minimum.currency(), minimum.cents());
        }
    }

    public record Minimums(List<Minimum> collectionMinimums) {}

    /** @param cents in the currency's minor unit; 0 collects everything */
    public record Cents(long cents) {}

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "Below which amount due an invoice is carried over to the next one, by currency")
    public Minimums list() {
        return new Minimums(Caller.current().acrossTenants().call(minimums::list).stream()
                .map(Minimum::of)
                .toList());
    }

    @PUT
    @Path("/{currency}")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Set the least amount that is collected in a currency")
    public Minimum set(@PathParam("currency") String currency, Cents minimum) {
        return Minimum.of(Caller.current().acrossTenants().call(() -> minimums.set(currency, minimum.cents())));
    }
}
