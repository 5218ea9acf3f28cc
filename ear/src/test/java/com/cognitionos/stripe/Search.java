package com.cognitionos.stripe;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stripe's search language: clauses joined by AND or by OR, not both; {@code field:'text'}, {@code field~'part'},
 * {@code metadata['key']:'text'}, comparisons of numbers, {@code null}, and a minus that negates.
 */
final class Search {

    private static final Pattern CLAUSE =
            Pattern.compile("\\s*(-?)([a-z_.]+)(?:\\[(['\"])(.*?)\\3])?\\s*(:|~|>=|<=|>|<)\\s*"
                    + "('(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|-?\\d+|null)\\s*");
    private static final Pattern JOIN = Pattern.compile("(?i)(and|or)(?=\\s)");

    private Search() {}

    /** @throws StripeError 400 for a query that cannot be read */
    static Predicate<JsonObject> of(String query) {
        List<Predicate<JsonObject>> clauses = new ArrayList<>();
        String join = null;
        Matcher clause = CLAUSE.matcher(query);
        Matcher joint = JOIN.matcher(query);
        int at = 0;
        while (true) {
            if (!clause.region(at, query.length()).lookingAt()) {
                throw unreadable(query);
            }
            clauses.add(clause(clause));
            at = clause.end();
            if (at == query.length()) {
                break;
            }
            // A number swallows no letters, so that a joint may follow it directly only after blanks.
            if (!joint.region(at, query.length()).lookingAt()) {
                throw unreadable(query);
            }
            String word = joint.group().toUpperCase(Locale.ROOT);
            if (join != null && !join.equals(word)) {
                throw unreadable(query);
            }
            join = word;
            at = joint.end();
        }
        return "OR".equals(join)
                ? object -> clauses.stream().anyMatch(each -> each.test(object))
                : object -> clauses.stream().allMatch(each -> each.test(object));
    }

    private static StripeError unreadable(String query) {
        return StripeError.invalid(null, "query", "We were unable to parse your search query: " + query);
    }

    private static Predicate<JsonObject> clause(Matcher clause) {
        boolean negated = !clause.group(1).isEmpty();
        String field = clause.group(2);
        String key = clause.group(4);
        String operator = clause.group(5);
        String value = clause.group(6);
        return object -> negated != matches(value(object, field, key), operator, value);
    }

    private static @Nullable String value(JsonObject object, String field, @Nullable String key) {
        if (key != null) {
            return Json.text(Json.child(object, field), key);
        }
        JsonObject node = object;
        String[] path = field.split("\\.");
        for (int i = 0; i < path.length - 1; i++) {
            node = Json.child(node, path[i]);
        }
        return Json.text(node, path[path.length - 1]);
    }

    private static boolean matches(@Nullable String found, String operator, String literal) {
        if (literal.equals("null")) {
            return found == null;
        }
        if (found == null) {
            return false;
        }
        String wanted = literal.startsWith("'") || literal.startsWith("\"")
                ? literal.substring(1, literal.length() - 1).replaceAll("\\\\(.)", "$1")
                : literal;
        return switch (operator) {
            case ":" -> found.equals(wanted);
            case "~" -> found.toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
            case ">" -> Long.parseLong(found) > Long.parseLong(wanted);
            case ">=" -> Long.parseLong(found) >= Long.parseLong(wanted);
            case "<" -> Long.parseLong(found) < Long.parseLong(wanted);
            default -> Long.parseLong(found) <= Long.parseLong(wanted);
        };
    }
}
