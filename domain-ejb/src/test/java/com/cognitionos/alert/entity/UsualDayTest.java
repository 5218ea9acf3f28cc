package com.cognitionos.alert.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.alert.entity.Anomaly.Direction;
import com.cognitionos.alert.entity.AnomalySettings.Sensitivity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ALR-7. */
class UsualDayTest {

    private static final int TENANTS = 25;
    private static final int DAYS = 180;
    private static final int KNOWN = 70;

    /** How a tenant goes on, day by day, and how often a meter of it may be told of in a year for nothing. */
    enum Tenant {
        STEADY(0.5) {
            @Override
            double on(int day, Random random) {
                return 10_000 * noise(random, 0.1);
            }
        },
        WEEKLY(0.5) {
            @Override
            double on(int day, Random random) {
                return (day % 7 < 5 ? 1000 : 200) * noise(random, 0.15);
            }
        },
        GROWING(1) {
            @Override
            double on(int day, Random random) {
                return (day % 7 < 5 ? 100 : 50) * Math.pow(1.02, day) * noise(random, 0.2);
            }
        },
        NOISY(0.6) {
            @Override
            double on(int day, Random random) {
                return (day % 7 < 5 ? 1000 : 700) * noise(random, 0.3);
            }
        },
        WILD(2) {
            @Override
            double on(int day, Random random) {
                return (day % 7 < 5 ? 1000 : 700) * noise(random, 0.5);
            }
        },
        NOW_AND_THEN(1.5) {
            @Override
            double on(int day, Random random) {
                return random.nextInt(10) < 6 ? Math.rint(500 * noise(random, 0.5)) : 0;
            }
        },
        MONTHLY(1.5) {
            @Override
            double on(int day, Random random) {
                return (day % 30 == 29 ? 4000 : day % 7 < 5 ? 1000 : 300) * noise(random, 0.15);
            }
        };

        private final double mistakesInAYear;

        Tenant(double mistakesInAYear) {
            this.mistakesInAYear = mistakesInAYear;
        }

        abstract double on(int day, Random random);

        static double noise(Random random, double spread) {
            return Math.exp(spread * random.nextGaussian());
        }

        List<BigDecimal> days(int weekday, Random random) {
            return IntStream.range(0, DAYS)
                    .mapToObj(day -> BigDecimal.valueOf(Math.rint(on(weekday + day, random))))
                    .toList();
        }
    }

    private static Optional<UsualDay> usual(List<BigDecimal> days, int day) {
        return UsualDay.of(days.subList(Math.max(0, day - UsualDay.HISTORY), day), Sensitivity.NORMAL);
    }

    private static Optional<Direction> judged(List<BigDecimal> days, int day, BigDecimal quantity) {
        return usual(days, day).flatMap(usual -> usual.judge(quantity, true));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("ALR-7: who goes on as ever is told of next to nothing")
    void rarelyForNothing(Tenant tenant) {
        Random random = new Random(42);
        int told = 0;
        for (int one = 0; one < TENANTS; one++) {
            List<BigDecimal> days = tenant.days(random.nextInt(7), random);
            told += (int) IntStream.range(KNOWN, DAYS)
                    .filter(day -> judged(days, day, days.get(day)).isPresent())
                    .count();
        }
        assertThat(told * 365.0 / (TENANTS * (DAYS - KNOWN)))
                .as("times a year")
                .isLessThanOrEqualTo(tenant.mistakesInAYear);
    }

    @ParameterizedTest
    @EnumSource(names = {"STEADY", "WEEKLY", "GROWING"})
    @DisplayName("ALR-7: three times what is usual is found, and so is a day of nothing")
    void findsWhatIsUnlike(Tenant tenant) {
        Random random = new Random(43);
        int high = 0;
        int stopped = 0;
        int trials = 0;
        for (int one = 0; one < TENANTS; one++) {
            List<BigDecimal> days = tenant.days(random.nextInt(7), random);
            for (int day = KNOWN; day < DAYS; day += 11) {
                trials++;
                BigDecimal three = days.get(day).multiply(BigDecimal.valueOf(3));
                high += judged(days, day, three).equals(Optional.of(Direction.HIGH)) ? 1 : 0;
                stopped += judged(days, day, BigDecimal.ZERO).equals(Optional.of(Direction.STOPPED)) ? 1 : 0;
            }
        }
        assertThat(high / (double) trials).isGreaterThan(0.75);
        assertThat(stopped / (double) trials).isGreaterThan(0.97);
    }

    @Test
    @DisplayName("ALR-7: a meter that rests now and then never stops")
    void whatRestsNeverStops() {
        Random random = new Random(44);
        List<BigDecimal> days = Tenant.NOW_AND_THEN.days(0, random);
        assertThat(IntStream.range(KNOWN, DAYS).mapToObj(day -> judged(days, day, BigDecimal.ZERO)))
                .doesNotContain(Optional.of(Direction.STOPPED));
    }

    @Test
    @DisplayName("ALR-7: nothing is said of fewer than four weeks, of nothing, and by whom it is switched off")
    void nothingToGoBy() {
        List<BigDecimal> days = Collections.nCopies(UsualDay.HISTORY, BigDecimal.TEN);
        assertThat(UsualDay.of(days.subList(0, UsualDay.FEWEST - 1), Sensitivity.HIGH))
                .isEmpty();
        assertThat(UsualDay.of(days.subList(0, UsualDay.FEWEST), Sensitivity.HIGH))
                .isPresent();
        assertThat(UsualDay.of(days, Sensitivity.OFF)).isEmpty();
        assertThat(UsualDay.of(Collections.nCopies(UsualDay.HISTORY, BigDecimal.ZERO), Sensitivity.HIGH))
                .isEmpty();
    }

    @Test
    @DisplayName(
            "ALR-7: of days that are all alike twice as much is high, a tenth has stopped, and only when it is over")
    void figures() {
        UsualDay usual = UsualDay.of(Collections.nCopies(63, BigDecimal.valueOf(1234)), Sensitivity.NORMAL)
                .orElseThrow();
        assertThat(usual).isEqualTo(new UsualDay(new BigDecimal(1230), new BigDecimal(123), new BigDecimal(2470)));
        assertThat(usual.judge(new BigDecimal(2470), true)).isEmpty();
        assertThat(usual.judge(new BigDecimal(2471), false)).contains(Direction.HIGH);
        assertThat(usual.judge(new BigDecimal(124), true)).isEmpty();
        assertThat(usual.judge(new BigDecimal(123), true)).contains(Direction.STOPPED);
        assertThat(usual.judge(new BigDecimal(123), false)).isEmpty();
    }

    @Test
    @DisplayName("ALR-7: what a month before stood out in the same way is no news")
    void monthlyWork() {
        List<BigDecimal> days = new ArrayList<>(Collections.nCopies(91, BigDecimal.TEN));
        assertThat(usual(days, 91).orElseThrow().high()).isEqualByComparingTo("20");
        days.set(91 - 30, BigDecimal.valueOf(100));
        assertThat(usual(days, 91).orElseThrow().high()).isEqualByComparingTo("150");
    }

    @Provide
    Arbitrary<List<BigDecimal>> histories() {
        return Arbitraries.integers()
                .between(0, 1000)
                .map(BigDecimal::valueOf)
                .list()
                .ofMinSize(UsualDay.FEWEST)
                .ofMaxSize(UsualDay.HISTORY);
    }

    @Property(tries = 300)
    void theBandHoldsWhatIsUsual(@ForAll("histories") List<BigDecimal> days, @ForAll Sensitivity sensitivity) {
        UsualDay.of(days, sensitivity).ifPresent(usual -> {
            assertThat(usual.usual()).isPositive();
            assertThat(usual.high()).isGreaterThanOrEqualTo(usual.usual());
            assertThat(usual.low() == null || usual.low().compareTo(usual.usual()) < 0)
                    .isTrue();
            assertThat(usual.judge(usual.usual(), true)).isEmpty();
        });
    }

    @Property(tries = 200)
    void moreSensitiveTellsSooner(@ForAll("histories") List<BigDecimal> days) {
        List<BigDecimal> highs = List.of(Sensitivity.HIGH, Sensitivity.NORMAL, Sensitivity.LOW).stream()
                .map(sensitivity -> UsualDay.of(days, sensitivity))
                .flatMap(Optional::stream)
                .map(UsualDay::high)
                .toList();
        assertThat(highs).isSorted();
    }

    @Property(tries = 200)
    void theUnitDoesNotMatter(
            @ForAll("histories") List<BigDecimal> days, @ForAll @IntRange(min = 1, max = 6) int places) {
        Optional<UsualDay> usual = UsualDay.of(days, Sensitivity.NORMAL);
        Optional<UsualDay> inOthers =
                UsualDay.of(days.stream().map(day -> day.movePointRight(places)).toList(), Sensitivity.NORMAL);
        assertThat(inOthers.isPresent()).isEqualTo(usual.isPresent());
        usual.ifPresent(one -> assertThat(inOthers.orElseThrow().high())
                .isEqualByComparingTo(one.high().movePointRight(places)));
    }
}
