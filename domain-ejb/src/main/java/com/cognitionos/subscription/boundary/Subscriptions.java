package com.cognitionos.subscription.boundary;

import static com.cognitionos.kernel.Sql.column;

import com.cognitionos.audit.boundary.AuditLog;
import com.cognitionos.catalog.boundary.AddOns;
import com.cognitionos.catalog.boundary.Plans;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Currencies;
import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.kernel.BusinessClock;
import com.cognitionos.kernel.Caller;
import com.cognitionos.kernel.EventType;
import com.cognitionos.kernel.Events;
import com.cognitionos.kernel.Ids;
import com.cognitionos.kernel.Problem;
import com.cognitionos.kernel.Sql;
import com.cognitionos.kernel.TenantLock;
import com.cognitionos.kernel.TenantWall;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.subscription.entity.Subscription;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import com.cognitionos.subscription.entity.SubscriptionStatus;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The subscriptions of the tenant that the caller works in. */
@Stateless
@TenantWall
public class Subscriptions {

    /** What is paid in where nothing else is asked for. */
    public static final String CURRENCY = "USD";

    public static final int TRIAL_DAYS = 14;

    private static final String MONTH_ENDS = """
            SELECT id FROM subscriptions WHERE tenant_id = ANY (?) AND status = 'active' AND NOT stopped
              AND pending_action IS NULL AND terms_end IS DISTINCT FROM usage_period_end
              AND next_due_at = usage_period_end AND next_due_at <= ?
            ORDER BY tenant_id""";

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

    @Inject
    private Events events;

    @EJB
    private Plans plans;

    @EJB
    private AddOns addOns;

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
        SubscriptionEvent.Kind kind =
                trialDays > 0 ? SubscriptionEvent.Kind.TRIAL_STARTED : SubscriptionEvent.Kind.STARTED;
        record(subscription, happened(subscription, kind, now, null));
        audit.record("subscription.started", id.toString(), null, state(subscription));
        tenants.limitsFrom(tier, plan.version(), now);
        told(EventType.SUBSCRIPTION_CREATED, subscription);
        if (trialDays > 0 && subscription.trialNoticeAt() == null) {
            told(EventType.SUBSCRIPTION_TRIAL_WILL_END, subscription);
        }
        return view(subscription);
    }

    /**
     * Cancels later. Ending at once also makes a final invoice, so it belongs to billing.
     *
     * @param at null for the end of the period
     * @throws Problem CONFLICT when it is not live or to end then already
     */
    public SubscriptionView cancelLater(@Nullable Instant at, @Nullable String reason) {
        return later("subscription.cancel_scheduled", (subscription, now) -> subscription.cancelLater(at, reason, now));
    }

    /** Takes back what is to happen by itself. @throws Problem CONFLICT when nothing is */
    public SubscriptionView reactivate() {
        return later("subscription.pending_withdrawn", Subscription::keep);
    }

    private SubscriptionView later(String act, BiConsumer<Subscription, Instant> change) {
        Subscription subscription = live();
        Map<String, ?> before = state(subscription);
        change.accept(subscription, clock.now(subscription.tenantId()));
        entities.flush();
        audit.record(act, subscription.id().toString(), before, state(subscription));
        told(EventType.SUBSCRIPTION_UPDATED, subscription);
        return view(subscription);
    }

    private void told(EventType type, Subscription subscription) {
        events.publish(List.of(happened(type, subscription)));
    }

    private Events.Happened happened(EventType type, Subscription subscription) {
        return new Events.Happened(subscription.tenantId(), type, () -> SubscriptionNews.of(view(subscription)));
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

    /**
     * For billing across tenants: of these tenants the subscriptions whose next due, by an instant, is the plain end of a
     * usage month, at which nothing changes. They are locked until the transaction ends; one that somebody else has locked
     * is left out. What becomes of them is to be written by {@link #monthsInvoiced}.
     *
     * @return in the order of their tenants
     */
    public List<Subscription> lockMonthEnds(Collection<UUID> ofTenants, Instant upTo) {
        return monthEnds(MONTH_ENDS + " FOR NO KEY UPDATE SKIP LOCKED", ofTenants, upTo);
    }

    /** As {@link #lockMonthEnds}, to count what they come to: none is locked, and what is done to them is forgotten. */
    public List<Subscription> monthEnds(Collection<UUID> ofTenants, Instant upTo) {
        return monthEnds(MONTH_ENDS, ofTenants, upTo);
    }

    private List<Subscription> monthEnds(String found, Collection<UUID> ofTenants, Instant upTo) {
        List<UUID> ids = sql.query(
                found, row -> row.getObject("id", UUID.class), new Sql.Array("uuid", ofTenants.toArray()), upTo);
        if (ids.isEmpty()) {
            return List.of();
        }
        List<Subscription> locked = entities.createQuery(
                        "SELECT s FROM Subscription s WHERE s.tenantId IN :tenants AND s.id IN :ids ORDER BY s.tenantId",
                        Subscription.class)
                .setParameter("tenants", ofTenants)
                .setParameter("ids", ids)
                .getResultList();
        // Row by row JPA would find them by the id alone, which only row security makes quick; and a count writes
        // nothing.
        entities.clear();
        return locked;
    }

    /**
     * For billing across tenants: as {@link #monthInvoiced}, of subscriptions that {@link #lockMonthEnds} has locked.
     *
     * @param invoiced those for whose month there is an invoice
     * @return those that have begun another period, for {@link #tellRenewed}
     */
    public List<Subscription> monthsInvoiced(List<Subscription> all, Set<UUID> invoiced) {
        List<Subscription> renewed = new ArrayList<>();
        for (Subscription subscription : all) {
            Period period = subscription.currentPeriod();
            if (invoiced.contains(subscription.id())) {
                subscription.invoiceMade();
            }
            subscription.monthInvoiced();
            if (!subscription.currentPeriod().equals(period)) {
                renewed.add(subscription);
            }
        }
        sql.update(
                """
                UPDATE subscriptions s SET usage_period_start = n.usage_start, usage_period_end = n.usage_end,
                    current_period_start = n.starts, current_period_end = n.ends, next_due_at = n.due,
                    next_invoice_id = n.invoice, updated_at = n.updated, version = s.version + 1
                FROM unnest(?::uuid[], ?::uuid[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[],
                    ?::timestamptz[], ?::uuid[], ?::timestamptz[])
                    AS n (tenant_id, id, usage_start, usage_end, starts, ends, due, invoice, updated)
                WHERE s.tenant_id = n.tenant_id AND s.id = n.id""",
                column(all, "uuid", Subscription::tenantId),
                column(all, "uuid", Subscription::id),
                column(all, "timestamptz", s -> s.usagePeriod().start().toString()),
                column(all, "timestamptz", s -> s.usagePeriod().end().toString()),
                column(all, "timestamptz", s -> s.currentPeriod().start().toString()),
                column(all, "timestamptz", s -> s.currentPeriod().end().toString()),
                column(all, "timestamptz", s -> String.valueOf(s.nextDueAt())),
                column(all, "uuid", Subscription::nextInvoiceId),
                column(all, "timestamptz", s -> s.updatedAt().toString()));
        all.forEach(Subscription::written);
        return renewed;
    }

    public void tellRenewed(List<Subscription> renewed) {
        events.publish(renewed.stream()
                .map(subscription -> happened(EventType.SUBSCRIPTION_RENEWED, subscription))
                .toList());
    }

    /** For billing: ends the trial with this plan as what follows. */
    public void endTrial(Subscription subscription, Plan next, BillingCycle cycle, boolean converted) {
        Instant at = subscription.currentPeriod().end();
        Map<String, ?> before = state(subscription);
        HeldAddOns wanted = subscription
                .pending()
                .filter(one -> one.at().equals(at))
                .map(one -> subscription.addOns().after(one.addOns()))
                .orElseGet(subscription::addOns);
        subscription.endTrial(next, cycle, addOns.fitting(wanted, next.tier(), cycle, subscription.currency()));
        holdTerms(subscription, at);
        entities.flush();
        SubscriptionEvent.Kind kind =
                converted ? SubscriptionEvent.Kind.TRIAL_CONVERTED : SubscriptionEvent.Kind.TRIAL_LAPSED;
        String reason = converted ? null : "no payment method at the end of the trial";
        record(subscription, happened(subscription, kind, at, reason));
        audit.record(
                converted ? "subscription.converted" : "subscription.lapsed",
                subscription.id().toString(),
                before,
                state(subscription));
        tenants.activate(at);
        tenants.limitsFrom(next.tier(), next.version(), at);
        told(EventType.SUBSCRIPTION_UPDATED, subscription);
    }

    /** For billing: the usage month is on an invoice; a cancellation that waited for this takes effect. */
    public void monthInvoiced(Subscription subscription) {
        Instant boundary = subscription.usagePeriod().end();
        Map<String, ?> before = state(subscription);
        String reason =
                subscription.pending().map(Subscription.Pending::reason).orElse("canceled at the end of its period");
        Period period = subscription.currentPeriod();
        subscription.monthInvoiced();
        entities.flush();
        if (!subscription.isLive()) {
            ended(subscription, before, happened(subscription, SubscriptionEvent.Kind.CANCELED, boundary, reason));
        } else if (!subscription.currentPeriod().equals(period)) {
            told(EventType.SUBSCRIPTION_RENEWED, subscription);
        }
    }

    /** For billing: what happens now, or has happened. */
    public void carryOut(Subscription subscription, SubscriptionEvent event) {
        Map<String, ?> before = state(subscription);
        Instant now = event.recordedAt();
        switch (event.kind()) {
            case CANCELED -> subscription.cancelNow(event.at(), now);
            case RESUMED -> subscription.resume(now);
            case REINSTATED -> subscription.reinstate(now);
            default -> become(subscription, event);
        }
        boolean otherPlan = !before.get("tier").equals(subscription.tier().code())
                || !before.get("plan_version").equals(subscription.planVersion());
        if (otherPlan) {
            holdTerms(subscription, now);
        }
        entities.flush();
        if (event.kind() == SubscriptionEvent.Kind.CANCELED) {
            ended(subscription, before, event);
            return;
        }
        record(subscription, event);
        audit.record("subscription." + act(event), subscription.id().toString(), before, state(subscription));
        if (otherPlan) {
            tenants.limitsFrom(subscription.tier(), subscription.planVersion(), now);
        }
        told(EventType.SUBSCRIPTION_UPDATED, subscription);
    }

    /** Of the plan that it has come to, from now at the earliest to their end. */
    private void holdTerms(Subscription subscription, Instant now) {
        subscription.holdsUntil(plans.termsEnd(subscription.tier(), subscription.planVersion())
                .map(end -> end.isBefore(now) ? now : end)
                .orElse(null));
    }

    private void become(Subscription subscription, SubscriptionEvent event) {
        Plan plan = plans.version(event.tier(), event.planVersion());
        boolean samePlan = plan.tier().equals(subscription.tier())
                && plan.version() == subscription.planVersion()
                && event.cycle() == subscription.cycle();
        if (!samePlan && plan.tier().equals(subscription.tier()) && event.cycle() == subscription.cycle()) {
            subscription.move(plan, event.recordedAt());
        } else if (!samePlan) {
            subscription.change(plan, event.cycle(), event.at(), event.recordedAt());
        } else if (!event.anchor().equals(subscription.anchor().at())) {
            subscription.moveAnchor(event.anchor(), event.at(), event.recordedAt());
        } else if (event.kind() != SubscriptionEvent.Kind.SUSPENDED
                && event.addOns().equals(subscription.addOns())) {
            subscription.pause(event.recordedAt());
        }
        subscription.hold(event.addOns(), event.recordedAt());
        if (event.kind() == SubscriptionEvent.Kind.SUSPENDED) {
            subscription.stop(event.recordedAt());
        }
    }

    private static String act(SubscriptionEvent event) {
        return switch (event.kind()) {
            case RESUMED, PAUSED, ANCHOR_MOVED, SUSPENDED, REINSTATED ->
                event.kind().code();
            default -> "changed";
        };
    }

    /** Another plan or cycle later. @param at null for the end of the period */
    public SubscriptionView changeLater(Plan plan, BillingCycle cycle, @Nullable Instant at) {
        return later(
                "subscription.change_scheduled", (subscription, now) -> subscription.changeLater(plan, cycle, at, now));
    }

    /** An add-on is had differently later. @param at null for the end of the period */
    public SubscriptionView changeAddOnLater(HeldAddOns.Item item, @Nullable Instant at) {
        return later(
                "subscription.change_scheduled", (subscription, now) -> subscription.changeAddOnLater(item, at, now));
    }

    /** Periods are counted from elsewhere later. @param at null for the end of the period */
    public SubscriptionView moveAnchorLater(Instant anchor, @Nullable Instant at) {
        return later(
                "subscription.anchor_scheduled", (subscription, now) -> subscription.moveAnchorLater(anchor, at, now));
    }

    /** For billing: what was to happen at that instant would change nothing any more, or only has to be told. */
    public void passOver(Subscription subscription, Instant at) {
        if (subscription.pending().filter(next -> next.at().equals(at)).isPresent()) {
            drop(subscription, at);
        } else if (at.equals(subscription.trialNoticeAt())) {
            subscription.trialNoticed();
            entities.flush();
            told(EventType.SUBSCRIPTION_TRIAL_WILL_END, subscription);
        } else {
            outlast(subscription, at);
        }
    }

    /** For billing: where its contract ends then, nothing can take its place, and it goes on. */
    public void outlast(Subscription subscription, Instant at) {
        if (at.equals(subscription.termsEnd())) {
            subscription.holdsUntil(null);
            entities.flush();
        }
    }

    /** For billing: what was to happen would change nothing any more. */
    public void drop(Subscription subscription, Instant at) {
        Map<String, ?> before = state(subscription);
        subscription.keep(at);
        entities.flush();
        audit.record("subscription.pending_withdrawn", subscription.id().toString(), before, state(subscription));
        told(EventType.SUBSCRIPTION_UPDATED, subscription);
    }

    private void ended(Subscription subscription, Map<String, ?> before, SubscriptionEvent event) {
        record(subscription, event);
        audit.record("subscription.canceled", subscription.id().toString(), before, state(subscription));
        Plan free = plans.fallback(event.recordedAt());
        tenants.limitsFrom(free.tier(), free.version(), event.recordedAt());
        told(EventType.SUBSCRIPTION_CANCELED, subscription);
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

    /** How many live subscriptions have a version of an add-on. */
    public record OnAddOn(String code, int version, long subscriptions) {}

    /** For the platform across tenants: the versions of add-ons that somebody has. */
    public List<OnAddOn> countByAddOn() {
        return sql.query(
                """
                SELECT held.key AS code, (held.value->>'version')::int AS version, count(*) AS subscriptions
                FROM subscriptions s, jsonb_each(s.add_ons::jsonb) held
                WHERE s.status <> 'canceled' GROUP BY 1, 2 ORDER BY 1, 2""", row -> new OnAddOn(row.getString("code"), row.getInt("version"), row.getLong("subscriptions")));
    }

    /** For payment: the newest subscription is behind with a payment, or has caught up. */
    public void paymentState(boolean behind) {
        latest().ifPresent(subscription -> {
            Instant now = clock.now(subscription.tenantId());
            SubscriptionStatus before = subscription.status();
            if (behind) {
                subscription.paymentFailed(now);
            } else {
                subscription.paymentCaughtUp(now);
            }
            if (subscription.status() != before) {
                entities.flush();
                told(EventType.SUBSCRIPTION_UPDATED, subscription);
            }
        });
    }

    /** For dunning: the newest subscription is unpaid from now on, until nothing is due any more. */
    public void unpaid() {
        latest().ifPresent(subscription -> {
            SubscriptionStatus before = subscription.status();
            subscription.collectionFailed(clock.now(subscription.tenantId()));
            if (subscription.status() != before) {
                entities.flush();
                told(EventType.SUBSCRIPTION_UPDATED, subscription);
            }
        });
    }

    public SubscriptionView view(Subscription subscription) {
        return SubscriptionView.of(
                subscription,
                plans.version(subscription.tier(), subscription.planVersion(), subscription.tenantId()),
                subscription.pending().or(() -> contractEnd(subscription)));
    }

    private Optional<Subscription.Pending> contractEnd(Subscription subscription) {
        return Optional.ofNullable(subscription.termsEnd())
                .filter(end -> subscription.isLive())
                .flatMap(end -> plans.sold(subscription.tier(), subscription.cycle(), subscription.currency(), end)
                        .map(plan -> new Subscription.Pending(
                                Subscription.Waiting.CONTRACT_END,
                                end,
                                plan.tier(),
                                plan.version(),
                                subscription.cycle(),
                                null,
                                "the contract ends",
                                HeldAddOns.NONE)));
    }

    /** The subscription's history, oldest first. */
    public List<SubscriptionEvent> history(UUID subscriptionId) {
        return histories(Map.of(subscriptionId, Caller.currentTenant())).getOrDefault(subscriptionId, List.of());
    }

    /** For billing across tenants: the histories of many, oldest first. @param tenants of the subscriptions */
    public Map<UUID, List<SubscriptionEvent>> histories(Map<UUID, UUID> tenants) {
        List<UUID> ids = List.copyOf(tenants.keySet());
        Map<UUID, List<SubscriptionEvent>> histories = new HashMap<>();
        sql.query(
                        """
                SELECT subscription_id, kind, coalesce(recorded_at, at) AS recorded_at, at, tier, plan_version, billing_cycle,
                    coalesce(anchor, at) AS anchor, after_due, reason, add_ons
                FROM subscription_events e JOIN unnest(?::uuid[], ?::uuid[]) AS w (tenant_id, id)
                    ON e.tenant_id = w.tenant_id AND e.subscription_id = w.id
                ORDER BY e.tenant_id, position""",
                        row -> Map.entry(
                                row.getObject("subscription_id", UUID.class),
                                new SubscriptionEvent(
                                        SubscriptionEvent.Kind.of(row.getString("kind")),
                                        Sql.instant(row, "recorded_at"),
                                        Sql.instant(row, "at"),
                                        Tier.of(row.getString("tier")),
                                        row.getInt("plan_version"),
                                        BillingCycle.of(row.getString("billing_cycle")),
                                        Sql.instant(row, "anchor"),
                                        row.getBoolean("after_due"),
                                        row.getString("reason"),
                                        HeldAddOns.parse(row.getString("add_ons")))),
                        new Sql.Array("uuid", ids.stream().map(tenants::get).toArray()),
                        new Sql.Array("uuid", ids.toArray()))
                .forEach(row -> histories
                        .computeIfAbsent(row.getKey(), id -> new ArrayList<>())
                        .add(row.getValue()));
        return histories;
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
                "pending", s.pending().map(Subscriptions::words).orElse("none"),
                "status", s.status().code(),
                "tier", s.tier().code(),
                "plan_version", s.planVersion(),
                "billing_cycle", s.cycle().code(),
                "anchor", s.anchor().at(),
                "add_ons", words(s.addOns()),
                "cancel_at_period_end", s.cancelsAtPeriodEnd());
    }

    private static String words(Subscription.Pending next) {
        String what = next.what() == Subscription.Waiting.CHANGE
                ? next.tier().code() + " " + next.cycle().code()
                        + (next.addOns().isEmpty() ? "" : ", add-ons " + words(next.addOns()))
                : next.what().code();
        return what + " at " + next.at();
    }

    private static String words(HeldAddOns held) {
        return held.items().stream()
                .map(item -> item.code() + "/" + item.version() + " × " + item.quantity())
                .collect(Collectors.joining(", "));
    }

    /** What came about at a boundary: known as it happened, and invoiced with whatever fell due there. */
    private static SubscriptionEvent happened(
            Subscription s, SubscriptionEvent.Kind kind, Instant at, @Nullable String reason) {
        return new SubscriptionEvent(
                kind, at, at, s.tier(), s.planVersion(), s.cycle(), s.anchor().at(), false, reason, s.addOns());
    }

    private void record(Subscription s, SubscriptionEvent event) {
        sql.update(
                """
                INSERT INTO subscription_events
                    (tenant_id, subscription_id, position, kind, recorded_at, at, tier, plan_version, billing_cycle, anchor,
                     after_due, reason, add_ons)
                SELECT ?, ?, count(*) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM subscription_events
                WHERE tenant_id = ? AND subscription_id = ?""",
                s.tenantId(),
                s.id(),
                event.kind().code(),
                event.recordedAt(),
                event.at(),
                event.tier().code(),
                event.planVersion(),
                event.cycle().code(),
                event.anchor(),
                event.afterDue(),
                event.reason(),
                event.addOns().text(),
                s.tenantId(),
                s.id());
    }
}
