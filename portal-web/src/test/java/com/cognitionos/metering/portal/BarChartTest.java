package com.cognitionos.metering.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarChartTest {

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "3, 4", "41, 50", "100, 100", "101, 200", "0.003, 0.004", "8, 10", "987654, 1000000"})
    void theScaleEndsOnARoundFigure(BigDecimal highest, BigDecimal top) {
        assertThat(BarChart.of(List.of(highest)).top()).isEqualByComparingTo(top);
    }

    @Test
    void aBarIsAsHighAsItsShareOfTheScale() {
        BarChart chart = BarChart.of(List.of(new BigDecimal("50"), BigDecimal.ZERO, new BigDecimal("100")));
        assertThat(chart.bars()).extracting(BarChart.Bar::height).containsExactly(50.0, 0.0, 100.0);
        assertThat(chart.bars()).extracting(BarChart.Bar::y).containsExactly(50.0, 100.0, 0.0);
        assertThat(chart.middle()).isEqualByComparingTo("50");
    }

    @Property
    void barsStandOnTheBaseInsideTheBox(
            @ForAll @Size(min = 1, max = 90)
                    List<@BigRange(min = "0", max = "1000000000000000") @Scale(6) BigDecimal> values) {
        BarChart chart = BarChart.of(values);
        double edge = 0;
        for (BarChart.Bar bar : chart.bars()) {
            assertThat(bar.y() + bar.height()).isCloseTo(BarChart.HEIGHT, within(1e-6));
            assertThat(bar.y()).isGreaterThanOrEqualTo(0);
            assertThat(bar.x()).isGreaterThan(edge);
            edge = bar.x() + bar.width();
        }
        assertThat(edge).isLessThan(values.size());
    }
}
