package com.cognitionos.subscription.rest;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Uncounted;
import com.cognitionos.subscription.boundary.Subscriptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Subscribing. */
@Path("/subscriptions")
@ApplicationScoped
@OpenWhenSuspended
@Uncounted
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Subscriptions")
public class SubscriptionsResource extends LiveSubscription {

    /** With {@code trial} the first fortnight is free; {@code currency} by ISO 4217, USD when left out. */
    public record NewSubscription(
            @NotNull @Schema(implementation = String.class, examples = "pro")
            Tier tier,

            @NotNull
            @Schema(
                    implementation = String.class,
                    enumeration = {"monthly", "yearly"})
            BillingCycle billingCycle,

            @Nullable Boolean trial,

            @Nullable @Schema(examples = "EUR") String currency) {}

    @POST
    @RequiresScope("subscriptions:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Subscribe; what is due in advance is invoiced and charged at once")
    @APIResponseSchema(value = SubscriptionReply.class, responseCode = "201")
    public Response subscribe(NewSubscription wanted) {
        String currency = Objects.requireNonNullElse(wanted.currency(), Subscriptions.CURRENCY);
        int trialDays = Boolean.TRUE.equals(wanted.trial()) ? Subscriptions.TRIAL_DAYS : 0;
        return Response.status(Response.Status.CREATED)
                .entity(reply(settlement.subscribe(wanted.tier(), wanted.billingCycle(), currency, trialDays)))
                .build();
    }
}
