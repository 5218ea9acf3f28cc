package com.cognitionos.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonGenerator;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes reply records as JSON: snake_case, nulls included, in the order of their components. JSON-B keeps no order of
 * a record's fields, and people read these replies.
 */
@Provider
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ReplyWriter implements MessageBodyWriter<Record> {

    /** Looked up once: annotations, patterns and accessors are a tenth of a small request's work. */
    private static final ClassValue<List<Part>> PARTS = new ClassValue<>() {
        @Override
        protected List<Part> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(component -> new Part(RecordBinding.name(component), component.getAccessor()))
                    .toList();
        }
    };

    private record Part(String name, Method accessor) {}

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return type.isRecord();
    }

    @Override
    public void writeTo(
            Record reply,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, Object> headers,
            OutputStream out) {
        write(reply, out);
    }

    static void write(Record reply, OutputStream out) {
        // Closing would close the container's stream, which is not ours.
        JsonGenerator json = Json.createGenerator(out);
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
        for (Part part : PARTS.get(composite.getClass())) {
            json.writeKey(part.name());
            try {
                value(json, part.accessor().invoke(composite));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a reply record is public: " + composite.getClass(), e);
            }
        }
        json.writeEnd();
    }
}
