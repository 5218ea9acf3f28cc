package com.cognitionos.kernel;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonGeneratorFactory;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON: snake_case, nulls included, in the order of their components. JSON-B keeps no order of a record's
 * fields, and people read what we send.
 */
public final class RecordJson {

    /** Looked up once: annotations, patterns and accessors are a tenth of a small request's work. */
    private static final ClassValue<List<Part>> PARTS = new ClassValue<>() {
        @Override
        protected List<Part> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(component -> new Part(
                            name(component), component.getAccessor(), component.isAnnotationPresent(Inlined.class)))
                    .toList();
        }
    };

    private record Part(String name, Method accessor, boolean inlined) {}

    /** Made once: each call of {@link Json} looks for a provider on the whole class path. */
    private static final JsonGeneratorFactory GENERATORS = Json.createGeneratorFactory(Map.of());

    private RecordJson() {}

    /** As it stands in JSON: what {@code @JsonbProperty} says, else in snake_case. */
    public static String name(RecordComponent component) {
        JsonbProperty named = component.getAccessor().getAnnotation(JsonbProperty.class);
        return named == null || named.value().isEmpty() ? snake(component.getName()) : named.value();
    }

    /** {@code unitPrice} becomes {@code unit_price}. */
    public static String snake(String name) {
        return name.replaceAll("(?<=.)([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** Leaves the stream open. */
    public static void write(Record reply, OutputStream out) {
        // Closing would close the container's stream, which is not ours.
        JsonGenerator json = GENERATORS.createGenerator(out);
        value(json, reply);
        json.flush();
    }

    private static void value(JsonGenerator json, @Nullable Object value) {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Record composite) {
            composite(json, composite);
        } else if (value instanceof JsonValue raw) {
            // Before the collections: JSON-P's arrays and objects are such too.
            json.write(raw);
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            map.forEach((key, item) -> {
                json.writeKey(String.valueOf(key));
                value(json, item);
            });
            json.writeEnd();
        } else if (value instanceof Collection<?> items) {
            json.writeStartArray();
            items.forEach(item -> value(json, item));
            json.writeEnd();
        } else if (value instanceof BigDecimal decimal) {
            json.write(decimal.scale() < 0 ? decimal.setScale(0) : decimal);
        } else if (value instanceof Long number) {
            json.write(number);
        } else if (value instanceof Integer number) {
            json.write(number);
        } else if (value instanceof Boolean truth) {
            json.write(truth);
        } else {
            json.write(value.toString());
        }
    }

    private static void composite(JsonGenerator json, Record composite) {
        json.writeStartObject();
        parts(json, composite);
        json.writeEnd();
    }

    private static void parts(JsonGenerator json, Record composite) {
        for (Part part : PARTS.get(composite.getClass())) {
            Object value;
            try {
                value = part.accessor().invoke(composite);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a record that is written is public: " + composite.getClass(), e);
            }
            if (part.inlined()) {
                parts(json, (Record) value);
            } else {
                json.writeKey(part.name());
                value(json, value);
            }
        }
    }
}
