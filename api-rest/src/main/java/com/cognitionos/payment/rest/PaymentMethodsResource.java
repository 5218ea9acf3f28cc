package com.cognitionos.payment.rest;

import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.KeptCards;
import com.cognitionos.payment.boundary.PaymentMethods;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Uncounted;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The cards of a tenant. */
@Path("/payment-methods")
@ApplicationScoped
@OpenWhenSuspended
@Uncounted
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Payment methods")
public class PaymentMethodsResource {

    @EJB
    private PaymentMethods methods;

    @EJB
    private KeptCards kept;

    public record Cards(List<Card> paymentMethods) {}

    /** A card, as far as the provider shows it. */
    public record Card(
            UUID id,
            String type,
            String brand,
            String last4,
            int expMonth,
            int expYear,
            boolean isDefault,
            Instant createdAt) {

        static Card of(PaymentMethods.MethodView method) {
            return new Card(
                    method.id(),
                    method.type(),
                    method.brand(),
                    method.last4(),
                    method.expMonth(),
                    method.expYear(),
                    method.isDefault(),
                    method.createdAt());
        }
    }

    /** The provider's token of a card; it becomes the default unless {@code default} is false. */
    public record NewCard(
            @NotNull @Size(min = 1, max = 255) String token,
            @JsonbProperty("default") @Nullable Boolean asDefault) {}

    /** Where the browser goes when it is done there: an absolute URL. */
    public record Return(@NotNull @Size(min = 1, max = 2000) String returnUrl) {}

    /** A page at the provider, open for a while. */
    public record HostedPage(String url) {}

    @GET
    @RequiresScope("invoices:read")
    @Operation(summary = "Cards, newest first")
    public Cards list() {
        return new Cards(methods.list().stream().map(Card::of).toList());
    }

    @POST
    @RequiresScope("invoices:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Add a card by the provider's token",
            description = "The token comes from the provider's own form, or is the session_id of its page.")
    @APIResponseSchema(value = Card.class, responseCode = "201")
    public Response add(NewCard card) {
        return Response.status(Response.Status.CREATED)
                .entity(Card.of(kept.add(card.token(), !Boolean.FALSE.equals(card.asDefault()))))
                .build();
    }

    @DELETE
    @Path("/{id}")
    @RequiresScope("invoices:write")
    @Operation(summary = "Remove a card")
    public void remove(@PathParam("id") UUID id) {
        kept.remove(id);
    }

    @POST
    @Path("/setup-session")
    @RequiresScope("invoices:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "A page of the provider's to enter a card at",
            description = "The browser comes back to return_url with session_id, which is the token of the card to add."
                    + " 409 not_supported where the provider has no such page.")
    @APIResponseSchema(value = HostedPage.class, responseCode = "201")
    public Response setUp(Return back) {
        return page(kept.setUpPage(back.returnUrl()));
    }

    @POST
    @Path("/portal-session")
    @RequiresScope("invoices:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "A page of the provider's with all cards",
            description = "409 not_supported where the provider has no such page.")
    @APIResponseSchema(value = HostedPage.class, responseCode = "201")
    public Response portal(Return back) {
        return page(kept.portalPage(back.returnUrl()));
    }

    private static Response page(URI url) {
        return Response.status(Response.Status.CREATED)
                .entity(new HostedPage(url.toString()))
                .build();
    }
}
