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

/**
 * A meter by day, the last of which is not over yet.
 *
 * @param total the sum, or for a level its mean
 * @param busiest the day with the most
 */
public record DailyUsage(List<Day> days, BarChart chart, BigDecimal total, Day busiest, Instant countedUpTo) {

    /** @param running whether the day goes on */
    public record Day(Instant start, BigDecimal quantity, boolean running) {}

    public static DailyUsage of(Usage.Series series) {
        List<Day> days = series.points().stream()
                .map(point ->
                        new Day(point.start(), point.quantity(), point.end().isAfter(series.countedUpTo())))
                .toList();
        BigDecimal sum = days.stream().map(Day::quantity).reduce(BigDecimal.ZERO, BigDecimal::add);
        boolean mean = series.meter().aggregation() == Meter.Aggregation.TIME_WEIGHTED;
        return new DailyUsage(
                days,
                BarChart.of(days.stream().map(Day::quantity).toList()),
                mean ? sum.divide(BigDecimal.valueOf(days.size()), 6, RoundingMode.HALF_UP) : sum,
                days.stream().max(Comparator.comparing(Day::quantity)).orElseThrow(),
                series.countedUpTo());
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
