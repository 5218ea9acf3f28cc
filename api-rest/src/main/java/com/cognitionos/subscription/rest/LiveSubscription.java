package com.cognitionos.subscription.rest;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.coupon.boundary.Redemptions;
import com.cognitionos.coupon.rest.RedeemedCoupon;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Amendment.Effective;
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
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
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

    @EJB
    private Redemptions redemptions;

    @Context
    private UriInfo uri;

    /** At the end of the period unless {@code immediate}, or from an instant on. */
    public record Cancellation(
            @Nullable Boolean immediate,
            @Nullable @Size(max = 500) String reason,
            @Nullable Instant effectiveAt) {}

    /**
     * Which plan and cycle; the cycle stays where none is named. {@code effectiveAt} says when instead of
     * {@code immediate}: ahead it waits, back in the open month it holds as if it had been asked then.
     */
    public record PlanChange(
            @NotNull @Schema(implementation = String.class, examples = "pro")
            Tier tier,

            @Nullable
            @Schema(
                    implementation = String.class,
                    enumeration = {"monthly", "yearly"})
            BillingCycle billingCycle,

            @Nullable Boolean immediate,
            @Nullable Instant effectiveAt) {}

    /**
     * From where periods are counted: a day of the month, 1 to 31, or an instant whose day and time of day repeat. At the
     * period's end, {@code now}, or from an instant on.
     */
    public record AnchorMove(
            @Nullable Integer anchorDay,
            @Nullable Instant anchor,

            @Nullable @Schema(enumeration = {"now", "period_end"})
            String effective,

            @Nullable Instant effectiveAt) {}

    /**
     * What to preview, {@code change} unless an action is named, and when: {@code now} unless said. {@code addOn} is the code
     * of the one that an add-on's action is about.
     */
    public record Proposal(
            @Nullable
            @Schema(
                    enumeration = {
                        "change",
                        "cancel",
                        "pause",
                        "resume",
                        "anchor",
                        "attach_add_on",
                        "change_add_on",
                        "remove_add_on"
                    })
            String action,

            @Nullable @Schema(implementation = String.class, examples = "pro")
            Tier tier,

            @Nullable
            @Schema(
                    implementation = String.class,
                    enumeration = {"monthly", "yearly"})
            BillingCycle billingCycle,

            @Nullable @Schema(enumeration = {"now", "period_end"})
            String effective,

            @Nullable Instant effectiveAt,
            @Nullable Integer anchorDay,
            @Nullable Instant anchor,
            @Nullable String addOn,
            @Nullable Integer quantity,
            @Nullable Integer version) {}

    public record Reason(@Nullable @Size(max = 500) String reason) {}

    /** In any case. */
    public record CouponCode(
            @NotNull @Size(min = 1, max = 100) String code) {}

    @POST
    @Path("/preview")
    @RequiresScope("subscriptions:read")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "The lines that a change, a cancellation or a pause would make, to the cent")
    public PreviewReply preview(Proposal proposal) {
        Effective effective = effective(proposal.effective(), proposal.effectiveAt(), Effective.NOW);
        return PreviewReply.of(settlement.preview(amendment(proposal), effective));
    }

    private Amendment amendment(Proposal proposal) {
        return switch (proposal.action() == null ? "change" : proposal.action()) {
            case "change" -> {
                if (proposal.tier() == null) {
                    throw Problem.invalid("tier", "required", "tier says which plan to change to");
                }
                yield new Amendment.ToPlan(proposal.tier(), cycle(proposal.billingCycle()), null);
            }
            case "cancel" -> new Amendment.Cancel(null);
            case "pause" -> new Amendment.Pause(null);
            case "resume" -> new Amendment.Resume();
            case "anchor" -> anchor(proposal.anchorDay(), proposal.anchor());
            case "attach_add_on" ->
                new Amendment.AttachAddOn(addOn(proposal), proposal.quantity() == null ? 1 : proposal.quantity());
            case "change_add_on" -> new Amendment.ChangeAddOn(addOn(proposal), proposal.quantity(), proposal.version());
            case "remove_add_on" -> new Amendment.RemoveAddOn(addOn(proposal));
            default ->
                throw Problem.invalid(
                        "action",
                        "unknown_value",
                        "action must be change, cancel, pause, resume, anchor, attach_add_on, change_add_on or"
                                + " remove_add_on");
        };
    }

    private static String addOn(Proposal proposal) {
        if (proposal.addOn() == null) {
            throw Problem.invalid("add_on", "required", "add_on is the code of an add-on");
        }
        return proposal.addOn();
    }

    private static Amendment anchor(@Nullable Integer day, @Nullable Instant instant) {
        if ((day == null) == (instant == null)) {
            throw Problem.invalid("anchor_day", "required", "either anchor_day or anchor says where periods begin");
        }
        if (day == null) {
            return new Amendment.MoveAnchor(instant);
        }
        if (day < 1 || day > 31) {
            throw Problem.invalid("anchor_day", "out_of_range", "anchor_day must be from 1 to 31");
        }
        return new Amendment.MoveToDay(day);
    }

    static Effective effective(@Nullable String named, @Nullable Instant at, Effective otherwise) {
        if (named != null && at != null) {
            throw Problem.invalid("effective_at", "ambiguous", "either effective or effective_at says when");
        }
        if (at != null) {
            return Effective.at(at);
        }
        return switch (named == null ? "" : named) {
            case "" -> otherwise;
            case "now" -> Effective.NOW;
            case "period_end" -> Effective.PERIOD_END;
            default -> throw Problem.invalid("effective", "unknown_value", "effective must be now or period_end");
        };
    }

    private static Effective effective(@Nullable Boolean immediate, @Nullable Instant at, boolean otherwise) {
        if (immediate != null && at != null) {
            throw Problem.invalid("effective_at", "ambiguous", "either immediate or effective_at says when");
        }
        if (at != null) {
            return Effective.at(at);
        }
        return (immediate == null ? otherwise : immediate) ? Effective.NOW : Effective.PERIOD_END;
    }

    @POST
    @Path("/upgrade")
    @RequiresScope("subscriptions:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "To a larger plan or a longer cycle, at once unless said otherwise")
    public SubscriptionReply upgrade(PlanChange change) {
        return change(change, SubscriptionEvent.Kind.UPGRADED, true);
    }

    @POST
    @Path("/downgrade")
    @RequiresScope("subscriptions:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "To a smaller plan or a shorter cycle, at the period's end unless said otherwise")
    public SubscriptionReply downgrade(PlanChange change) {
        return change(change, SubscriptionEvent.Kind.DOWNGRADED, false);
    }

    private SubscriptionReply change(PlanChange change, SubscriptionEvent.Kind direction, boolean atOnce) {
        return reply(settlement.amend(
                new Amendment.ToPlan(change.tier(), cycle(change.billingCycle()), direction),
                effective(change.immediate(), change.effectiveAt(), atOnce)));
    }

    @POST
    @Path("/anchor")
    @RequiresScope("subscriptions:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Count periods from another day; the running one is cut or stretched in proportion")
    public SubscriptionReply anchor(AnchorMove move) {
        return reply(settlement.amend(
                anchor(move.anchorDay(), move.anchor()),
                effective(move.effective(), move.effectiveAt(), Effective.PERIOD_END)));
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
    @Operation(summary = "Cancel at the period's end, at an instant, or at once with a final invoice")
    public SubscriptionReply cancel(Cancellation cancellation) {
        return reply(settlement.amend(
                new Amendment.Cancel(cancellation.reason()),
                effective(cancellation.immediate(), cancellation.effectiveAt(), false)));
    }

    @POST
    @Path("/reactivate")
    @RequiresScope("subscriptions:write")
    @Operation(summary = "Take back what is to happen by itself")
    public SubscriptionReply reactivate() {
        return reply(settlement.keep());
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

    @GET
    @Path("/coupons")
    @RequiresScope("subscriptions:read")
    @Operation(summary = "Redeemed coupons, oldest first")
    public RedeemedCoupon.RedeemedCoupons coupons() {
        return new RedeemedCoupon.RedeemedCoupons(
                redemptions.list().stream().map(RedeemedCoupon::of).toList());
    }

    @POST
    @Path("/coupons")
    @RequiresScope("subscriptions:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Redeem a coupon; it reduces the invoices from the next one on")
    @APIResponseSchema(value = RedeemedCoupon.class, responseCode = "201")
    public Response redeem(CouponCode coupon) {
        return Response.status(Response.Status.CREATED)
                .entity(RedeemedCoupon.of(redemptions.redeem(coupon.code())))
                .build();
    }

    @DELETE
    @Path("/coupons/{id}")
    @RequiresScope("subscriptions:write")
    @Operation(summary = "Give a redeemed coupon away; it cannot be redeemed again")
    public void giveAway(@PathParam("id") UUID id) {
        redemptions.remove(id);
    }

    protected SubscriptionReply reply(SubscriptionView subscription) {
        return SubscriptionReply.of(subscription, methods.defaultMethod());
    }
}
