package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The objects of the account by type and id. What goes in and comes out are copies. */
final class Store {

    private final Map<Type, Map<String, JsonObject>> objects = new EnumMap<>(Type.class);
    private final Journal journal;

    Store(Journal journal) {
        this.journal = journal;
        for (Type type : Type.values()) {
            objects.put(type, new LinkedHashMap<>());
        }
        journal.replay(change -> {
            Type type = Type.valueOf(Json.needed(change, "type"));
            JsonObject object = Json.child(change, "object");
            if (object.isEmpty()) {
                of(type).remove(Json.needed(change, "id"));
            } else {
                of(type).put(Json.needed(object, "id"), object);
            }
        });
    }

    void put(Type type, JsonObject object) {
        of(type).put(Json.needed(object, "id"), object.deepCopy());
        journal.add(Json.of("type", type.name(), "object", object.deepCopy()));
    }

    void remove(Type type, String id) {
        of(type).remove(id);
        journal.add(Json.of("type", type.name(), "id", id));
    }

    Optional<JsonObject> find(Type type, String id) {
        return Optional.ofNullable(of(type).get(id)).map(JsonObject::deepCopy);
    }

    /** Of any type that is sent, for expanding. */
    Optional<JsonObject> findAny(String id) {
        for (Type type : Type.values()) {
            JsonObject object = type.model() == null ? null : of(type).get(id);
            if (object != null) {
                return Optional.of(object.deepCopy());
            }
        }
        return Optional.empty();
    }

    List<JsonObject> newestFirst(Type type) {
        List<JsonObject> all = new ArrayList<>();
        of(type).values().forEach(object -> all.add(object.deepCopy()));
        Collections.reverse(all);
        return all;
    }

    void commit() {
        journal.commit();
    }

    private Map<String, JsonObject> of(Type type) {
        return objects.computeIfAbsent(type, any -> new LinkedHashMap<>());
    }
}
