package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a redeemed coupon takes off a customer's invoices, before tax. It reduces positive lines only, none below 0.
 *
 * <p>Several discounts apply one after the other, each to what those before it left ({@link #ORDER}). A percentage does
 * not come before an amount as such: where it matters, the priority says so. That is the practice of the field: the
 * order of Stripe's list of discounts, and Lago's restricted coupons before unrestricted ones, then the oldest.
 *
 * <p>The discount of an invoice is rounded once, half up, and spread over the lines it reduces by {@link Allocation}.
 *
 * @param id the redeemed coupon, not the coupon: the same coupon redeemed twice is two discounts
 * @param priority the lowest applies first
 * @param keepsRest whether what an amount has left over goes to the next invoice or is lost; a percentage has no rest
 */
public record Discount(
        String id, Effect effect, Duration duration, Scope scope, int priority, boolean keepsRest, State state) {

    /** The order in which several apply; of equals, the one first in the list. */
    public static final Comparator<Discount> ORDER = Comparator.comparingInt(Discount::priority)
            .thenComparing(discount -> discount.scope().isEverything());

    /** A percentage or an amount. */
    public sealed interface Effect permits Percent, Amount {}

    /** @param percent from 0 to 100, at most 4 places */
    public record Percent(BigDecimal percent) implements Effect {

        public Percent {
            if (percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
                throw new IllegalArgumentException("a discount is from 0 to 100 per cent: " + percent);
            }
            percent = percent.setScale(Math.max(0, percent.stripTrailingZeros().scale()));
            if (percent.scale() > 4) {
                throw new IllegalArgumentException("a percentage has at most 4 places: " + percent);
            }
        }
    }

    /**
     * @param cents from 1, for each period of the duration
     * @param currency an invoice in any other is not reduced
     */
    public record Amount(long cents, String currency) implements Effect {

        public Amount {
            if (cents < 1) {
                throw new IllegalArgumentException("a discount takes off at least 1 cent: " + cents);
            }
        }
    }

    /**
     * For how long it applies. {@code once} is a single invoice. A longer one counts periods; a percentage then reduces
     * every invoice of a period, while an amount is given once in each.
     *
     * @param periods from 1
     */
    public record Duration(int periods) {

        public static final Duration ONCE = new Duration(1);
        public static final Duration FOREVER = new Duration(Integer.MAX_VALUE);

        public Duration {
            if (periods < 1) {
                throw new IllegalArgumentException("a discount applies for at least 1 period: " + periods);
            }
        }

        public static Duration repeating(int periods) {
            return new Duration(periods);
        }
    }

    /** Which lines it reduces; an empty set restricts nothing. A line without a plan is of no restricted plan. */
    public record Scope(Set<String> plans, Set<String> kinds) {

        public static final Scope EVERYTHING = new Scope(Set.of(), Set.of());

        public Scope {
            plans = Set.copyOf(plans);
            kinds = Set.copyOf(kinds);
        }

        boolean isEverything() {
            return equals(EVERYTHING);
        }

        boolean covers(Target line) {
            return (plans.isEmpty() || line.plan() != null && plans.contains(line.plan()))
                    && (kinds.isEmpty() || kinds.contains(line.kind()));
        }
    }

    /**
     * How far it is used up.
     *
     * @param periodsUsed periods begun
     * @param usedThisPeriod whether the current period is among them, so that another invoice in it begins none
     * @param carriedCents rest of earlier invoices, on top of the next one's amount
     */
    public record State(int periodsUsed, boolean usedThisPeriod, long carriedCents) {

        public static final State NEW = new State(0, false, 0);

        public State {
            if (periodsUsed < 0 || carriedCents < 0) {
                throw new IllegalArgumentException("neither periods nor cents are ever owed by a discount: "
                        + periodsUsed + " periods, " + carriedCents + " cents");
            }
        }
    }

    /** A line as a discount sees it: {@code cents} is what the discounts before it left, of any sign. */
    public record Target(String kind, @Nullable String plan, long cents) {}

    /**
     * @param parts taken off each line, in the order of the lines, from 0 to the line's cents
     * @param after the discount as the next invoice will find it
     */
    public record Application(List<Long> parts, Discount after) {

        public long cents() {
            return Cents.sum(parts);
        }
    }

    /** Applies to every line, loses its rest, of priority 0 and not used yet. */
    public static Discount of(String id, Effect effect, Duration duration) {
        return new Discount(id, effect, duration, Scope.EVERYTHING, 0, false, State.NEW);
    }

    public Discount on(Scope restricted) {
        return new Discount(id, effect, duration, restricted, priority, keepsRest, state);
    }

    public Discount withPriority(int changed) {
        return new Discount(id, effect, duration, scope, changed, keepsRest, state);
    }

    public Discount keepingRest() {
        return new Discount(id, effect, duration, scope, priority, true, state);
    }

    /** As a new period of the subscription finds it. */
    public Discount inNextPeriod() {
        return with(new State(state.periodsUsed(), false, state.carriedCents()));
    }

    /**
     * Reduces the lines of one invoice. An invoice on which it finds no line to reduce uses no period up.
     *
     * @param takenBackCents from 0: what credit lines of this invoice took back of this discount (see
     *     {@link InvoiceAmounts}). It may be given again here, also when the duration is over; only a percentage that
     *     still runs does not need it, because it reduces the new charges by itself
     */
    public Application apply(List<Target> lines, long takenBackCents, String currency) {
        List<Long> bases = lines.stream()
                .map(line -> scope.covers(line) ? Math.max(0, line.cents()) : 0)
                .toList();
        long base = Cents.sum(bases);
        boolean begins = base > 0 && !state.usedThisPeriod() && state.periodsUsed() < duration.periods();
        if (effect instanceof Amount amount && !amount.currency().equals(currency)) {
            return new Application(
                    IntStream.range(0, lines.size()).mapToObj(i -> 0L).toList(), this);
        }
        long offered = offered(base, begins, takenBackCents);
        long given = Math.min(offered, base);
        State next = new State(
                state.periodsUsed() + (begins ? 1 : 0),
                state.usedThisPeriod() || begins,
                keepsRest && effect instanceof Amount ? offered - given : 0);
        return new Application(Allocation.byWeight(given, bases), with(next));
    }

    private long offered(long base, boolean begins, long takenBackCents) {
        if (effect instanceof Percent percent) {
            boolean runs = begins || state.usedThisPeriod() && duration.periods() > 1;
            return runs
                    ? Ratio.of(base).times(Ratio.ofPercent(percent.percent())).rounded()
                    : takenBackCents;
        }
        long fresh = begins ? ((Amount) effect).cents() : 0;
        return Math.addExact(Math.addExact(fresh, state.carriedCents()), takenBackCents);
    }

    private Discount with(State next) {
        return new Discount(id, effect, duration, scope, priority, keepsRest, next);
    }
}
