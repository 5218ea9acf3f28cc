package com.cognitionos.coupon.rest;

import com.cognitionos.coupon.boundary.Coupons;
import com.cognitionos.coupon.entity.Coupon;
import com.cognitionos.invoicing.entity.InvoiceLine;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What coupons there are. */
@Path("/finance/coupons")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class CouponsResource {

    private static final List<String> KINDS = List.of(
            InvoiceLine.Kind.PLAN.code(),
            InvoiceLine.Kind.ADD_ON.code(),
            InvoiceLine.Kind.OVERAGE.code(),
            InvoiceLine.Kind.ADJUSTMENT.code());

    @EJB
    private Coupons coupons;

    public record CouponPage(List<Offer> coupons, long total, int page, int pageSize) {}

    /** A coupon and how often it was redeemed. */
    public record Offer(
            String code,
            String name,
            @Nullable BigDecimal percent,
            @Nullable Long amountCents,
            @Nullable String currency,
            String duration,
            @Nullable Integer periods,
            List<String> plans,
            List<String> kinds,
            int priority,
            boolean keepsRest,
            @Nullable Integer maxRedemptions,
            int redemptions,
            @Nullable Instant redeemBy,
            Instant createdAt,
            @Nullable Instant archivedAt) {

        static Offer of(Coupons.CouponView view) {
            Coupon coupon = view.coupon();
            return new Offer(
                    coupon.code(),
                    coupon.name(),
                    coupon.percent(),
                    coupon.amountCents(),
                    coupon.currency(),
                    coupon.duration(),
                    coupon.periods(),
                    coupon.planCodes(),
                    coupon.kindCodes(),
                    coupon.priority(),
                    coupon.keepsRest(),
                    view.maxRedemptions(),
                    view.redemptions(),
                    view.redeemBy(),
                    view.createdAt(),
                    view.archivedAt());
        }
    }

    /**
     * Either {@code percent}, or {@code amount_cents} with its currency.
     *
     * @param duration a single invoice, {@code periods} billing periods, or every one
     * @param plans whose lines it reduces; all where none is named
     * @param kinds of lines that it reduces; all where none is named
     * @param priority of several coupons the lowest applies first; 0 where none is named
     * @param keepsRest whether what an amount has left over goes to the next invoice
     */
    public record NewCoupon(
            @NotNull @Size(min = 1, max = 63) String code,
            @NotNull @Size(min = 1, max = 255) String name,
            @Nullable BigDecimal percent,
            @Nullable Long amountCents,
            @Nullable @Size(min = 3, max = 3) String currency,

            @NotNull @Schema(enumeration = {"once", "repeating", "forever"})
            String duration,

            @Nullable Integer periods,
            @Nullable Integer maxRedemptions,
            @Nullable Instant redeemBy,
            @Nullable @Size(max = 50) List<String> plans,
            @Nullable @Size(max = 10) List<String> kinds,
            @Nullable Integer priority,
            @Nullable Boolean keepsRest) {

        Coupon coupon() {
            if (kinds != null && !KINDS.containsAll(kinds)) {
                throw Problem.invalid("kinds", "unknown_value", "kinds are of " + String.join(", ", KINDS));
            }
            return new Coupon(
                    code,
                    name.strip(),
                    percent,
                    amountCents,
                    currency,
                    counted(),
                    plans == null ? Set.of() : Set.copyOf(plans),
                    kinds == null ? Set.of() : Set.copyOf(kinds),
                    priority == null ? 0 : priority,
                    Boolean.TRUE.equals(keepsRest));
        }

        private @Nullable Integer counted() {
            boolean repeating = duration.equals("repeating");
            if (!List.of("once", "repeating", "forever").contains(duration)) {
                throw Problem.invalid("duration", "unknown_value", "duration must be once, repeating or forever");
            }
            if (repeating != (periods != null)) {
                throw Problem.invalid("periods", "with_repeating", "periods belongs to the duration repeating");
            }
            return repeating ? periods : duration.equals("once") ? Integer.valueOf(1) : null;
        }
    }

    @GET
    @RequiresScope("finance:read")
    @Operation(summary = "Coupons, newest first")
    public CouponPage list(
            @QueryParam("page") @Nullable String page, @QueryParam("page_size") @Nullable String pageSize) {
        Page.Request wanted = Texts.page(page, pageSize);
        Page<Coupons.CouponView> found = Caller.current().acrossTenants().call(() -> coupons.list(wanted));
        return new CouponPage(
                found.items().stream().map(Offer::of).toList(), found.total(), found.page(), found.pageSize());
    }

    @POST
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Make a coupon; what it gives never changes")
    @APIResponseSchema(value = Offer.class, responseCode = "201")
    public Response add(NewCoupon wanted) {
        Coupon coupon = wanted.coupon();
        return Response.status(Response.Status.CREATED)
                .entity(Offer.of(Caller.current()
                        .acrossTenants()
                        .call(() -> coupons.add(coupon, wanted.maxRedemptions(), wanted.redeemBy()))))
                .build();
    }

    @POST
    @Path("/{code}/archive")
    @RequiresScope("finance:write")
    @Operation(summary = "Let nobody redeem a coupon any more; who has it keeps it")
    public Offer archive(@PathParam("code") String code) {
        return Offer.of(Caller.current().acrossTenants().call(() -> coupons.archive(code)));
    }
}
