package com.cognitionos.kernel;

import jakarta.ejb.ApplicationException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Something the caller can act on. The doors render it (REST as RFC 9457 problem details); it rolls the transaction
 * back, so nothing of the refused request stays.
 */
@ApplicationException(rollback = true)
public class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What the caller should do about it. */
    public enum Kind {
        /** The request is malformed. */
        BAD_REQUEST,
        /** Say who you are. */
        UNAUTHENTICATED,
        /** The plan does not include it. */
        PAYMENT_REQUIRED,
        /** Not with this key or role. */
        FORBIDDEN,
        /** There is no such thing for this caller. */
        NOT_FOUND,
        /** Not in the present state. */
        CONFLICT,
        /** The body is larger than may be. */
        TOO_LARGE,
        /** The body is in no media type or encoding that is read here. */
        MEDIA_TYPE,
        /** A field's value is not acceptable. */
        INVALID,
        /** Too often; try again after {@link Problem#retryAfterSeconds}. */
        TOO_MANY_REQUESTS,
        /** Try again later. */
        UNAVAILABLE
    }

    /** One field's fault; {@code pointer} is a JSON pointer into the request body, or a parameter's name. */
    public record FieldError(String pointer, String code, String detail) {}

    private final Kind kind;
    private final String code;
    private final transient List<FieldError> errors;
    private final long retryAfterSeconds;

    public Problem(Kind kind, String code, String detail) {
        this(kind, code, detail, List.of());
    }

    public Problem(Kind kind, String code, String detail, List<FieldError> errors) {
        this(kind, code, detail, errors, 0);
    }

    private Problem(Kind kind, String code, String detail, List<FieldError> errors, long retryAfterSeconds) {
        super(detail, null, false, false);
        this.kind = kind;
        this.code = code;
        this.errors = List.copyOf(errors);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** @param retryAfterSeconds from 1: before that the same request is refused again */
    public static Problem tooMany(String code, String detail, long retryAfterSeconds) {
        return new Problem(Kind.TOO_MANY_REQUESTS, code, detail, List.of(), Math.max(1, retryAfterSeconds));
    }

    /** @param retryAfterSeconds from 1: by then there may be room */
    public static Problem unavailable(String code, String detail, long retryAfterSeconds) {
        return new Problem(Kind.UNAVAILABLE, code, detail, List.of(), retryAfterSeconds);
    }

    public static Problem invalid(String field, String code, String detail) {
        return new Problem(
                Kind.INVALID, "validation_failed", detail, List.of(new FieldError("/" + field, code, detail)));
    }

    /** Several at once: the detail names each field with what is wrong with it. @param errors at least one */
    public static Problem invalid(List<FieldError> errors) {
        String detail = errors.stream()
                .map(error -> error.pointer().substring(1) + " " + error.detail())
                .collect(Collectors.joining("; "));
        return new Problem(Kind.INVALID, "validation_failed", detail, errors);
    }

    public static Problem notFound(String what) {
        return new Problem(Kind.NOT_FOUND, "not_found", "There is no such " + what + ".");
    }

    public static Problem conflict(String code, String detail) {
        return new Problem(Kind.CONFLICT, code, detail);
    }

    /** @param retryAfterSeconds from 1: by then it may be settled */
    public static Problem conflict(String code, String detail, long retryAfterSeconds) {
        return new Problem(Kind.CONFLICT, code, detail, List.of(), retryAfterSeconds);
    }

    public Kind kind() {
        return kind;
    }

    public String code() {
        return code;
    }

    public List<FieldError> errors() {
        return errors;
    }

    /** When to try again, from now; 0 where nothing is known. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
