package com.cognitionos.stripe;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reading and writing JSON trees in few words. */
final class Json {

    private Json() {}

    /** @param pairs names and values by turns */
    static JsonObject of(@Nullable Object... pairs) {
        return set(new JsonObject(), pairs);
    }

    /** @param pairs names and values by turns */
    static JsonObject set(JsonObject object, @Nullable Object... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            object.add(String.valueOf(pairs[i]), element(pairs[i + 1]));
        }
        return object;
    }

    static JsonElement element(@Nullable Object value) {
        if (value == null) {
            return JsonNull.INSTANCE;
        }
        if (value instanceof JsonElement json) {
            return json;
        }
        if (value instanceof Number number) {
            return new JsonPrimitive(number);
        }
        if (value instanceof Boolean flag) {
            return new JsonPrimitive(flag);
        }
        if (value instanceof Iterable<?> items) {
            JsonArray array = new JsonArray();
            items.forEach(item -> array.add(element(item)));
            return array;
        }
        if (value instanceof Map<?, ?> entries) {
            JsonObject object = new JsonObject();
            entries.forEach((name, entry) -> object.add(String.valueOf(name), element(entry)));
            return object;
        }
        return new JsonPrimitive(value.toString());
    }

    static boolean has(JsonObject object, String name) {
        return object.has(name) && !object.get(name).isJsonNull();
    }

    /** Null when it is absent, null or no scalar. */
    static @Nullable String text(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : null;
    }

    /** For what is always there. */
    static String needed(JsonObject object, String name) {
        String text = text(object, name);
        if (text == null) {
            throw new IllegalStateException("No " + name + " in " + object);
        }
        return text;
    }

    /** 0 when it is absent. */
    static long whole(JsonObject object, String name) {
        return has(object, name) ? object.get(name).getAsLong() : 0;
    }

    /** False when it is absent. */
    static boolean flag(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value != null && value.isJsonPrimitive() && "true".equals(value.getAsString());
    }

    /** Empty, and no part of the object, when it is absent. */
    static JsonObject child(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value != null && value.isJsonObject() ? value.getAsJsonObject() : new JsonObject();
    }

    static List<String> texts(JsonObject object, String name) {
        List<String> texts = new ArrayList<>();
        if (object.get(name) instanceof JsonArray array) {
            array.forEach(item -> texts.add(item.getAsString()));
        }
        return texts;
    }

    /** Copies what was sent, nulls too. */
    static void copy(JsonObject from, JsonObject to, String... names) {
        for (String name : names) {
            if (from.has(name)) {
                to.add(name, from.get(name).deepCopy());
            }
        }
    }
}
