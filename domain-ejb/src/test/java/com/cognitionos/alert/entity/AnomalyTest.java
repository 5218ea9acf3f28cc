package com.cognitionos.alert.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.alert.entity.Anomaly.Direction;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** ALR-7: which days are news after those that were told of. */
class AnomalyTest {

    private static final Instant DAY = Instant.parse("2026-04-24T00:00:00Z");

    /** The day before it had 100, all others 10. */
    private static Anomaly anomaly(Direction direction) {
        List<BigDecimal> history = Stream.concat(
                        Stream.generate(() -> BigDecimal.TEN).limit(Anomaly.DAYS - 1L), Stream.of(new BigDecimal(100)))
                .toList();
        return new Anomaly(direction, BigDecimal.TEN, BigDecimal.ONE, new BigDecimal(20), history);
    }

    private static Alert told(int daysBefore, @Nullable Direction direction, int value) {
        Instant start = DAY.minus(daysBefore, ChronoUnit.DAYS);
        return new Alert(
                new UUID(1, 2),
                Alert.Kind.ANOMALY,
                "executions",
                null,
                "Executions",
                null,
                new Period(start, start.plus(1, ChronoUnit.DAYS)),
                0,
                BigDecimal.TEN,
                new BigDecimal(value),
                start,
                List.of(),
                null,
                null,
                direction == null ? null : anomaly(direction));
    }

    private static boolean isTold(Direction direction, int quantity, Alert before) {
        return anomaly(direction).isToldBy(before, DAY, new BigDecimal(quantity));
    }

    @Test
    void aDayIsToldOfOnceWhicheverWayItIs() {
        assertThat(isTold(Direction.HIGH, 1000, told(0, Direction.HIGH, 50))).isTrue();
        assertThat(isTold(Direction.STOPPED, 0, told(0, Direction.HIGH, 50))).isTrue();
    }

    @Test
    void whatWasToldOfTheDayAfterSaysNothingOfTheDayBefore() {
        assertThat(isTold(Direction.STOPPED, 0, told(-1, Direction.STOPPED, 0))).isFalse();
        assertThat(isTold(Direction.HIGH, 50, told(-1, Direction.HIGH, 300))).isFalse();
    }

    @Test
    void withinAWeekOnlyHalfAsMuchAgainIsNews() {
        Alert dayBefore = told(1, Direction.HIGH, 60);
        assertThat(isTold(Direction.HIGH, 149, dayBefore))
                .as("it came to 100 after it was told at 60")
                .isTrue();
        assertThat(isTold(Direction.HIGH, 150, dayBefore)).isFalse();
        Alert weekBefore = told(Anomaly.DAYS_LIKE_IT, Direction.HIGH, 60);
        assertThat(isTold(Direction.HIGH, 89, weekBefore)).isTrue();
        assertThat(isTold(Direction.HIGH, 90, weekBefore)).isFalse();
        assertThat(isTold(Direction.HIGH, 89, told(Anomaly.DAYS_LIKE_IT + 1, Direction.HIGH, 60)))
                .isFalse();
    }

    @Test
    void theOtherWayIsNewsAndAStopIsToldOfOnce() {
        assertThat(isTold(Direction.STOPPED, 0, told(1, Direction.STOPPED, 0))).isTrue();
        Anomaly stopped = new Anomaly(
                Direction.STOPPED,
                BigDecimal.TEN,
                BigDecimal.ONE,
                new BigDecimal(20),
                Stream.generate(() -> BigDecimal.ZERO).limit(Anomaly.DAYS).toList());
        assertThat(stopped.isToldBy(told(1, Direction.STOPPED, 0), DAY, BigDecimal.ZERO))
                .as("nothing after nothing")
                .isTrue();
        assertThat(isTold(Direction.STOPPED, 0, told(1, Direction.HIGH, 60))).isFalse();
        assertThat(isTold(Direction.HIGH, 50, told(1, Direction.STOPPED, 0))).isFalse();
        assertThat(isTold(Direction.HIGH, 50, told(1, null, 60))).isFalse();
    }
}
