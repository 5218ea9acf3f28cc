package com.cognitionos.stripe;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Form-encoded parameters with brackets, as a tree of maps and texts. A list is a map with the keys 0, 1, 2 … */
final class Form {

    private Form() {}

    static Map<String, Object> parse(String encoded) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (encoded.isEmpty()) {
            return tree;
        }
        for (String pair : encoded.split("&")) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            put(tree, name, equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return tree;
    }

    /** The same text for the same parameters in any order. */
    static String canonical(Object node) {
        return node instanceof Map<?, ?> map
                ? new TreeMap<>(map)
                        .entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + canonical(entry.getValue()))
                                .toList()
                                .toString()
                : String.valueOf(node).replace("\\", "\\\\").replace("=", "\\=");
    }

    private static void put(Map<String, Object> tree, String name, String value) {
        int bracket = name.indexOf('[');
        String[] rest =
                bracket < 0 ? new String[0] : name.substring(bracket + 1).split("\\[", -1);
        Map<String, Object> node = tree;
        String key = bracket < 0 ? name : name.substring(0, bracket);
        for (String part : rest) {
            node = child(node, key);
            String inner = part.endsWith("]") ? part.substring(0, part.length() - 1) : part;
            key = inner.isEmpty() ? String.valueOf(node.size()) : inner;
        }
        node.put(key, value);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> node, String key) {
        Object child = node.get(key);
        if (!(child instanceof Map)) {
            child = new LinkedHashMap<String, Object>();
            node.put(key, child);
        }
        return (Map<String, Object>) child;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
