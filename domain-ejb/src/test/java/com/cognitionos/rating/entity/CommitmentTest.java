package com.cognitionos.rating.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Minimum commitment and maximum spend. Amounts are cents. */
class CommitmentTest {

    private static final Commitment MINIMUM = new Commitment(1_000_000, null);

    @Test
    @Scenario("LG-09")
    void aWholePeriodIsTruedUpToTheMinimum() {
        assertThat(MINIMUM.trueUpCents(10_000)).isEqualTo(990_000);
        assertThat(MINIMUM.trueUpCents(1_000_000)).isZero();
        assertThat(MINIMUM.trueUpCents(1_000_001)).isZero();
    }

    @Test
    void aPartOfThePeriodIsCommittedToItsShareRoundedHalfUp() {
        assertThat(MINIMUM.trueUpCents(690 + 3_000, 2, 29))
                .as("68,965.52 for two days of February, of which 690 plan and 3,000 usage")
                .isEqualTo(65_276);
        assertThat(new Commitment(1, null).trueUpCents(0, 1, 2)).isEqualTo(1);
        assertThat(new Commitment(1, null).trueUpCents(0, 1, 3)).isZero();
        assertThat(MINIMUM.trueUpCents(0, 0, 31)).isZero();
    }

    @Test
    void chargesAboveTheMaximumAreTakenOff() {
        Commitment capped = new Commitment(0, 10_000L);
        assertThat(capped.excessCents(16_500)).isEqualTo(6_500);
        assertThat(capped.excessCents(10_000)).isZero();
        assertThat(capped.excessCents(16_500, 1, 4)).isEqualTo(14_000);
        assertThat(MINIMUM.excessCents(16_500)).isZero();
    }

    @Test
    void amountsAndSharesAreChecked() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Commitment(-1, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new Commitment(2, 1L));
        assertThatIllegalArgumentException().isThrownBy(() -> MINIMUM.trueUpCents(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> MINIMUM.trueUpCents(0, 2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> MINIMUM.trueUpCents(0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> MINIMUM.trueUpCents(0, -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> MINIMUM.excessCents(-1));
    }

    @Property
    void whatIsPaidLiesBetweenTheBounds(
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long minimum,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long above,
            @ForAll @LongRange(min = 0, max = 3_000_000_000_000L) long charges,
            @ForAll @IntRange(min = 0, max = 366) int part,
            @ForAll @IntRange(min = 0, max = 366) int rest) {
        int whole = Math.max(1, part + rest);
        Commitment commitment = new Commitment(minimum, minimum + above);
        long trueUp = commitment.trueUpCents(charges, part, whole);
        long excess = commitment.excessCents(charges, part, whole);
        assertThat(trueUp).isNotNegative();
        assertThat(excess).isNotNegative();
        assertThat(Math.min(trueUp, excess)).isZero();
        long paid = charges + trueUp - excess;
        assertThat(2 * whole * paid).isGreaterThanOrEqualTo(2 * minimum * part - whole);
        assertThat(2 * whole * paid).isLessThanOrEqualTo(2 * (minimum + above) * part + whole);
    }
}
