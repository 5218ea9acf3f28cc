package com.cognitionos.subscription.rest;

import com.cognitionos.invoicing.boundary.Invoices;
import com.cognitionos.invoicing.boundary.RunningTotals;
import com.cognitionos.invoicing.rest.InvoiceReply;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.PaymentMethods;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Texts;
import com.cognitionos.rest.Uncounted;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import jakarta.ejb.EJB;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** What can be asked of a tenant's subscription, under both addresses that stand for it. */
@OpenWhenSuspended
@Uncounted
public abstract class LiveSubscription {

    @EJB
    protected Subscriptions subscriptions;

    @EJB
    protected Settlement settlement;

    @EJB
    private PaymentMethods methods;

    @EJB
    private RunningTotals totals;

    @EJB
    private Invoices invoices;

    @Context
    private UriInfo uri;

    /** At the end of the period unless {@code immediate}. */
    public record Cancellation(
            @Nullable Boolean immediate,
            @Nullable @Size(max = 500) String reason) {}

    @POST
    @Path("/cancel")
    @RequiresScope("subscriptions:write")
    @Operation(summary = "Cancel at the period's end, or at once with a final invoice")
    public SubscriptionReply cancel(Cancellation cancellation) {
        return reply(
                Boolean.TRUE.equals(cancellation.immediate())
                        ? settlement.cancelNow(cancellation.reason())
                        : subscriptions.cancelAtPeriodEnd());
    }

    @POST
    @Path("/reactivate")
    @RequiresScope("subscriptions:write")
    @Operation(summary = "Take back a cancellation at the period's end")
    public SubscriptionReply reactivate() {
        return reply(subscriptions.reactivate());
    }

    @GET
    @Path("/usage")
    @RequiresScope("subscriptions:read")
    @Operation(summary = "Usage, cost so far and forecast of the running month")
    public UsageReply usage() {
        return UsageReply.of(totals.current());
    }

    @GET
    @Path("/invoices")
    @RequiresScope("subscriptions:read")
    @Operation(summary = "Invoices, newest first")
    public InvoiceReply.InvoicePage invoices(
            @QueryParam("page") @Nullable String page, @QueryParam("page_size") @Nullable String pageSize) {
        return InvoiceReply.InvoicePage.of(invoices.list(Texts.page(page, pageSize)), uri);
    }

    protected SubscriptionReply reply(SubscriptionView subscription) {
        return SubscriptionReply.of(subscription, methods.defaultMethod());
    }
}
