package com.cognitionos.invoicing.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.kernel.Problem;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AsOfTest {

    private static final Instant NOW = Instant.parse("2026-03-10T09:30:00Z");

    @ParameterizedTest
    @CsvSource({
        "2026-03-09, 2026-03-10T00:00:00Z",
        "2026-03-10, 2026-03-10T09:30:00Z",
        "2026-03-11, 2026-03-12T00:00:00Z",
        "2026-03-10T12:00:00+05:30, 2026-03-10T06:30:00Z",
        "2027-01-01T00:00:00Z, 2027-01-01T00:00:00Z"
    })
    void aDayIsMeantToItsEndButTodayOnlyUntilNow(String text, Instant expected) {
        assertThat(AsOf.of(text).at(NOW)).isEqualTo(expected);
    }

    @Test
    void anythingElseIsInvalid() {
        for (String text : new String[] {"", "today", "2026-02-30", "2026-03-10T09:30:00", "+12026-01-01"}) {
            assertThatThrownBy(() -> AsOf.of(text)).isInstanceOf(Problem.class);
        }
    }
}
