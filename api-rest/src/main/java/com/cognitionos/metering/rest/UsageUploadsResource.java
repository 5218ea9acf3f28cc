package com.cognitionos.metering.rest;

import com.cognitionos.kernel.Csv;
import com.cognitionos.kernel.Page;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.metering.boundary.UsageEvents;
import com.cognitionos.metering.boundary.UsageUploads;
import com.cognitionos.metering.entity.UsageUpload;
import com.cognitionos.metering.entity.UsageUpload.Status;
import com.cognitionos.rest.CsvReply;
import com.cognitionos.rest.Inflated;
import com.cognitionos.rest.Packed;
import com.cognitionos.rest.Texts;
import com.cognitionos.rest.Uncounted;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Files of usage: brought, started, looked at, and what was rejected of them had back. */
@Path("/usage/uploads")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Usage")
public class UsageUploadsResource {

    private static final Set<String> TYPES = Set.of("text/csv", "text/tab-separated-values", "text/plain");

    private static final java.nio.file.Path SPOOL = java.nio.file.Path.of(System.getProperty("java.io.tmpdir"));

    @EJB
    private UsageUploads uploads;

    public record UploadPage(List<UploadReply> uploads, long total, int page, int pageSize) {}

    /**
     * A file of usage.
     *
     * @param bytes its size, unpacked
     * @param status {@code checked}: it was read and waits to be started; {@code queued}, {@code running}; {@code completed};
     *     {@code stopped} and {@code failed}, which can be started again where {@code startable} says so. {@code refused}: one
     *     that was brought in the portal and could not be read
     * @param reason in a word, why it was refused or failed
     * @param columns as its first line names them
     * @param rows of events
     * @param doubtfulRows that could not be taken as they stood when it was read
     * @param notes on the first of those
     * @param readRows so far: the sum of {@code taken}, {@code duplicates} and {@code rejected}
     * @param rejectedKept whether the rejected rows can be had
     * @param uploadedBy whose key or which person brought it
     */
    public record UploadReply(
            UUID id,
            String fileName,
            long bytes,
            String status,
            @Nullable String reason,
            List<String> columns,
            int rows,
            int doubtfulRows,
            List<String> notes,
            int readRows,
            int taken,
            int duplicates,
            int rejected,
            boolean rejectedKept,
            boolean startable,
            String uploadedBy,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt) {

        static UploadReply of(UsageUpload upload) {
            return new UploadReply(
                    upload.id(),
                    upload.fileName(),
                    upload.bytes(),
                    upload.status().code(),
                    upload.reason(),
                    upload.header(),
                    upload.rows(),
                    upload.doubtful(),
                    upload.notes(),
                    upload.read(),
                    upload.taken(),
                    upload.duplicates(),
                    upload.rejected(),
                    upload.kept(),
                    upload.isStartable(),
                    upload.uploadedBy(),
                    upload.createdAt(),
                    upload.startedAt(),
                    upload.endedAt());
        }
    }

    @POST
    @RequiresScope("usage:write")
    @Uncounted
    @Packed
    @Consumes(MediaType.WILDCARD)
    @Operation(
            summary = "Bring a file of usage, a row for each event; nothing of it counts before it is started",
            description =
                    "Columns, in any order: event_id (or id), meter, quantity, occurred_at (or timestamp), subject; any other"
                            + " is a dimension. Separated by commas, semicolons or tabs, in UTF-8, up to 25 MB and 250,000 rows."
                            + " It may be packed by gzip (Content-Encoding); with an Idempotency-Key it is at most 5 MB as it"
                            + " is sent. A file that cannot be read is not kept, and errors says what is wrong. 409"
                            + " too_many_uploads: five others have rows that are not taken in. 503 overloaded: more are being"
                            + " brought than can be read; try again after the time in Retry-After.")
    @APIResponseSchema(value = UploadReply.class, responseCode = "201")
    public Response bring(
            @RequestBody(
                            content = {
                                @Content(mediaType = Csv.MEDIA_TYPE, schema = @Schema(implementation = String.class)),
                                @Content(
                                        mediaType = "text/tab-separated-values",
                                        schema = @Schema(implementation = String.class))
                            })
                    InputStream body,
            @Parameter(description = "How its owner calls it; without it usage.csv") @QueryParam("file_name") @Nullable
                    String fileName,
            @Parameter(description = "true: it is started, whatever rows will be rejected")
                    @QueryParam("start")
                    @Nullable
                    String start,
            @Context HttpHeaders headers)
            throws IOException {
        requireText(headers.getMediaType());
        boolean atOnce = isTrue(start);
        UsageUpload upload =
                check(fileName == null ? "" : fileName, body, headers.getHeaderString(HttpHeaders.CONTENT_ENCODING));
        if (upload.status() == Status.REFUSED) {
            uploads.discard(upload.id());
            throw unreadable(upload);
        }
        return Response.status(Response.Status.CREATED)
                .entity(UploadReply.of(atOnce ? uploads.start(upload.id()) : upload))
                .build();
    }

    /** Not by {@code @Consumes}: who may not at all is told that first. */
    static void requireText(@Nullable MediaType type) {
        if (type == null || !TYPES.contains((type.getType() + '/' + type.getSubtype()).toLowerCase(Locale.ROOT))) {
            throw new Problem(
                    Problem.Kind.MEDIA_TYPE,
                    "unsupported_media_type",
                    "Send the file as text/csv; text/tab-separated-values and text/plain are read too.");
        }
    }

    private static boolean isTrue(@Nullable String start) {
        if (start != null && !start.equals("true") && !start.equals("false")) {
            throw Problem.invalid("start", "unknown_value", "start must be true or false");
        }
        return "true".equals(start);
    }

    /** All of it is here before it is read into the database, so that a slow sender holds nothing there. */
    private UsageUpload check(String fileName, InputStream body, @Nullable String encoding) throws IOException {
        UsageEvents.Place place = uploads.enter();
        try (Spooled file = Spooled.of(Inflated.of(body, encoding, UsageUploads.MAX_BYTES), SPOOL)) {
            return uploads.check(fileName, file.size(), file.content());
        } finally {
            place.close();
        }
    }

    private static Problem unreadable(UsageUpload upload) {
        String reason = upload.reason() == null ? "unreadable" : upload.reason();
        return new Problem(
                Problem.Kind.INVALID,
                "unreadable_file",
                String.join(" ", upload.notes()),
                upload.notes().stream()
                        .map(note -> new Problem.FieldError("", reason, note))
                        .toList());
    }

    @GET
    @RequiresScope("usage:read")
    @Operation(summary = "Files of usage, newest first")
    public UploadPage list(
            @QueryParam("page") @Nullable String page, @QueryParam("page_size") @Nullable String pageSize) {
        Page<UsageUpload> found = uploads.list(Texts.page(page, pageSize));
        return new UploadPage(
                found.items().stream().map(UploadReply::of).toList(), found.total(), found.page(), found.pageSize());
    }

    @GET
    @Path("/{id}")
    @RequiresScope("usage:read")
    @Operation(summary = "How far a file of usage is taken in")
    public UploadReply get(@PathParam("id") UUID id) {
        return UploadReply.of(uploads.get(id));
    }

    @POST
    @Path("/{id}/start")
    @RequiresScope("usage:write")
    @Uncounted
    @Operation(
            summary = "Take a file of usage in, or go on with one that was stopped or failed",
            description =
                    "A thousand rows after another, one file of a tenant at a time, also after a restart of the server.")
    @APIResponseSchema(value = UploadReply.class, responseCode = "202")
    public Response start(@PathParam("id") UUID id) {
        return Response.accepted(UploadReply.of(uploads.start(id))).build();
    }

    @POST
    @Path("/{id}/stop")
    @RequiresScope("usage:write")
    @Uncounted
    @Operation(summary = "Stop after the rows that are just being taken in; those that were stay")
    public UploadReply stop(@PathParam("id") UUID id) {
        return UploadReply.of(uploads.stop(id));
    }

    @DELETE
    @Path("/{id}")
    @RequiresScope("usage:write")
    @Uncounted
    @Operation(
            summary = "Discard a file that was not started, or what is left of one that was stopped or failed",
            description = "What was taken in stays and counts, and such a file stays in the list.")
    public void discard(@PathParam("id") UUID id) {
        uploads.discard(id);
    }

    @GET
    @Path("/{id}/rejected")
    @RequiresScope("usage:read")
    @Produces({Csv.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    @Operation(
            summary = "The rejected rows, as a file that can be mended and brought again",
            description = "Each as it stood, with its line, code and reason; 404 where none are kept.")
    @APIResponse(
            responseCode = "200",
            description = "A header and a line for each row, as they are by then",
            content = @Content(mediaType = Csv.MEDIA_TYPE, schema = @Schema(implementation = String.class)))
    public Response rejected(@PathParam("id") UUID id) {
        return CsvReply.of(uploads.rejected(id), "rejected-rows");
    }
}
