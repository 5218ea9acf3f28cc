package com.cognitionos.subscription.rest;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.invoicing.boundary.Invoices;
import com.cognitionos.invoicing.boundary.RunningTotals;
import com.cognitionos.invoicing.rest.InvoiceReply;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.PaymentMethods;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Texts;
import com.cognitionos.rest.Uncounted;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import jakarta.ejb.EJB;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
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
    private Billing billing;

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

    /** Which plan and cycle; the cycle stays where none is named. */
    public record PlanChange(
            @NotNull @Schema(implementation = String.class, example = "pro")
            Tier tier,

            @Nullable
            @Schema(
                    implementation = String.class,
                    enumeration = {"monthly", "yearly"})
            BillingCycle billingCycle,

            @Nullable Boolean immediate) {}

    /** {@code now} or {@code period_end}. */
    public record Proposal(
            @NotNull @Schema(implementation = String.class, example = "pro")
            Tier tier,

            @Nullable
            @Schema(
                    implementation = String.class,
                    enumeration = {"monthly", "yearly"})
            BillingCycle billingCycle,

            @Nullable @Schema(enumeration = {"now", "period_end"})
            String effective) {}

    public record Reason(@Nullable @Size(max = 500) String reason) {}

    @POST
    @Path("/preview")
    @RequiresScope("subscriptions:read")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "The lines that a change of plan or cycle would make, to the cent")
    public PreviewReply preview(Proposal proposal) {
        String effective = proposal.effective() == null ? "now" : proposal.effective();
        if (!effective.equals("now") && !effective.equals("period_end")) {
            throw Problem.invalid("effective", "unknown_value", "effective must be now or period_end");
        }
        return PreviewReply.of(
                billing.preview(proposal.tier(), cycle(proposal.billingCycle()), effective.equals("period_end")));
    }

    @POST
    @Path("/upgrade")
    @RequiresScope("subscriptions:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "To a larger plan or a longer cycle, at once unless immediate is false")
    public SubscriptionReply upgrade(PlanChange change) {
        boolean atOnce = !Boolean.FALSE.equals(change.immediate());
        return change(change, SubscriptionEvent.Kind.UPGRADED, atOnce);
    }

    @POST
    @Path("/downgrade")
    @RequiresScope("subscriptions:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "To a smaller plan or a shorter cycle, at the period's end unless immediate")
    public SubscriptionReply downgrade(PlanChange change) {
        boolean atOnce = Boolean.TRUE.equals(change.immediate());
        return change(change, SubscriptionEvent.Kind.DOWNGRADED, atOnce);
    }

    private SubscriptionReply change(PlanChange change, SubscriptionEvent.Kind direction, boolean atOnce) {
        BillingCycle cycle = cycle(change.billingCycle());
        return reply(
                atOnce
                        ? settlement.changeNow(change.tier(), cycle, direction)
                        : settlement.changeAtPeriodEnd(change.tier(), cycle, direction));
    }

    private BillingCycle cycle(@Nullable BillingCycle wanted) {
        return wanted == null ? BillingCycle.of(subscriptions.current().billingCycle()) : wanted;
    }

    @POST
    @Path("/pause")
    @RequiresScope("subscriptions:write")
    @Operation(summary = "Pause; what is unused of the period goes to the balance")
    public SubscriptionReply pause(Reason reason) {
        return reply(settlement.pause(reason.reason()));
    }

    @POST
    @Path("/resume")
    @RequiresScope("subscriptions:write")
    @Operation(summary = "Go on after a pause; the rest of the period is charged")
    public SubscriptionReply resume() {
        return reply(settlement.resume());
    }

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
    @Operation(summary = "Take back a cancellation or change at the period's end")
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
