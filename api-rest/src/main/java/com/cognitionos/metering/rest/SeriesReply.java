package com.cognitionos.metering.rest;

import com.cognitionos.metering.boundary.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A meter over time; {@code countedUpTo} is the instant that the figures are true for. */
public record SeriesReply(
        String meter,
        String unit,
        String granularity,
        Instant from,
        Instant to,
        Instant countedUpTo,
        @Nullable String groupBy,
        List<String> groups,
        List<Step> series) {

    /**
     * What was used from {@code start} to before {@code end}.
     *
     * @param group null in an ungrouped series and for {@code other}; empty for the events that have no value
     * @param other whether it is of all the groups together that are beyond the limit
     */
    public record Step(
            Instant start,
            Instant end,
            BigDecimal quantity,
            @Nullable String group,
            boolean other) {}

    static SeriesReply of(Usage.Series series, @Nullable String groupBy) {
        return new SeriesReply(
                series.meter().code(),
                series.meter().unit(),
                series.granularity().name().toLowerCase(Locale.ROOT),
                series.from(),
                series.to(),
                series.countedUpTo(),
                groupBy,
                series.groups(),
                series.points().stream()
                        .map(point ->
                                new Step(point.start(), point.end(), point.quantity(), point.group(), point.others()))
                        .toList());
    }
}
