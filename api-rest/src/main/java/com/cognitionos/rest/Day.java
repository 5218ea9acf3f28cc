package com.cognitionos.rest;

import com.cognitionos.kernel.Problem;
import java.time.LocalDate;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A calendar day in a request. */
@Schema(type = SchemaType.STRING, format = "date")
public record Day(LocalDate date) {

    /** @throws Problem INVALID */
    public static Day of(String text) {
        return new Day(
                Texts.date(text).orElseThrow(() -> Problem.invalid("day", "invalid_date", "must be a day of a year")));
    }
}
