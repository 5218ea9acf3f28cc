package com.cognitionos.metering.rest;

import jakarta.validation.constraints.NotNull;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What the document at /openapi says of usage events; {@link EventReader} reads them, each by itself. */
public final class EventDocument {

    private EventDocument() {}

    /** One event; {@code id} is the tenant's idempotency key. */
    public record Event(
            @NotNull String id,
            @NotNull String meter,

            @Nullable
            @Schema(
                    description =
                            "From 0, with at most 6 decimal places. To be left out only of a meter that counts events or their"
                                    + " distinct values")
            BigDecimal quantity,

            @Nullable Instant timestamp,
            @Nullable String subject,
            @Schema(type = SchemaType.OBJECT) @Nullable Object properties) {}

    /** Up to 1000 of them. */
    public record Events(@NotNull List<Event> events) {}
}
