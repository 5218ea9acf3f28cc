package com.cognitionos.invoicing.rest;

import com.cognitionos.invoicing.boundary.Forecasts;
import com.cognitionos.kernel.RequiresScope;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the running month is likely to come to. */
@Path("/usage/forecast")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Usage")
public class UsageForecastResource {

    @EJB
    private Forecasts forecasts;

    /**
     * @param asOf the instant that it was made for
     * @param totalCents the invoice so far, with discounts and tax
     * @param lowCents what it comes to where every meter ends low
     * @param expectedCents what it is likely to come to
     * @param highCents where every meter ends high, up to the spending cap
     */
    public record ForecastReply(
            Instant periodStart,
            Instant periodEnd,
            Instant asOf,
            List<MeterReply> metrics,
            long totalCents,
            long lowCents,
            long expectedCents,
            long highCents,
            String currency) {}

    /**
     * @param currentValue so far; of a level its mean
     * @param low at the period's end, as in one month of ten or less
     * @param high at the period's end, as in one month of ten or more
     * @param limitReachedAt when it comes to the limit as expected; null where that is not in this period, or was before
     * @param historyDays how many days the forecast rests on, up to 91
     */
    public record MeterReply(
            String metricName,
            String unit,
            BigDecimal currentValue,
            @Nullable BigDecimal limit,
            BigDecimal low,
            BigDecimal expected,
            BigDecimal high,
            @Nullable Instant limitReachedAt,
            int historyDays) {}

    @GET
    @RequiresScope("usage:read")
    @Operation(
            summary = "What the running month is likely to come to, with a band",
            description =
                    "Each day to come is expected to be as the same weekday of the last four weeks was. How far that rule"
                            + " was off in the tenant's own past makes the band: the truth lies in it in about four months of five.")
    public ForecastReply get() {
        Forecasts.Forecast found = forecasts.current();
        return new ForecastReply(
                found.period().start(),
                found.period().end(),
                found.at(),
                found.meters().stream().map(UsageForecastResource::meter).toList(),
                found.totalCents(),
                found.lowCents(),
                found.expectedCents(),
                found.highCents(),
                found.currency());
    }

    private static MeterReply meter(Forecasts.MeterForecast one) {
        return new MeterReply(
                one.meter().code(),
                one.meter().unit(),
                one.used(),
                one.limit(),
                one.low(),
                one.expected(),
                one.high(),
                one.reachesLimitAt(),
                one.historyDays());
    }
}
