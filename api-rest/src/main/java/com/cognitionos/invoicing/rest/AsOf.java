package com.cognitionos.invoicing.rest;

import com.cognitionos.kernel.Problem;
import com.cognitionos.rest.Texts;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Up to when a run bills: an instant, or a whole day in UTC. One of the two is null. */
@Schema(
        type = SchemaType.STRING,
        examples = {"\"2026-01-31\"", "\"2026-01-31T12:00:00Z\""})
public record AsOf(@Nullable Instant instant, @Nullable LocalDate day) {

    /** @throws Problem INVALID */
    public static AsOf of(String text) {
        return Texts.date(text)
                .map(day -> new AsOf(null, day))
                .or(() -> Texts.instant(text).map(instant -> new AsOf(instant, null)))
                .orElseThrow(() ->
                        Problem.invalid("as_of", "invalid_timestamp", "must be a date, or ISO 8601 with an offset"));
    }

    /** Today ends in the future, where no live tenant can be billed; it is meant as "what is due by now". */
    public Instant at(Instant now) {
        if (day == null) {
            return instant == null ? now : instant;
        }
        Instant end = Texts.endOf(day);
        return end.isAfter(now) && day.equals(LocalDate.ofInstant(now, ZoneOffset.UTC)) ? now : end;
    }
}
