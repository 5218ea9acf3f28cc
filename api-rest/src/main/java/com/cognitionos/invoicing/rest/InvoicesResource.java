package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.Invoices;
import com.cognitionos.invoicing.entity.DocumentKind;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.payment.boundary.Settlement;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Texts;
import com.cognitionos.rest.Uncounted;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The invoices of a tenant. */
@Path("/invoices")
@ApplicationScoped
@OpenWhenSuspended
@Uncounted
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Invoices")
public class InvoicesResource {

    @EJB
    private Invoices invoices;

    @EJB
    private Settlement settlement;

    @Context
    private UriInfo uri;

    @GET
    @RequiresScope("invoices:read")
    @Operation(
            summary =
                    "Invoices: the draft of the running month, which shows what it comes to so far, then newest first")
    public InvoiceReply.InvoicePage list(
            @QueryParam("page") @Nullable String page, @QueryParam("page_size") @Nullable String pageSize) {
        return InvoiceReply.InvoicePage.of(invoices.list(Texts.page(page, pageSize)), uri);
    }

    @GET
    @Path("/{id}")
    @RequiresScope("invoices:read")
    @Operation(summary = "An invoice with its lines; a draft has the id that the invoice will have")
    public InvoiceReply get(@PathParam("id") UUID id) {
        return InvoiceReply.of(invoices.get(id), uri);
    }

    @GET
    @Path("/{id}/pdf")
    @Produces(Documents.PDF)
    @RequiresScope("invoices:read")
    @Operation(summary = "An invoice as a PDF, with its Factur-X XML in it")
    @APIResponse(responseCode = "200", content = @Content(mediaType = Documents.PDF))
    public Response pdf(@PathParam("id") UUID id) {
        return Documents.reply(invoices.document(id, DocumentKind.PDF));
    }

    @GET
    @Path("/{id}/xml")
    @Produces(MediaType.APPLICATION_XML)
    @RequiresScope("invoices:read")
    @Operation(summary = "An invoice as Factur-X XML (EN 16931, Cross Industry Invoice)")
    @APIResponse(responseCode = "200", content = @Content(mediaType = MediaType.APPLICATION_XML))
    public Response xml(@PathParam("id") UUID id) {
        return Documents.reply(invoices.document(id, DocumentKind.CII));
    }

    @GET
    @Path("/{id}/ubl")
    @Produces(MediaType.APPLICATION_XML)
    @RequiresScope("invoices:read")
    @Operation(summary = "An invoice as UBL 2.1 (EN 16931)")
    @APIResponse(responseCode = "200", content = @Content(mediaType = MediaType.APPLICATION_XML))
    public Response ubl(@PathParam("id") UUID id) {
        return Documents.reply(invoices.document(id, DocumentKind.UBL));
    }

    @POST
    @Path("/{id}/pay")
    @RequiresScope("invoices:write")
    @Operation(summary = "Charge an open invoice to the default card now")
    public InvoiceReply pay(@PathParam("id") UUID id) {
        return InvoiceReply.of(settlement.pay(id), uri);
    }
}
