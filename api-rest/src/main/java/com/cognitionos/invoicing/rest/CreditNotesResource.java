package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.Refunds;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Texts;
import com.cognitionos.rest.Uncounted;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The credit notes of a tenant. */
@Path("/credit-notes")
@RequestScoped
@OpenWhenSuspended
@Uncounted
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Invoices")
public class CreditNotesResource {

    @EJB
    private CreditNotes notes;

    @EJB
    private Refunds refunds;

    @GET
    @RequiresScope("invoices:read")
    @Operation(summary = "Credit notes, newest first")
    public CreditNoteReply.CreditNotePage list(
            @QueryParam("page") @Nullable String page,
            @QueryParam("page_size") @Nullable String pageSize,
            @Parameter(description = "Only those of this invoice") @QueryParam("invoice_id") @Nullable
                    String invoiceId) {
        UUID invoice = invoiceId == null || invoiceId.isEmpty()
                ? null
                : Texts.uuid(invoiceId)
                        .orElseThrow(() -> Problem.invalid("invoice_id", "invalid_id", "must be a UUID"));
        Page<CreditNoteView> found = notes.list(invoice, Texts.page(page, pageSize));
        return CreditNoteReply.CreditNotePage.of(
                found,
                refunds.statusesOf(
                        found.items().stream().map(view -> view.note().id()).toList()));
    }

    @GET
    @Path("/{id}")
    @RequiresScope("invoices:read")
    @Operation(summary = "A credit note with its lines")
    public CreditNoteReply get(@PathParam("id") UUID id) {
        return CreditNoteReply.of(notes.get(id), refunds.statusesOf(List.of(id)));
    }
}
