package com.cognitionos.stripe;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a parameter may be: the kinds of values it takes, at most one of each kind.
 *
 * @param allowed texts, any when empty
 * @param longest length of a text
 * @param item of a list
 * @param fields of an object
 * @param required names of fields that must be there
 */
record Shape(
        Set<Kind> kinds,
        Set<String> allowed,
        int longest,
        @Nullable Shape item,
        Map<String, Shape> fields,
        Set<String> required) {

    enum Kind {
        TEXT,
        WHOLE,
        DECIMAL,
        FLAG,
        LIST,
        FIELDS,
        /** Names of one's own with texts. */
        ENTRIES,
        /** An empty text, which unsets. */
        EMPTY
    }

    static final int ANY_LENGTH = Integer.MAX_VALUE;

    static Shape of(Kind kind) {
        return new Shape(EnumSet.of(kind), Set.of(), ANY_LENGTH, null, Map.of(), Set.of());
    }

    static Shape text(Set<String> allowed, int longest) {
        return new Shape(EnumSet.of(Kind.TEXT), allowed, longest, null, Map.of(), Set.of());
    }

    static Shape list(Shape item) {
        return new Shape(EnumSet.of(Kind.LIST), Set.of(), ANY_LENGTH, item, Map.of(), Set.of());
    }

    static Shape fields(Map<String, Shape> fields, Set<String> required) {
        return new Shape(EnumSet.of(Kind.FIELDS), Set.of(), ANY_LENGTH, null, fields, required);
    }

    /** Takes what either takes: alternatives, of which an object needs only the fields that both need. */
    static @Nullable Shape either(@Nullable Shape one, @Nullable Shape other) {
        return merged(one, other, Set::retainAll);
    }

    /** Takes what either takes: a description and its supplement. */
    static @Nullable Shape both(@Nullable Shape one, @Nullable Shape other) {
        return merged(one, other, Set::addAll);
    }

    private static @Nullable Shape merged(
            @Nullable Shape one, @Nullable Shape other, BiConsumer<Set<String>, Set<String>> ofRequired) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        Set<Kind> kinds = EnumSet.copyOf(one.kinds);
        kinds.addAll(other.kinds);
        Set<String> allowed = new LinkedHashSet<>(one.allowed);
        allowed.addAll(other.allowed);
        Map<String, Shape> fields = new TreeMap<>(one.fields);
        other.fields.forEach((name, shape) -> {
            Shape field = merged(fields.get(name), shape, ofRequired);
            fields.put(name, field == null ? shape : field);
        });
        Set<String> required = new LinkedHashSet<>(one.kinds.contains(Kind.FIELDS) ? one.required : other.required);
        if (one.kinds.contains(Kind.FIELDS) && other.kinds.contains(Kind.FIELDS)) {
            ofRequired.accept(required, other.required);
        }
        return new Shape(
                kinds,
                allowed,
                Math.min(one.longest, other.longest),
                merged(one.item, other.item, ofRequired),
                fields,
                required);
    }

    /**
     * The typed value.
     *
     * @param node of {@link Form}
     * @throws StripeError that Stripe answers it with
     */
    JsonElement typed(Object node, String name) {
        return node instanceof Map<?, ?> children ? ofChildren(children, name) : ofText(node.toString(), name);
    }

    private JsonElement ofChildren(Map<?, ?> children, String name) {
        if (kinds.contains(Kind.LIST) && item != null && indexed(children)) {
            JsonArray array = new JsonArray();
            children.forEach((index, child) -> array.add(item.typed(child, name + "[" + index + "]")));
            return array;
        }
        if (kinds.contains(Kind.FIELDS)) {
            JsonObject object = new JsonObject();
            children.forEach((key, child) -> {
                String path = name.isEmpty() ? key.toString() : name + "[" + key + "]";
                Shape field = fields.get(key.toString());
                if (field == null) {
                    throw StripeError.invalid("parameter_unknown", path, "Received unknown parameter: " + path);
                }
                object.add(key.toString(), field.typed(child, path));
            });
            for (String field : required) {
                if (!object.has(field)) {
                    String path = name.isEmpty() ? field : name + "[" + field + "]";
                    throw StripeError.invalid("parameter_missing", path, "Missing required param: " + path + ".");
                }
            }
            return object;
        }
        if (kinds.contains(Kind.ENTRIES)) {
            JsonObject object = new JsonObject();
            children.forEach((key, child) -> {
                if (child instanceof Map) {
                    throw StripeError.invalid(null, name, "Invalid " + name + ": values must be strings");
                }
                object.addProperty(key.toString(), child.toString());
            });
            return object;
        }
        throw StripeError.invalid(null, name, "Invalid " + (kinds.contains(Kind.LIST) ? "array" : "string"));
    }

    private static boolean indexed(Map<?, ?> children) {
        return children.keySet().stream().allMatch(key -> key.toString().matches("\\d+"));
    }

    private JsonElement ofText(String text, String name) {
        if (text.isEmpty()) {
            if (kinds.contains(Kind.EMPTY)) {
                return JsonNull.INSTANCE;
            }
            if (kinds.contains(Kind.LIST)) {
                // The library's way to send an empty one.
                return new JsonArray();
            }
            throw StripeError.invalid(
                    "parameter_invalid_empty",
                    name,
                    "You passed an empty string for '" + name + "', which cannot be unset.");
        }
        if (kinds.contains(Kind.FLAG) && text.matches("true|false")) {
            return new JsonPrimitive(Boolean.valueOf(text));
        }
        if (kinds.contains(Kind.WHOLE) && text.matches("-?\\d{1,18}")) {
            return new JsonPrimitive(Long.valueOf(text));
        }
        if (kinds.contains(Kind.DECIMAL) && text.matches("-?\\d+(\\.\\d+)?")) {
            return new JsonPrimitive(new BigDecimal(text));
        }
        if (kinds.contains(Kind.TEXT)) {
            return ofAllowed(text, name);
        }
        throw kinds.contains(Kind.WHOLE)
                ? StripeError.invalid("parameter_invalid_integer", name, "Invalid integer: " + text)
                : StripeError.invalid(null, name, "Invalid " + word() + ": " + text);
    }

    private String word() {
        if (kinds.contains(Kind.FLAG)) {
            return "boolean";
        }
        if (kinds.contains(Kind.DECIMAL)) {
            return "decimal";
        }
        return kinds.contains(Kind.LIST) ? "array" : "object";
    }

    private JsonElement ofAllowed(String text, String name) {
        if (!allowed.isEmpty() && !allowed.contains(text)) {
            throw StripeError.invalid(null, name, "Invalid " + name + ": must be one of " + String.join(", ", allowed));
        }
        if (text.length() > longest) {
            throw StripeError.invalid(
                    null, name, "Invalid string: " + name + " has more than " + longest + " characters");
        }
        return new JsonPrimitive(text);
    }
}
