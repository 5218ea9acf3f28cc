package com.cognitionos.metering.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cognitionos.metering.entity.LevelLine.Piece;
import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** MET-14: a level of spans is the level of the whole, wherever it is cut. */
class LevelTest {

    private static final Instant START = Instant.parse("2026-03-29T00:00:00Z");
    private static final int LENGTH = 240;

    /** Microsecond by microsecond. */
    private static BigDecimal naive(TreeMap<Integer, Integer> readings, int from, int to, int before) {
        long sum = 0;
        for (int at = from; at < to; at++) {
            sum += readings.floorEntry(at) == null
                    ? before
                    : readings.floorEntry(at).getValue();
        }
        return from == to
                ? BigDecimal.ZERO
                : BigDecimal.valueOf(sum).divide(BigDecimal.valueOf(to - from), MathContext.DECIMAL128);
    }

    private static Level level(TreeMap<Integer, Integer> readings, int from, int to) {
        Level level = Level.unread(0);
        int at = from;
        for (var reading : readings.subMap(from, to).entrySet()) {
            level = level.then(Level.unread(reading.getKey() - at)).then(reading(reading.getValue()));
            at = reading.getKey() + 1;
        }
        return level.then(Level.unread(to - at));
    }

    /** A microsecond that begins with a reading. */
    private static Level reading(int quantity) {
        return new Level(1, 0L, BigDecimal.valueOf(quantity), BigDecimal.valueOf(quantity));
    }

    private static TreeMap<Integer, Integer> readings(List<Integer> numbers) {
        TreeMap<Integer, Integer> readings = new TreeMap<>();
        numbers.forEach(number -> readings.put(number % LENGTH, number / LENGTH));
        return readings;
    }

    @Property
    void joiningIsAssociativeAndForgetsNothing(
            @ForAll @Size(max = 12) List<@IntRange(min = 0, max = LENGTH * 9 - 1) Integer> numbers,
            @ForAll @IntRange(max = LENGTH) int one,
            @ForAll @IntRange(max = LENGTH) int other,
            @ForAll @IntRange(max = 9) int before) {
        TreeMap<Integer, Integer> readings = readings(numbers);
        int first = Math.min(one, other);
        int second = Math.max(one, other);
        Level a = level(readings, 0, first);
        Level b = level(readings, first, second);
        Level c = level(readings, second, LENGTH);
        assertThat(a.then(b).then(c)).isEqualTo(a.then(b.then(c)));
        assertThat(a.then(b).then(c).mean(BigDecimal.valueOf(before)))
                .isEqualByComparingTo(naive(readings, 0, LENGTH, before));
        assertThat(b.mean(a.after(BigDecimal.valueOf(before))))
                .isEqualByComparingTo(naive(readings, first, second, before));
    }

    @Property
    void aLineOfPiecesHasTheMeanOfEverySpan(
            @ForAll @Size(max = 12) List<@IntRange(min = 0, max = LENGTH * 9 - 1) Integer> numbers,
            @ForAll @IntRange(max = LENGTH / 20 - 1) int from,
            @ForAll @IntRange(min = 1, max = LENGTH / 20) int length,
            @ForAll @IntRange(max = 9) int before) {
        TreeMap<Integer, Integer> readings = readings(numbers);
        List<Piece> pieces = new ArrayList<>();
        for (int at = 0; at < LENGTH; at += 20) {
            Level piece = level(readings, at, at + 20);
            if (piece.first() != null) {
                pieces.add(new Piece(START.plusNanos(at * 1000L), piece));
            }
        }
        int start = from * 20;
        int end = Math.min(LENGTH, start + length * 20);
        assertThat(new LevelLine(START, BigDecimal.valueOf(before), pieces)
                        .mean(new Period(START.plusNanos(start * 1000L), START.plusNanos(end * 1000L))))
                .isEqualByComparingTo(naive(readings, start, end, before));
    }

    @Test
    void aReadingLiesInItsSpan() {
        assertThatThrownBy(() -> new Level(5, 5L, BigDecimal.ZERO, BigDecimal.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Level.unread(0).mean(BigDecimal.TEN)).isZero();
    }
}
