package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.InvoiceRunChanges;
import com.cognitionos.invoicing.boundary.InvoiceRunChanges.Kind;
import com.cognitionos.invoicing.boundary.InvoiceRunChangesExport;
import com.cognitionos.invoicing.boundary.InvoiceRuns;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Csv;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.CsvReply;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What a run invoices otherwise than an earlier one. */
@Path("/finance/invoice-runs/{id}/changes")
@ApplicationScoped
@Produces({MediaType.APPLICATION_JSON, Csv.MEDIA_TYPE})
@Tag(name = "Finance")
public class InvoiceRunChangesResource {

    @EJB
    private InvoiceRunChanges changes;

    @Inject
    private InvoiceRunChangesExport export;

    @Context
    private HttpHeaders headers;

    /**
     * @param against what it is compared with; null where no earlier run was of about these tenants, so that all are new
     * @param earlier other runs that had some of them, those alike first
     * @param sums of all tenants, whatever was asked for
     */
    public record Changes(
            UUID runId,
            @Nullable Earlier against,
            List<Earlier> earlier,
            List<Sum> sums,
            List<Change> changes,
            long total,
            int page,
            int pageSize) {}

    /** A run that was before. @param scope all, live (all but test tenants), named, or unknown of an older run */
    public record Earlier(UUID runId, Instant asOf, boolean dryRun, String scope, Instant createdAt) {}

    /** The tenants of one kind and currency. */
    public record Sum(String kind, String currency, long tenants, long beforeCents, long amountCents) {}

    /** @param changePercent of what it was before, with one decimal; null where that was nothing */
    public record Change(
            UUID tenantId,
            String tenantName,
            String tenantSlug,
            String kind,
            String currency,
            long beforeInvoices,
            long invoices,
            long beforeCents,
            long amountCents,
            long changeCents,
            @Nullable BigDecimal changePercent) {
        static Change of(InvoiceRunChanges.Change one) {
            return new Change(
                    one.tenant(),
                    one.name(),
                    one.slug(),
                    one.kind().code(),
                    one.currency(),
                    one.beforeInvoices(),
                    one.invoices(),
                    one.beforeCents(),
                    one.cents(),
                    one.changeCents(),
                    one.changePercent());
        }
    }

    @GET
    @RequiresScope("finance:read")
    @Operation(
            summary = "What a run invoices otherwise than an earlier one, tenant by tenant",
            description =
                    "With tax, in the minor unit of the invoices' currency, the largest change first. Compared is with the"
                            + " run that against names, else with the latest earlier one that came to its end and was of"
                            + " about the same tenants; without one all are new. Only tenants that both runs were to bill and"
                            + " came to are compared: a run of named tenants says nothing of others, nor does an older one"
                            + " of scope unknown, and one that was stopped says nothing of those it did not come to. One"
                            + " that failed before and is invoiced now is new. One that changed its currency is"
                            + " gone in the one and new in the other. kind is new, gone, larger, smaller, same or"
                            + " failed; without it all but those that are the same. min_percent leaves out amounts that"
                            + " changed by less of what they were; new and gone ones stay. A dry run is compared as a"
                            + " real one is, and one under way as far as it is. As CSV (Accept: text/csv, or format=csv)"
                            + " all of them without pages; its columns: tenant_id, tenant_name, tenant_slug, kind,"
                            + " currency, before, now, change, change_percent, before_invoices, invoices, before_cents,"
                            + " amount_cents, change_cents. New columns only come at the end.")
    @APIResponse(
            responseCode = "200",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Changes.class)),
                @Content(mediaType = Csv.MEDIA_TYPE)
            })
    public Response list(
            @PathParam("id") UUID id,
            @QueryParam("against") @Nullable String against,
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("min_percent") @Nullable String minPercent,
            @QueryParam("page") @Nullable String page,
            @QueryParam("page_size") @Nullable String pageSize,
            @QueryParam("format") @Nullable String format) {
        UUID named = against == null ? null : Texts.uuid("against", against);
        InvoiceRunChanges.Wanted wanted = new InvoiceRunChanges.Wanted(
                kind == null ? null : kind(kind), minPercent == null ? BigDecimal.ZERO : percent(minPercent));
        Page.Request wantedPage = Texts.page(page, pageSize);
        boolean csv = CsvReply.isWanted(format, headers);
        return Caller.current().acrossTenants().call(() -> {
            InvoiceRuns.Run before = changes.against(id, named).orElse(null);
            return csv
                    ? CsvReply.of(export.of(id, before == null ? null : before.id(), wanted), "invoice-run-changes")
                    : Response.ok(reply(id, before, wanted, wantedPage), MediaType.APPLICATION_JSON)
                            .build();
        });
    }

    private Changes reply(
            UUID id, InvoiceRuns.@Nullable Run before, InvoiceRunChanges.Wanted wanted, Page.Request page) {
        UUID against = before == null ? null : before.id();
        Page<InvoiceRunChanges.Change> found = changes.list(id, against, wanted, page);
        return new Changes(
                id,
                before == null
                        ? null
                        : new Earlier(
                                before.id(),
                                before.asOf(),
                                before.dryRun(),
                                before.scope().code(),
                                before.createdAt()),
                changes.earlier(id).stream()
                        .map(one -> new Earlier(
                                one.id(), one.asOf(), one.dryRun(), one.scope().code(), one.createdAt()))
                        .toList(),
                changes.sums(id, against).stream()
                        .map(sum -> new Sum(
                                sum.kind().code(), sum.currency(), sum.tenants(), sum.beforeCents(), sum.cents()))
                        .toList(),
                found.items().stream().map(Change::of).toList(),
                found.total(),
                found.page(),
                found.pageSize());
    }

    private static Kind kind(String text) {
        return Kind.of(text)
                .orElseThrow(() -> Problem.invalid(
                        "kind",
                        "unknown_kind",
                        "kind must be one of "
                                + Arrays.stream(Kind.values()).map(Kind::code).collect(Collectors.joining(", "))));
    }

    private static BigDecimal percent(String text) {
        if (!text.matches("\\d{1,9}(\\.\\d{1,6})?")) {
            throw Problem.invalid("min_percent", "wrong_type", "min_percent must be a number from 0, such as 12.5");
        }
        return new BigDecimal(text);
    }
}
