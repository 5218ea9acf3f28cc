package com.cognitionos.metering.control;

import com.cognitionos.kernel.Problem;
import com.cognitionos.metering.boundary.UsageEvents;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The places of this node for files that programs are bringing. Each takes a thread and up to 25 MB of disk for as long as its
 * sender likes, so their number is bounded, and of them a tenant's own: who finds no place is refused at once.
 */
@ApplicationScoped
public class UploadPlaces {

    static final int MOST = 16;
    static final int MOST_OF_A_TENANT = 2;

    private static final long RETRY_AFTER_S = 5;

    private final Map<UUID, Integer> inside = new HashMap<>();
    private int taken;

    /** @throws Problem UNAVAILABLE ({@code overloaded}) where there is no place */
    public UsageEvents.Place enter(UUID tenant) {
        synchronized (inside) {
            int own = inside.getOrDefault(tenant, 0);
            if (taken >= MOST || own >= MOST_OF_A_TENANT) {
                throw Problem.unavailable(
                        "overloaded",
                        "Several files are being brought at the moment; try again shortly.",
                        RETRY_AFTER_S);
            }
            taken++;
            inside.put(tenant, own + 1);
        }
        return () -> {
            synchronized (inside) {
                taken--;
                inside.merge(tenant, -1, (one, other) -> one + other == 0 ? null : one + other);
            }
        };
    }
}
