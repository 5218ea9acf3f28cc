package com.cognitionos.stripe;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.stripe.Stripe;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The state of the account: its objects, and an event for each change of one (STD-4). One change at a time. */
final class Account {

    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final SecureRandom random = new SecureRandom();
    private final Clock clock;
    private final Store store;
    private final Templates templates;
    private final Webhooks webhooks;
    private List<JsonObject> happened = new ArrayList<>();
    private Duration searchLag = Duration.ZERO;
    private String hostedAt = "";
    private @Nullable Call call;

    Account(Clock clock, Store store, Templates templates, Webhooks webhooks) {
        this.clock = clock;
        this.store = store;
        this.templates = templates;
        this.webhooks = webhooks;
    }

    /** Runs a change by itself, writes it down whole, and hands its events on, also when it ends with a refusal. */
    synchronized <T> T change(@Nullable Call by, Supplier<T> change) {
        call = by;
        try {
            return change.get();
        } finally {
            call = null;
            store.commit();
            List<JsonObject> events = happened;
            happened = new ArrayList<>();
            webhooks.happened(events);
        }
    }

    /** Where hosted pages begin, without a slash. */
    String hostedAt() {
        return hostedAt;
    }

    synchronized void hostedAt(String base) {
        hostedAt = base;
    }

    Store store() {
        return store;
    }

    /** Seconds since 1970. */
    long now() {
        return clock.instant().getEpochSecond();
    }

    String id(String prefix, int length) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < length; i++) {
            id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return id.toString();
    }

    /** A new object, not kept yet. */
    JsonObject fresh(Type type) {
        return Json.set(
                templates.blank(type),
                "id",
                id(type.prefix(), type == Type.CHECKOUT_SESSION ? 58 : 22),
                "created",
                now(),
                "livemode",
                false,
                "metadata",
                new JsonObject());
    }

    /** @throws StripeError 404, when the address asks for what is not there */
    JsonObject at(Type type, String id, String variable) {
        return store.find(type, id).orElseThrow(() -> StripeError.notFound(type, id, variable));
    }

    /** @throws StripeError 400, when a parameter names what is not there */
    JsonObject named(Type type, String id, String parameter) {
        return store.find(type, id)
                .filter(object -> !Json.flag(object, "deleted"))
                .orElseThrow(() -> StripeError.noSuch(type, id, parameter));
    }

    /** Keeps a new object and tells of it. */
    void create(Type type, JsonObject object, String... events) {
        store.put(type, object);
        for (String event : events) {
            tell(event, object, null);
        }
    }

    /** Keeps a changed object and tells of it; {@code *.updated} says what it was before, and nothing of no change. */
    void update(Type type, JsonObject object, String... events) {
        JsonObject before = store.find(type, Json.needed(object, "id")).orElseGet(JsonObject::new);
        store.put(type, object);
        JsonObject previous = new JsonObject();
        before.entrySet().forEach(entry -> {
            if (!entry.getValue().equals(object.get(entry.getKey()))) {
                previous.add(entry.getKey(), entry.getValue());
            }
        });
        for (String event : events) {
            if (!event.endsWith(".updated")) {
                tell(event, object, null);
            } else if (!previous.isEmpty()) {
                tell(event, object, previous);
            }
        }
    }

    /** Makes an event with the object as it is now. */
    void tell(String event, JsonObject object, @Nullable JsonObject previous) {
        JsonObject data = Json.of("object", object.deepCopy());
        if (previous != null) {
            data.add("previous_attributes", previous);
        }
        JsonObject told = Json.set(
                templates.blank(Type.EVENT),
                "id",
                id(Type.EVENT.prefix(), 22),
                "api_version",
                Stripe.API_VERSION,
                "created",
                now(),
                "livemode",
                false,
                "type",
                event,
                "data",
                data,
                "pending_webhooks",
                webhooks.isPointed() ? 1 : 0,
                "request",
                Json.of(
                        "id", call == null ? null : call.requestId(),
                        "idempotency_key", call == null ? null : call.idempotencyKey()));
        store.put(Type.EVENT, told);
        happened.add(told);
    }

    /** Sets and unsets keys; null for all of it unsets all. */
    static void mergeMetadata(JsonObject params, JsonObject object) {
        if (!params.has("metadata")) {
            return;
        }
        JsonElement sent = params.get("metadata");
        JsonObject kept = sent.isJsonNull() ? new JsonObject() : Json.child(object, "metadata");
        if (sent.isJsonObject()) {
            sent.getAsJsonObject().entrySet().forEach(entry -> {
                if (entry.getValue().getAsString().isEmpty()) {
                    kept.remove(entry.getKey());
                } else {
                    kept.add(entry.getKey(), entry.getValue());
                }
            });
        }
        object.add("metadata", kept);
    }

    /** What a search finds: not what is deleted, and not what is younger than the lag of the search's index. */
    List<JsonObject> searched(Type type, String query) {
        Predicate<JsonObject> matches = Search.of(query);
        return store.newestFirst(type).stream()
                .filter(object -> !Json.flag(object, "deleted"))
                .filter(object -> Json.whole(object, "created") <= now() - searchLag.toSeconds())
                .filter(matches)
                .toList();
    }

    /** Stripe's search sees new objects within a minute or so; here at once, unless told. */
    synchronized void searchLag(Duration lag) {
        searchLag = lag;
    }

    Optional<JsonObject> find(Type type, @Nullable String id) {
        return id == null ? Optional.empty() : store.find(type, id);
    }
}
