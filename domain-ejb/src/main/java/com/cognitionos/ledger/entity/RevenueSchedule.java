package com.cognitionos.ledger.entity;

import com.cognitionos.rating.entity.Period;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is still to be earned of an invoice's line: it shrinks by recognition, cut by cut, and by credits.
 *
 * @param plan how the rest is earned; what is left to earn of it begins at {@code earnedUntil}
 * @param earnedUntil the last cut whose parts are recognised, or the plan's start
 */
public record RevenueSchedule(StraightLine plan, Instant earnedUntil) {

    /** @param fromDeferredCents what of a credit was not earned yet; {@code fromRevenueCents} what was */
    public record Released(long fromDeferredCents, long fromRevenueCents) {}

    /** A line that is invoiced at an instant; the months that have ended by then are earned at once. */
    public static RevenueSchedule of(Period period, long cents, Instant invoicedAt) {
        StraightLine plan = new StraightLine(period, cents);
        return new RevenueSchedule(plan, plan.lastCut(invoicedAt));
    }

    /** What is not recognised yet, in the minor unit; with the sign of the line. */
    public long restCents() {
        return plan.cents() - plan.earnedBefore(earnedUntil);
    }

    /** The parts that an instant has passed and that are not recognised yet, in order. */
    public List<StraightLine.Part> due(Instant upTo) {
        return plan.parts(earnedUntil, upTo);
    }

    /** Once the parts that are {@link #due} are recognised. */
    public RevenueSchedule earned(Instant upTo) {
        Instant cut = plan.lastCut(upTo);
        return cut.isAfter(earnedUntil) ? new RevenueSchedule(plan, cut) : this;
    }

    /** When the next part is due; null where nothing is left. */
    public @Nullable Instant nextAt() {
        return restCents() == 0 ? null : plan.nextCut(earnedUntil);
    }

    /**
     * What is left once a credit has taken that much of the rest; the remainder is earned over the remaining time.
     * Nothing that was recognised changes: a credit is a change of the contract from then on (IFRS 15.21(a)).
     *
     * @param cents between 0 and the rest
     */
    public RevenueSchedule without(long cents) {
        long left = restCents() - cents;
        if (Long.signum(left) == -Long.signum(restCents()) && left != 0) {
            throw new IllegalArgumentException("there are " + restCents() + " cents left, not " + cents);
        }
        return cents == 0 || earnedUntil.equals(plan.period().end())
                ? this
                : new RevenueSchedule(
                        new StraightLine(new Period(earnedUntil, plan.period().end()), left), earnedUntil);
    }

    /** How much of a credit on the line comes out of at most that much of the rest, both with the line's sign. */
    public static Released split(long cents, long availableCents) {
        long fromDeferred = Long.signum(availableCents) != Long.signum(cents)
                ? 0
                : cents > 0 ? Math.min(cents, availableCents) : Math.max(cents, availableCents);
        return new Released(fromDeferred, cents - fromDeferred);
    }
}
