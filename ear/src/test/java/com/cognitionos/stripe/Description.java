package com.cognitionos.stripe;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stripe's published description of its API (OpenAPI), read for the shapes of parameters. */
final class Description {

    private final JsonObject paths;

    Description(JsonObject document) {
        paths = Json.child(document, "paths");
    }

    /** The parameters of an operation, without those of its path; empty when the description lacks the operation. */
    Optional<Shape> parameters(String method, String path) {
        JsonObject operation = Json.child(Json.child(paths, path), method.toLowerCase(Locale.ROOT));
        if (operation.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Shape> fields = new HashMap<>();
        Set<String> required = new LinkedHashSet<>();
        if (operation.has("parameters")) {
            for (JsonElement each : operation.getAsJsonArray("parameters")) {
                JsonObject parameter = each.getAsJsonObject();
                String name = Json.needed(parameter, "name");
                Shape shape = shape(Json.child(parameter, "schema"));
                if ("query".equals(Json.text(parameter, "in")) && shape != null) {
                    fields.put(name, shape);
                    if (Json.flag(parameter, "required")) {
                        required.add(name);
                    }
                }
            }
        }
        JsonObject content = Json.child(Json.child(operation, "requestBody"), "content");
        Shape body = shape(Json.child(Json.child(content, "application/x-www-form-urlencoded"), "schema"));
        return Optional.ofNullable(Shape.both(Shape.fields(fields, required), body));
    }

    private static @Nullable Shape shape(JsonObject schema) {
        if (schema.has("anyOf")) {
            Shape any = null;
            for (JsonElement each : schema.getAsJsonArray("anyOf")) {
                any = Shape.either(any, shape(each.getAsJsonObject()));
            }
            return any;
        }
        String type = Json.text(schema, "type");
        if (type == null) {
            return null;
        }
        return switch (type) {
            case "integer" -> Shape.of(Shape.Kind.WHOLE);
            case "number" -> Shape.of(Shape.Kind.DECIMAL);
            case "boolean" -> Shape.of(Shape.Kind.FLAG);
            case "array" -> {
                Shape item = shape(Json.child(schema, "items"));
                yield item == null ? null : Shape.list(item);
            }
            case "object" -> object(schema);
            default -> text(schema);
        };
    }

    private static Shape object(JsonObject schema) {
        JsonObject properties = Json.child(schema, "properties");
        if (properties.isEmpty() && !Json.child(schema, "additionalProperties").isEmpty()) {
            return Shape.of(Shape.Kind.ENTRIES);
        }
        Map<String, Shape> fields = new HashMap<>();
        for (String name : properties.keySet()) {
            Shape shape = shape(Json.child(properties, name));
            if (shape != null) {
                fields.put(name, shape);
            }
        }
        return Shape.fields(fields, new LinkedHashSet<>(Json.texts(schema, "required")));
    }

    private static Shape text(JsonObject schema) {
        if ("decimal".equals(Json.text(schema, "format"))) {
            return Shape.of(Shape.Kind.DECIMAL);
        }
        Set<String> allowed = new LinkedHashSet<>(Json.texts(schema, "enum"));
        boolean empty = allowed.remove("");
        if (empty && allowed.isEmpty()) {
            return Shape.of(Shape.Kind.EMPTY);
        }
        int longest = schema.has("maxLength") ? (int) Json.whole(schema, "maxLength") : Shape.ANY_LENGTH;
        Shape text = Shape.text(allowed, longest);
        Shape both = empty ? Shape.either(text, Shape.of(Shape.Kind.EMPTY)) : text;
        return both == null ? text : both;
    }
}
