package com.cognitionos.idempotency.boundary;

import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The request that the current thread works on, as its sender's idempotency key names it.
 *
 * @param owner the tenant whose principal it is, or {@link #PLATFORM}
 * @param principal as {@link com.cognitionos.kernel.Caller#subject}
 * @param keyMac of owner, principal and key
 * @param requestMac of what was asked for
 */
public record RequestKey(UUID owner, String principal, byte[] keyMac, byte[] requestMac) {

    public static final UUID PLATFORM = new UUID(0, 0);

    private static final ThreadLocal<RequestKey> CURRENT = new ThreadLocal<>();

    public static Optional<RequestKey> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Runs the work as this request's. */
    public <T> T call(Supplier<T> work) {
        RequestKey before = CURRENT.get();
        CURRENT.set(this);
        try {
            return work.get();
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }

    /** Says nothing of the key itself. */
    @Override
    public String toString() {
        return "request " + HexFormat.of().formatHex(keyMac, 0, 8);
    }
}
