package com.cognitionos.rating.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a part of a period weighs. */
class GrainTest {

    @ParameterizedTest
    @EnumSource(Grain.class)
    void aGrainIsKnownByItsCode(Grain grain) {
        assertThat(Grain.of(grain.code())).isEqualTo(grain);
        assertThatIllegalArgumentException().isThrownBy(() -> Grain.of("week"));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01, 2026-02-01, 30",
        "2026-01-31, 2026-02-28, 30",
        "2026-02-28, 2026-03-31, 30",
        "2026-01-30, 2026-01-31, 0",
        "2026-02-15, 2026-03-01, 16",
        "2028-02-28, 2028-03-01, 3",
        "2026-01-01, 2027-01-01, 360",
        "2025-12-16, 2026-01-16, 30"
    })
    void aMonthHas30Days(String start, String end, long days) {
        Period span = new Period(at(start), at(end));
        assertThat(Grain.FIXED30.units(span, ZoneOffset.UTC).longValueExact()).isEqualTo(days);
    }

    @Test
    void secondsAreExactToTheNanosecond() {
        Period whole = new Period(at("2026-01-01"), at("2026-01-01").plusSeconds(1));
        Period part = new Period(at("2026-01-01"), at("2026-01-01").plusNanos(250_000_000));
        assertThat(Grain.SECOND.prorate(1000, part, whole, ZoneOffset.UTC)).isEqualTo(250);
    }

    private static Instant at(String day) {
        return Instant.parse(day + "T00:00:00Z");
    }
}
