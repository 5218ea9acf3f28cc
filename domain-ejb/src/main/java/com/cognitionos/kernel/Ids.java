package com.cognitionos.kernel;

import java.security.SecureRandom;
import java.util.UUID;

/** Makes our ids: UUID version 7 (RFC 9562), so that they sort by the time they were made. */
public final class Ids {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    public static UUID next() {
        // Ids are not business time: they take the machine's clock even for a tenant whose clock stands elsewhere.
        long millis = System.currentTimeMillis();
        long high = (millis << 16) | 0x7000L | (RANDOM.nextInt() & 0x0FFFL);
        long low = (RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
