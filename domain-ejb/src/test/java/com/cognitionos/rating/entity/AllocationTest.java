package com.cognitionos.rating.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Splitting by largest remainder. */
class AllocationTest {

    @Test
    void theLargestRemaindersGetTheCentsLeftOver() {
        assertThat(Allocation.byWeight(100, List.of(1L, 1L, 1L))).containsExactly(34L, 33L, 33L);
        assertThat(Allocation.byWeight(1000, List.of(1999L, 6833L, 20033L))).containsExactly(69L, 237L, 694L);
    }

    @Test
    void equalRemaindersGoToTheEarlierPart() {
        assertThat(Allocation.byWeight(2, List.of(1L, 1L, 1L, 1L))).containsExactly(1L, 1L, 0L, 0L);
        assertThat(Allocation.byWeight(-2, List.of(1L, 1L, 1L, 1L))).containsExactly(-1L, -1L, 0L, 0L);
    }

    @Test
    void aWeightOf0GetsNothing() {
        assertThat(Allocation.byWeight(5, List.of(0L, 3L, 0L, 3L))).containsExactly(0L, 3L, 0L, 2L);
    }

    @Test
    void partsAreEqualWhereAllWeightsAre0() {
        assertThat(Allocation.byWeight(7, List.of(0L, 0L, 0L))).containsExactly(3L, 2L, 2L);
    }

    @Test
    void weightsOfEitherSignShareInProportion() {
        assertThat(Allocation.byWeight(70, List.of(100L, -30L))).containsExactly(100L, -30L);
        assertThatIllegalArgumentException().isThrownBy(() -> Allocation.byWeight(1, List.of(5L, -5L)));
    }

    @Test
    void noPartsShareNothing() {
        assertThat(Allocation.byWeight(0, List.of())).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> Allocation.byWeight(1, List.of()));
    }

    @Test
    void theLargestAmountsFit() {
        assertThat(Allocation.byWeight(Long.MAX_VALUE, List.of(Long.MAX_VALUE, Long.MAX_VALUE)))
                .containsExactly(Long.MAX_VALUE / 2 + 1, Long.MAX_VALUE / 2);
    }

    @Test
    void aWholeAwayFromTheSumOfSharesKeepsTheSigns() {
        List<Ratio> shares = List.of(Ratio.ZERO, Ratio.of(5), Ratio.ZERO);
        assertThat(Allocation.ofShares(2, shares)).containsExactly(0L, 2L, 0L);
        assertThat(Allocation.ofShares(7, shares)).containsExactly(0L, 7L, 0L);
    }

    /** I4: the parts sum to the whole, and none is a cent or more from its share. */
    @Property
    void partsSumToTheWholeAndAreNearTheirShares(
            @ForAll long cents,
            @ForAll @Size(min = 1, max = 30) List<@LongRange(min = 0, max = 1_000_000_000) Long> weights) {
        List<Long> parts = Allocation.byWeight(cents, weights);

        assertThat(Cents.sum(parts)).isEqualTo(cents);
        long sum = Cents.sum(weights);
        for (int i = 0; i < parts.size(); i++) {
            long weight = sum == 0 ? 1 : weights.get(i);
            BigDecimal off = BigDecimal.valueOf(parts.get(i))
                    .multiply(BigDecimal.valueOf(sum == 0 ? weights.size() : sum))
                    .subtract(BigDecimal.valueOf(cents).multiply(BigDecimal.valueOf(weight)));
            assertThat(off.abs()).isLessThan(BigDecimal.valueOf(sum == 0 ? weights.size() : sum));
        }
    }

    @Property
    void aNegativeAmountIsSplitAsThePositiveOne(
            @ForAll @LongRange(min = 0, max = 1_000_000) long cents,
            @ForAll @Size(min = 1, max = 10) List<@LongRange(min = 0, max = 20) Long> weights) {
        assertThat(Allocation.byWeight(-cents, weights))
                .isEqualTo(Allocation.byWeight(cents, weights).stream()
                        .map(part -> -part)
                        .toList());
    }
}
