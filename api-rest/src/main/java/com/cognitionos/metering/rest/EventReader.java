package com.cognitionos.metering.rest;

import com.cognitionos.metering.boundary.UsageEvents;
import com.cognitionos.metering.entity.UsageEvent;
import com.cognitionos.rest.CanonicalJson;
import com.cognitionos.rest.JsonTree;
import com.cognitionos.rest.Texts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes an event of what the tenant sent; what its content means is judged by {@link UsageEvents}. */
final class EventReader {

    private static final int MAX_TEXT = 255;
    private static final int MAX_PROPERTIES = 16_384;

    /** Why an event cannot be read; the others of its request go on. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;
        private final String code;

        Unreadable(String code, String detail) {
            super(detail, null, false, false);
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    private EventReader() {}

    /** @param needsNoQuantity whether a meter counts an event as one, whatever its quantity */
    static UsageEvent read(@Nullable Object item, boolean cloudEvent, Predicate<String> needsNoQuantity)
            throws Unreadable {
        if (!(item instanceof Map<?, ?> object)) {
            throw new Unreadable("malformed", "An event is a JSON object.");
        }
        return plain(cloudEvent ? unwrapped(object) : object, needsNoQuantity);
    }

    private static UsageEvent plain(Map<?, ?> event, Predicate<String> needsNoQuantity) throws Unreadable {
        String id = id(event.get("id"));
        String meter = required("meter", event.get("meter"));
        boolean one = !event.containsKey("quantity") && needsNoQuantity.test(meter);
        return new UsageEvent(
                id,
                meter,
                one ? BigDecimal.ONE : quantity(event.get("quantity")),
                timestamp(event.get("timestamp")),
                event.get("subject") == null ? null : required("subject", event.get("subject")),
                properties(event.get("properties")));
    }

    /** The attributes of CloudEvents 1.0 as our fields; {@code type} names the meter where the data does not. */
    private static Map<?, ?> unwrapped(Map<?, ?> event) throws Unreadable {
        if (!"1.0".equals(event.get("specversion"))) {
            throw new Unreadable("malformed", "specversion must be 1.0.");
        }
        if (!(event.get("data") instanceof Map<?, ?> data)) {
            throw new Unreadable("malformed", "data must be an object with meter and quantity.");
        }
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        plain.put("id", event.get("id"));
        plain.put("meter", data.get("meter") == null ? event.get("type") : data.get("meter"));
        if (data.containsKey("quantity")) {
            plain.put("quantity", data.get("quantity"));
        }
        plain.put("timestamp", event.get("time"));
        plain.put("subject", event.get("subject"));
        plain.put("properties", data.get("properties"));
        return plain;
    }

    private static String id(@Nullable Object value) throws Unreadable {
        if (value instanceof String id
                && !id.isBlank()
                && id.length() <= UsageEvents.MAX_ID_LENGTH
                && Texts.isStorable(id)) {
            return id;
        }
        throw new Unreadable("invalid_id", "id must be a string of 1 to " + UsageEvents.MAX_ID_LENGTH + " characters.");
    }

    private static String required(String field, @Nullable Object value) throws Unreadable {
        if (value instanceof String text && !text.isBlank() && text.length() <= MAX_TEXT && Texts.isStorable(text)) {
            return text;
        }
        throw new Unreadable("malformed", field + " must be a string of 1 to " + MAX_TEXT + " characters.");
    }

    private static BigDecimal quantity(@Nullable Object value) throws Unreadable {
        if (!(value instanceof JsonTree.Number number)) {
            throw new Unreadable("invalid_quantity", "quantity must be a JSON number.");
        }
        return number.decimal()
                .orElseThrow(() -> new Unreadable("invalid_quantity", "quantity is out of range or too long."));
    }

    private static @Nullable Instant timestamp(@Nullable Object value) throws Unreadable {
        if (value == null) {
            return null;
        }
        return (value instanceof String text ? Texts.instant(text) : Optional.<Instant>empty())
                .orElseThrow(() -> new Unreadable(
                        "invalid_timestamp",
                        "timestamp must be ISO 8601 with an offset, such as 2026-01-31T10:00:00Z."));
    }

    private static @Nullable String properties(@Nullable Object value) throws Unreadable {
        if (value == null) {
            return null;
        }
        if (!(value instanceof Map<?, ?>)) {
            throw new Unreadable("malformed", "properties must be an object.");
        }
        return CanonicalJson.of(value)
                .filter(text -> text.length() <= MAX_PROPERTIES)
                .orElseThrow(() -> new Unreadable(
                        "malformed",
                        "properties must be storable and have at most " + MAX_PROPERTIES + " characters."));
    }
}
