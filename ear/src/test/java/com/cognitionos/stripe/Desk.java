package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes a request through its stations: key, address, fault, contract, idempotency, operation, expansion. */
final class Desk {

    private final Account account;
    private final Contract contract;
    private final Idempotency idempotency;
    private final Faults faults;
    private final Expansion expansion;
    private final List<Operation> operations;
    private final List<Exercise> exercised = new CopyOnWriteArrayList<>();
    private volatile Consumer<Exercise> watcher = exercise -> {};

    Desk(Account account, Contract contract, Faults faults, List<Operation> operations) {
        this.account = account;
        this.contract = contract;
        this.idempotency = new Idempotency(account);
        this.faults = faults;
        this.expansion = new Expansion(account.store());
        this.operations = operations;
    }

    List<Operation> operations() {
        return operations;
    }

    void watch(Consumer<Exercise> by) {
        watcher = by;
    }

    List<Exercise> exercised() {
        return exercised;
    }

    /** @param parameters form-encoded, of the query or of the body */
    Reply answer(String method, String path, String parameters, @Nullable String authorization, @Nullable String key) {
        String request = account.id("req_", 14);
        Reply reply;
        try {
            authorize(authorization);
            reply = route(method, path, parameters, method.equals("POST") ? key : null, request);
        } catch (StripeError error) {
            reply = Reply.of(error);
        }
        return reply.with("Request-Id", request).with("Idempotency-Key", key);
    }

    private static void authorize(@Nullable String authorization) {
        String key = key(authorization == null ? "" : authorization);
        if (key.isEmpty()) {
            throw StripeError.of(401, StripeError.INVALID, null, "You did not provide an API key.");
        }
        if (!key.startsWith("sk_test_") && !key.startsWith("rk_test_")) {
            throw StripeError.of(401, StripeError.INVALID, null, "Invalid API Key provided");
        }
    }

    /** As a bearer's token, or as the user of basic authentication without a password. */
    private static String key(String authorization) {
        if (authorization.startsWith("Basic ")) {
            byte[] decoded = Base64.getMimeDecoder().decode(authorization.substring("Basic ".length()));
            return new String(decoded, StandardCharsets.UTF_8).replaceFirst(":.*", "");
        }
        return authorization.replaceFirst("^Bearer ", "");
    }

    private Reply route(String method, String path, String parameters, @Nullable String key, String request) {
        // As literal addresses come before those with variables, /search is not taken for an id.
        for (Operation operation : operations) {
            Optional<Map<String, String>> variables = operation.match(method, path);
            if (variables.isPresent()) {
                return withFault(operation, variables.get(), path, parameters, key, request);
            }
        }
        contract.violate(method + " " + path, null, "Unrecognized request URL");
        throw StripeError.of(
                404, StripeError.INVALID, null, "Unrecognized request URL (" + method + ": " + path + ").");
    }

    private Reply withFault(
            Operation operation,
            Map<String, String> variables,
            String path,
            String parameters,
            @Nullable String key,
            String request) {
        Fault fault = faults.of(operation.id()).orElse(null);
        Reply reply;
        try {
            reply = fault == null ? null : before(fault, key);
            if (reply == null) {
                Map<String, Object> form = Form.parse(parameters);
                JsonObject params = contract.check(operation, form);
                Call call = new Call(operation, variables, params, key, request);
                reply = once(call, path, Form.canonical(form), fault);
            }
        } catch (StripeError error) {
            reply = Reply.of(error);
        }
        Exercise exercise = new Exercise(
                operation.id(), path, key, reply.status(), reply.headers().containsKey("Idempotent-Replayed"), fault);
        exercised.add(exercise);
        watcher.accept(exercise);
        return fault == null ? reply : after(fault, reply);
    }

    private static Reply after(Fault fault, Reply reply) {
        return switch (fault) {
            case TIME_OUT_AFTER -> reply.ending(Reply.Ending.NEVER);
            case CUT_AFTER -> reply.ending(Reply.Ending.CUT);
            case TRUNCATED_AFTER -> reply.ending(Reply.Ending.TRUNCATED);
            case HUNG_UP_AFTER -> reply.ending(Reply.Ending.HUNG_UP);
            default -> reply;
        };
    }

    private static @Nullable Reply before(Fault fault, @Nullable String key) {
        return switch (fault) {
            case TIME_OUT_BEFORE -> Reply.of(200, new JsonObject()).ending(Reply.Ending.NEVER);
            case CUT_BEFORE -> Reply.of(200, new JsonObject()).ending(Reply.Ending.CUT);
            case CONFLICT -> throw Idempotency.inUse(String.valueOf(key));
            case RATE_LIMITED ->
                throw StripeError.of(429, StripeError.INVALID, "rate_limit", "Too many requests. Slow down.");
            case UNAVAILABLE ->
                throw StripeError.of(503, StripeError.API, null, "Stripe is not available for now.")
                        .retry(true);
            default -> null;
        };
    }

    private Reply once(Call call, String path, String parameters, @Nullable Fault fault) {
        String key = call.idempotencyKey();
        if (key == null) {
            await(fault);
            return account.change(call, () -> perform(call, fault));
        }
        Optional<Reply> kept = account.change(null, () -> idempotency.claim(key, path, parameters));
        if (kept.isPresent()) {
            return kept.get();
        }
        try {
            await(fault);
            return account.change(call, () -> {
                Reply reply = perform(call, fault);
                idempotency.keep(key, path, parameters, call.requestId(), reply);
                return reply;
            });
        } finally {
            idempotency.drop(key);
        }
    }

    private void await(@Nullable Fault fault) {
        if (fault == Fault.HELD) {
            faults.awaitRelease();
        }
    }

    private Reply perform(Call call, @Nullable Fault fault) {
        StripeError broken = StripeError.of(500, StripeError.API, null, "An unknown error occurred.")
                .retry(false);
        if (fault == Fault.ERROR_KEPT) {
            return Reply.of(broken);
        }
        try {
            JsonObject reply = call.operation().handler().apply(call);
            expansion.apply(reply, Json.texts(call.params(), "expand"));
            return fault == Fault.ERROR_AFTER ? Reply.of(broken) : Reply.of(200, reply);
        } catch (StripeError error) {
            return Reply.of(error);
        }
    }
}
