package com.cognitionos.metering.rest;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RequiresScope;
import com.cognitionos.metering.boundary.RollupStarter;
import com.cognitionos.metering.boundary.Rollups;
import com.cognitionos.metering.entity.RollupDifference;
import com.cognitionos.rest.Texts;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The rollup job, which a timer starts too, and whether what it makes agrees with the events. */
@Path("/finance/usage-rollups")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Finance")
public class UsageRollupsResource {

    private static final Period DEFAULT_SPAN = Period.ofDays(7);
    private static final int MOST_DAYS = 31;
    private static final int MOST = 100;

    @EJB
    private RollupStarter starter;

    @EJB
    private Rollups rollups;

    @EJB
    private Tenants tenants;

    public record Started(long executionId) {}

    @POST
    @RequiresScope("finance:write")
    @Operation(summary = "Roll up usage now rather than within the minute")
    @APIResponseSchema(value = Started.class, responseCode = "202")
    public Response start() {
        long execution = Caller.current().acrossTenants().call(starter::start);
        return Response.accepted(new Started(execution)).build();
    }

    /**
     * An hour in which a rollup is not what its events come to, or a day that is not what its hours come to. Both figures may be
     * the same, where which values are distinct differs, or how many events there were.
     *
     * @param dimension null with {@code value} for all usage of the meter
     * @param hour from 0; null for the day as a whole
     * @param rolledUp null where there is no rollup, {@code recorded} where there are no events
     */
    public record RollupDeviation(
            String meter,
            @Nullable String dimension,
            @Nullable String value,
            LocalDate day,
            @Nullable Integer hour,
            @Nullable BigDecimal rolledUp,
            @Nullable BigDecimal recorded) {

        static RollupDeviation of(RollupDifference one) {
            boolean all = one.dimension().isEmpty();
            return new RollupDeviation(
                    one.meter(),
                    all ? null : one.dimension(),
                    all ? null : one.value(),
                    one.day(),
                    one.hour(),
                    one.rolledUp(),
                    one.recorded());
        }
    }

    /** @param from the first day that was compared, {@code to} the last */
    public record RollupComparison(LocalDate from, LocalDate to, List<RollupDeviation> differences) {}

    @GET
    @Path("/differences")
    @RequiresScope("finance:read")
    @Operation(
            summary = "Compare a tenant's rollups with its events, hour by hour and group by group",
            description =
                    "The last week, or up to 31 days. Days whose events are no longer kept are left out; so are hours that have"
                            + " changed since, which are read from the events anyway. At most 100 differences each: hours of all"
                            + " usage and of its groups, distinct values by hour, and days against their hours. None is what"
                            + " should be.")
    public RollupComparison differences(
            @QueryParam("tenant_id") @Nullable String tenantId,
            @Parameter(description = "The first day, of UTC") @QueryParam("from") @Nullable String from,
            @Parameter(description = "The last day, of UTC") @QueryParam("to") @Nullable String to) {
        if (tenantId == null || tenantId.isEmpty()) {
            throw Problem.invalid("tenant_id", "required", "name the tenant");
        }
        return Caller.current().in(Texts.uuid("tenant_id", tenantId)).call(() -> compared(from, to));
    }

    private RollupComparison compared(@Nullable String from, @Nullable String to) {
        LocalDate last = to == null ? LocalDate.ofInstant(tenants.present(), ZoneOffset.UTC) : day("to", to);
        LocalDate first = from == null ? last.minus(DEFAULT_SPAN) : day("from", from);
        if (first.isAfter(last)) {
            throw Problem.invalid("to", "empty_span", "to must not lie before from");
        }
        if (first.plusDays(MOST_DAYS).isBefore(last)) {
            throw Problem.invalid("from", "too_long", "at most " + MOST_DAYS + " days are compared at once");
        }
        LocalDate earliest = rollups.earliest();
        if (last.isBefore(earliest)) {
            throw Problem.invalid("to", "too_early", "there are records to compare with from " + earliest + " on");
        }
        return new RollupComparison(
                first.isBefore(earliest) ? earliest : first,
                last,
                rollups.differences(first, last.plusDays(1), MOST).stream()
                        .map(RollupDeviation::of)
                        .toList());
    }

    private static LocalDate day(String parameter, String text) {
        return Texts.date(text)
                .orElseThrow(() -> Problem.invalid(parameter, "invalid_date", parameter + " must be a date"));
    }
}
