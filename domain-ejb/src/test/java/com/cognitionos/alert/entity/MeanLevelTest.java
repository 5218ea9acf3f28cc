package com.cognitionos.alert.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** ALR-5: when a mean rises to a share without a further event. */
class MeanLevelTest {

    private static final Instant START = Instant.parse("2026-01-31T00:00:00Z");

    private static MeanLevel after(int days, long mean, long level) {
        return new MeanLevel(
                BigDecimal.valueOf(mean), BigDecimal.valueOf(level), START, START.plus(Duration.ofDays(days)));
    }

    @Test
    void aLevelSinceTheTenthDay() {
        assertThat(after(10, 0, 20_000).reaches(BigDecimal.valueOf(10_000)))
                .hasValue(START.plus(Duration.ofDays(20)).plusSeconds(1));
    }

    @Test
    void neverWhereTheLevelIsNotAboveIt() {
        assertThat(after(10, 5, 10).reaches(BigDecimal.TEN)).isEmpty();
        assertThat(after(10, 10, 20).reaches(BigDecimal.TEN)).isEmpty();
        assertThat(after(10, 0, 1_000_001).reaches(BigDecimal.valueOf(1_000_000)))
                .as("not in this life")
                .isEmpty();
    }

    @Property
    void thenAndNotASecondBefore(
            @ForAll @IntRange(min = 1, max = 30) int days,
            @ForAll @IntRange(max = 1000) int mean,
            @ForAll @IntRange(max = 3000) int level,
            @ForAll @IntRange(max = 1500) int quantity) {
        after(days, mean, level).reaches(BigDecimal.valueOf(quantity)).ifPresent(at -> {
            assertThat(meanAt(days, mean, level, at)).isGreaterThanOrEqualTo(BigDecimal.valueOf(quantity));
            assertThat(meanAt(days, mean, level, at.minusSeconds(2))).isLessThan(BigDecimal.valueOf(quantity));
        });
    }

    private static BigDecimal meanAt(int days, int mean, int level, Instant at) {
        BigDecimal passed = BigDecimal.valueOf(Duration.ofDays(days).toSeconds());
        BigDecimal all = BigDecimal.valueOf(Duration.between(START, at).toSeconds());
        return passed.multiply(BigDecimal.valueOf(mean))
                .add(all.subtract(passed).multiply(BigDecimal.valueOf(level)))
                .divide(all, MathContext.DECIMAL64);
    }
}
