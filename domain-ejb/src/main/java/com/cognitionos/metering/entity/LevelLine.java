package com.cognitionos.metering.entity;

import com.cognitionos.rating.entity.Period;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A level from {@code start} on.
 *
 * @param before the level as it starts
 * @param pieces in the order of time, not overlapping, with the readings; without any between them
 */
public record LevelLine(Instant start, BigDecimal before, List<Piece> pieces) {

    public record Piece(Instant since, Level level) {
        Instant until() {
            return since.plusNanos(level.micros() * 1000);
        }
    }

    public LevelLine {
        pieces = List.copyOf(pieces);
    }

    /** @param span from {@code start} on; no piece crosses its end */
    public BigDecimal mean(Period span) {
        BigDecimal level = before;
        Level whole = Level.unread(0);
        Instant at = span.start();
        for (Piece piece : pieces) {
            if (!piece.since().isBefore(span.end())) {
                break;
            }
            if (piece.until().isAfter(span.start())) {
                whole = whole.then(Level.unread(micros(at, piece.since()))).then(piece.level());
                at = piece.until();
            } else {
                level = piece.level().after(level);
            }
        }
        return whole.then(Level.unread(micros(at, span.end()))).mean(level);
    }

    private static long micros(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1000;
    }
}
