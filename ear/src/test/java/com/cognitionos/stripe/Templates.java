package com.cognitionos.stripe;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.annotations.SerializedName;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a new object starts from (STD-2): Stripe's example of it, or the fields of stripe-java's class. */
final class Templates {

    private final Optional<JsonObject> examples;

    Templates(Optional<JsonObject> examples) {
        this.examples = examples;
    }

    /**
     * A copy to fill in. Of an example only the form is kept: what is an object, a list, a text that says a kind; what the
     * example tells of its own (ids, people, moments) is overwritten by who makes the object.
     */
    JsonObject blank(Type type) {
        JsonElement example = examples.map(all -> all.get(type.object())).orElse(null);
        JsonObject blank = example == null
                ? fields(type.model())
                : example.getAsJsonObject().deepCopy();
        blank.addProperty("object", type.object());
        return blank;
    }

    private static JsonObject fields(@Nullable Class<?> model) {
        JsonObject object = new JsonObject();
        if (model == null) {
            return object;
        }
        for (Field field : model.getDeclaredFields()) {
            SerializedName name = field.getAnnotation(SerializedName.class);
            if (name != null && !Modifier.isStatic(field.getModifiers())) {
                object.add(
                        name.value(),
                        List.class.isAssignableFrom(field.getType()) ? new JsonArray() : JsonNull.INSTANCE);
            }
        }
        return object;
    }
}
