package com.cognitionos.metering.entity;

import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.metering.entity.Refusal.Reason;
import com.cognitionos.rating.entity.Anchor;
import com.cognitionos.rating.entity.Cadence;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Usage;
import com.cognitionos.rating.entity.UsageRating;
import com.cognitionos.subscription.entity.SubscriptionStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that decides what a tenant may use: the one place where plan, trial, settings, spending cap and the state of the
 * subscription become limits (MET-6, MET-8, MET-9, MET-10). Pure, so every door decides alike.
 *
 * @param pastDueSince when it fell behind with a payment; null while it has not
 * @param plan with its share of a month of another length than the calendar's
 * @param usagePeriod the month that is being counted; all before it has been invoiced
 * @param whole the month that prices are for
 * @param before the parts of the month in which something else held, in order; none in a trial
 * @param overrides the tenant's own limits by meter, in the meter's units
 * @param capCents the most that a month's overage may cost; null is no cap
 * @param now the tenant's present
 */
public record Standing(
        UUID subscriptionId,
        SubscriptionStatus status,
        @Nullable Instant pastDueSince,
        Plan plan,
        String currency,
        Anchor anchor,
        Period usagePeriod,
        Period whole,
        List<Held> before,
        Instant startedAt,
        Map<String, BigDecimal> overrides,
        @Nullable Long capCents,
        Instant now) {

    /**
     * A part of the month that is over.
     *
     * @param free whether nothing of it is charged, as in a pause
     * @param usage by meter, its share of the month's
     */
    public record Held(Period period, Plan plan, boolean free, Map<String, BigDecimal> usage) {}

    /** Whether it is the same at any present of its month for as long as nothing changes that was told to us. */
    public boolean keeps() {
        return live() && before.isEmpty() && !capped();
    }

    /** The same at another present; only of one that {@link #keeps}. */
    public Standing at(Instant present) {
        return new Standing(
                subscriptionId,
                status,
                pastDueSince,
                plan,
                currency,
                anchor,
                usagePeriod,
                whole,
                before,
                startedAt,
                overrides,
                capCents,
                present);
    }

    public boolean live() {
        return status != SubscriptionStatus.CANCELED;
    }

    public boolean trial() {
        return status == SubscriptionStatus.TRIALING;
    }

    public List<Allowance> allowances() {
        return plan.meters().stream().map(this::allowance).toList();
    }

    public Optional<Allowance> allowance(String meter) {
        return plan.allowance(meter).map(this::allowance);
    }

    private Allowance allowance(Plan.MeteredAllowance ofPlan) {
        String meter = ofPlan.meter().code();
        return Allowance.of(ofPlan, currency, trial(), overrides.get(meter), before.isEmpty() ? null : shared(ofPlan));
    }

    private Allowance.Shared shared(Plan.MeteredAllowance ofPlan) {
        String meter = ofPlan.meter().code();
        List<UsageRating.Part> parts = before.stream()
                .map(held -> new UsageRating.Part(
                        held.period(),
                        held.free() ? null : held.plan().monthly(meter, currency),
                        Usage.of(held.usage().getOrDefault(meter, BigDecimal.ZERO))))
                .toList();
        Instant since = before.get(before.size() - 1).period().end();
        return new Allowance.Shared(whole, parts, new Period(since, usagePeriod.end()), ofPlan.monthly(currency));
    }

    /** Whether a spending cap can bind at all. */
    public boolean capped() {
        return capCents != null && !trial();
    }

    /** Where an event counts: when it occurred, or at the subscription's start when that was earlier (MET-4). */
    public Instant countedAt(@Nullable Instant occurred) {
        Instant at = occurred == null ? now : occurred;
        return at.isBefore(startedAt) ? startedAt : at;
    }

    /** The usage month that an instant belongs to. */
    public Period monthOf(Instant at) {
        return usagePeriod.contains(at) ? usagePeriod : anchor.periodAround(at, Cadence.MONTH);
    }

    /** Why nothing at all may be used at that instant, if so (SPEC section 3). */
    public Optional<Refusal> notEntitled(Instant at) {
        if (status.entitled(pastDueSince, at)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (status) {
                    case PAST_DUE ->
                        new Refusal(
                                Reason.PAST_DUE,
                                "A payment is due since " + pastDueSince + "; the grace of "
                                        + SubscriptionStatus.GRACE.toDays() + " days is over.");
                    case UNPAID -> new Refusal(Reason.UNPAID, "The subscription is unpaid.");
                    case PAUSED -> new Refusal(Reason.PAUSED, "The subscription is paused.");
                    default -> noSubscription();
                });
    }

    /** Before which instant of a month something may be used; its start where nothing may. */
    public Instant entitledUntil(Period month) {
        if (notEntitled(month.end().minusNanos(1)).isEmpty()) {
            return month.end();
        }
        return status == SubscriptionStatus.PAST_DUE && pastDueSince != null
                ? pastDueSince.plus(SubscriptionStatus.GRACE)
                : month.start();
    }

    public static Refusal noSubscription() {
        return new Refusal(Reason.NO_SUBSCRIPTION, "The tenant has no live subscription.");
    }

    /** Why a meter may not come to {@code after}, as far as its own limit goes. */
    public Optional<Refusal> aboveLimit(Allowance allowance, BigDecimal after) {
        BigDecimal limit = allowance.limit();
        if (limit == null || !allowance.exceededBy(after)) {
            return Optional.empty();
        }
        String whose = allowance.overridden()
                ? "The tenant's settings allow "
                : "The plan " + plan.tier().code() + " includes ";
        return Optional.of(new Refusal(
                Reason.LIMIT_REACHED,
                whose + limit.toPlainString() + " " + allowance.meter().code() + " a month and this would make it "
                        + after.stripTrailingZeros().toPlainString() + "."));
    }

    /**
     * Why a meter may not come to {@code after}, as far as the spending cap goes. What costs nothing more is never
     * refused by it.
     *
     * @param month what is used of every meter in the month, before this
     */
    public Optional<Refusal> aboveCap(Allowance allowance, Map<String, BigDecimal> month, BigDecimal after) {
        if (capCents == null || !capped() || !allowance.costs(after)) {
            return Optional.empty();
        }
        String meter = allowance.meter().code();
        BigDecimal before = month.getOrDefault(meter, BigDecimal.ZERO);
        long spent = overageCents(month);
        long cost = spent - allowance.overageCents(before) + allowance.overageCents(after);
        // Within a minimum, a package or a flat price more costs nothing more; a rounded cent never adds up to two.
        if (cost <= capCents || cost <= spent || after.compareTo(before) <= 0) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                Reason.SPENDING_CAP_REACHED,
                "The spending cap is " + capCents + " cents of overage a month and this would make it " + cost + "."));
    }

    /** What an invoice would charge for a month with that usage, above the plan's price. */
    public long overageCents(Map<String, BigDecimal> month) {
        return allowances().stream()
                .mapToLong(allowance -> allowance.overageCents(
                        month.getOrDefault(allowance.meter().code(), BigDecimal.ZERO)))
                .reduce(0, Math::addExact);
    }
}
