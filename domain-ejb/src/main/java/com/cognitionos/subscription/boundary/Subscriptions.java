package com.cognitionos.subscription.boundary;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Currencies;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import com.cognitionos.tenancy.boundary.TenantView;
import com.cognitionos.tenancy.boundary.Tenants;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The subscriptions of the tenant that the caller works in. */
@Stateless
@TenantWall
public class Subscriptions {

    /** What is paid in where nothing else is asked for. */
    public static final String CURRENCY = "USD";

    public static final int TRIAL_DAYS = 14;

    @PersistenceContext(unitName = "cognitionos")
    private EntityManager entities;

    @Inject
    private Sql sql;

    @Inject
    private BusinessClock clock;

    @Inject
    private TenantLock locks;

    @Inject
    private AuditLog audit;

    @EJB
    private Plans plans;

    @EJB
    private Tenants tenants;

    /** The live subscription, or the last one that ended. @throws Problem NOT_FOUND when there never was one */
    public SubscriptionView current() {
        return latest().map(this::view).orElseThrow(() -> Problem.notFound("subscription"));
    }

    /**
     * Starts a subscription at the tenant's present.
     *
     * @param currency by ISO 4217, for as long as it lives
     * @param trialDays 0 for none, up to 365
     * @throws Problem CONFLICT when one lives already; INVALID when the plan is not sold so
     */
    public SubscriptionView create(Tier tier, BillingCycle cycle, String currency, int trialDays) {
        Currencies.require("currency", currency);
        if (trialDays < 0 || trialDays > 365) {
            throw Problem.invalid("trial_days", "out_of_range", "trial_days must be from 0 to 365");
        }
        UUID tenantId = Caller.currentTenant();
        // Two requests at once both see none; the first one's lock makes the second look again.
        locks.take(TenantLock.Purpose.SUBSCRIBING);
        Optional<Subscription> last = latest();
        if (last.filter(Subscription::isLive).isPresent()) {
            throw Problem.conflict("subscription_exists", "The tenant has a live subscription already.");
        }
        Instant now = clock.now(tenantId);
        Plan plan = plans.onSale(tier, now);
        plan.requirePrice(cycle, currency, "currency");
        TenantView tenant = tenants.current();
        ZoneId zone = ZoneId.of(tenant.timeZone());
        UUID id = Ids.next();
        Subscription subscription;
        if (trialDays > 0) {
            if (last.isPresent()) {
                throw Problem.conflict("trial_used", "A trial is for a tenant's first subscription.");
            }
            subscription = Subscription.startTrial(id, tenantId, plan, cycle, currency, zone, now, trialDays);
            tenants.startTrial(subscription.currentPeriod().end(), now);
        } else {
            subscription = Subscription.start(id, tenantId, plan, cycle, currency, zone, now);
            tenants.activate(now);
        }
        entities.persist(subscription);
        entities.flush();
        record(
                subscription,
                trialDays > 0 ? SubscriptionEvent.Kind.TRIAL_STARTED : SubscriptionEvent.Kind.STARTED,
                now,
                false,
                null);
        audit.record("subscription.started", id.toString(), null, state(subscription));
        tenants.limitsFrom(tier, plan.version(), now);
        return view(subscription);
    }

    /**
     * Cancels at the end of the period. Ending at once also makes a final invoice, so it belongs to billing.
     *
     * @throws Problem CONFLICT when it is not live or already canceled
     */
    public SubscriptionView cancelAtPeriodEnd() {
        Subscription subscription = live();
        Map<String, ?> before = state(subscription);
        subscription.cancelAtPeriodEnd(clock.now(subscription.tenantId()));
        entities.flush();
        audit.record("subscription.cancel_scheduled", subscription.id().toString(), before, state(subscription));
        return view(subscription);
    }

    /** Takes back a cancellation or change at the period's end. @throws Problem CONFLICT when there is none */
    public SubscriptionView reactivate() {
        Subscription subscription = live();
        Map<String, ?> before = state(subscription);
        subscription.keep(clock.now(subscription.tenantId()));
        entities.flush();
        audit.record("subscription.pending_withdrawn", subscription.id().toString(), before, state(subscription));
        return view(subscription);
    }

    /** For billing: the live subscription, locked until the transaction ends; none when it has ended. */
    public Optional<Subscription> lockLive() {
        return latest().filter(Subscription::isLive)
                .map(found -> {
                    entities.lock(found, LockModeType.PESSIMISTIC_WRITE);
                    entities.refresh(found);
                    return found;
                })
                .filter(Subscription::isLive);
    }

    /** For billing: ends the trial with this plan as what follows. */
    public void endTrial(Subscription subscription, Plan next, BillingCycle cycle, boolean converted) {
        Instant at = subscription.currentPeriod().end();
        Map<String, ?> before = state(subscription);
        subscription.endTrial(next, cycle);
        entities.flush();
        record(
                subscription,
                converted ? SubscriptionEvent.Kind.TRIAL_CONVERTED : SubscriptionEvent.Kind.TRIAL_LAPSED,
                at,
                false,
                converted ? null : "no payment method at the end of the trial");
        audit.record(
                converted ? "subscription.converted" : "subscription.lapsed",
                subscription.id().toString(),
                before,
                state(subscription));
        tenants.activate(at);
        tenants.limitsFrom(next.tier(), next.version(), at);
    }

    /** For billing: the usage month is on an invoice; a cancellation that waited for this takes effect. */
    public void monthInvoiced(Subscription subscription) {
        Instant boundary = subscription.usagePeriod().end();
        Map<String, ?> before = state(subscription);
        subscription.monthInvoiced();
        entities.flush();
        if (!subscription.isLive()) {
            ended(subscription, before, boundary, false, "canceled at the end of its period");
        }
    }

    /** For billing: another plan or cycle from now on. */
    public void change(Subscription subscription, SubscriptionEvent change, Plan plan) {
        Instant at = change.at();
        Map<String, ?> before = state(subscription);
        if (plan.tier().equals(subscription.tier()) && change.cycle() == subscription.cycle()) {
            subscription.move(plan, at);
        } else {
            subscription.change(plan, change.cycle(), at);
        }
        entities.flush();
        record(subscription, change.kind(), at, change.afterDue(), null);
        audit.record("subscription.changed", subscription.id().toString(), before, state(subscription));
        tenants.limitsFrom(plan.tier(), plan.version(), at);
    }

    /** Another plan or cycle when the period ends. */
    public SubscriptionView changeAtPeriodEnd(Plan plan, BillingCycle cycle) {
        Subscription subscription = live();
        Map<String, ?> before = state(subscription);
        subscription.changeAtPeriodEnd(plan, cycle, clock.now(subscription.tenantId()));
        entities.flush();
        audit.record("subscription.change_scheduled", subscription.id().toString(), before, state(subscription));
        return view(subscription);
    }

    /** For billing: nothing is charged from now on, or again. */
    public void pause(Subscription subscription, boolean paused, Instant at, @Nullable String reason) {
        Map<String, ?> before = state(subscription);
        if (paused) {
            subscription.pause(at);
        } else {
            subscription.resume(at);
        }
        entities.flush();
        SubscriptionEvent.Kind kind = paused ? SubscriptionEvent.Kind.PAUSED : SubscriptionEvent.Kind.RESUMED;
        record(subscription, kind, at, true, reason);
        audit.record("subscription." + kind.code(), subscription.id().toString(), before, state(subscription));
    }

    /** For billing: it ends now. */
    public void cancelNow(Subscription subscription, Instant at, @Nullable String reason) {
        Map<String, ?> before = state(subscription);
        subscription.cancelNow(at);
        entities.flush();
        ended(subscription, before, at, true, reason);
    }

    private void ended(
            Subscription subscription, Map<String, ?> before, Instant at, boolean afterDue, @Nullable String reason) {
        record(subscription, SubscriptionEvent.Kind.CANCELED, at, afterDue, reason);
        audit.record("subscription.canceled", subscription.id().toString(), before, state(subscription));
        Plan free = plans.fallback(at);
        tenants.limitsFrom(free.tier(), free.version(), at);
    }

    /**
     * For the platform across tenants: whose live subscription is on that version, in the order of their ids.
     *
     * @param waiting whether also those that wait for a move already
     */
    public List<UUID> onVersion(Tier tier, int version, boolean waiting, int most) {
        return sql.query("""
                SELECT tenant_id FROM subscriptions WHERE tier = ? AND plan_version = ? AND status <> 'canceled'
                  AND (? OR pending_tier IS DISTINCT FROM tier OR pending_billing_cycle <> billing_cycle)
                ORDER BY tenant_id LIMIT ?""", row -> row.getObject("tenant_id", UUID.class), tier.code(), version, waiting, most);
    }

    /** How many live subscriptions there are on a version. */
    public record OnVersion(Tier tier, int version, long subscriptions) {}

    /** For the platform across tenants: the versions that somebody has. */
    public List<OnVersion> countByVersion() {
        return sql.query(
                """
                SELECT tier, plan_version, count(*) AS subscriptions FROM subscriptions
                WHERE status <> 'canceled' GROUP BY tier, plan_version ORDER BY tier, plan_version""",
                row -> new OnVersion(
                        Tier.of(row.getString("tier")), row.getInt("plan_version"), row.getLong("subscriptions")));
    }

    /** For payment: the newest subscription is behind with a payment, or has caught up. */
    public void paymentState(boolean behind) {
        latest().ifPresent(subscription -> {
            Instant now = clock.now(subscription.tenantId());
            if (behind) {
                subscription.paymentFailed(now);
            } else {
                subscription.paymentCaughtUp(now);
            }
        });
    }

    public SubscriptionView view(Subscription subscription) {
        return SubscriptionView.of(subscription, plans.version(subscription.tier(), subscription.planVersion()));
    }

    /** The subscription's history, oldest first. */
    public List<SubscriptionEvent> history(UUID subscriptionId) {
        return sql.query(
                """
                SELECT kind, coalesce(recorded_at, at) AS recorded_at, at, tier, plan_version, billing_cycle,
                    coalesce(anchor, at) AS anchor, after_due, reason FROM subscription_events
                WHERE tenant_id = ? AND subscription_id = ? ORDER BY position""",
                row -> new SubscriptionEvent(
                        SubscriptionEvent.Kind.of(row.getString("kind")),
                        Sql.instant(row, "recorded_at"),
                        Sql.instant(row, "at"),
                        Tier.of(row.getString("tier")),
                        row.getInt("plan_version"),
                        BillingCycle.of(row.getString("billing_cycle")),
                        Sql.instant(row, "anchor"),
                        row.getBoolean("after_due"),
                        row.getString("reason")),
                Caller.currentTenant(),
                subscriptionId);
    }

    /** The newest subscription, live or not. */
    public Optional<Subscription> latest() {
        return entities.createQuery(
                        "SELECT s FROM Subscription s WHERE s.tenantId = :tenant ORDER BY s.createdAt DESC, s.id DESC",
                        Subscription.class)
                .setParameter("tenant", Caller.currentTenant())
                .setMaxResults(1)
                .getResultStream()
                .findFirst();
    }

    private Subscription live() {
        return latest().filter(Subscription::isLive)
                .orElseThrow(() -> Problem.conflict("no_subscription", "The tenant has no live subscription."));
    }

    /** As the audit log shows it. */
    private static Map<String, Object> state(Subscription s) {
        return Map.of(
                "pending",
                        s.pending()
                                .map(next ->
                                        next.tier().code() + " " + next.cycle().code())
                                .orElse("none"),
                "status", s.status().code(),
                "tier", s.tier().code(),
                "plan_version", s.planVersion(),
                "billing_cycle", s.cycle().code(),
                "cancel_at_period_end", s.cancelsAtPeriodEnd());
    }

    private void record(
            Subscription s, SubscriptionEvent.Kind kind, Instant at, boolean afterDue, @Nullable String reason) {
        sql.update(
                """
                INSERT INTO subscription_events
                    (tenant_id, subscription_id, position, kind, recorded_at, at, tier, plan_version, billing_cycle, anchor,
                     after_due, reason)
                SELECT ?, ?, count(*) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM subscription_events
                WHERE tenant_id = ? AND subscription_id = ?""",
                s.tenantId(),
                s.id(),
                kind.code(),
                at,
                at,
                s.tier().code(),
                s.planVersion(),
                s.cycle().code(),
                s.anchor().at(),
                afterDue,
                reason,
                s.tenantId(),
                s.id());
    }
}
