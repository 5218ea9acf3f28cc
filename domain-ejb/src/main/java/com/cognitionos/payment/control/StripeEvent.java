package com.cognitionos.payment.control;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.JsonWriter;
import jakarta.json.stream.JsonGenerator;
import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an event of Stripe's says of itself. Its object is as it was then, so only its names are taken from it.
 *
 * @param object what it is about, such as {@code pi_…}
 * @param subject the payment of a charge, refund or dispute, else the object: what belongs to one is worked on in order
 */
public record StripeEvent(String id, String type, String object, String subject, Instant happenedAt) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,255}");
    private static final Pattern SECRET = Pattern.compile(".*(secret|password|token)");

    /** @return empty for what is no event */
    public static Optional<StripeEvent> parse(byte[] body) {
        try {
            JsonObject event = read(body);
            String id = name(event, "id");
            String type = name(event, "type");
            JsonObject object = child(child(event, "data"), "object");
            if (id == null || type == null || !(event.get("created") instanceof JsonNumber created)) {
                return Optional.empty();
            }
            // Some kinds of Stripe's objects, such as its balance, have no name.
            String ref = name(object, "id");
            String about = ref == null ? type : ref;
            String payment = name(object, "payment_intent");
            return Optional.of(new StripeEvent(
                    id,
                    type,
                    about,
                    payment == null ? about : payment,
                    Instant.ofEpochSecond(created.longValueExact())));
        } catch (JsonException | ClassCastException | ArithmeticException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A payload to be looked at, with its secrets left out; empty for what is no JSON. */
    public static String shown(byte[] body) {
        try {
            StringWriter text = new StringWriter();
            try (JsonWriter writer = Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true))
                    .createWriter(text)) {
                writer.write(masked(read(body)));
            }
            return text.toString().strip();
        } catch (JsonException | ClassCastException e) {
            return "";
        }
    }

    private static JsonValue masked(JsonValue value) {
        if (value instanceof JsonArray array) {
            JsonArrayBuilder builder = Json.createArrayBuilder();
            array.forEach(each -> builder.add(masked(each)));
            return builder.build();
        }
        if (value instanceof JsonObject object) {
            JsonObjectBuilder builder = Json.createObjectBuilder();
            object.forEach((name, each) -> builder.add(
                    name,
                    each instanceof JsonString && SECRET.matcher(name).matches()
                            ? Json.createValue("…")
                            : masked(each)));
            return builder.build();
        }
        return value;
    }

    private static JsonObject read(byte[] body) {
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(body))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw e;
        } catch (RuntimeException e) {
            // So Parsson tells of what is nested too deep.
            throw new JsonException(e.getMessage(), e);
        }
    }

    private static JsonObject child(JsonObject of, String name) {
        return of.get(name) instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
    }

    /** A reference may be expanded to the object itself. */
    private static @Nullable String name(JsonObject of, String field) {
        if (of.get(field) instanceof JsonObject expanded) {
            return name(expanded, "id");
        }
        return of.get(field) instanceof JsonString text
                        && NAME.matcher(text.getString()).matches()
                ? text.getString()
                : null;
    }
}
