package com.cognitionos.invoicing.boundary;

import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Tier;
import com.cognitionos.subscription.entity.SubscriptionEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What can be asked of a running subscription (SPEC section 3). Each can be previewed. */
public sealed interface Amendment {

    /**
     * Another plan or cycle.
     *
     * @param direction what it is meant to be, refused when it is the other; null takes it as it is
     */
    record ToPlan(Tier tier, BillingCycle cycle, SubscriptionEvent.@Nullable Kind direction) implements Amendment {}

    /** Another version of its plan, a contract of the tenant's among them. */
    record ToVersion(Tier tier, int version) implements Amendment {}

    /** Its end. */
    record Cancel(@Nullable String reason) implements Amendment {}

    /** Nothing is charged and nothing may be used; at once only. */
    record Pause(@Nullable String reason) implements Amendment {}

    /** The end of a pause; at once only. */
    record Resume() implements Amendment {}

    /** Periods are counted from an instant, of any past or future: its day and time of day are what repeats. */
    record MoveAnchor(Instant anchor) implements Amendment {}

    /** Periods begin on another day of the month, 1 to 31, at the same time of day. */
    record MoveToDay(int day) implements Amendment {}

    /** What is asked of one add-on, by its code. */
    sealed interface OfAddOn extends Amendment {
        String code();
    }

    /** An add-on that is not there yet, in the version that is sold. */
    record AttachAddOn(String code, int quantity) implements OfAddOn {}

    /**
     * More or less of an add-on, or its price.
     *
     * @param quantity null stays
     * @param version the one that is sold, to pay its price from then on; null stays
     */
    record ChangeAddOn(
            String code,
            @Nullable Integer quantity,
            @Nullable Integer version) implements OfAddOn {}

    /** An add-on goes. */
    record RemoveAddOn(String code) implements OfAddOn {}

    /** From when on it holds. */
    sealed interface Effective {

        /** At the caller's present. */
        record Now() implements Effective {}

        /** As the running period, or the trial, ends. */
        record PeriodEnd() implements Effective {}

        /** From an instant: ahead it waits for it, behind it holds as if it had been asked then. */
        record At(Instant instant) implements Effective {}

        Effective NOW = new Now();
        Effective PERIOD_END = new PeriodEnd();

        static Effective at(Instant instant) {
            return new At(instant);
        }
    }
}
