package com.cognitionos.rest;

import com.cognitionos.kernel.Problem;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A JSON text as maps, lists, strings, Booleans, {@link Number}s and null. A number stays text until it is wanted, so that
 * one that is too long spoils nothing but itself.
 */
public final class JsonTree {

    private static final int MAX_DEPTH = 64;

    // The limits are those of the whole body; a number or name that is too long is the fault of its value alone.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

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
        try {
            return parse(new ByteArrayInputStream(bytes), "", item -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a text of any length without keeping all of it: where it is a list, or has one as a member, the list's items are
     * handed over one by one, and an empty list stands in its place.
     *
     * @param member name of a member of the outermost object; the empty name for none, and then no list is handed over
     * @param item may throw what ends it
     * @throws Problem as {@link #parse(byte[])}; items that came before the fault have been handed over
     */
    public static @Nullable Object parse(InputStream in, String member, Consumer<@Nullable Object> item)
            throws IOException {
        try (JsonParser parser = FACTORY.createParser(new Utf8(in))) {
            JsonToken token = parser.nextToken();
            Object value;
            if (member.isEmpty()) {
                value = value(parser, token, 0);
            } else if (token == JsonToken.START_ARRAY) {
                value = items(parser, 0, item);
            } else if (token == JsonToken.START_OBJECT) {
                value = object(parser, 0, member, item);
            } else {
                value = value(parser, token, 0);
            }
            if (parser.nextToken() != null) {
                throw malformed("There is something after the JSON text.");
            }
            return value;
        } catch (JsonProcessingException | IllegalStateException e) {
            throw malformed("The body is not well-formed JSON.");
        }
    }

    private static @Nullable Object value(JsonParser parser, @Nullable JsonToken token, int depth) throws IOException {
        if (token == null) {
            throw malformed("The body is not well-formed JSON.");
        }
        if (depth > MAX_DEPTH) {
            throw malformed("The JSON text is nested more than " + MAX_DEPTH + " deep.");
        }
        return switch (token) {
            case START_OBJECT -> object(parser, depth, "", none -> {});
            case START_ARRAY -> array(parser, depth);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Number(parser.getText());
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw malformed("The body is not well-formed JSON.");
        };
    }

    private static Map<String, @Nullable Object> object(
            JsonParser parser, int depth, String member, Consumer<@Nullable Object> item) throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            if (object.containsKey(name)) {
                throw malformed("The name " + name + " stands twice in one object.");
            }
            JsonToken token = parser.nextToken();
            boolean streamed = token == JsonToken.START_ARRAY && !member.isEmpty() && name.equals(member);
            object.put(name, streamed ? items(parser, depth + 1, item) : value(parser, token, depth + 1));
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw malformed("The body is not well-formed JSON.");
        }
        return object;
    }

    private static List<@Nullable Object> array(JsonParser parser, int depth) throws IOException {
        List<@Nullable Object> array = new ArrayList<>();
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            array.add(value(parser, next, depth + 1));
        }
        return array;
    }

    private static List<@Nullable Object> items(JsonParser parser, int depth, Consumer<@Nullable Object> item)
            throws IOException {
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            item.accept(value(parser, next, depth + 1));
        }
        return List.of();
    }

    private static Problem malformed(String detail) {
        return new Problem(Problem.Kind.BAD_REQUEST, "malformed_json", detail);
    }

    /** Lets only UTF-8 through (RFC 3629): the parser takes more for it. */
    private static final class Utf8 extends FilterInputStream {
        /** Bytes that must still follow, and between what the next of them must lie. */
        private int open;

        private int lowest;
        private int highest;

        Utf8(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            if (next < 0) {
                end();
            } else {
                check(next);
            }
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            if (read < 0) {
                end();
            }
            for (int i = 0; i < read; i++) {
                byte next = buffer[offset + i];
                if (next < 0 || open > 0) {
                    check(next & 0xFF);
                }
            }
            return read;
        }

        private void end() {
            if (open > 0) {
                throw malformed("The body is not UTF-8.");
            }
        }

        private void check(int next) {
            if (open > 0) {
                if (next < lowest || next > highest) {
                    throw malformed("The body is not UTF-8.");
                }
                open--;
                lowest = 0x80;
                highest = 0xBF;
            } else if (next >= 0x80) {
                open = next >= 0xF0 ? 3 : next >= 0xE0 ? 2 : 1;
                // Neither longer than need be, nor half a surrogate pair, nor beyond the last character.
                lowest = next == 0xE0 ? 0xA0 : next == 0xF0 ? 0x90 : 0x80;
                highest = next == 0xED ? 0x9F : next == 0xF4 ? 0x8F : 0xBF;
                if (next < 0xC2 || next > 0xF4) {
                    throw malformed("The body is not UTF-8.");
                }
            }
        }
    }
}
