package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import com.stripe.param.EventListParams;
import com.stripe.param.EventRetrieveParams;
import java.time.Duration;
import java.util.List;

/** Events as the API gives them, for 30 days. */
final class Events {

    private static final Duration KEPT = Duration.ofDays(30);

    private final Account account;

    Events(Account account) {
        this.account = account;
    }

    List<Operation> operations() {
        return List.of(
                new Operation("GET", "/v1/events", EventListParams.class, this::list),
                new Operation("GET", "/v1/events/{id}", EventRetrieveParams.class, this::retrieve));
    }

    private JsonObject retrieve(Call call) {
        JsonObject event = account.at(Type.EVENT, call.id("id"), "id");
        if (!isKept(event)) {
            throw StripeError.notFound(Type.EVENT, call.id("id"), "id");
        }
        return event;
    }

    private boolean isKept(JsonObject event) {
        return account.now() - Json.whole(event, "created") < KEPT.toSeconds();
    }

    private JsonObject list(Call call) {
        List<String> types = Json.texts(call.params(), "types");
        String type = call.text("type");
        return Listing.page(
                call,
                "/v1/events",
                account.store().newestFirst(Type.EVENT),
                event -> isKept(event)
                        && (types.isEmpty() || types.contains(Json.needed(event, "type")))
                        && (type == null || matches(type, Json.needed(event, "type"))));
    }

    /** A star stands for a whole part, such as {@code charge.*}. */
    private static boolean matches(String wanted, String type) {
        return wanted.endsWith("*") ? type.startsWith(wanted.substring(0, wanted.length() - 1)) : wanted.equals(type);
    }
}
