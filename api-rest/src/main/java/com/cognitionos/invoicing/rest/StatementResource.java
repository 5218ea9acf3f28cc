package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.StatementExport;
import com.cognitionos.invoicing.boundary.Statements;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Csv;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.CsvReply;
import com.cognitionos.rest.OpenWhenSuspended;
import com.cognitionos.rest.Texts;
import com.cognitionos.rest.Uncounted;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The statement of a customer's account. */
@Path("/")
@ApplicationScoped
@Produces({MediaType.APPLICATION_JSON, Csv.MEDIA_TYPE})
public class StatementResource {

    private static final String TERMS =
            "Amounts are above 0 where the customer owes us, below where we owe the customer; closing = opening + sum of"
                    + " the movements. from and to are dates or instants, to is exclusive where it is an instant; currency"
                    + " may be left out where the books have but one. As CSV (Accept: text/csv, or format=csv) the first"
                    + " line is the opening balance, the last one the closing balance; its columns: at, kind, document,"
                    + " description, reference_kind, reference_id, currency, amount, balance, amount_cents, balance_cents."
                    + " New columns only come at the end. Text that a spreadsheet would compute begins with an"
                    + " apostrophe.";

    @EJB
    private Statements statements;

    @Inject
    private StatementExport export;

    @Context
    private HttpHeaders headers;

    @GET
    @Path("/statement")
    @RequiresScope("invoices:read")
    @OpenWhenSuspended
    @Uncounted
    @Tag(name = "Invoices")
    @Operation(
            summary = "The statement of the tenant's account: what was invoiced, paid and credited",
            description = TERMS)
    @APIResponse(
            responseCode = "200",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = StatementReply.class)),
                @Content(mediaType = Csv.MEDIA_TYPE)
            })
    public Response own(
            @QueryParam("currency") @Nullable String currency,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("format") @Nullable String format) {
        return reply(Caller.currentTenant(), currency, from, to, format);
    }

    @GET
    @Path("/finance/statements")
    @RequiresScope("finance:read")
    @Tag(name = "Finance")
    @Operation(summary = "The statement of the account of a tenant, which tenant_id names", description = TERMS)
    @APIResponse(
            responseCode = "200",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(implementation = StatementReply.class)),
                @Content(mediaType = Csv.MEDIA_TYPE)
            })
    public Response ofTenant(
            @QueryParam("tenant_id") @Nullable String tenant,
            @QueryParam("currency") @Nullable String currency,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("format") @Nullable String format) {
        UUID tenantId = tenant == null ? null : Texts.uuid("tenant_id", tenant);
        return Caller.current().acrossTenants().call(() -> reply(tenantId, currency, from, to, format));
    }

    private Response reply(
            @Nullable UUID tenant,
            @Nullable String currency,
            @Nullable String from,
            @Nullable String to,
            @Nullable String format) {
        boolean csv = CsvReply.isWanted(format, headers);
        Statements.Extent extent = statements.extent(
                tenant,
                currency,
                from == null ? null : Texts.from("from", from),
                to == null ? null : Texts.to("to", to));
        return csv
                ? CsvReply.of(export.of(extent), "statement")
                : Response.ok(StatementReply.of(statements.of(extent)), MediaType.APPLICATION_JSON)
                        .build();
    }
}
