package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.CreditNoteView;
import com.cognitionos.invoicing.boundary.CreditNotes;
import com.cognitionos.invoicing.entity.DocumentKind;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.Refunds;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Texts;
import com.cognitionos.rest.Uncounted;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The credit notes of a tenant. */
@Path("/credit-notes")
@ApplicationScoped
@OpenWhenSuspended
@Uncounted
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Invoices")
public class CreditNotesResource {

    @EJB
    private CreditNotes notes;

    @EJB
    private Refunds refunds;

    @Context
    private UriInfo uri;

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
                        found.items().stream().map(view -> view.note().id()).toList()),
                uri);
    }

    @GET
    @Path("/{id}")
    @RequiresScope("invoices:read")
    @Operation(summary = "A credit note with its lines")
    public CreditNoteReply get(@PathParam("id") UUID id) {
        return CreditNoteReply.of(notes.get(id), refunds.statusesOf(List.of(id)), uri);
    }

    @GET
    @Path("/{id}/pdf")
    @Produces(Documents.PDF)
    @RequiresScope("invoices:read")
    @Operation(summary = "A credit note as a PDF, with its Factur-X XML in it")
    @APIResponse(responseCode = "200", content = @Content(mediaType = Documents.PDF))
    public Response pdf(@PathParam("id") UUID id) {
        return Documents.reply(notes.document(id, DocumentKind.PDF));
    }

    @GET
    @Path("/{id}/xml")
    @Produces(MediaType.APPLICATION_XML)
    @RequiresScope("invoices:read")
    @Operation(summary = "A credit note as Factur-X XML (EN 16931, Cross Industry Invoice of type 381)")
    @APIResponse(responseCode = "200", content = @Content(mediaType = MediaType.APPLICATION_XML))
    public Response xml(@PathParam("id") UUID id) {
        return Documents.reply(notes.document(id, DocumentKind.CII));
    }

    @GET
    @Path("/{id}/ubl")
    @Produces(MediaType.APPLICATION_XML)
    @RequiresScope("invoices:read")
    @Operation(summary = "A credit note as a CreditNote of UBL 2.1 (EN 16931)")
    @APIResponse(responseCode = "200", content = @Content(mediaType = MediaType.APPLICATION_XML))
    public Response ubl(@PathParam("id") UUID id) {
        return Documents.reply(notes.document(id, DocumentKind.UBL));
    }
}
