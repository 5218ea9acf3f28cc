package com.cognitionos.stripe;

/** What goes wrong with a request. Whether something has happened by then is said by its name. */
public enum Fault {
    /** No reply ever, and nothing happened; the key is not kept. */
    TIME_OUT_BEFORE,
    /** No reply ever, but it happened. */
    TIME_OUT_AFTER,
    /** The connection is cut within a reply, and nothing happened. */
    CUT_BEFORE,
    /** The connection is cut within the reply of what happened. */
    CUT_AFTER,
    /**
     * It happened, and its reply ends too early without a word of the connection's. To stripe-java this is a malformed reply
     * of the status 200: an ApiException, not an ApiConnectionException.
     */
    TRUNCATED_AFTER,
    /** It happened, and the connection ends before any reply. The JDK's client then sends the request again by itself. */
    HUNG_UP_AFTER,
    /** 409: another request with the key is said to be under way; nothing happened. */
    CONFLICT,
    /** 429; nothing happened. */
    RATE_LIMITED,
    /** 503; nothing happened, the key is not kept, and the same again is served. */
    UNAVAILABLE,
    /** 500; nothing happened, but the key is kept: the same again is answered with the same 500. */
    ERROR_KEPT,
    /** 500, though it happened; the key is kept with the 500, so that only a look shows it. */
    ERROR_AFTER,
    /** Waits under way, its key in use, until {@link Faults#release()}; then goes on as if nothing had been. */
    HELD
}
