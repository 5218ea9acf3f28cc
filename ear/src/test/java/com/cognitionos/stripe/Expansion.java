package com.cognitionos.stripe;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.annotations.SerializedName;
import com.stripe.model.ExpandableField;
import com.stripe.model.StripeCollectionInterface;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.util.List;
import java.util.Optional;

/** Puts objects in the place of their ids where {@code expand[]} asks for it. */
final class Expansion {

    private static final int DEEPEST = 4;

    private final Store store;

    Expansion(Store store) {
        this.store = store;
    }

    /** @throws StripeError 400 for what cannot be expanded */
    void apply(JsonObject reply, List<String> paths) {
        for (String path : paths) {
            String[] steps = path.split("\\.");
            if (steps.length > DEEPEST) {
                throw StripeError.invalid(null, "expand", "You cannot expand more than 4 levels of a property");
            }
            expand(reply, steps, 0, path);
        }
    }

    private void expand(JsonObject object, String[] steps, int step, String path) {
        if (step == steps.length) {
            return;
        }
        String name = steps[step];
        if (name.equals("data") && object.get("data") instanceof JsonArray items) {
            items.forEach(item -> expand(item.getAsJsonObject(), steps, step + 1, path));
            return;
        }
        if (!expandable(object, name)) {
            throw StripeError.invalid(null, "expand", "This property cannot be expanded (" + path + ").");
        }
        if (!object.has(name)) {
            object.add(name, included(object, name));
        }
        JsonElement value = object.get(name);
        if (value.isJsonPrimitive()) {
            JsonElement found = store.findAny(value.getAsString())
                    .map(JsonElement.class::cast)
                    .orElse(value);
            object.add(name, found);
        } else if (value instanceof JsonArray items) {
            JsonArray expanded = new JsonArray();
            items.forEach(item -> expanded.add(
                    item.isJsonPrimitive() ? store.findAny(item.getAsString()).orElseThrow() : item));
            object.add(name, expanded);
        }
        if (object.get(name) instanceof JsonObject child) {
            expand(child, steps, step + 1, path);
        } else if (object.get(name) instanceof JsonArray items) {
            items.forEach(item -> expand(item.getAsJsonObject(), steps, step + 1, path));
        }
    }

    /** A field that stripe-java's class declares expandable, or an object within which one may be. */
    private static boolean expandable(JsonObject object, String name) {
        Optional<Type> type = Type.of(Json.text(object, "object"));
        Class<?> model = type.isPresent() ? type.get().model() : null;
        if (model == null) {
            return Json.has(object, name);
        }
        for (Field field : model.getDeclaredFields()) {
            SerializedName serialized = field.getAnnotation(SerializedName.class);
            if (serialized != null && serialized.value().equals(name)) {
                return field.getType() == ExpandableField.class
                        || StripeCollectionInterface.class.isAssignableFrom(field.getType())
                        || (field.getGenericType() instanceof ParameterizedType generic
                                && generic.getActualTypeArguments()[0]
                                        .getTypeName()
                                        .contains("ExpandableField"))
                        || object.get(name) instanceof JsonObject;
            }
        }
        return false;
    }

    /** What is left out of an object unless it is asked for: the refunds of a charge. */
    private JsonElement included(JsonObject object, String name) {
        if (name.equals("refunds")) {
            String charge = Json.needed(object, "id");
            List<JsonObject> refunds = store.newestFirst(Type.REFUND).stream()
                    .filter(refund -> charge.equals(Json.text(refund, "charge")))
                    .toList();
            return Listing.list("/v1/charges/" + charge + "/refunds", refunds, false);
        }
        return JsonNull.INSTANCE;
    }
}
