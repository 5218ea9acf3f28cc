package com.cognitionos.stripe;

import com.google.gson.annotations.SerializedName;
import com.stripe.net.ApiRequestParams;
import com.stripe.param.common.EmptyParam;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shapes of stripe-java's parameter classes. A field that takes several types is declared as an Object there, so that the
 * types are read from the builder's methods.
 */
final class ParameterClasses {

    private ParameterClasses() {}

    static Shape shape(Class<?> type) {
        Map<String, Shape> fields = new HashMap<>();
        for (Field field : type.getDeclaredFields()) {
            SerializedName name = field.getAnnotation(SerializedName.class);
            if (name == null
                    || Modifier.isStatic(field.getModifiers())
                    || name.value().startsWith("_stripe_java")) {
                continue;
            }
            Shape shape = ofField(type, field);
            if (shape != null) {
                fields.put(name.value(), shape);
            }
        }
        return Shape.fields(fields, Set.of());
    }

    private static @Nullable Shape ofField(Class<?> owner, Field field) {
        String capital = field.getName().substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                + field.getName().substring(1);
        Shape shape = null;
        for (Class<?> builder : owner.getDeclaredClasses()) {
            if (builder.getSimpleName().equals("Builder")) {
                for (Method method : builder.getDeclaredMethods()) {
                    if (method.getParameterCount() == 1 && fills(method.getName(), capital)) {
                        shape = Shape.either(shape, ofType(method.getGenericParameterTypes()[0]));
                    }
                }
            }
        }
        return shape == null ? ofType(field.getGenericType()) : shape;
    }

    /** Builders name the adder of a list in the singular. */
    private static boolean fills(String method, String capital) {
        String singular = capital.endsWith("s") ? capital.substring(0, capital.length() - 1) : capital;
        return method.equals("set" + capital)
                || method.equals("addAll" + capital)
                || method.equals("addAll" + singular);
    }

    private static @Nullable Shape ofType(java.lang.reflect.Type type) {
        if (type instanceof ParameterizedType generic) {
            Class<?> raw = (Class<?>) generic.getRawType();
            if (List.class.isAssignableFrom(raw)) {
                Shape item = ofType(generic.getActualTypeArguments()[0]);
                return item == null ? null : Shape.list(item);
            }
            return Map.class.isAssignableFrom(raw) ? Shape.of(Shape.Kind.ENTRIES) : null;
        }
        if (!(type instanceof Class<?> plain) || plain == Object.class) {
            return null;
        }
        if (plain == String.class) {
            return Shape.of(Shape.Kind.TEXT);
        }
        if (plain == Long.class || plain == Integer.class) {
            return Shape.of(Shape.Kind.WHOLE);
        }
        if (plain == BigDecimal.class) {
            return Shape.of(Shape.Kind.DECIMAL);
        }
        if (plain == Boolean.class) {
            return Shape.of(Shape.Kind.FLAG);
        }
        if (plain == EmptyParam.class) {
            return Shape.of(Shape.Kind.EMPTY);
        }
        if (plain.isEnum() && ApiRequestParams.EnumParam.class.isAssignableFrom(plain)) {
            Set<String> values = new LinkedHashSet<>();
            Arrays.stream(plain.getEnumConstants())
                    .forEach(value -> values.add(((ApiRequestParams.EnumParam) value).getValue()));
            return Shape.text(values, Shape.ANY_LENGTH);
        }
        return plain.isInterface() ? null : shape(plain);
    }
}
