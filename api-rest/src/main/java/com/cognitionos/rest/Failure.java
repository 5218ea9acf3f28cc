package com.cognitionos.rest;

import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import jakarta.ws.rs.WebApplicationException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What went wrong, as far as the caller may know. {@code unexpected} failures are ours and belong in the log. */
record Failure(
        int status,
        String code,
        String detail,
        List<Problem.FieldError> errors,
        long retryAfterSeconds,
        boolean unexpected) {

    // The API of persistence is no business of a door, so its exception is known by name.
    private static final String STALE = "OptimisticLockException";

    static Failure of(Throwable thrown) {
        // The container wraps what a boundary throws, often more than once; a chain may be long but is never endless.
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            Failure known = known(cause);
            if (known != null) {
                return known;
            }
            cause = cause.getCause();
        }
        return new Failure(
                500, "internal_error", "Something went wrong on our side; the trace id finds it.", List.of(), 0, true);
    }

    private static @Nullable Failure known(Throwable cause) {
        if (cause instanceof Problem problem) {
            return new Failure(
                    status(problem.kind()),
                    problem.code(),
                    problem.getMessage(),
                    problem.errors(),
                    problem.retryAfterSeconds(),
                    false);
        }
        if (cause instanceof WebApplicationException web && web.getResponse().getStatus() < 500) {
            return ofStatus(web.getResponse().getStatus());
        }
        if (cause.getClass().getSimpleName().equals(STALE)) {
            return plain(409, "stale_version", "It was changed meanwhile; read it again.");
        }
        if (cause instanceof SQLTransientConnectionException || cause instanceof SQLNonTransientConnectionException) {
            return unavailable();
        }
        if (cause instanceof Sql.SqlFailure failure) {
            return ofSqlState(failure.sqlState());
        }
        return cause instanceof SQLException sql ? ofSqlState(sql.getSQLState()) : null;
    }

    private static @Nullable Failure ofSqlState(@Nullable String state) {
        if (state == null) {
            return null;
        }
        if (state.equals("23505")) {
            return plain(409, "conflict", "It exists already.");
        }
        if (state.equals("53100")) {
            return new Failure(
                    503,
                    "storage_full",
                    "There is no space left to store it; nothing of the request was stored. Try again later.",
                    List.of(),
                    30,
                    true);
        }
        // 08: no connection; 57P: shutting down; 53300: too many connections; 40001, 40P01: lost against another.
        boolean passing = state.startsWith("08")
                || state.startsWith("57P")
                || List.of("53300", "40001", "40P01").contains(state);
        return passing ? unavailable() : null;
    }

    /** For what the server or JAX-RS refused by itself. */
    static Failure ofStatus(int status) {
        return switch (status) {
            case 400 -> plain(400, "bad_request", "The request is malformed.");
            case 401 -> plain(401, "unauthenticated", "Say who you are.");
            case 403 -> plain(403, "forbidden", "Not with this key.");
            case 404 -> plain(404, "not_found", "There is nothing here.");
            case 405 -> plain(405, "method_not_allowed", "The header Allow names the methods of this resource.");
            case 406 -> plain(406, "not_acceptable", "The reply comes in another media type than the request accepts.");
            case 413 -> plain(413, "payload_too_large", "A request body has at most 5 MB.");
            case 415 -> plain(415, "unsupported_media_type", "Send the body as application/json.");
            default ->
                status < 500
                        ? plain(status, "request_refused", "The request was refused.")
                        : new Failure(500, "internal_error", "Something went wrong on our side.", List.of(), 0, true);
        };
    }

    String title() {
        return TITLES.getOrDefault(status, "Request refused");
    }

    String type() {
        return "urn:cognitionos:problem:" + code.toLowerCase(Locale.ROOT);
    }

    private static Failure unavailable() {
        return new Failure(503, "unavailable", "Not at the moment; try again shortly.", List.of(), 2, false);
    }

    private static Failure plain(int status, String code, String detail) {
        return new Failure(status, code, detail, List.of(), 0, false);
    }

    private static int status(Problem.Kind kind) {
        return switch (kind) {
            case BAD_REQUEST -> 400;
            case UNAUTHENTICATED -> 401;
            case PAYMENT_REQUIRED -> 402;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case TOO_LARGE -> 413;
            case MEDIA_TYPE -> 415;
            case INVALID -> 422;
            case TOO_MANY_REQUESTS -> 429;
            case UNAVAILABLE -> 503;
        };
    }

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Malformed request"),
            Map.entry(401, "Not authenticated"),
            Map.entry(402, "Payment required"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not found"),
            Map.entry(405, "Method not allowed"),
            Map.entry(406, "Not acceptable"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Request too large"),
            Map.entry(415, "Unsupported media type"),
            Map.entry(422, "Invalid request"),
            Map.entry(429, "Too many requests"),
            Map.entry(500, "Internal error"),
            Map.entry(503, "Unavailable"));
}
