package com.cognitionos.subscription.entity;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.HeldAddOns;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Tier;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a subscription's history: from {@code at} on, this plan in this cycle holds, with these add-ons (SUB-5).
 *
 * @param recordedAt when it became known; after {@code at} for one that is backdated
 * @param anchor what its periods are counted from
 * @param afterDue whether what fell due at that instant had been invoiced before
 */
public record SubscriptionEvent(
        Kind kind,
        Instant recordedAt,
        Instant at,
        Tier tier,
        int planVersion,
        BillingCycle cycle,
        Instant anchor,
        boolean afterDue,
        @Nullable String reason,
        HeldAddOns addOns) {

    /** Without add-ons. */
    public SubscriptionEvent(
            Kind kind,
            Instant recordedAt,
            Instant at,
            Tier tier,
            int planVersion,
            BillingCycle cycle,
            Instant anchor,
            boolean afterDue,
            @Nullable String reason) {
        this(kind, recordedAt, at, tier, planVersion, cycle, anchor, afterDue, reason, HeldAddOns.NONE);
    }

    /** The same, but known only at that instant. */
    public SubscriptionEvent knownAt(Instant instant) {
        return new SubscriptionEvent(kind, instant, at, tier, planVersion, cycle, anchor, afterDue, reason, addOns);
    }

    /** The same plan, calendar and add-ons, as something else. */
    public SubscriptionEvent as(Kind other) {
        return new SubscriptionEvent(other, recordedAt, at, tier, planVersion, cycle, anchor, afterDue, reason, addOns);
    }

    /** The same with its reason. */
    public SubscriptionEvent because(@Nullable String why) {
        return new SubscriptionEvent(kind, recordedAt, at, tier, planVersion, cycle, anchor, afterDue, why, addOns);
    }

    /** The same with these add-ons. */
    public SubscriptionEvent with(HeldAddOns others) {
        return new SubscriptionEvent(kind, recordedAt, at, tier, planVersion, cycle, anchor, afterDue, reason, others);
    }

    /** What happened. */
    public enum Kind {
        STARTED,
        TRIAL_STARTED,
        /** The trial ended with a payment method. */
        TRIAL_CONVERTED,
        /** The trial ended without one. */
        TRIAL_LAPSED,
        UPGRADED,
        DOWNGRADED,
        /** Onto another version of the same plan. */
        MOVED,
        /** Its calendar hangs elsewhere. */
        ANCHOR_MOVED,
        /** Add-ons came, went or are had in another quantity or version. */
        ADD_ONS_CHANGED,
        PAUSED,
        RESUMED,
        /** A period began while the tenant was suspended for not paying. */
        SUSPENDED,
        /** It is let in again. */
        REINSTATED,
        CANCELED;

        /** Whether nothing is charged from there on, although the subscription goes on. */
        public boolean isFree() {
            return this == TRIAL_STARTED || this == PAUSED || this == SUSPENDED;
        }

        /** Whether a change goes up or down: to another plan by their order, else by the length of the cycle. */
        public static Kind ofChange(Plan from, BillingCycle fromCycle, Plan to, BillingCycle toCycle) {
            int step = from.tier().equals(to.tier())
                    ? toCycle.compareTo(fromCycle)
                    : Integer.compare(to.position(), from.position());
            if (step == 0) {
                return MOVED;
            }
            return step > 0 ? UPGRADED : DOWNGRADED;
        }

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Kind of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }
}
