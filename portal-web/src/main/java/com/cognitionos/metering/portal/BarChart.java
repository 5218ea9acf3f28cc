package com.cognitionos.metering.portal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * Bars for an SVG whose view box is {@code bars.size()} wide and {@link #HEIGHT} high; it is stretched to the space
 * there is, so labels stand outside of it.
 *
 * @param top the value at the upper edge, a round figure
 */
public record BarChart(BigDecimal top, List<Bar> bars) {

    public static final int HEIGHT = 100;

    private static final double GAP = 0.14;
    private static final List<BigDecimal> STEPS =
            List.of(new BigDecimal(1), new BigDecimal(2), new BigDecimal(4), new BigDecimal(5), new BigDecimal(10));

    /** A rectangle; {@code index} is the value's place in the series. */
    public record Bar(int index, double x, double y, double width, double height) {}

    /** @param values from 0 */
    public static BarChart of(List<BigDecimal> values) {
        return of(values, BigDecimal.ZERO);
    }

    /** @param within what the chart reaches up to at least, from 0 */
    public static BarChart of(List<BigDecimal> values, BigDecimal within) {
        BigDecimal top = roundUp(values.stream().reduce(within, BigDecimal::max));
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            double height = values.get(i)
                    .multiply(BigDecimal.valueOf(HEIGHT))
                    .divide(top, 3, RoundingMode.HALF_UP)
                    .doubleValue();
            bars.add(new Bar(i, i + GAP / 2, HEIGHT - height, 1 - GAP, height));
        }
        return new BarChart(top, List.copyOf(bars));
    }

    /** How far below the chart's top a value lies, in its units of height. */
    public BigDecimal fromTop(BigDecimal value) {
        BigDecimal height = BigDecimal.valueOf(HEIGHT);
        return height.subtract(value.multiply(height).divide(top, 3, RoundingMode.HALF_UP));
    }

    public BigDecimal middle() {
        return top.divide(BigDecimal.valueOf(2), MathContext.DECIMAL64);
    }

    /** The next of 1, 2, 4, 5 or 10 times a power of ten; 1 for nothing at all. */
    static BigDecimal roundUp(BigDecimal value) {
        if (value.signum() == 0) {
            return BigDecimal.ONE;
        }
        BigDecimal magnitude = BigDecimal.ONE.scaleByPowerOfTen(value.precision() - value.scale() - 1);
        return STEPS.stream()
                .map(magnitude::multiply)
                .filter(step -> step.compareTo(value) >= 0)
                .findFirst()
                .orElseThrow();
    }
}
