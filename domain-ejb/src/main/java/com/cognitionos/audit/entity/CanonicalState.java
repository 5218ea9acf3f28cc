package com.cognitionos.audit.entity;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A state as JSON text in which equal content is equal text, also after the database has stored it as {@code jsonb}:
 * names in order, numbers plain, no white space. The escapes are our own, since a library's might change and with them
 * the hashes of old entries.
 */
public final class CanonicalState {

    private static final char REPLACEMENT = '\uFFFD';

    private CanonicalState() {}

    /** Of maps, collections, numbers, Booleans and null; anything else as its text. */
    public static String of(Map<String, ?> state) {
        StringBuilder json = new StringBuilder();
        append(state, json);
        return json.toString();
    }

    /** The canonical text of what the database made of one. */
    public static String again(String stored) {
        try (JsonReader reader = Json.createReader(new StringReader(stored))) {
            StringBuilder json = new StringBuilder();
            append(reader.readValue(), json);
            return json.toString();
        }
    }

    /** As the database can keep it: it knows neither NUL nor half a surrogate pair. */
    public static String storable(String text) {
        StringBuilder kept = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                kept = kept == null ? new StringBuilder(text) : kept;
                kept.setCharAt(i, REPLACEMENT);
            }
        }
        return kept == null ? text : kept.toString();
    }

    private static void append(@Nullable Object value, StringBuilder json) {
        if (value == null || value == JsonValue.NULL) {
            json.append("null");
        } else if (value instanceof JsonString string) {
            quote(string.getString(), json);
        } else if (value instanceof JsonNumber number) {
            number(number.bigDecimalValue(), json);
        } else if (value instanceof JsonObject object) {
            object(object, json);
        } else if (value instanceof JsonArray array) {
            array(array, json);
        } else if (value == JsonValue.TRUE || value == JsonValue.FALSE || value instanceof Boolean) {
            json.append(value);
        } else if (value instanceof Map<?, ?> map) {
            object(map, json);
        } else if (value instanceof Iterable<?> items) {
            array(items, json);
        } else if (value instanceof Number number) {
            number(new BigDecimal(number.toString()), json);
        } else {
            quote(storable(value.toString()), json);
        }
    }

    private static void object(Map<?, ?> map, StringBuilder json) {
        TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
        map.forEach((name, item) -> sorted.put(storable(String.valueOf(name)), item));
        json.append('{');
        String separator = "";
        for (Map.Entry<String, @Nullable Object> member : sorted.entrySet()) {
            json.append(separator);
            separator = ",";
            quote(member.getKey(), json);
            json.append(':');
            append(member.getValue(), json);
        }
        json.append('}');
    }

    private static void array(Iterable<?> items, StringBuilder json) {
        json.append('[');
        String separator = "";
        for (Object item : items) {
            json.append(separator);
            separator = ",";
            append(item, json);
        }
        json.append(']');
    }

    private static void number(BigDecimal number, StringBuilder json) {
        json.append(number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString());
    }

    private static void quote(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
