package com.cognitionos.kernel;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The only source of business time (SPEC section 9): the tenant's own test clock where it has one, the system's
 * otherwise. Instants are cut to microseconds, the database's grain, so that what is compared later is equal.
 */
@ApplicationScoped
public class BusinessClock {

    private static final ThreadLocal<Instant> PINNED = new ThreadLocal<>();

    @Inject
    private Sql sql;

    /** The tenant's present. Needs a transaction of that tenant. */
    public Instant now(UUID tenant) {
        if (PINNED.get() != null) {
            return PINNED.get();
        }
        return sql.queryOne("SELECT now FROM test_clocks WHERE tenant_id = ?", row -> Sql.instant(row, "now"), tenant)
                .orElseGet(this::system);
    }

    /** As {@link #now(UUID)}, of many tenants at once; for the platform. */
    public Map<UUID, Instant> now(Collection<UUID> tenants) {
        Map<UUID, Instant> present = new HashMap<>();
        Instant system = system();
        tenants.forEach(tenant -> present.put(tenant, system));
        if (PINNED.get() == null) {
            sql.query(
                            "SELECT tenant_id, now FROM test_clocks WHERE tenant_id = ANY (?)",
                            row -> Map.entry(row.getObject("tenant_id", UUID.class), Sql.instant(row, "now")),
                            new Sql.Array("uuid", tenants.toArray()))
                    .forEach(row -> present.put(row.getKey(), row.getValue()));
        }
        return present;
    }

    /** As {@link #now(UUID)}, for who has read the test clock already; null where the tenant has none. */
    public Instant now(@Nullable Instant testClock) {
        return PINNED.get() == null && testClock != null ? testClock : system();
    }

    /** The platform's present: for live tenants, keys, runs. */
    public Instant system() {
        Instant pinned = PINNED.get();
        return pinned != null ? pinned : Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    /** Whether this thread tells a story of another time, which no other thread knows. */
    public static boolean isPinned() {
        return PINNED.get() != null;
    }

    /** Tells the story of the demo world's past: everything inside happens at that instant. */
    public static <T> T at(Instant instant, Supplier<T> work) {
        Instant before = PINNED.get();
        PINNED.set(instant);
        try {
            return work.get();
        } finally {
            if (before == null) {
                PINNED.remove();
            } else {
                PINNED.set(before);
            }
        }
    }
}
