package com.cognitionos.entitlement.rest;

import com.cognitionos.entitlement.boundary.Entitlements;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.metering.boundary.Allowances;
import com.cognitionos.metering.boundary.Reservation;
import com.cognitionos.rest.Uncounted;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Checks, reservations and the spending cap. Looking before one uses is no API call that a plan counts. */
@Path("/entitlements")
@ApplicationScoped
@Uncounted
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Entitlements")
public class EntitlementsResource {

    private static final int MAX_DIGITS = 40;

    @EJB
    private Entitlements entitlements;

    /** Everything at once. */
    public record EntitlementList(List<EntitlementReply> entitlements, SpendingCapReply spendingCap) {}

    /**
     * @param amountCents the most that a month's overage may cost; null is no cap
     * @param spentCents what the running month comes to so far, levels kept to its end
     */
    public record SpendingCapReply(@Nullable Long amountCents, long spentCents) {
        static SpendingCapReply of(Allowances.SpendingCap cap) {
            return new SpendingCapReply(cap.amountCents(), cap.spentCents());
        }
    }

    /** Null or left out takes the cap away. */
    public record NewSpendingCap(@Nullable Long amountCents) {}

    /** 1, for a minute, when left out. */
    public record NewReservation(
            @Nullable BigDecimal quantity, @Nullable Long ttlSeconds) {}

    /** All of the reservation when left out. */
    public record Commitment(@Nullable BigDecimal quantity) {}

    /** {@code status} is held, committed, released or expired. */
    public record ReservationReply(
            UUID id,
            String feature,
            BigDecimal quantity,
            String status,
            @Nullable BigDecimal committedQuantity,
            Instant reservedAt,
            Instant expiresAt) {
        static ReservationReply of(Reservation reservation) {
            return new ReservationReply(
                    reservation.id(),
                    reservation.meter(),
                    reservation.quantity(),
                    reservation.state(),
                    reservation.committed(),
                    reservation.reservedAt(),
                    reservation.expiresAt());
        }
    }

    @GET
    @RequiresScope("entitlements:read")
    @Operation(summary = "All features: meters with their usage, numbers and switches")
    public EntitlementList all() {
        return new EntitlementList(
                entitlements.all().stream().map(EntitlementReply::of).toList(),
                SpendingCapReply.of(entitlements.spendingCap()));
    }

    @GET
    @Path("/{feature}")
    @RequiresScope("entitlements:read")
    @Operation(summary = "Whether so much more of a feature is allowed; 1 without a quantity")
    public EntitlementReply check(
            @PathParam("feature") String feature, @QueryParam("quantity") @Nullable String quantity) {
        return EntitlementReply.of(entitlements.check(feature, quantity == null ? BigDecimal.ONE : decimal(quantity)));
    }

    @PUT
    @Path("/spending-cap")
    @RequiresScope("invoices:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Cap what a month's overage may cost, or lift the cap")
    public SpendingCapReply cap(NewSpendingCap wanted) {
        return SpendingCapReply.of(entitlements.capSpending(wanted.amountCents()));
    }

    @POST
    @Path("/{feature}/reservations")
    @RequiresScope("entitlements:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary =
                    "Reserve a quantity of a meter; it is given back when it is neither committed nor released in time")
    @APIResponseSchema(value = ReservationReply.class, responseCode = "201")
    public Response reserve(@PathParam("feature") String feature, NewReservation wanted) {
        Reservation reservation = entitlements.reserve(
                feature,
                wanted.quantity() == null ? BigDecimal.ONE : wanted.quantity(),
                wanted.ttlSeconds() == null ? Allowances.DEFAULT_TTL : seconds(wanted.ttlSeconds()));
        return Response.status(Response.Status.CREATED)
                .entity(ReservationReply.of(reservation))
                .build();
    }

    @POST
    @Path("/{feature}/reservations/{id}/commit")
    @RequiresScope("entitlements:write")
    @Operation(summary = "Use what was reserved, or a part of it; a second time changes nothing")
    public ReservationReply commit(
            @PathParam("feature") String feature, @PathParam("id") UUID id, Commitment commitment) {
        return ReservationReply.of(entitlements.commit(feature, id, commitment.quantity()));
    }

    @POST
    @Path("/{feature}/reservations/{id}/release")
    @RequiresScope("entitlements:write")
    @Operation(summary = "Give back what was reserved; a second time changes nothing")
    public ReservationReply release(@PathParam("feature") String feature, @PathParam("id") UUID id) {
        return ReservationReply.of(entitlements.release(feature, id));
    }

    /** Out of range becomes a second too long, or none: either is refused by name. */
    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(Math.max(0, Math.min(seconds, Allowances.MAX_TTL.toSeconds() + 1)));
    }

    private static BigDecimal decimal(String text) {
        try {
            if (text.length() <= MAX_DIGITS) {
                return new BigDecimal(text);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw Problem.invalid("quantity", "wrong_type", "quantity must be a number");
    }
}
