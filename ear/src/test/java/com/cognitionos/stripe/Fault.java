package com.cognitionos.stripe;

/** What goes wrong with a request. Whether something has happened by then is said by its name. */
public enum Fault {
    /** No reply ever, and nothing happened; the key is not kept. */
    TIME_OUT_BEFORE,
    /** No reply ever, but it happened. */
    TIME_OUT_AFTER,
    /**
     * The connection is cut within a reply, and nothing happened. Within, as the JDK's client sends a request again by
     * itself when the connection ends before any reply.
     */
    CUT_BEFORE,
    /** The connection is cut within the reply of what happened. */
    CUT_AFTER,
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
