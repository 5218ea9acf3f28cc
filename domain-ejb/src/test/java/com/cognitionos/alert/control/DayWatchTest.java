package com.cognitionos.alert.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.cognitionos.alert.entity.Anomaly.Direction;
import com.cognitionos.alert.entity.AnomalySettings;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.Meter.Aggregation;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.metering.boundary.Usage;
import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** ALR-7: which kinds of meters are compared by the day, and when. */
class DayWatchTest {

    private static final Instant TODAY = Instant.parse("2026-04-24T00:00:00Z");

    @Test
    void theLastQuantityOfADayIsCompared() {
        assertThat(found(Aggregation.LATEST, 13, 40, 300).unlike())
                .singleElement()
                .satisfies(unlike -> {
                    assertThat(unlike.anomaly().direction()).isEqualTo(Direction.HIGH);
                    assertThat(unlike.quantity()).isEqualByComparingTo("300");
                    assertThat(unlike.day().start()).isEqualTo(TODAY);
                });
        assertThat(found(Aggregation.LATEST, 13, 0, 40).unlike())
                .singleElement()
                .satisfies(unlike -> {
                    assertThat(unlike.anomaly().direction()).isEqualTo(Direction.STOPPED);
                    assertThat(unlike.day().start()).isEqualTo(TODAY.minus(1, ChronoUnit.DAYS));
                });
        assertThat(found(Aggregation.LATEST, 13, 40, 41).unlike()).isEmpty();
    }

    @Test
    void aDayIsOverAtNoonOfTheNext() {
        for (Aggregation kind : Aggregation.values()) {
            DayWatch.Found before = found(kind, 11, 0, 40);
            assertThat(before.unlike()).as(kind.name()).isEmpty();
            assertThat(before.next()).as(kind.name()).isEqualTo(TODAY.plus(12, ChronoUnit.HOURS));
            DayWatch.Found after = found(kind, 12, 0, 40);
            assertThat(after.unlike()).as(kind.name()).hasSize(1);
            assertThat(after.next()).as(kind.name()).isEqualTo(TODAY.plus(1, ChronoUnit.DAYS));
        }
    }

    @Test
    void aLevelThatStaysIsNotLookedAt() {
        List<BigDecimal> same =
                IntStream.range(0, 60).mapToObj(day -> BigDecimal.TEN).toList();
        assertThat(look(Aggregation.TIME_WEIGHTED, 13, same).next()).isNull();
        assertThat(look(Aggregation.LATEST, 13, same).next()).isNotNull();
    }

    /** After some weeks of about 40. */
    private static DayWatch.Found found(Aggregation kind, int hour, int yesterday, int today) {
        List<BigDecimal> days = new ArrayList<>(IntStream.range(0, 60)
                .mapToObj(day -> BigDecimal.valueOf(40 + day % 3))
                .toList());
        days.add(BigDecimal.valueOf(yesterday));
        days.add(BigDecimal.valueOf(today));
        return look(kind, hour, days);
    }

    private static DayWatch.Found look(Aggregation kind, int hour, List<BigDecimal> days) {
        Meter meter = new Meter("sites", "Sites", kind, "site", null, List.of());
        DayWatch watch = new DayWatch();
        set(watch, "sql", new Sql() {
            @Override
            @SuppressWarnings("unchecked")
            public <T> List<T> query(String statement, RowReader<T> reader, @Nullable Object... parameters) {
                return (List<T>) List.of("sites");
            }
        });
        set(watch, "plans", new Plans() {
            @Override
            public Optional<Meter> meter(String code) {
                return Optional.of(meter);
            }
        });
        set(watch, "usage", new Usage() {
            @Override
            public Series series(
                    String code, Instant from, Instant to, Granularity granularity, @Nullable String groupBy) {
                assertThat(from).isEqualTo(TODAY.minus(91, ChronoUnit.DAYS));
                List<Point> points = new ArrayList<>();
                for (int day = 0; day < days.size(); day++) {
                    Instant start = TODAY.minus(days.size() - 1L - day, ChronoUnit.DAYS);
                    points.add(new Point(start, start.plus(1, ChronoUnit.DAYS), days.get(day), null, false));
                }
                return new Series(meter, granularity, from, to, to, List.of(), points);
            }
        });
        return new Caller("job:test", true, new UUID(1, 2), Caller.ALL)
                .call(() -> watch.look(AnomalySettings.USUAL, TODAY.plus(hour, ChronoUnit.HOURS), true));
    }

    private static void set(DayWatch watch, String name, Object value) {
        try {
            Field field = DayWatch.class.getDeclaredField(name);
            field.setAccessible(true);
            field.set(watch, value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
