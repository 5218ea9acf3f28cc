package com.cognitionos.catalog.entity;

import com.cognitionos.audit.entity.CanonicalState;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON text of a plan as maps, lists, texts, Booleans, decimals and null. */
public final class StoredDocument {

    /** Made once: each call of {@link Json} looks for a provider on the whole class path. */
    private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());

    private StoredDocument() {}

    public static Map<String, @Nullable Object> read(String json) {
        try (JsonReader reader = READERS.createReader(new StringReader(json))) {
            return object(reader.readObject());
        }
    }

    public static String write(Map<String, @Nullable Object> document) {
        return CanonicalState.of(document);
    }

    private static Map<String, @Nullable Object> object(JsonObject object) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        object.forEach((name, value) -> members.put(name, plain(value)));
        return members;
    }

    private static @Nullable Object plain(JsonValue value) {
        return switch (value.getValueType()) {
            case OBJECT -> object((JsonObject) value);
            case ARRAY -> array((JsonArray) value);
            case STRING -> ((JsonString) value).getString();
            case NUMBER -> ((JsonNumber) value).bigDecimalValue();
            case TRUE -> Boolean.TRUE;
            case FALSE -> Boolean.FALSE;
            case NULL -> null;
        };
    }

    private static List<@Nullable Object> array(JsonArray array) {
        List<@Nullable Object> items = new ArrayList<>();
        array.forEach(item -> items.add(plain(item)));
        return items;
    }
}
