package com.cognitionos.metering.portal;

import com.cognitionos.invoicing.boundary.Forecasts.MeterForecast;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A month that adds up: what is used so far as a line, from there the band in which it is likely to end, and the limit. For an
 * SVG of 100 by 100 that is stretched to the space there is.
 *
 * @param top the value at the upper edge, a round figure
 * @param used points of the line so far
 * @param expected points of the line to come
 * @param band points of the area to come
 * @param limitY where the limit lies; null where there is none, or it lies far above
 */
public record MonthChart(
        BigDecimal top,
        String used,
        String expected,
        String band,
        @Nullable BigDecimal limitY) {

    private static final BigDecimal FULL = BigDecimal.valueOf(100);

    /** A limit of which a month uses less than this part would press the month flat. */
    private static final BigDecimal FAR = BigDecimal.valueOf(4);

    /**
     * @param days of the month so far, oldest first; the first may reach back before it
     * @param passed how much of the month is over, 0 to 1
     */
    public static MonthChart of(List<BigDecimal> days, MeterForecast forecast, BigDecimal passed) {
        BigDecimal limit = forecast.limit();
        boolean near = limit != null && limit.compareTo(forecast.high().multiply(FAR)) <= 0;
        BigDecimal highest = near ? forecast.high().max(limit) : forecast.high();
        BigDecimal top = BarChart.roundUp(highest);
        BigDecimal now = passed.multiply(FULL);
        String from = point(now, forecast.used(), top);
        return new MonthChart(
                top,
                line(days, forecast.used(), now, top),
                from + " " + point(FULL, forecast.expected(), top),
                from + " " + point(FULL, forecast.high(), top) + " " + point(FULL, forecast.low(), top),
                near ? y(limit, top) : null);
    }

    /** Backwards from what is used, so that what the first day had before the month is left out. */
    private static String line(List<BigDecimal> days, BigDecimal used, BigDecimal now, BigDecimal top) {
        List<String> points = new ArrayList<>();
        BigDecimal left = used;
        for (int i = days.size(); i > 0; i--) {
            BigDecimal x = now.multiply(BigDecimal.valueOf(i))
                    .divide(BigDecimal.valueOf(days.size()), 3, RoundingMode.HALF_UP);
            points.add(point(x, left.max(BigDecimal.ZERO), top));
            left = left.subtract(days.get(i - 1));
        }
        points.add(point(BigDecimal.ZERO, BigDecimal.ZERO, top));
        Collections.reverse(points);
        return String.join(" ", points);
    }

    private static String point(BigDecimal x, BigDecimal value, BigDecimal top) {
        return String.format(Locale.ROOT, "%.3f,%.3f", x, y(value, top));
    }

    private static BigDecimal y(BigDecimal value, BigDecimal top) {
        return FULL.subtract(value.multiply(FULL).divide(top, 3, RoundingMode.HALF_UP));
    }

    public BigDecimal middle() {
        return top.divide(BigDecimal.valueOf(2));
    }
}
