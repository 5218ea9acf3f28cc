package com.cognitionos.audit.rest;

import com.cognitionos.audit.boundary.AuditTrail;
import com.cognitionos.audit.entity.AuditEntry;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.ReplyWriter;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The audit log of a tenant; for a platform key that names no tenant, the platform's own. */
@Path("/audit")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Audit")
public class AuditResource {

    private static final String CSV = "text/csv";
    private static final String NDJSON = "application/x-ndjson";

    @EJB
    private AuditTrail trail;

    /** @param fault the first one; {@code kind} is changed, removed, swapped or tail_cut */
    public record Verified(
            boolean ok, long entries, @Nullable Fault fault) {
        static Verified of(AuditTrail.Verification v) {
            AuditTrail.Fault fault = v.fault();
            return new Verified(
                    v.ok(),
                    v.entries(),
                    fault == null ? null : new Fault(fault.seq(), fault.kind().code()));
        }
    }

    public record Fault(long seq, String kind) {}

    @GET
    @RequiresScope("audit:read")
    @Operation(summary = "Entries, newest first; action is a prefix, from and to are in real time")
    public AuditEntryReply.AuditPage list(
            @QueryParam("action") @Nullable String action,
            @QueryParam("actor") @Nullable String actor,
            @QueryParam("target") @Nullable String target,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("page") @Nullable String page,
            @QueryParam("page_size") @Nullable String pageSize) {
        return AuditEntryReply.AuditPage.of(
                trail.list(wanted(action, actor, target, from, to), Texts.page(page, pageSize)));
    }

    @GET
    @Path("/verify")
    @RequiresScope("audit:read")
    @Operation(summary = "Compute the whole chain again and name the first entry that is not as it was entered")
    public Verified verify() {
        return Verified.of(trail.verify());
    }

    @GET
    @Path("/export")
    @Produces({NDJSON, CSV})
    @RequiresScope("audit:read")
    @Operation(summary = "All entries, oldest first, as a file: format=ndjson or csv")
    @APIResponse(
            responseCode = "200",
            content = {@Content(mediaType = NDJSON), @Content(mediaType = CSV)})
    public Response export(
            @QueryParam("format") @Nullable String format,
            @QueryParam("action") @Nullable String action,
            @QueryParam("actor") @Nullable String actor,
            @QueryParam("target") @Nullable String target,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to) {
        boolean csv = "csv".equals(format);
        if (!csv && format != null && !format.equals("ndjson")) {
            throw Problem.invalid("format", "unknown_format", "format must be ndjson or csv");
        }
        AuditTrail.Wanted wanted = wanted(action, actor, target, from, to);
        // Read before the reply begins, so that a failure can still be told.
        List<AuditEntry> first = trail.next(wanted, 0);
        StreamingOutput lines = out -> write(wanted, first, csv, out);
        return Response.ok(lines, csv ? CSV + ";charset=UTF-8" : NDJSON)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"audit." + (csv ? "csv\"" : "ndjson\""))
                .build();
    }

    private void write(AuditTrail.Wanted wanted, List<AuditEntry> first, boolean csv, OutputStream out)
            throws IOException {
        if (csv) {
            line(AuditExport.CSV_HEADER, "\r\n", out);
        }
        List<AuditEntry> portion = first;
        while (!portion.isEmpty()) {
            for (AuditEntry entry : portion) {
                if (csv) {
                    line(AuditExport.csv(entry), "\r\n", out);
                } else {
                    ReplyWriter.write(AuditEntryReply.of(entry), out);
                    out.write('\n');
                }
            }
            portion = trail.next(wanted, portion.get(portion.size() - 1).seq());
        }
    }

    private static void line(String text, String end, OutputStream out) throws IOException {
        out.write((text + end).getBytes(StandardCharsets.UTF_8));
    }

    private static AuditTrail.Wanted wanted(
            @Nullable String action,
            @Nullable String actor,
            @Nullable String target,
            @Nullable String from,
            @Nullable String to) {
        return new AuditTrail.Wanted(
                storable(action), storable(actor), storable(target), instant("from", from), instant("to", to));
    }

    private static @Nullable String storable(@Nullable String text) {
        if (text != null && !Texts.isStorable(text)) {
            throw new Problem(
                    Problem.Kind.BAD_REQUEST, "bad_request", "The query holds a character that no entry has.");
        }
        return text;
    }

    private static @Nullable Instant instant(String parameter, @Nullable String text) {
        return text == null
                ? null
                : Texts.instant(text)
                        .orElseThrow(() -> Problem.invalid(
                                parameter, "wrong_type", parameter + " must be an ISO 8601 instant with an offset"));
    }
}
