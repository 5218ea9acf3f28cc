package com.cognitionos.stripe;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Checks each request against Stripe's description and the parameter classes of stripe-java (STD-1). */
final class Contract {

    private final @Nullable Description description;
    private final Map<String, Shape> shapes = new ConcurrentHashMap<>();
    private final List<Violation> violations = new CopyOnWriteArrayList<>();

    /** @param document null when it is not at hand: then only the parameter classes speak */
    Contract(@Nullable JsonObject document) {
        description = document == null ? null : new Description(document);
    }

    /**
     * The parameters with their types.
     *
     * @throws StripeError 400 for what neither knows, kept as a violation
     */
    JsonObject check(Operation operation, Map<String, Object> parameters) {
        Shape shape = shapes.computeIfAbsent(operation.id(), id -> shape(operation));
        try {
            JsonElement typed = shape.typed(parameters, "");
            JsonObject object = typed.getAsJsonObject();
            checkMetadata(Json.child(object, "metadata"));
            return object;
        } catch (StripeError error) {
            violate(operation.id(), Json.text(error.error(), "param"), String.valueOf(error.getMessage()));
            throw error;
        }
    }

    void violate(String operation, @Nullable String parameter, String message) {
        violations.add(new Violation(operation, parameter, message));
    }

    List<Violation> violations() {
        return violations;
    }

    private Shape shape(Operation operation) {
        Class<?> parameters = operation.parameters();
        Shape ofClass =
                parameters == null ? Shape.fields(Map.of(), java.util.Set.of()) : ParameterClasses.shape(parameters);
        Optional<Shape> described =
                description == null ? Optional.empty() : description.parameters(operation.method(), operation.path());
        Shape both = Shape.both(described.orElse(null), ofClass);
        return both == null ? ofClass : both;
    }

    /** Stripe's limits: 50 keys, 40 characters of a key, 500 of a value. */
    private static void checkMetadata(JsonObject metadata) {
        if (metadata.size() > 50) {
            throw StripeError.invalid(null, "metadata", "Metadata can have up to 50 keys");
        }
        metadata.entrySet().forEach(entry -> {
            if (entry.getKey().length() > 40 || entry.getValue().getAsString().length() > 500) {
                throw StripeError.invalid(
                        null,
                        "metadata[" + entry.getKey() + "]",
                        "Metadata keys have up to 40, values up to 500 characters");
            }
        });
    }
}
