package com.cognitionos.entitlement.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.entitlement.portal.CapOfMonth.Charge;
import com.cognitionos.rating.entity.Period;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapOfMonthTest {

    private static final Period MONTH =
            new Period(Instant.parse("2026-02-01T00:00:00Z"), Instant.parse("2026-03-01T00:00:00Z"));

    @ParameterizedTest
    @CsvSource({
        "1000,    0, OVERAGE, 0.0,  calm",
        "1000,  799, OVERAGE, 79.9, calm",
        "1000,  800, OVERAGE, 80.0, near",
        "99999, 99998, OVERAGE, 99.9, near",
        "1000, 1000, OVERAGE, 100.0, stop",
        "1000, 1500, OVERAGE, 150.0, stop",
        "0,       0, OVERAGE, 100, stop",
        ",    90000, OVERAGE, 0, calm",
        "0,       0, TRIAL, 100, calm",
        "0,       0, STOPS_AT_LIMITS, 100, calm",
        "0,       0, NO_SUBSCRIPTION, 100, calm",
    })
    void aCapWarnsBeforeItStops(Long cap, long spent, Charge charge, String percent, String level) {
        CapOfMonth month = new CapOfMonth(cap, spent, "USD", MONTH, charge);
        assertThat(month.percent()).isEqualByComparingTo(percent);
        assertThat(month.level()).isEqualTo(level);
        assertThat(month.reached()).isEqualTo(level.equals("stop"));
        assertThat(month.near()).isEqualTo(level.equals("near"));
    }
}
