package com.cognitionos.catalog.entity;

import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Problem.FieldError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object, which consists of maps, lists, texts, Booleans, decimals (or Longs) and null. Faults are collected
 * with where they are; what is faulty reads as absent.
 */
final class Fields {

    /** Ten billion of a currency of two decimals. */
    private static final BigDecimal MOST = BigDecimal.valueOf(Amounts.MOST);

    private static final int MAX_ITEMS = 200;

    private final String pointer;
    private final Map<String, @Nullable Object> members;
    private final List<FieldError> errors;
    private final Set<String> read = new HashSet<>();

    private Fields(String pointer, Map<String, @Nullable Object> members, List<FieldError> errors) {
        this.pointer = pointer;
        this.members = members;
        this.errors = errors;
    }

    static Fields of(Map<String, @Nullable Object> document) {
        return new Fields("", document, new ArrayList<>());
    }

    /** @throws Problem INVALID with every fault so far */
    void check() {
        if (!errors.isEmpty()) {
            throw new Problem(
                    Problem.Kind.INVALID,
                    "validation_failed",
                    errors.size() + " of the fields are missing or not acceptable; see errors.",
                    errors);
        }
    }

    boolean hasFaults() {
        return !errors.isEmpty();
    }

    boolean isFaulty(String name) {
        String place = pointer + "/" + name;
        return errors.stream().anyMatch(error -> error.pointer().equals(place));
    }

    boolean has(String name) {
        return members.get(name) != null;
    }

    boolean isTruth(String name) {
        return members.get(name) instanceof Boolean;
    }

    void fault(String name, String code, String detail) {
        errors.add(new FieldError(name.isEmpty() ? pointer : pointer + "/" + name, code, detail));
    }

    private @Nullable Object value(String name) {
        read.add(name);
        return members.get(name);
    }

    /** What is misspelt in a price must not be free of charge. */
    void refuseOthers() {
        members.keySet().stream()
                .filter(name -> !read.contains(name))
                .sorted()
                .forEach(name -> fault(name, "unknown_field", "there is no such field here"));
    }

    @Nullable
    String text(String name, int max) {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)) {
            fault(name, "wrong_type", "must be a string");
            return null;
        }
        int length = text.codePointCount(0, text.length());
        if (text.isBlank() || length > max || text.chars().anyMatch(Character::isISOControl)) {
            fault(name, "length", "must have 1 to " + max + " characters");
            return null;
        }
        return text.strip();
    }

    @Nullable
    Boolean truth(String name) {
        Object value = value(name);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        fault(name, "wrong_type", "must be true or false");
        return null;
    }

    /** A decimal from 0, of at most so many places. */
    @Nullable
    BigDecimal decimal(String name, int places) {
        Object given = value(name);
        Object value = given instanceof Long number ? BigDecimal.valueOf(number) : given;
        if (value == null) {
            return null;
        }
        if (!(value instanceof BigDecimal decimal)) {
            fault(name, "wrong_type", "must be a number in range");
            return null;
        }
        if (decimal.signum() < 0 || decimal.compareTo(MOST) > 0) {
            fault(name, "out_of_range", "must be from 0 to " + MOST.toPlainString());
            return null;
        }
        if (decimal.stripTrailingZeros().scale() > places) {
            fault(name, "too_many_places", "has at most " + places + " decimal places");
            return null;
        }
        return decimal;
    }

    /** A whole number from 0. */
    @Nullable
    Long whole(String name) {
        BigDecimal decimal = decimal(name, 12);
        if (decimal != null && decimal.stripTrailingZeros().scale() > 0) {
            fault(name, "wrong_type", "must be a whole number");
            return null;
        }
        return decimal == null ? null : Long.valueOf(decimal.longValueExact());
    }

    /** An ISO 4217 currency that money is counted in. */
    @Nullable
    String currency(String name) {
        String code = required(name, text(name, 3));
        if (code != null && !Currencies.isKnown(code)) {
            fault(name, "unknown_currency", "must be the code of a currency by ISO 4217, such as EUR");
            return null;
        }
        return code;
    }

    <T> @Nullable T required(String name, @Nullable T value) {
        if (value == null && !has(name)) {
            fault(name, "required", "is required");
        }
        return value;
    }

    /** The texts of a list; one that is none is a fault. */
    List<String> texts(String name) {
        if (!(value(name) instanceof List<?> items)) {
            if (has(name)) {
                fault(name, "wrong_type", "must be a list");
            }
            return List.of();
        }
        if (items.size() > MAX_ITEMS) {
            fault(name, "length", "must have at most " + MAX_ITEMS + " items");
            return List.of();
        }
        List<String> found = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof String text) {
                found.add(text);
            } else {
                fault(name + "/" + i, "wrong_type", "must be a string");
            }
        }
        return found;
    }

    Optional<Fields> object(String name) {
        Object value = value(name);
        return value == null ? Optional.empty() : object(name, value);
    }

    /** The objects of a list, none when it is absent. */
    List<Fields> list(String name) {
        Object value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> items)) {
            fault(name, "wrong_type", "must be a list");
            return List.of();
        }
        if (items.size() > MAX_ITEMS) {
            fault(name, "length", "must have at most " + MAX_ITEMS + " items");
            return List.of();
        }
        List<Fields> found = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            object(name + "/" + i, items.get(i)).ifPresent(found::add);
        }
        return found;
    }

    // A JSON tree's maps have nothing but strings as keys.
    @SuppressWarnings("unchecked")
    private Optional<Fields> object(String name, @Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            return Optional.of(new Fields(pointer + "/" + name, (Map<String, @Nullable Object>) object, errors));
        }
        fault(name, "wrong_type", "must be an object");
        return Optional.empty();
    }

    Set<String> names() {
        return members.keySet();
    }
}
