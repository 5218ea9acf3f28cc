package com.cognitionos.metering.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.metering.boundary.Usage.Granularity;
import com.cognitionos.metering.boundary.Usage.Point;
import com.cognitionos.metering.boundary.Usage.Series;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The pieces of a bar lie on each other and come to the bar. */
class StackedBarsTest {

    private static final Meter TOKENS = new Meter("tokens", "Tokens", Meter.Aggregation.SUM, "token");
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant NEXT = START.plus(Duration.ofHours(1));

    private static Point point(Instant start, long quantity, @Nullable String group, boolean others) {
        return new Point(start, start.plus(Duration.ofHours(1)), BigDecimal.valueOf(quantity), group, others);
    }

    private static Series series(List<String> groups, Point... points) {
        return new Series(TOKENS, Granularity.HOUR, START, NEXT, NEXT, groups, List.of(points));
    }

    @Test
    void theLargestGroupsHaveTheirColoursAndAllOthersAreOne() {
        UsageOverTime whole =
                UsageOverTime.of(series(List.of(), point(START, 100, null, false), point(NEXT, 50, null, false)), null);
        List<String> groups = List.of("a", "b", "", "d", "e", "f", "g");

        StackedBars bars = StackedBars.of(
                series(
                        groups,
                        point(START, 40, "a", false),
                        point(START, 30, "b", false),
                        point(START, 10, "f", false),
                        point(START, 5, "g", false),
                        point(START, 15, null, true),
                        point(NEXT, 50, "", false)),
                whole);

        assertThat(bars.layers())
                .extracting(StackedBars.Layer::label, StackedBars.Layer::tone)
                .containsExactly(
                        tuple("a", 1),
                        tuple("b", 2),
                        tuple("None", 3),
                        tuple("d", 4),
                        tuple("e", 5),
                        tuple("All others", 0));
        assertThat(bars.pieces())
                .extracting(
                        piece -> piece.layer().label(),
                        StackedBars.Piece::step,
                        piece -> piece.quantity().intValue(),
                        StackedBars.Piece::y,
                        StackedBars.Piece::height)
                .containsExactly(
                        tuple("a", 0, 40, 60.0, 40.0),
                        tuple("b", 0, 30, 30.0, 30.0),
                        tuple("All others", 0, 30, 0.0, 30.0),
                        tuple("None", 1, 50, 50.0, 50.0));
        assertThat(Stream.of(0, 1)
                        .map(step -> bars.pieces().stream()
                                .filter(piece -> piece.step() == step)
                                .mapToDouble(StackedBars.Piece::height)
                                .sum()))
                .containsExactlyElementsOf(
                        whole.chart().bars().stream().map(BarChart.Bar::height).toList());
    }

    @Test
    void withoutOthersNoneAreNamed() {
        UsageOverTime whole = UsageOverTime.of(series(List.of(), point(START, 1, null, false)), null);
        assertThat(StackedBars.of(series(List.of("a"), point(START, 1, "a", false)), whole)
                        .layers())
                .extracting(StackedBars.Layer::label)
                .containsExactly("a");
    }
}
