package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
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
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Finance takes off what a tenant's invoice should not have asked for. */
@Path("/finance/credit-notes")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class FinanceCreditNotesResource {

    @EJB
    private Settlement settlement;

    @EJB
    private Refunds refunds;

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

    @POST
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
