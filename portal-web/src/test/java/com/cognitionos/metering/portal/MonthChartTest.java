package com.cognitionos.metering.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.invoicing.boundary.Forecasts.MeterForecast;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class MonthChartTest {

    private static final Meter TOKENS = new Meter("tokens", "Tokens", Meter.Aggregation.SUM, "token");

    private static MeterForecast forecast(Long limit, long used, long low, long expected, long high) {
        return new MeterForecast(
                TOKENS,
                BigDecimal.valueOf(used),
                limit == null ? null : BigDecimal.valueOf(limit),
                BigDecimal.valueOf(low),
                BigDecimal.valueOf(expected),
                BigDecimal.valueOf(high),
                null,
                30);
    }

    @Test
    void theLineEndsWhereTheBandBegins() {
        MonthChart chart = MonthChart.of(
                List.of(BigDecimal.valueOf(30), BigDecimal.valueOf(20)),
                forecast(100L, 40, 60, 80, 100),
                new BigDecimal("0.5"));
        assertThat(chart.top()).isEqualByComparingTo("100");
        assertThat(chart.used())
                .as("10 of the first day were before the month")
                .isEqualTo("0.000,100.000 25.000,80.000 50.000,60.000");
        assertThat(chart.expected()).isEqualTo("50.000,60.000 100.000,20.000");
        assertThat(chart.band()).isEqualTo("50.000,60.000 100.000,0.000 100.000,40.000");
        assertThat(chart.limitY()).isEqualByComparingTo("0");
        assertThat(chart.middle()).isEqualByComparingTo("50");
    }

    @Test
    void aLimitFarAboveIsLeftOut() {
        MonthChart chart = MonthChart.of(List.of(BigDecimal.ONE), forecast(1_000L, 1, 1, 2, 3), new BigDecimal("0.1"));
        assertThat(chart.limitY()).isNull();
        assertThat(chart.top()).isEqualByComparingTo("4");
        assertThat(MonthChart.of(List.of(), forecast(null, 0, 0, 0, 0), BigDecimal.ZERO)
                        .top())
                .isEqualByComparingTo("1");
    }
}
