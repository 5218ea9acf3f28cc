package com.cognitionos.dunning.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.dunning.control.CaseRecords;
import com.cognitionos.dunning.entity.DunningPolicy;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.TenantWall;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How failed invoices are gone after from now on (DUN-5); for the platform across tenants. */
@Stateless
@TenantWall
public class DunningPolicies {

    @Inject
    private CaseRecords records;

    @Inject
    private BusinessClock clock;

    @Inject
    private AuditLog audit;

    /** @param version goes up with each change, from 1 */
    public record PolicyView(DunningPolicy policy, long version, Instant updatedAt) {}

    public PolicyView view() {
        return view(records.policy());
    }

    /**
     * Puts another one in its place, whole; cases that have begun keep theirs.
     *
     * @param expectedVersion the version the change was made from; null takes the present one
     * @throws Problem INVALID; CONFLICT ({@code stale_version})
     */
    public PolicyView change(DunningPolicy wanted, @Nullable Long expectedVersion) {
        CaseRecords.Version before = records.policy();
        if (expectedVersion != null && expectedVersion != before.version()) {
            throw stale(before.version());
        }
        DunningPolicy after = wanted.checked();
        if (after.equals(before.policy())) {
            return view(before);
        }
        CaseRecords.Version next = new CaseRecords.Version(after, before.version() + 1, clock.system());
        if (!records.add(next)) {
            throw stale(next.version());
        }
        audit.record(
                null, "dunning_policy.changed", String.valueOf(next.version()), words(before.policy()), words(after));
        return view(next);
    }

    private static Problem stale(long version) {
        return Problem.conflict(
                "stale_version", "The policy was changed meanwhile; its version is now " + version + ".");
    }

    private static PolicyView view(CaseRecords.Version version) {
        return new PolicyView(version.policy(), version.version(), version.createdAt());
    }

    private static Map<String, Object> words(DunningPolicy policy) {
        return Map.of(
                "retry_days",
                policy.retryDays(),
                "grace_days",
                policy.graceDays(),
                "suspend",
                policy.suspend(),
                "without_card",
                policy.withoutCard());
    }
}
