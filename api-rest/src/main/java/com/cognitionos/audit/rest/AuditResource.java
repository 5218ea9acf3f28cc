package com.cognitionos.audit.rest;

import com.cognitionos.audit.boundary.AuditExport;
import com.cognitionos.audit.boundary.AuditTrail;
import com.cognitionos.kernel.Csv;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.rest.Texts;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The audit log of a tenant; for a platform key that names no tenant, the platform's own. */
@Path("/audit")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Audit")
public class AuditResource {

    private static final String CSV = Csv.MEDIA_TYPE;
    private static final String NDJSON = "application/x-ndjson";

    @EJB
    private AuditTrail trail;

    @Inject
    private AuditExport export;

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
        AuditExport.Format wished = csv ? AuditExport.Format.CSV : AuditExport.Format.NDJSON;
        Csv.Content content = export.of(wanted(action, actor, target, from, to), wished);
        StreamingOutput lines = out -> {
            Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            content.writeTo(text);
            text.flush();
        };
        return Response.ok(lines, wished.mediaType())
                .header(HttpHeaders.CONTENT_DISPOSITION, wished.disposition())
                .build();
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
