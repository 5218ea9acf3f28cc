package com.cognitionos.metering.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** INV-25. */
class UsageForecastTest {

    private static final int MONTHS = 600;

    /** How a tenant goes on, day by day. */
    enum Tenant {
        STEADY {
            @Override
            double on(int day, Random random) {
                return 1000 * noise(random);
            }
        },
        WEEKLY {
            @Override
            double on(int day, Random random) {
                return (day % 7 < 5 ? 1000 : 200) * noise(random);
            }
        },
        GROWING {
            @Override
            double on(int day, Random random) {
                return 1000 * Math.pow(1.02, day) * noise(random);
            }
        },
        SHRINKING {
            @Override
            double on(int day, Random random) {
                return 1000 * Math.pow(0.99, day) * noise(random);
            }
        },
        BURSTING {
            @Override
            double on(int day, Random random) {
                return random.nextInt(10) == 0 ? 8000 : 300 * noise(random);
            }
        };

        abstract double on(int day, Random random);

        static double noise(Random random) {
            return Math.exp(0.2 * random.nextGaussian());
        }
    }

    private static double hits(Tenant tenant, int history, int ahead) {
        Random random = new Random(42);
        int hits = 0;
        for (int month = 0; month < MONTHS; month++) {
            int weekday = random.nextInt(7);
            List<BigDecimal> known = new ArrayList<>();
            for (int day = 0; day < history; day++) {
                known.add(BigDecimal.valueOf(tenant.on(weekday + day, random)));
            }
            double truth = 0;
            for (int day = 0; day < ahead; day++) {
                truth += tenant.on(weekday + history + day, random);
            }
            UsageForecast forecast = UsageForecast.of(known, BigDecimal.TEN, 1, ahead - 1.0, BigDecimal.ZERO);
            hits += forecast.low().doubleValue() <= truth + 10
                            && truth + 10 <= forecast.high().doubleValue()
                    ? 1
                    : 0;
        }
        return 100.0 * hits / MONTHS;
    }

    @ParameterizedTest
    @EnumSource(Tenant.class)
    void fourMonthsOfFiveEndInTheBand(Tenant tenant) {
        for (int ahead : new int[] {3, 11, 26}) {
            assertThat(hits(tenant, UsageForecast.HISTORY, ahead))
                    .as("%s, %d days ahead", tenant, ahead)
                    .isBetween(73.0, 87.0);
        }
    }

    @ParameterizedTest
    @CsvSource({"STEADY, 10", "STEADY, 20", "STEADY, 45", "WEEKLY, 20", "WEEKLY, 45", "BURSTING, 20"})
    void alsoWhereThePastIsTooShortToBeAsked(Tenant tenant, int history) {
        assertThat(hits(tenant, history, 26)).isGreaterThan(70);
    }

    private static List<BigDecimal> days(int... quantities) {
        return IntStream.of(quantities).mapToObj(BigDecimal::valueOf).toList();
    }

    @Test
    void daysToComeAreAsTheirWeekdaysWere() {
        List<BigDecimal> weeks = new ArrayList<>();
        for (int week = 0; week < 4; week++) {
            weeks.addAll(days(10, 10, 10, 10, 10, 0, 0));
        }
        UsageForecast five = UsageForecast.of(weeks, BigDecimal.valueOf(100), 1, 4, BigDecimal.ZERO);
        assertThat(five.expected()).isEqualByComparingTo("150");
        assertThat(five.low()).as("no day ever differed from its weekday").isEqualByComparingTo(five.high());
        assertThat(UsageForecast.of(weeks, BigDecimal.valueOf(100), 0.5, 6, BigDecimal.ZERO)
                        .expected())
                .as("half of a workday, four of them and a weekend")
                .isEqualByComparingTo("145");
        assertThat(five.days()).isEqualTo(28);
    }

    @Test
    void theNewestWeekCountsMost() {
        List<BigDecimal> weeks = new ArrayList<>();
        for (int quantity : new int[] {0, 0, 0, 10}) {
            weeks.addAll(days(quantity, quantity, quantity, quantity, quantity, quantity, quantity));
        }
        assertThat(UsageForecast.of(weeks, BigDecimal.ZERO, 1, 0, BigDecimal.ZERO)
                        .expected())
                .isEqualByComparingTo("4");
    }

    @Test
    void withoutAPastThePaceIsThatOfADay() {
        UsageForecast forecast = UsageForecast.of(List.of(), BigDecimal.valueOf(50), 0.5, 9, BigDecimal.valueOf(20));
        assertThat(forecast.expected()).isEqualByComparingTo("240");
        assertThat(forecast.low()).isEqualByComparingTo("50");
        assertThat(forecast.days()).isZero();
    }

    @Test
    void aLevelStaysWhatItIs() {
        UsageForecast steady =
                UsageForecast.ofLevel(days(8, 8, 8), BigDecimal.valueOf(8), 10, BigDecimal.valueOf(8), 0, 10);
        assertThat(steady.expected()).isEqualByComparingTo("8");
        UsageForecast raised =
                UsageForecast.ofLevel(List.of(), BigDecimal.valueOf(2), 10, BigDecimal.valueOf(8), 0, 20);
        assertThat(raised.expected()).as("10 days of 2 and 20 of 8").isEqualByComparingTo("6");
    }

    @Property(tries = 300)
    void neverBelowWhatIsUsedAndInOrder(
            @ForAll @Size(max = 91) List<@IntRange(max = 100_000) Integer> history,
            @ForAll @IntRange(max = 1_000_000) int used,
            @ForAll @DoubleRange(max = 1) double todayLeft,
            @ForAll @DoubleRange(max = 31) double daysLeft,
            @ForAll @IntRange(max = 1_000) int today) {
        UsageForecast forecast = UsageForecast.of(
                history.stream().map(BigDecimal::valueOf).toList(),
                BigDecimal.valueOf(used),
                todayLeft,
                daysLeft,
                BigDecimal.valueOf(today));
        assertThat(forecast.low()).isGreaterThanOrEqualTo(BigDecimal.valueOf(used));
        assertThat(forecast.expected()).isGreaterThanOrEqualTo(forecast.low());
        assertThat(forecast.high()).isGreaterThanOrEqualTo(forecast.expected());
        if (todayLeft + daysLeft == 0) {
            assertThat(forecast.high()).isEqualByComparingTo(BigDecimal.valueOf(used));
        }
    }
}
