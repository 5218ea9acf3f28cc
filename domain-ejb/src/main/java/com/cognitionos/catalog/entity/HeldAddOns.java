package com.cognitionos.catalog.entity;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The add-ons that somebody has, or as a change the ones that are had differently from then on: one of quantity 0 is taken
 * away.
 *
 * @param items by code, none twice
 */
public record HeldAddOns(List<Item> items) {

    public static final HeldAddOns NONE = new HeldAddOns(List.of());

    /** @param quantity from 1; 0 only in a change */
    public record Item(String code, int version, int quantity) {}

    public HeldAddOns {
        items = List.copyOf(items);
    }

    private static HeldAddOns of(Collection<Item> items) {
        return new HeldAddOns(new ArrayList<>(items));
    }

    private Map<String, Item> byCode() {
        Map<String, Item> all = new TreeMap<>();
        items.forEach(item -> all.put(item.code(), item));
        return all;
    }

    public boolean isEmpty() {
        return items.isEmpty();
    }

    public Optional<Item> item(String code) {
        return items.stream().filter(item -> item.code().equals(code)).findFirst();
    }

    /** The same with that one in the place of what there is under its code. */
    public HeldAddOns with(Item item) {
        Map<String, Item> all = byCode();
        all.put(item.code(), item);
        return of(all.values());
    }

    /** After a change. */
    public HeldAddOns after(HeldAddOns change) {
        Map<String, Item> all = byCode();
        change.items.forEach(item -> all.put(item.code(), item));
        all.values().removeIf(item -> item.quantity() == 0);
        return of(all.values());
    }

    public HeldAddOns only(Predicate<Item> wanted) {
        return of(items.stream().filter(wanted).toList());
    }

    /** Whether both have the same under that code, be it nothing. */
    public boolean agrees(HeldAddOns other, String code) {
        return item(code).equals(other.item(code));
    }

    /** As JSON, by code. */
    public String text() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        items.forEach(item -> document.put(
                item.code(), Map.of("version", (long) item.version(), "quantity", (long) item.quantity())));
        return StoredDocument.write(document);
    }

    public static HeldAddOns parse(String text) {
        if (text.equals("{}")) {
            return NONE;
        }
        Map<String, Item> all = new TreeMap<>();
        StoredDocument.read(text).forEach((code, value) -> {
            Map<?, ?> item = (Map<?, ?>) Objects.requireNonNull(value);
            all.put(code, new Item(code, number(item.get("version")), number(item.get("quantity"))));
        });
        return of(all.values());
    }

    private static int number(@Nullable Object value) {
        return ((BigDecimal) Objects.requireNonNull(value)).intValueExact();
    }
}
