package com.cognitionos.rest;

import jakarta.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A JSON tree as text in which equal content is equal text: names in order, numbers plain, no white space. */
public final class CanonicalJson {

    private CanonicalJson() {}

    /** Empty when it holds what the database cannot keep: NUL, half a surrogate pair, a number beyond measure. */
    public static Optional<String> of(@Nullable Object tree) {
        StringBuilder text = new StringBuilder();
        return append(tree, text) ? Optional.of(text.toString()) : Optional.empty();
    }

    private static boolean append(@Nullable Object tree, StringBuilder text) {
        if (tree instanceof Map<?, ?> object) {
            return appendObject(new TreeMap<>(object), text);
        }
        if (tree instanceof List<?> array) {
            text.append('[');
            String separator = "";
            for (Object item : array) {
                text.append(separator);
                separator = ",";
                if (!append(item, text)) {
                    return false;
                }
            }
            text.append(']');
            return true;
        }
        if (tree instanceof JsonTree.Number number) {
            number.decimal()
                    .ifPresent(value -> text.append(
                            value.signum() == 0
                                    ? "0"
                                    : value.stripTrailingZeros().toPlainString()));
            return number.decimal().isPresent();
        }
        if (tree instanceof String string) {
            if (isPlain(string)) {
                text.append('"').append(string).append('"');
                return true;
            }
            text.append(Json.createValue(string));
            return Texts.isStorable(string);
        }
        text.append(tree);
        return true;
    }

    /** Whether it stands for itself between quotation marks, which most do. */
    private static boolean isPlain(String string) {
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static boolean appendObject(TreeMap<?, ?> object, StringBuilder text) {
        text.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            text.append(separator);
            separator = ",";
            if (!append(entry.getKey(), text)) {
                return false;
            }
            text.append(':');
            if (!append(entry.getValue(), text)) {
                return false;
            }
        }
        text.append('}');
        return true;
    }
}
