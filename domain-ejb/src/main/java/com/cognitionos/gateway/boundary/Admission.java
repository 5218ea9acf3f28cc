package com.cognitionos.gateway.boundary;

import com.cognitionos.kernel.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the gate found out about one request.
 *
 * @param caller whose key it came with; null without a good one
 * @param tenant the caller's, when it is a tenant's key
 * @param quotas at least one, the key's before the tenant's
 * @param places how many of each quota are taken now: 0 where one has none left; more than the request's own where
 *     somebody busy takes some ahead
 * @param decidedAt on the database's clock
 */
public record Admission(
        @Nullable Caller caller, @Nullable Tenant tenant, List<Quota> quotas, int places, Instant decidedAt) {

    /** As the database had it at that moment; {@code status} as in SPEC section 2. */
    public record Tenant(String slug, String status) {}

    /**
     * A limit on the requests within any 60 s.
     *
     * @param policy {@code tenant}, {@code key} or {@code address}
     * @param limit from 1
     * @param remaining places left, from 0
     * @param freeAt when the next place frees up; null when none is taken
     */
    public record Quota(
            String policy,
            int limit,
            int remaining,
            @Nullable Instant freeAt) {

        private Quota less(int requests) {
            return new Quota(policy, limit, Math.max(0, remaining - requests), freeAt);
        }

        /** Whole seconds until {@link #freeAt}, rounded up. */
        public long secondsUntilFree(Instant now) {
            return freeAt == null
                    ? 0
                    : Math.max(
                            0,
                            Duration.between(now, freeAt).plusNanos(999_999_999).toSeconds());
        }
    }

    /** Whether all quotas had a place. */
    public boolean admitted() {
        return places > 0;
    }

    public Optional<Caller> verified() {
        return Optional.ofNullable(caller);
    }

    /** The one with the fewest places left. */
    public Quota tightest() {
        return quotas.stream().min(Comparator.comparingInt(Quota::remaining)).orElseThrow();
    }

    /** When a request that is refused now may be admitted at the earliest: when each full quota has a place. */
    public Instant nextChance() {
        return quotas.stream()
                .filter(quota -> quota.remaining() == 0 && quota.freeAt() != null)
                .map(Quota::freeAt)
                .max(Comparator.naturalOrder())
                .orElse(decidedAt);
    }

    /** Whole seconds until {@link #nextChance}, rounded up, at least 1. */
    public long retryAfterSeconds() {
        return Math.max(
                1,
                Duration.between(decidedAt, nextChance()).plusNanos(999_999_999).toSeconds());
    }

    /** The same verdict somewhat later. */
    Admission at(Instant later) {
        return new Admission(caller, tenant, quotas, places, later);
    }

    /** That of a later request which uses a place that was taken with this one's. */
    Admission after(int requests) {
        Quota[] left = new Quota[quotas.size()];
        for (int i = 0; i < left.length; i++) {
            left[i] = quotas.get(i).less(requests);
        }
        return new Admission(caller, tenant, List.of(left), places, decidedAt);
    }
}
