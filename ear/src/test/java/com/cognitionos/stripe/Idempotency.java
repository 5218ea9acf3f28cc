package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Idempotency keys as Stripe documents them (STD-3): the first reply of a key is kept once its operation has begun, be it
 * a success or not, and given again for the same request; another request with the key is refused, and so is one while the
 * first is under way.
 */
final class Idempotency {

    private static final Duration KEPT = Duration.ofHours(24);

    private final Account account;
    private final Set<String> underWay = new HashSet<>();

    Idempotency(Account account) {
        this.account = account;
    }

    /**
     * The reply kept; when empty, the key is in use until {@link #keep} or {@link #drop}.
     *
     * @throws StripeError 400 for another request, 409 while the key is in use
     */
    synchronized Optional<Reply> claim(String key, String path, String parameters) {
        if (key.length() > 255) {
            throw StripeError.invalid(null, null, "Idempotency keys have up to 255 characters");
        }
        if (underWay.contains(key)) {
            throw inUse(key);
        }
        Optional<JsonObject> kept = account.store().find(Type.KEPT_REPLY, key).filter(this::isFresh);
        if (kept.isEmpty()) {
            underWay.add(key);
            return Optional.empty();
        }
        JsonObject first = kept.get();
        if (!Json.needed(first, "path").equals(path)) {
            throw other("for the same endpoint they were first used for ('" + Json.text(first, "path") + "')", key);
        }
        if (!Json.needed(first, "parameters").equals(parameters)) {
            throw other("with the same parameters they were first used with", key);
        }
        return Optional.of(Reply.of((int) Json.whole(first, "status"), Json.child(first, "body"))
                .with("Idempotent-Replayed", "true")
                .with("Original-Request", Json.text(first, "request"))
                .with("Stripe-Should-Retry", Json.whole(first, "status") >= 500 ? "false" : null));
    }

    static StripeError inUse(String key) {
        return StripeError.of(
                        409,
                        StripeError.IDEMPOTENCY,
                        "idempotency_key_in_use",
                        "Another request with the idempotency key '" + key + "' is under way. Try again later.")
                .retry(true);
    }

    private static StripeError other(String how, String key) {
        return StripeError.of(
                400,
                StripeError.IDEMPOTENCY,
                null,
                "Keys for idempotent requests can only be used " + how + ". The key was '" + key + "'.");
    }

    synchronized void keep(String key, String path, String parameters, String request, Reply reply) {
        account.store()
                .put(
                        Type.KEPT_REPLY,
                        Json.of(
                                "id", key,
                                "path", path,
                                "parameters", parameters,
                                "request", request,
                                "created", account.now(),
                                "status", reply.status(),
                                "body", reply.body()));
    }

    synchronized void drop(String key) {
        underWay.remove(key);
    }

    private boolean isFresh(JsonObject reply) {
        return account.now() - Json.whole(reply, "created") < KEPT.toSeconds();
    }
}
