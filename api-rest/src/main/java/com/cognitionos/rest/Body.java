package com.cognitionos.rest;

import com.cognitionos.kernel.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON request body whose shape is not that of one record; see {@link JsonTree} for what {@code root} consists of. */
public record Body(@Nullable Object root) {

    /** @throws Problem INVALID when the body is no JSON object */
    public Map<String, @Nullable Object> object() {
        return object(root);
    }

    /** As {@link #object()}, with decimals in the place of numbers; a number out of all range stays what it was. */
    public Map<String, @Nullable Object> plain() {
        return object(plain(object()));
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof JsonTree.Number number) {
            return number.decimal().<Object>map(decimal -> decimal).orElse(number);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            map.forEach((name, member) -> members.put(String.valueOf(name), plain(member)));
            return members;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> items = new ArrayList<>();
            list.forEach(item -> items.add(plain(item)));
            return items;
        }
        return value;
    }

    // A JSON tree's maps have nothing but strings as keys.
    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> object(@Nullable Object root) {
        if (root instanceof Map<?, ?> object) {
            return (Map<String, @Nullable Object>) object;
        }
        throw new Problem(
                Problem.Kind.INVALID,
                "validation_failed",
                "The body must be a JSON object.",
                List.of(new Problem.FieldError("", "wrong_type", "must be an object")));
    }
}
