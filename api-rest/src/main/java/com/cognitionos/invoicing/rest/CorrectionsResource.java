package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.Payments;
import com.cognitionos.payment.boundary.Refunds;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.rating.entity.CreditNoteAmounts.Payout;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
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

/** What finance does about a tenant's invoices that should not stand as they are. */
@Path("/finance")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class CorrectionsResource {

    @EJB
    private Settlement settlement;

    @EJB
    private Payments payments;

    @EJB
    private Refunds refunds;

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

    /** @param tenantId whose invoice it is; may be left out where X-Tenant-ID names it */
    public record Correction(
            @Nullable UUID tenantId,
            @NotNull @Size(min = 1, max = 500) String reason) {}

    @POST
    @Path("/credit-notes")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Credit a finalised invoice, in full or by line")
    @APIResponseSchema(value = CreditNoteReply.class, responseCode = "201")
    public Response credit(NewCreditNote wanted) {
        Payout payout = payout(wanted.payout());
        List<CreditNotes.Wanted> lines = wanted.lines() == null
                ? null
                : wanted.lines().stream()
                        .map(line -> new CreditNotes.Wanted(line.position(), line.amountCents()))
                        .toList();
        return in(wanted.tenantId()).call(() -> {
            CreditNoteView note = settlement.credit(wanted.invoiceId(), lines, wanted.reason(), payout);
            return Response.status(Response.Status.CREATED)
                    .entity(CreditNoteReply.of(
                            note, refunds.statusesOf(List.of(note.note().id()))))
                    .build();
        });
    }

    @POST
    @Path("/invoices/{id}/void")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Withdraw an open invoice as if it had never been made; a paid one needs a credit note")
    public InvoiceReply withdraw(@PathParam("id") UUID id, Correction wanted) {
        return in(wanted.tenantId())
                .call(() ->
                        InvoiceReply.of(payments.withdraw(id, wanted.reason().strip()), uri));
    }

    @POST
    @Path("/invoices/{id}/mark-uncollectible")
    @RequiresScope("finance:write")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Write an open invoice off; it can still be paid")
    public InvoiceReply writeOff(@PathParam("id") UUID id, Correction wanted) {
        return in(wanted.tenantId())
                .call(() ->
                        InvoiceReply.of(payments.writeOff(id, wanted.reason().strip()), uri));
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
