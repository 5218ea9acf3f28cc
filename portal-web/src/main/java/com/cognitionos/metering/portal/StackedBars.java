package com.cognitionos.metering.portal;

import com.cognitionos.metering.boundary.Usage;
import com.cognitionos.metering.portal.BarChart.Bar;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bars of a meter that adds up, each laid out by group: those with the most from below, all others on top. */
public record StackedBars(List<Layer> layers, List<Piece> pieces) {

    static final StackedBars NONE = new StackedBars(List.of(), List.of());

    /** As many colours there are. */
    static final int MOST = 5;

    /** @param name as the events say; null for all others @param label for people @param tone of its colour, from 1; 0 for others */
    public record Layer(@Nullable String name, String label, int tone) {}

    /** A part of a bar. @param step its bar's place in the series */
    public record Piece(Layer layer, int step, BigDecimal quantity, double x, double y, double width, double height) {}

    /** @param whole the same usage in all, whose bars they fill */
    public static StackedBars of(Usage.Series byGroup, UsageOverTime whole) {
        List<Layer> layers = new ArrayList<>();
        Map<String, Integer> places = new HashMap<>();
        for (String group : byGroup.groups()) {
            if (layers.size() < MOST) {
                places.put(group, layers.size());
                layers.add(new Layer(group, group.isEmpty() ? "None" : group, layers.size() + 1));
            }
        }
        Map<Instant, BigDecimal[]> parts = new HashMap<>();
        for (Usage.Point point : byGroup.points()) {
            int place = point.group() == null ? layers.size() : places.getOrDefault(point.group(), layers.size());
            BigDecimal[] of = parts.computeIfAbsent(point.start(), start -> new BigDecimal[layers.size() + 1]);
            of[place] = of[place] == null ? point.quantity() : of[place].add(point.quantity());
        }
        Layer others = new Layer(null, "All others", 0);
        List<Piece> pieces = new ArrayList<>();
        boolean rest = false;
        for (Bar bar : whole.chart().bars()) {
            BigDecimal[] of = parts.get(whole.steps().get(bar.index()).start());
            double y = BarChart.HEIGHT;
            for (int i = 0; of != null && i < of.length; i++) {
                if (of[i] != null && of[i].signum() > 0) {
                    rest |= i == layers.size();
                    double height = of[i].multiply(BigDecimal.valueOf(BarChart.HEIGHT))
                            .divide(whole.chart().top(), 3, RoundingMode.HALF_UP)
                            .doubleValue();
                    y -= height;
                    Layer layer = i == layers.size() ? others : layers.get(i);
                    pieces.add(new Piece(layer, bar.index(), of[i], bar.x(), Math.max(0, y), bar.width(), height));
                }
            }
        }
        if (rest) {
            layers.add(others);
        }
        return new StackedBars(List.copyOf(layers), List.copyOf(pieces));
    }
}
