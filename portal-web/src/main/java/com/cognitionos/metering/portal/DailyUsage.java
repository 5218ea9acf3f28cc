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
 * A meter by day, the last of which is not over yet.
 *
 * @param total what the days come to: the sum, for a level its mean, the largest, or the last
 * @param busiest the day with the most
 * @param line a level to see the days against, in the chart's units from its top; null for none
 */
public record DailyUsage(
        List<Day> days,
        BarChart chart,
        BigDecimal total,
        Day busiest,
        Instant countedUpTo,
        @Nullable BigDecimal line) {

    /** A level above so many times the busiest day would leave nothing to see of the days. */
    private static final BigDecimal FARTHEST = BigDecimal.valueOf(3);

    /** @param running whether the day goes on */
    public record Day(Instant start, BigDecimal quantity, boolean running) {}

    /** @param level to be shown among the days; null for none */
    public static DailyUsage of(Usage.Series series, @Nullable BigDecimal level) {
        List<Day> days = series.points().stream()
                .map(point ->
                        new Day(point.start(), point.quantity(), point.end().isAfter(series.countedUpTo())))
                .toList();
        List<BigDecimal> quantities = days.stream().map(Day::quantity).toList();
        Day busiest = days.stream().max(Comparator.comparing(Day::quantity)).orElseThrow();
        boolean near = level != null
                && level.signum() > 0
                && level.compareTo(busiest.quantity().multiply(FARTHEST)) <= 0;
        BarChart chart = BarChart.of(quantities, near ? level : BigDecimal.ZERO);
        return new DailyUsage(
                days,
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

    public List<Day> newestFirst() {
        List<Day> reversed = new ArrayList<>(days);
        Collections.reverse(reversed);
        return reversed;
    }

    public Day first() {
        return days.get(0);
    }

    public Day last() {
        return days.get(days.size() - 1);
    }

    public Day middle() {
        return days.get(days.size() / 2);
    }
}
