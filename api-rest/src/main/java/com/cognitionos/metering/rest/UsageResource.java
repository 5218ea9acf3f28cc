package com.cognitionos.metering.rest;

import com.cognitionos.kernel.Csv;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.metering.boundary.IngestResult;
import com.cognitionos.metering.boundary.Retractions;
import com.cognitionos.metering.boundary.SeriesFile;
import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.metering.boundary.UsageEvents;
import com.cognitionos.rest.CsvReply;
import com.cognitionos.rest.Inflated;
import com.cognitionos.rest.Packed;
import com.cognitionos.rest.Texts;
import com.cognitionos.rest.Uncounted;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
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
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Usage events in, series out. */
@Path("/usage")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Usage")
public class UsageResource {

    private static final Duration DEFAULT_SPAN = Duration.ofDays(30);
    private static final String EXCEEDED = "entitlement_exceeded";

    @EJB
    private UsageEvents events;

    @EJB
    private Retractions retractions;

    @EJB
    private Usage usage;

    @EJB
    private Tenants tenants;

    /** What became of the events of one request. */
    public record Ingested(int accepted, int duplicates, List<Rejection> rejected) {

        /** Why the event at {@code index} of the request, counted from 0, was not accepted. */
        public record Rejection(int index, String code, String detail) {}

        static Ingested of(IngestResult result) {
            return new Ingested(
                    result.accepted(),
                    result.duplicates(),
                    result.rejected().stream()
                            .map(rejection -> new Rejection(rejection.index(), rejection.code(), rejection.detail()))
                            .toList());
        }
    }

    @POST
    @Path("/events")
    @RequiresScope("usage:write")
    @Uncounted
    @Packed
    @Consumes({MediaType.APPLICATION_JSON, EventRequest.STRUCTURED, EventRequest.BATCH, EventRequest.LINES})
    @Operation(
            summary =
                    "Report usage: one event, a list, {events}, an event a line or CloudEvents; answered after the commit",
            description =
                    "A meter that counts events or their distinct values needs no quantity. The body may be packed by"
                            + " gzip (Content-Encoding). 503 overloaded: more arrives than can be"
                            + " stored; send it again after the time in Retry-After, with the same ids.")
    @APIResponseSchema(value = Ingested.class, responseCode = "202")
    public Response ingest(
            @RequestBody(
                            content =
                                    @Content(
                                            schema =
                                                    @Schema(
                                                            oneOf = {
                                                                EventDocument.Event.class,
                                                                EventDocument.Events.class
                                                            })))
                    InputStream body,
            @Context HttpHeaders headers)
            throws IOException {
        String encoding = headers.getHeaderString(HttpHeaders.CONTENT_ENCODING);
        UsageEvents.Place place = events.enter(Inflated.size(headers.getLength(), encoding));
        try {
            EventRequest request = EventRequest.of(
                    Inflated.of(body, encoding),
                    headers.getHeaderString(HttpHeaders.CONTENT_TYPE),
                    headers::getHeaderString,
                    new WithoutQuantity());
            IngestResult result = events.ingest(request.events()).with(request.unreadable());
            refuseWhenExceeded(result);
            return Response.accepted(Ingested.of(result)).build();
        } finally {
            place.close();
        }
    }

    /** Asks once a request, and only where an event has no quantity. */
    private final class WithoutQuantity implements Predicate<String> {
        private @Nullable Set<String> meters;

        @Override
        public boolean test(String meter) {
            if (meters == null) {
                meters = events.metersWithoutQuantity();
            }
            return meters.contains(meter);
        }
    }

    /**
     * An event that was taken back.
     *
     * @param timestamp when it had counted
     * @param correction {@code none}: the running month shows it at once; {@code adjustment}: its month is invoiced, so
     *     the next invoice makes up for it
     */
    public record Retracted(
            String id,
            String meter,
            BigDecimal quantity,
            Instant timestamp,
            String status,
            Instant retractedAt,
            String correction) {}

    @POST
    @Path("/events/{id: .+}/retract")
    @RequiresScope("usage:write")
    @Uncounted
    @Operation(summary = "Take an event back as if it had never been reported; a second time changes nothing")
    public Retracted retract(@PathParam("id") String id) {
        Retractions.Retraction gone = retractions.retract(id);
        return new Retracted(
                gone.eventId(),
                gone.meter(),
                gone.quantity(),
                gone.at(),
                "retracted",
                gone.retractedAt(),
                gone.late() ? "adjustment" : "none");
    }

    /** A client that looks at the status alone must notice when its plan is used up. */
    static void refuseWhenExceeded(IngestResult result) {
        List<IngestResult.Rejection> rejected = result.rejected();
        if (result.accepted() == 0
                && result.duplicates() == 0
                && !rejected.isEmpty()
                && rejected.stream().allMatch(rejection -> rejection.code().equals(EXCEEDED))) {
            throw new Problem(
                    Problem.Kind.PAYMENT_REQUIRED, EXCEEDED, rejected.get(0).detail());
        }
    }

    @GET
    @RequiresScope("usage:read")
    @Produces({MediaType.APPLICATION_JSON, Csv.MEDIA_TYPE})
    @Operation(
            summary = "A meter over time; without from and to the last 30 days",
            description =
                    "Up to the last committed event. Grouped, the groups with the most have steps of their own, and"
                            + " all others are one with other = true; steps in which a group has nothing are left out. A mean"
                            + " level has no groups, and of the latest quantity there are no others.")
    @APIResponseSchema(SeriesReply.class)
    public Response series(
            @QueryParam("meter") @Nullable String meter,
            @Parameter(description = "An instant, or a day: from its start in UTC") @QueryParam("from") @Nullable
                    String from,
            @Parameter(description = "An instant, or a day: to its end in UTC") @QueryParam("to") @Nullable String to,
            @Parameter(description = "hour, day or month, of UTC") @QueryParam("granularity") @DefaultValue("day")
                    String granularity,
            @Parameter(description = "subject, key, plugin, model or a dimension of the meter's own")
                    @QueryParam("group_by")
                    @Nullable
                    String groupBy,
            @Parameter(description = "How many groups have steps of their own, from 1 to 100; without it 20")
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Parameter(
                            description =
                                    "Only events with this value, as dimension:value, such as model:small; without a value,"
                                            + " those that have none. Of another dimension than group_by they may be 500,000")
                    @QueryParam("filter")
                    @Nullable
                    String filter,
            @Parameter(description = "json or csv; else by the header Accept") @QueryParam("format") @Nullable
                    String format,
            @Context HttpHeaders headers) {
        if (meter == null || meter.isEmpty()) {
            throw Problem.invalid("meter", "required", "name the meter");
        }
        boolean csv = CsvReply.isWanted(format, headers);
        Usage.Granularity step = Usage.Granularity.of(granularity);
        Instant end = to == null ? tenants.present() : Texts.to("to", to);
        Instant start = from == null ? end.minus(DEFAULT_SPAN) : Texts.from("from", from);
        Usage.Series series = usage.series(new Usage.Wanted(
                meter, start, end, step, groupBy, Texts.number("limit", limit, Usage.DEFAULT_GROUPS), filter(filter)));
        return csv
                ? CsvReply.of(SeriesFile.of(series), "usage-" + meter)
                : Response.ok(SeriesReply.of(series, groupBy), MediaType.APPLICATION_JSON_TYPE)
                        .build();
    }

    private static Usage.@Nullable Filter filter(@Nullable String text) {
        if (text == null) {
            return null;
        }
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw Problem.invalid("filter", "malformed", "filter is a dimension, a colon and a value");
        }
        return new Usage.Filter(text.substring(0, colon), text.substring(colon + 1));
    }
}
