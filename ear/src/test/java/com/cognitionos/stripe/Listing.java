package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Pages of objects, newest first, as lists and searches give them. */
final class Listing {

    private static final int DEFAULT_LIMIT = 10;
    private static final int HIGHEST_LIMIT = 100;

    private Listing() {}

    /** @param newestFirst of the type, of any kind */
    static JsonObject page(Call call, String url, List<JsonObject> newestFirst, Predicate<JsonObject> filter) {
        List<JsonObject> all = newestFirst.stream()
                .filter(filter)
                .filter(object -> inRange(call.params(), "created", object))
                .toList();
        int limit = limit(call);
        String after = call.text("starting_after");
        String before = call.text("ending_before");
        if (after != null && before != null) {
            throw StripeError.invalid(
                    "parameters_exclusive", null, "Only one of starting_after and ending_before can be given");
        }
        if (before != null) {
            List<JsonObject> older = new ArrayList<>(all.subList(0, place(all, before, "ending_before")));
            Collections.reverse(older);
            List<JsonObject> page = new ArrayList<>(older.subList(0, Math.min(limit, older.size())));
            Collections.reverse(page);
            return list(url, page, older.size() > limit);
        }
        List<JsonObject> rest = after == null ? all : all.subList(place(all, after, "starting_after") + 1, all.size());
        return list(url, rest.subList(0, Math.min(limit, rest.size())), rest.size() > limit);
    }

    static JsonObject list(String url, List<JsonObject> data, boolean more) {
        return Json.of("object", "list", "data", data, "has_more", more, "url", url);
    }

    /** A page of a search; its next page is named by where it begins. */
    static JsonObject search(Call call, String url, List<JsonObject> found) {
        int limit = limit(call);
        String page = call.text("page");
        int from = page == null ? 0 : start(page);
        int to = Math.min(from + limit, found.size());
        boolean more = to < found.size();
        return Json.of(
                "object",
                "search_result",
                "data",
                found.subList(Math.min(from, to), to),
                "has_more",
                more,
                "next_page",
                more ? "page_" + to : null,
                "url",
                url);
    }

    private static int start(String page) {
        if (!page.matches("page_\\d{1,9}")) {
            throw StripeError.invalid(null, "page", "Invalid page: " + page);
        }
        return Integer.parseInt(page.substring("page_".length()));
    }

    private static int limit(Call call) {
        long limit = call.has("limit") ? call.whole("limit") : DEFAULT_LIMIT;
        if (limit < 1 || limit > HIGHEST_LIMIT) {
            throw StripeError.invalid(
                    "parameter_invalid_integer", "limit", "This value must be from 1 to " + HIGHEST_LIMIT);
        }
        return (int) limit;
    }

    private static int place(List<JsonObject> all, String id, String parameter) {
        for (int i = 0; i < all.size(); i++) {
            if (id.equals(Json.text(all.get(i), "id"))) {
                return i;
            }
        }
        throw StripeError.invalid("resource_missing", parameter, "No such object: '" + id + "'");
    }

    static boolean inRange(JsonObject params, String field, JsonObject object) {
        if (!Json.has(params, field)) {
            return true;
        }
        long value = Json.whole(object, field);
        if (params.get(field).isJsonPrimitive()) {
            return value == Json.whole(params, field);
        }
        JsonObject range = Json.child(params, field);
        return (!range.has("gt") || value > Json.whole(range, "gt"))
                && (!range.has("gte") || value >= Json.whole(range, "gte"))
                && (!range.has("lt") || value < Json.whole(range, "lt"))
                && (!range.has("lte") || value <= Json.whole(range, "lte"));
    }

    /** True when the parameter is absent, or the object's field is the same text. */
    static boolean same(Call call, String name, JsonObject object) {
        return sameText(call.text(name), Json.text(object, name));
    }

    static boolean sameText(@Nullable String wanted, @Nullable String found) {
        return wanted == null || wanted.equals(found);
    }
}
