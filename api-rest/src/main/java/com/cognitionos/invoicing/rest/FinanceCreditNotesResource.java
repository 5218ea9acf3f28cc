package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.Refunds;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.rating.entity.CreditNoteAmounts;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Finance takes off what a tenant's invoice should not have asked for. */
@Path("/finance/credit-notes")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class FinanceCreditNotesResource {

    @EJB
    private Settlement settlement;

    @EJB
    private Refunds refunds;

    @EJB
    private CreditNotes notes;

    @Context
    private UriInfo uri;

    /**
     * A credit note to be issued.
     *
     * @param tenantId whose invoice it is; may be left out where X-Tenant-ID names it
     * @param lines what is credited of each; without lines all that is left of the invoice
     * @param payout what becomes of the part that was paid: {@code balance}, or {@code refund} to the card as far as it
     *     paid
     */
    public record NewCreditNote(
            @Nullable UUID tenantId,
            @NotNull UUID invoiceId,
            @Nullable @Size(min = 1, max = 1_000) List<CreditLine> lines,
            @NotNull @Size(min = 1, max = 500) String reason,

            @Nullable @Schema(enumeration = {"balance", "refund"})
            String payout) {}

    /**
     * @param position of the line on the invoice, from 1
     * @param amountCents before discount and exclusive tax, with the line's sign
     */
    public record CreditLine(
            @NotNull Integer position, @NotNull Long amountCents) {}

    /** A credit note to be looked at before it is issued: as {@link NewCreditNote}, without its reason. */
    public record EstimateRequest(
            @Nullable UUID tenantId,
            @NotNull UUID invoiceId,
            @Nullable @Size(min = 1, max = 1_000) List<CreditLine> lines,

            @Nullable @Schema(enumeration = {"balance", "refund"})
            String payout) {}

    /**
     * What a credit note would come to, and what may be credited.
     *
     * @param taxIncludedCents what of the tax the prices include: total = subtotal - discount + tax - that
     * @param reducedDueCents what would come off the unpaid rest of the invoice
     * @param leftCents what may be credited of the invoice now, with taxes
     * @param leftLineItems what may be credited of each line now
     */
    public record Estimate(
            UUID invoiceId,
            String currency,
            long subtotalCents,
            long discountCents,
            long taxCents,
            long taxIncludedCents,
            long totalCents,
            long reducedDueCents,
            long toBalanceCents,
            long refundCents,
            List<EstimatedLine> lineItems,
            long leftCents,
            List<LineLeft> leftLineItems) {

        static Estimate of(UUID invoice, CreditNoteAmounts amounts, CreditNotes.Creditable creditable) {
            long subtotal = amounts.lines().stream()
                    .mapToLong(CreditNoteAmounts.CreditedLine::cents)
                    .sum();
            return new Estimate(
                    invoice,
                    creditable.currency(),
                    subtotal,
                    amounts.discountCents(),
                    amounts.taxCents(),
                    subtotal - amounts.discountCents() + amounts.taxCents() - amounts.totalCents(),
                    amounts.totalCents(),
                    amounts.reducedDueCents(),
                    amounts.toBalanceCents(),
                    amounts.refundCents(),
                    amounts.lines().stream().map(EstimatedLine::of).toList(),
                    creditable.leftCents(),
                    creditable.lines().stream().map(LineLeft::of).toList());
        }
    }

    /** @param amountCents before discount and exclusive tax */
    public record EstimatedLine(int position, long amountCents, long discountCents, long taxCents, long totalCents) {
        static EstimatedLine of(CreditNoteAmounts.CreditedLine line) {
            return new EstimatedLine(
                    Integer.parseInt(line.lineId()),
                    line.cents(),
                    line.discountCents(),
                    line.taxCents(),
                    line.grossCents());
        }
    }

    /** @param leftCents before discount and exclusive tax, with the line's sign */
    public record LineLeft(int position, String description, long leftCents) {
        static LineLeft of(CreditNotes.LineLeft left) {
            return new LineLeft(left.position(), left.line().description(), left.leftCents());
        }
    }

    @POST
    @Path("/estimate")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "What a credit note would come to, to the cent, and what may be credited; nothing is done")
    public Estimate estimate(EstimateRequest wanted) {
        Payout payout = payout(wanted.payout());
        return in(wanted.tenantId())
                .call(() -> Estimate.of(
                        wanted.invoiceId(),
                        notes.estimate(wanted.invoiceId(), lines(wanted.lines()), payout),
                        notes.creditable(wanted.invoiceId())));
    }

    @POST
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Credit a finalised invoice, in full or by line")
    @APIResponseSchema(value = CreditNoteReply.class, responseCode = "201")
    public Response credit(NewCreditNote wanted) {
        Payout payout = payout(wanted.payout());
        List<CreditNotes.Wanted> lines = lines(wanted.lines());
        return in(wanted.tenantId()).call(() -> {
            CreditNoteView note = settlement.credit(wanted.invoiceId(), lines, wanted.reason(), payout);
            return Response.status(Response.Status.CREATED)
                    .entity(CreditNoteReply.of(
                            note, refunds.statusesOf(List.of(note.note().id())), uri))
                    .build();
        });
    }

    private static @Nullable List<CreditNotes.Wanted> lines(@Nullable List<CreditLine> lines) {
        return lines == null
                ? null
                : lines.stream()
                        .map(line -> new CreditNotes.Wanted(line.position(), line.amountCents()))
                        .toList();
    }

    private static Payout payout(@Nullable String wanted) {
        if (wanted == null || wanted.equals("balance")) {
            return Payout.BALANCE;
        }
        if (wanted.equals("refund")) {
            return Payout.REFUND;
        }
        throw Problem.invalid("payout", "unknown_payout", "payout must be balance or refund");
    }

    private static Caller in(@Nullable UUID tenant) {
        return Caller.current().in(tenant == null ? Caller.currentTenant() : tenant);
    }
}
