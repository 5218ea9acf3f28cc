package com.cognitionos.kernel;

import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The verified principal that the current thread works for, and the tenant it works in.
 *
 * @param subject who, as it stands in records: {@code key:<prefix>}, {@code user:<id>}, {@code job:<name>}
 * @param platform whether the principal is the operator, finance or a job, and so may act across tenants
 * @param tenant the one tenant whose data it works on; null only for the platform
 * @param scopes what it may do: those of the API key, of the person's role, or {@link #ALL} for a job
 * @param origin where the request came from
 */
public record Caller(
        String subject, boolean platform, @Nullable UUID tenant, Set<String> scopes, Origin origin) {

    public static final Set<String> ALL = Set.of("*");

    private static final ThreadLocal<Caller> CURRENT = new ThreadLocal<>();

    public Caller {
        if (tenant == null && !platform) {
            throw new IllegalArgumentException("a tenant's principal has a tenant");
        }
        scopes = Set.copyOf(scopes);
    }

    /** A principal of which nobody asks where it is. */
    public Caller(String subject, boolean platform, @Nullable UUID tenant, Set<String> scopes) {
        this(subject, platform, tenant, scopes, Origin.JOB);
    }

    /** A job or timer of ours, across tenants. */
    public static Caller job(String name) {
        return new Caller("job:" + name, true, null, ALL);
    }

    /** @throws Problem UNAUTHENTICATED when no door has let anybody in on this thread */
    public static Caller current() {
        Caller caller = CURRENT.get();
        if (caller == null) {
            throw new Problem(Problem.Kind.UNAUTHENTICATED, "unauthenticated", "No verified caller.");
        }
        return caller;
    }

    public static boolean isPresent() {
        return CURRENT.get() != null;
    }

    /** The tenant to work in. @throws Problem BAD_REQUEST for a platform principal that has not chosen one */
    public static UUID currentTenant() {
        UUID tenant = current().tenant();
        if (tenant == null) {
            throw new Problem(
                    Problem.Kind.BAD_REQUEST,
                    "tenant_required",
                    "Name the tenant to act for by the header X-Tenant-ID.");
        }
        return tenant;
    }

    /** The same principal at work in one tenant. Only the platform may choose; a tenant's own principal keeps its tenant. */
    public Caller in(UUID chosen) {
        if (!platform && !chosen.equals(tenant)) {
            throw new Problem(Problem.Kind.FORBIDDEN, "tenant_forbidden", "This key may not act in that tenant.");
        }
        return new Caller(subject, platform, chosen, scopes, origin);
    }

    /** The platform principal across tenants again. */
    public Caller acrossTenants() {
        if (!platform) {
            throw new Problem(Problem.Kind.FORBIDDEN, "forbidden", "Only the platform works across tenants.");
        }
        return new Caller(subject, true, null, scopes, origin);
    }

    /** The same principal, seen at that place. */
    public Caller from(Origin place) {
        return new Caller(subject, platform, tenant, scopes, place);
    }

    public boolean may(String scope) {
        return scopes.contains("*") || scopes.contains(scope);
    }

    /** @throws Problem FORBIDDEN ({@code insufficient_scope}) unless it {@link #may} */
    public void require(String scope) {
        if (!may(scope)) {
            throw new Problem(
                    Problem.Kind.FORBIDDEN,
                    "insufficient_scope",
                    "It needs the scope " + scope + ", which is missing.");
        }
    }

    /** Runs the work for this caller and puts back whoever was there before. */
    public <T> T call(Supplier<T> work) {
        Caller before = CURRENT.get();
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

    public void run(Runnable work) {
        call(() -> {
            work.run();
            return null;
        });
    }
}
