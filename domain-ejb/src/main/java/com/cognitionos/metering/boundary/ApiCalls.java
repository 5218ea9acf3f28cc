package com.cognitionos.metering.boundary;

import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.metering.control.ApiCallQueue;
import com.cognitionos.metering.control.ApiCallTail;
import com.cognitionos.metering.control.Counters;
import com.cognitionos.metering.control.Limits;
import com.cognitionos.metering.control.Refusals;
import com.cognitionos.metering.control.Standings;
import com.cognitionos.metering.control.UsageGrants;
import com.cognitionos.metering.control.UsageGrants.Counted;
import com.cognitionos.metering.entity.Allowance;
import com.cognitionos.metering.entity.Refusal;
import com.cognitionos.metering.entity.Standing;
import com.cognitionos.metering.entity.UsageEvent;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Counts the API calls of tenants' keys (MET-11). */
@Stateless
@TenantWall
public class ApiCalls {

    @Inject
    private Sql sql;

    @Inject
    private TenantLock locks;

    @Inject
    private Standings standings;

    @Inject
    private Counters counters;

    @Inject
    private Limits limits;

    @Inject
    private Refusals refusals;

    @Inject
    private ApiCallTail tail;

    @Inject
    private UsageGrants grants;

    @Inject
    private ApiCallQueue queue;

    @EJB
    private ApiCalls self;

    /**
     * The caller, a tenant's key, calls once. Committed as this returns, whatever becomes of the request. Without a live
     * subscription nothing is counted: there is nothing that it could be charged to.
     *
     * @throws com.cognitionos.kernel.Problem PAYMENT_REQUIRED ({@code entitlement_exceeded}) when the plan, the tenant's
     *     settings or its spending cap have no more calls
     */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void count() {
        if (join(queue.countHere(Caller.currentTenant(), key())) == Counted.NOT) {
            self.decide(false);
        }
    }

    /** A call that is being counted while its request is served. */
    public interface Pending {
        /** Returns once it is committed; to be called before the reply leaves, as the caller. */
        void join();
    }

    /**
     * As {@link #count}, but where the key's calls have no limit it goes on at once.
     *
     * @throws com.cognitionos.kernel.Problem as {@link #count}
     */
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    public Pending begin() {
        UUID tenant = Caller.currentTenant();
        String key = key();
        if (!queue.isUnlimited(tenant, key)) {
            self.count();
            return () -> {};
        }
        CompletableFuture<Counted> counted = queue.count(tenant, key);
        return () -> {
            if (join(counted) == Counted.NOT) {
                // A limit came meanwhile; this call was served before anybody could know.
                self.decide(true);
            }
        };
    }

    private static Counted join(CompletableFuture<Counted> counted) {
        try {
            return counted.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /**
     * For {@link #count}: counts a call that no grant covers, and grants those to come.
     *
     * @param served whether it is too late to refuse it
     */
    @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
    public void decide(boolean served) {
        // Whoever closes a month waits until this call is committed, and so has it on the invoice.
        locks.share(TenantLock.Purpose.BILLING);
        Standings.Resting found = standings.resting().orElse(null);
        Standing standing = found == null ? null : found.standing();
        Allowance allowance =
                standing == null ? null : standing.allowance(ApiCallTail.METER).orElse(null);
        if (found == null || standing == null || allowance == null) {
            return;
        }
        String facts = found.facts();
        BigDecimal ceiling = allowance.limitWhen(standing.capped());
        Counters.Key month = new Counters.Key(ApiCallTail.METER, standing.monthOf(standing.now()));
        if (!grants.held(facts, month.month()).contains(ApiCallTail.METER)) {
            locks.take(TenantLock.Purpose.ALLOWANCE);
            tail.flush();
            UUID counted = ceiling == null ? null : counters.toChange(month).id();
            grants.grant(allowance.meter(), facts, standing, month.month(), counted, ceiling);
        }
        if (ceiling == null) {
            tail.add(key(), standing.now());
            return;
        }
        UUID counter = counters.toChange(month).id();
        if (tail.add(key(), standing.now(), counter, ceiling)) {
            return;
        }
        // Full, or free of charge no longer: now all that the decision rests on is locked and looked at.
        Optional<Refusal> refusal = limits.lock(allowance, standing)
                .admit(new UsageEvent(key(), ApiCallTail.METER, BigDecimal.ONE, null, key(), null));
        if (refusal.isPresent() && !served) {
            throw refusals.noted(ApiCallTail.METER, refusal).orElseThrow().problem();
        }
        tail.add(key(), standing.now(), counter, null);
    }

    /** Makes usage records of the calls so far of the caller's tenant. @return how many calls */
    public long flush() {
        return tail.flush();
    }

    /** The tenants that have calls to make records of, from {@code after} on in the order of their ids; for the platform. */
    public List<UUID> tenantsBehind(UUID after, int limit) {
        return sql.query(
                "SELECT DISTINCT tenant_id FROM api_call_tail WHERE tenant_id > ? ORDER BY tenant_id LIMIT ?",
                row -> row.getObject("tenant_id", UUID.class),
                after,
                limit);
    }

    private static String key() {
        String subject = Caller.current().subject();
        return subject.substring(subject.indexOf(':') + 1);
    }
}
