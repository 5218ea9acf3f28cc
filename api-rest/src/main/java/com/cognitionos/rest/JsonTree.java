package com.cognitionos.rest;

import com.cognitionos.kernel.Problem;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON text as maps, lists, strings, Booleans, {@link Number}s and null. JSON-P's own reader turns every number into
 * a decimal at once and gives the whole text up over one that is too long; here a number stays text until it is wanted.
 */
public final class JsonTree {

    private static final int MAX_DEPTH = 64;

    private JsonTree() {}

    /** A number as it was written. */
    public record Number(String text) {
        private static final int MAX_LENGTH = 100;
        private static final int MAX_SCALE = 1000;

        /** Empty for one that is too large, too small or too long for anything we count. */
        public Optional<BigDecimal> decimal() {
            if (text.length() > MAX_LENGTH) {
                return Optional.empty();
            }
            try {
                return Optional.of(new BigDecimal(text)).filter(value -> Math.abs((long) value.scale()) <= MAX_SCALE);
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
    }

    /** @throws Problem BAD_REQUEST for anything but one JSON text in UTF-8 without repeated names */
    public static @Nullable Object parse(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("The body is not UTF-8.");
        }
        try (JsonParser parser = Json.createParser(new StringReader(text))) {
            Object value = value(parser, parser.next(), 0);
            if (parser.hasNext()) {
                throw malformed("There is something after the JSON text.");
            }
            return value;
        } catch (JsonException | NoSuchElementException e) {
            throw malformed("The body is not well-formed JSON.");
        }
    }

    private static @Nullable Object value(JsonParser parser, JsonParser.Event event, int depth) {
        if (depth > MAX_DEPTH) {
            throw malformed("The JSON text is nested more than " + MAX_DEPTH + " deep.");
        }
        return switch (event) {
            case START_OBJECT -> object(parser, depth);
            case START_ARRAY -> array(parser, depth);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER -> new Number(parser.getString());
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw malformed("The body is not well-formed JSON.");
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser, int depth) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (JsonParser.Event next = parser.next(); next != JsonParser.Event.END_OBJECT; next = parser.next()) {
            String name = parser.getString();
            if (object.containsKey(name)) {
                throw malformed("The name " + name + " stands twice in one object.");
            }
            object.put(name, value(parser, parser.next(), depth + 1));
        }
        return object;
    }

    private static List<@Nullable Object> array(JsonParser parser, int depth) {
        List<@Nullable Object> array = new ArrayList<>();
        for (JsonParser.Event next = parser.next(); next != JsonParser.Event.END_ARRAY; next = parser.next()) {
            array.add(value(parser, next, depth + 1));
        }
        return array;
    }

    private static Problem malformed(String detail) {
        return new Problem(Problem.Kind.BAD_REQUEST, "malformed_json", detail);
    }
}
