package com.cognitionos.subscription.rest;

import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Uncounted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The subscription that a tenant has, or had last. */
@Path("/subscriptions/current")
@ApplicationScoped
@OpenWhenSuspended
@Uncounted
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Subscriptions")
public class CurrentSubscriptionResource extends LiveSubscription {

    @GET
    @RequiresScope("subscriptions:read")
    @Operation(summary = "The live subscription, or the last one")
    public SubscriptionReply current() {
        return reply(subscriptions.current());
    }
}
