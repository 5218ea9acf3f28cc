package com.cognitionos.rest;

import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.RecordJson;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request record of a JSON object. A component that is primitive or {@link NotNull} is required; {@link Size} bounds
 * texts and lists; records may hold records; any other type reads itself by a static {@code of(String)}. Unknown fields are ignored.
 */
final class RecordBinding {

    private static final int MAX_TEXT = 1000;

    private final List<Problem.FieldError> errors = new ArrayList<>();

    private RecordBinding() {}

    /** @throws Problem INVALID with every fault at once */
    static <R extends Record> R bind(@Nullable Object root, Class<R> type) {
        Map<String, @Nullable Object> object = Body.object(root);
        RecordBinding binding = new RecordBinding();
        R record = binding.record(object, type, "");
        if (record == null) {
            String detail = binding.errors.size() + " of the fields are missing or not acceptable; see errors.";
            throw new Problem(Problem.Kind.INVALID, "validation_failed", detail, binding.errors);
        }
        return record;
    }

    /** Null where a field of it is at fault. */
    private <R> @Nullable R record(Map<?, ?> object, Class<R> type, String pointer) {
        int faults = errors.size();
        RecordComponent[] components = type.getRecordComponents();
        Object[] arguments = Arrays.stream(components)
                .map(component -> field(component, object.get(name(component)), pointer))
                .toArray();
        if (errors.size() > faults) {
            return null;
        }
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return type.getConstructor(types).newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Problem problem ? problem : new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a request record is public, with its canonical constructor: " + type, e);
        }
    }

    static String name(RecordComponent component) {
        return RecordJson.name(component);
    }

    // Not by @Nullable: the server knows nothing of that annotation, and the API document knows this one.
    static boolean isRequired(RecordComponent component) {
        return component.getType().isPrimitive() || component.getAccessor().isAnnotationPresent(NotNull.class);
    }

    private @Nullable Object field(RecordComponent component, @Nullable Object value, String parent) {
        String pointer = parent + "/" + name(component);
        if (value == null) {
            return isRequired(component) ? fault(pointer, "required", "is required") : null;
        }
        Size size = component.getAccessor().getAnnotation(Size.class);
        if (!(value instanceof List<?> items) || !(component.getGenericType() instanceof ParameterizedType list)) {
            return single(component.getType(), value, pointer, size);
        }
        if (size != null && (items.size() < size.min() || items.size() > size.max())) {
            return fault(pointer, "length", "must have " + size.min() + " to " + size.max() + " items");
        }
        List<@Nullable Object> read = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Type item = list.getActualTypeArguments()[0];
            read.add(single((Class<?>) item, items.get(i), pointer + "/" + i, null));
        }
        return read;
    }

    private @Nullable Object single(Class<?> type, @Nullable Object value, String pointer, @Nullable Size size) {
        if (type.isRecord() && !readsItself(type)) {
            return value instanceof Map<?, ?> object
                    ? record(object, type, pointer)
                    : fault(pointer, "wrong_type", "must be an object");
        }
        if (type == boolean.class || type == Boolean.class) {
            return value instanceof Boolean ? value : fault(pointer, "wrong_type", "must be true or false");
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return whole(value, pointer, type == long.class || type == Long.class);
        }
        if (type == BigDecimal.class) {
            return value instanceof JsonTree.Number number && number.decimal().isPresent()
                    ? number.decimal().get()
                    : fault(pointer, "wrong_type", "must be a number in range");
        }
        if (type == List.class) {
            return fault(pointer, "wrong_type", "must be a list");
        }
        if (!(value instanceof String text)) {
            return fault(pointer, "wrong_type", "must be a string");
        }
        if (type == Instant.class) {
            return Texts.instant(text)
                    .<Object>map(at -> at)
                    .orElseGet(() -> fault(pointer, "invalid_timestamp", "must be ISO 8601 with an offset"));
        }
        if (type == UUID.class) {
            return Texts.uuid(text)
                    .<Object>map(id -> id)
                    .orElseGet(() -> fault(pointer, "invalid_id", "must be a UUID"));
        }
        return type == String.class ? text(text, pointer, size) : ofItself(type, text, pointer);
    }

    private @Nullable Object whole(@Nullable Object value, String pointer, boolean wide) {
        if (!(value instanceof JsonTree.Number number)) {
            return fault(pointer, "wrong_type", "must be a number");
        }
        try {
            BigDecimal decimal = number.decimal().orElseThrow(ArithmeticException::new);
            return wide ? (Object) decimal.longValueExact() : (Object) decimal.intValueExact();
        } catch (ArithmeticException e) {
            return fault(pointer, "wrong_type", "must be a whole number in range");
        }
    }

    private @Nullable Object text(String text, String pointer, @Nullable Size size) {
        int min = size == null ? 0 : size.min();
        int max = size == null ? MAX_TEXT : size.max();
        int length = text.codePointCount(0, text.length());
        if (!Texts.isStorable(text)) {
            return fault(pointer, "invalid_characters", "has a character that no text may have");
        }
        if (length > max || text.strip().length() < min) {
            return fault(pointer, "length", "must have " + min + " to " + max + " characters");
        }
        return text;
    }

    private static boolean readsItself(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .anyMatch(method -> method.getName().equals("of")
                        && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class}));
    }

    private @Nullable Object ofItself(Class<?> type, String text, String pointer) {
        try {
            return type.getMethod("of", String.class).invoke(null, text);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Problem problem && problem.kind() == Problem.Kind.INVALID) {
                return fault(pointer, problem.errors().get(0).code(), problem.getMessage());
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " needs a public static of(String)", e);
        }
    }

    private @Nullable Object fault(String pointer, String code, String detail) {
        errors.add(new Problem.FieldError(pointer, code, detail));
        return null;
    }
}
