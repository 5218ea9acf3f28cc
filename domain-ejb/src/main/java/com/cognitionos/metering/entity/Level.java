package com.cognitionos.metering.entity;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A level over a span of time, in a form that joins to what lies before and after it, so that hours make days and days
 * make months without a look at the readings. Joining is associative; a span without readings is {@link #unread}.
 *
 * @param micros how long the span is, from 0
 * @param first from its start to its first reading, in microseconds; null where it has none
 * @param integral level times microseconds, from the first reading to the end of the span
 * @param last the level at its end; 0 where it has no reading
 */
public record Level(long micros, @Nullable Long first, BigDecimal integral, BigDecimal last) {

    public Level {
        if (micros < 0 || first != null && (first < 0 || first >= micros)) {
            throw new IllegalArgumentException("a reading lies inside its span");
        }
    }

    public static Level unread(long micros) {
        return new Level(micros, null, BigDecimal.ZERO, BigDecimal.ZERO);
    }

    /** This and what follows it without a gap. */
    public Level then(Level next) {
        if (first == null) {
            return new Level(
                    micros + next.micros,
                    next.first == null ? null : Long.valueOf(micros + next.first),
                    next.integral,
                    next.last);
        }
        long held = next.first == null ? next.micros : next.first;
        return new Level(
                micros + next.micros,
                first,
                integral.add(last.multiply(BigDecimal.valueOf(held))).add(next.integral),
                next.first == null ? last : next.last);
    }

    /** Its mean, exact to 34 digits. @param before the level as it begins; 0 for an empty span */
    public BigDecimal mean(BigDecimal before) {
        if (micros == 0) {
            return BigDecimal.ZERO;
        }
        long held = Objects.requireNonNullElse(first, micros);
        return integral.add(before.multiply(BigDecimal.valueOf(held)))
                .divide(BigDecimal.valueOf(micros), MathContext.DECIMAL128);
    }

    /** The level as it ends. @param before the level as it begins */
    public BigDecimal after(BigDecimal before) {
        return first == null ? before : last;
    }
}
