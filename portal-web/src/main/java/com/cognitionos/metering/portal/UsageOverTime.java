package com.cognitionos.metering.portal;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.metering.boundary.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A meter by hour or day, the last of which is not over yet.
 *
 * @param total what they come to: the sum, for a level its mean, the largest, or the last
 * @param busiest the one with the most
 * @param line a level to see them against, in the chart's units from its top; null for none
 */
public record UsageOverTime(
        List<Step> steps,
        BarChart chart,
        BigDecimal total,
        Step busiest,
        Instant countedUpTo,
        @Nullable BigDecimal line) {

    /** A level above so many times the busiest would leave nothing to see of the others. */
    private static final BigDecimal FARTHEST = BigDecimal.valueOf(3);

    /** An hour or a day. @param running whether it goes on */
    public record Step(Instant start, BigDecimal quantity, boolean running) {}

    /** @param level to be shown among them; null for none */
    public static UsageOverTime of(Usage.Series series, @Nullable BigDecimal level) {
        List<Step> steps = series.points().stream()
                .map(point ->
                        new Step(point.start(), point.quantity(), point.end().isAfter(series.countedUpTo())))
                .toList();
        List<BigDecimal> quantities = steps.stream().map(Step::quantity).toList();
        Step busiest = steps.stream().max(Comparator.comparing(Step::quantity)).orElseThrow();
        boolean near = level != null
                && level.signum() > 0
                && level.compareTo(busiest.quantity().multiply(FARTHEST)) <= 0;
        BarChart chart = BarChart.of(quantities, near ? level : BigDecimal.ZERO);
        return new UsageOverTime(
                steps,
                chart,
                total(series.meter().aggregation(), quantities),
                busiest,
                series.countedUpTo(),
                near ? chart.fromTop(level) : null);
    }

    static BigDecimal total(Meter.Aggregation aggregation, List<BigDecimal> quantities) {
        BigDecimal sum = quantities.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return switch (aggregation) {
            case SUM, COUNT -> sum;
            case TIME_WEIGHTED -> sum.divide(BigDecimal.valueOf(quantities.size()), 6, RoundingMode.HALF_UP);
            case MAX, UNIQUE_COUNT -> quantities.stream().reduce(BigDecimal.ZERO, BigDecimal::max);
            case LATEST ->
                quantities.stream()
                        .filter(quantity -> quantity.signum() > 0)
                        .reduce(BigDecimal.ZERO, (before, after) -> after);
        };
    }

    public List<Step> newestFirst() {
        List<Step> reversed = new ArrayList<>(steps);
        Collections.reverse(reversed);
        return reversed;
    }

    public Step first() {
        return steps.get(0);
    }

    public Step last() {
        return steps.get(steps.size() - 1);
    }

    public Step middle() {
        return steps.get(steps.size() / 2);
    }
}
