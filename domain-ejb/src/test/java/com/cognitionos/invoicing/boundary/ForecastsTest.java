package com.cognitionos.invoicing.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** INV-25. */
class ForecastsTest {

    @ParameterizedTest
    @CsvSource({
        "1000, 200, 85100, 5900",
        "1000, 1500, 85100, 6400",
        "1000, 200, 300, 5200",
        ", 200, 85100, 90000",
    })
    void aForecastGoesNoFurtherThanTheCap(Long cap, long spent, long overage, long shown) {
        RunningTotals.Projection projected = new RunningTotals.Projection(4900 + overage, overage);
        assertThat(Forecasts.bounded(projected, cap, 4900 + spent, spent)).isEqualTo(shown);
    }
}
