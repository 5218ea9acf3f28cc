package com.cognitionos.alert.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.alert.entity.Thresholds.Told;
import com.cognitionos.kernel.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** ALR-1, ALR-3. */
class ThresholdsTest {

    private static final BigDecimal LIMIT = BigDecimal.valueOf(10_000);

    private static List<Integer> news(long value, Told... told) {
        return Thresholds.USUAL.news(BigDecimal.valueOf(value), LIMIT, List.of(told));
    }

    private static Told told(int threshold, long value) {
        return new Told(threshold, BigDecimal.valueOf(value));
    }

    @Test
    void aShareIsReachedAtItAndNotBefore() {
        assertThat(news(4_999)).isEmpty();
        assertThat(news(5_000)).containsExactly(50);
        assertThat(news(9_999)).containsExactly(50, 75, 90);
        assertThat(news(50_000)).containsExactly(50, 75, 90, 100);
        assertThat(new Thresholds(List.of(33)).news(new BigDecimal("0.989999"), BigDecimal.valueOf(3), List.of()))
                .isEmpty();
        assertThat(new Thresholds(List.of(33)).news(new BigDecimal("0.99"), BigDecimal.valueOf(3), List.of()))
                .containsExactly(33);
    }

    @Test
    void whatWasToldIsNotToldAgain() {
        assertThat(news(9_200, told(50, 5_000), told(75, 8_000))).containsExactly(90);
        assertThat(news(5_000, told(50, 5_000))).isEmpty();
    }

    @Test
    void anotherBoundMakesNewsOfWhatWasNotReachedThen() {
        BigDecimal raised = BigDecimal.valueOf(20_000);
        List<Told> before = List.of(told(50, 5_000), told(75, 12_000), told(90, 12_000));
        assertThat(Thresholds.USUAL.news(BigDecimal.valueOf(12_000), raised, before))
                .as("half of the new bound was not there yet when half of the old one was told")
                .containsExactly(50);
        assertThat(Thresholds.USUAL.news(BigDecimal.valueOf(9_999), raised, before))
                .isEmpty();
        assertThat(Thresholds.USUAL.news(BigDecimal.valueOf(12_000), BigDecimal.valueOf(6_000), before))
                .as("of a lower one only what was never told")
                .containsExactly(100);
    }

    @Test
    void theNextQuantityIsTheLeastThatIsNews() {
        assertThat(Thresholds.USUAL.next(BigDecimal.ZERO, LIMIT, List.of()))
                .hasValueSatisfying(next -> assertThat(next).isEqualByComparingTo("5000"));
        assertThat(Thresholds.USUAL.next(BigDecimal.valueOf(5_000), LIMIT, List.of()))
                .hasValueSatisfying(next -> assertThat(next).isEqualByComparingTo("7500"));
        assertThat(Thresholds.USUAL.next(BigDecimal.valueOf(4_000), LIMIT, List.of(told(50, 6_000))))
                .as("told before something was taken back")
                .hasValueSatisfying(next -> assertThat(next).isEqualByComparingTo("7500"));
        assertThat(Thresholds.USUAL.next(BigDecimal.valueOf(10_000), LIMIT, List.of()))
                .isEmpty();
        assertThat(Thresholds.USUAL.next(BigDecimal.ONE, BigDecimal.ZERO, List.of()))
                .isEmpty();
        assertThat(Thresholds.USUAL.news(BigDecimal.ONE, BigDecimal.ZERO, List.of()))
                .as("there are no shares of nothing")
                .isEmpty();
    }

    /** However a month goes, up, down and with a bound that moves, no share of one bound is told twice. */
    @Property(tries = 300)
    void aShareOfABoundIsToldOnce(
            @ForAll @Size(max = 40) List<@IntRange(max = 150) Integer> values,
            @ForAll @Size(min = 40, max = 40) List<@IntRange(min = 1, max = 3) Integer> bounds) {
        List<Told> told = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < values.size(); i++) {
            BigDecimal value = BigDecimal.valueOf(values.get(i));
            BigDecimal bound = BigDecimal.valueOf(50L * bounds.get(i));
            Thresholds.USUAL
                    .next(value, bound, told)
                    .ifPresent(next -> assertThat(Thresholds.USUAL.news(next, bound, told))
                            .as("at the next quantity there is something to tell")
                            .isNotEmpty());
            for (int share : Thresholds.USUAL.news(value, bound, List.copyOf(told))) {
                assertThat(seen.add(share + " of " + bound)).isTrue();
                told.add(new Told(share, value));
            }
        }
    }

    @Test
    void onlyAscendingSharesAreTaken() {
        for (List<Integer> wrong : List.of(List.of(0), List.of(50, 50), List.of(75, 50), List.of(1001))) {
            assertThatThrownBy(() -> new Thresholds(wrong).checked("thresholds"))
                    .isInstanceOf(Problem.class);
        }
        assertThatThrownBy(() -> new Thresholds(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)).checked("thresholds"))
                .isInstanceOf(Problem.class);
        assertThat(new Thresholds(List.of(1, 1000)).checked("thresholds").percent())
                .containsExactly(1, 1000);
    }
}
