package com.cognitionos.alert.portal;

import com.cognitionos.alert.entity.Alert;
import com.cognitionos.alert.entity.Anomaly;
import com.cognitionos.metering.portal.BarChart;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/**
 * The day that was told of as the last bar, after those before it, with the band in which there is nothing to tell and what is
 * usual.
 *
 * @param bandY where the band begins, from the chart's top
 * @param usualY where the line of what is usual lies
 * @param first the first day
 */
public record AnomalyChart(
        BarChart chart,
        BigDecimal bandY,
        BigDecimal bandHeight,
        BigDecimal usualY,
        List<BigDecimal> quantities,
        Instant first) {

    /** A band that ends so many times higher than all days would leave nothing to see of them. */
    private static final BigDecimal FARTHEST = BigDecimal.valueOf(2);

    public static AnomalyChart of(Alert alert, Anomaly anomaly) {
        List<BigDecimal> quantities = Stream.concat(anomaly.history().stream(), Stream.of(alert.value()))
                .toList();
        BigDecimal highest =
                quantities.stream().reduce(anomaly.usual(), BigDecimal::max).multiply(FARTHEST);
        BarChart chart = BarChart.of(quantities, anomaly.high().min(highest));
        BigDecimal bandY = chart.fromTop(anomaly.high()).max(BigDecimal.ZERO);
        return new AnomalyChart(
                chart,
                bandY,
                chart.fromTop(anomaly.low()).subtract(bandY),
                chart.fromTop(anomaly.usual()),
                quantities,
                alert.period().start().minus(anomaly.history().size(), ChronoUnit.DAYS));
    }

    public int days() {
        return quantities.size();
    }

    public Instant day(int index) {
        return first.plus(index, ChronoUnit.DAYS);
    }

    public boolean isLast(int index) {
        return index == quantities.size() - 1;
    }
}
