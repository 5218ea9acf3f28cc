package com.cognitionos.subscription.rest;

import com.cognitionos.catalog.boundary.AddOns;
import com.cognitionos.catalog.entity.AddOn;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.invoicing.boundary.Amendment;
import com.cognitionos.invoicing.boundary.Amendment.Effective;
import com.cognitionos.invoicing.boundary.Billing;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Texts;
import com.cognitionos.rest.Uncounted;
import com.cognitionos.subscription.boundary.SubscriptionView;
import com.cognitionos.subscription.boundary.Subscriptions;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the tenant has on top of its plan. Each change can be previewed as the subscription's others can. */
@Path("/subscriptions/current/add-ons")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Subscriptions")
@OpenWhenSuspended
@Uncounted
public class SubscriptionAddOnsResource {

    @EJB
    private Subscriptions subscriptions;

    @EJB
    private Settlement settlement;

    @EJB
    private Billing billing;

    @EJB
    private AddOns addOns;

    /**
     * One that is had.
     *
     * @param unitCents of one, per billing cycle
     * @param amountCents of all, per billing cycle
     * @param pending what becomes of it by itself
     */
    @Schema(name = "SubscriptionAddOn")
    public record Held(
            String code,
            int version,
            String name,
            @Nullable String description,
            int quantity,
            long unitCents,
            long amountCents,
            String currency,
            String billingCycle,
            @Nullable Pending pending) {}

    /** @param quantity from then on; 0 when it goes */
    @Schema(name = "PendingAddOn")
    public record Pending(String code, int version, int quantity, Instant effectiveAt) {}

    /** One that can be added to the plan, with the price of one per billing cycle. */
    @Schema(name = "AvailableAddOn")
    public record Available(
            String code,
            int version,
            String name,
            @Nullable String description,
            int minimumQuantity,
            @Nullable Integer maximumQuantity,
            long unitCents,
            String currency,
            String billingCycle) {}

    /**
     * @param addOns what is had, by code
     * @param pending what will be had that is not yet
     * @param available what is sold for the plan, in its cycle and currency, and not had
     */
    @Schema(name = "SubscriptionAddOns")
    public record AddOnList(List<Held> addOns, List<Pending> pending, List<Available> available) {}

    /** Which, and how many: 1 when left out. At once unless said otherwise. */
    @Schema(name = "AddOnAttachment")
    public record Attachment(
            @NotNull @Size(min = 1, max = 63) String code,
            @Nullable Integer quantity,

            @Nullable @Schema(enumeration = {"now", "period_end"})
            String effective,

            @Nullable Instant effectiveAt) {}

    /**
     * How many, and in which version: what is left out stays. More at once, less at the period's end unless said otherwise.
     */
    @Schema(name = "AddOnChange")
    public record Change(
            @Nullable Integer quantity,
            @Nullable Integer version,

            @Nullable @Schema(enumeration = {"now", "period_end"})
            String effective,

            @Nullable Instant effectiveAt) {}

    @GET
    @RequiresScope("subscriptions:read")
    @Operation(summary = "Add-ons of the subscription, what becomes of them, and what else can be added")
    public AddOnList list() {
        return reply(subscriptions.current());
    }

    @POST
    @RequiresScope("subscriptions:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Add one to the plan, at once unless said otherwise")
    @APIResponseSchema(value = AddOnList.class, responseCode = "201")
    public Response attach(Attachment wanted) {
        int quantity = wanted.quantity() == null ? 1 : wanted.quantity();
        return Response.status(Response.Status.CREATED)
                .entity(reply(settlement.amend(
                        new Amendment.AttachAddOn(wanted.code(), quantity),
                        LiveSubscription.effective(wanted.effective(), wanted.effectiveAt(), Effective.NOW))))
                .build();
    }

    @PUT
    @Path("/{code}")
    @RequiresScope("subscriptions:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Another quantity, or the version that is sold now")
    public AddOnList change(@PathParam("code") String code, Change change) {
        if (change.quantity() == null && change.version() == null) {
            throw Problem.invalid("quantity", "required", "quantity or version says what is to change");
        }
        return reply(settlement.amend(
                new Amendment.ChangeAddOn(code, change.quantity(), change.version()),
                LiveSubscription.effective(
                        change.effective(),
                        change.effectiveAt(),
                        isLess(code, change.quantity()) ? Effective.PERIOD_END : Effective.NOW)));
    }

    private boolean isLess(String code, @Nullable Integer quantity) {
        return quantity != null
                && subscriptions
                        .current()
                        .addOns()
                        .item(code)
                        .filter(item -> quantity < item.quantity())
                        .isPresent();
    }

    @DELETE
    @Path("/{code}")
    @RequiresScope("subscriptions:write")
    @Operation(summary = "Take one away, at the period's end unless said otherwise; what is unused then is given back")
    public AddOnList remove(
            @PathParam("code") String code,
            @QueryParam("effective") @Schema(enumeration = {"now", "period_end"}) @Nullable String effective,
            @QueryParam("effective_at") @Schema(implementation = Instant.class) @Nullable String effectiveAt) {
        return reply(settlement.amend(
                new Amendment.RemoveAddOn(code),
                LiveSubscription.effective(
                        effective,
                        effectiveAt == null ? null : Texts.from("effective_at", effectiveAt),
                        Effective.PERIOD_END)));
    }

    private AddOnList reply(SubscriptionView subscription) {
        BillingCycle cycle = BillingCycle.of(subscription.billingCycle());
        String currency = subscription.currency();
        HeldAddOns held = subscription.addOns();
        List<Pending> pending = subscription.pending().stream()
                .flatMap(next -> next.addOns().items().stream()
                        .map(item -> new Pending(item.code(), item.version(), item.quantity(), next.at())))
                .toList();
        Tier tier = Tier.of(subscription.tier());
        return new AddOnList(
                held.items().stream()
                        .map(item -> held(item, cycle, currency, pending))
                        .toList(),
                pending.stream()
                        .filter(next -> held.item(next.code()).isEmpty())
                        .toList(),
                addOns.onSale(billing.present()).stream()
                        .filter(one -> one.isFor(tier)
                                && one.isSoldIn(cycle, currency)
                                && held.item(one.code()).isEmpty())
                        .map(one -> new Available(
                                one.code(),
                                one.version(),
                                one.name(),
                                one.description(),
                                one.minimumQuantity(),
                                one.maximumQuantity(),
                                one.unitCents(cycle, currency),
                                currency,
                                cycle.code()))
                        .toList());
    }

    private Held held(HeldAddOns.Item item, BillingCycle cycle, String currency, List<Pending> pending) {
        AddOn addOn = addOns.version(item.code(), item.version());
        long unit = addOn.unitCents(cycle, currency);
        return new Held(
                item.code(),
                item.version(),
                addOn.name(),
                addOn.description(),
                item.quantity(),
                unit,
                Math.multiplyExact(unit, item.quantity()),
                currency,
                cycle.code(),
                pending.stream()
                        .filter(next -> next.code().equals(item.code()))
                        .findFirst()
                        .orElse(null));
    }
}
