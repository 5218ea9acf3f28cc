package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pricing model: how a quantity becomes an exact amount of cents. */
public sealed interface Pricing {

    /** What the usage costs, step by step; no steps are 0 cents. */
    List<Step> steps(Usage usage);

    /** The exact amount in cents, not rounded, from 0. */
    default BigDecimal exactCents(Usage usage) {
        return Step.sum(steps(usage));
    }

    /**
     * A price for the period, whatever is used.
     *
     * @param cents from 0, at most 12 decimal places
     */
    record Flat(BigDecimal cents) implements Pricing {

        public Flat {
            cents = Exact.price(cents, "a flat price");
        }

        @Override
        public List<Step> steps(Usage usage) {
            return List.of(Step.fee(0, cents));
        }
    }

    /**
     * A price for each unit, fractions of a unit in proportion.
     *
     * @param cents from 0, at most 12 decimal places
     */
    record PerUnit(BigDecimal cents) implements Pricing {

        public PerUnit {
            cents = Exact.price(cents, "a unit price");
        }

        /**
         * A price that is quoted for several units, such as 2 cents per 1,000 tokens, and charged in proportion.
         *
         * @throws IllegalArgumentException when the price of one unit needs more than 12 decimal places
         */
        public static PerUnit of(BigDecimal cents, BigDecimal per) {
            BigDecimal one = cents.divide(Exact.size(per, "a quoted quantity"), 12, RoundingMode.DOWN);
            if (one.multiply(per).compareTo(cents) != 0) {
                throw new IllegalArgumentException("a unit price has at most 12 decimal places: "
                        + cents.toPlainString() + " per " + per.toPlainString());
            }
            return new PerUnit(one);
        }

        @Override
        public List<Step> steps(Usage usage) {
            return charged(usage.quantity(), cents, null);
        }
    }

    /**
     * A price for each package of units; a started package counts whole.
     *
     * @param size units in a package, above 0
     * @param cents for one package, from 0, at most 12 decimal places
     */
    record Package(BigDecimal size, BigDecimal cents) implements Pricing {

        public Package {
            size = Exact.size(size, "a package");
            cents = Exact.price(cents, "the price of a package");
        }

        @Override
        public List<Step> steps(Usage usage) {
            return charged(usage.quantity(), cents, size);
        }
    }

    /**
     * Each tier prices the units that lie in it.
     *
     * @param tiers rising, the last without an end
     * @param feeAtZero whether the first tier's flat fee is due where nothing is used; else a tier is entered by the
     *     first quantity in it, however small
     */
    record Graduated(List<PriceTier> tiers, boolean feeAtZero) implements Pricing {

        public Graduated {
            tiers = PriceTier.ladder(tiers, PriceTier::upTo);
        }

        public Graduated(PriceTier... tiers) {
            this(List.of(tiers), false);
        }

        @Override
        public List<Step> steps(Usage usage) {
            List<Step> steps = new ArrayList<>();
            BigDecimal below = BigDecimal.ZERO;
            for (int i = 0; i < tiers.size(); i++) {
                PriceTier tier = tiers.get(i);
                boolean entered = usage.quantity().compareTo(below) > 0 || i == 0 && feeAtZero;
                if (!entered) {
                    break;
                }
                BigDecimal end = tier.upTo() == null
                        ? usage.quantity()
                        : usage.quantity().min(tier.upTo());
                steps.addAll(tier.steps(i + 1, end.subtract(below)));
                below = end;
            }
            return List.copyOf(steps);
        }
    }

    /**
     * The tier in which the quantity ends prices all of it, so that more can cost less. With flat fees alone it prices
     * a capacity by its peak.
     *
     * @param tiers rising, the last without an end
     * @param feeAtZero whether the first tier's flat fee is due where nothing is used
     */
    record Volume(List<PriceTier> tiers, boolean feeAtZero) implements Pricing {

        public Volume {
            tiers = PriceTier.ladder(tiers, PriceTier::upTo);
        }

        public Volume(PriceTier... tiers) {
            this(List.of(tiers), false);
        }

        @Override
        public List<Step> steps(Usage usage) {
            BigDecimal quantity = usage.quantity();
            if (quantity.signum() == 0 && !feeAtZero) {
                return List.of();
            }
            int number = 1;
            while (!tiers.get(number - 1).reaches(quantity)) {
                number++;
            }
            return List.copyOf(tiers.get(number - 1).steps(number, quantity));
        }
    }

    /**
     * A share of an amount of money, and a fee for each event. The free part lies at the start of the period and ends
     * with its last event or its last unit, whichever is sooner; an event that is only partly free pays the whole fee.
     *
     * @param percent of the amount, from 0, at most 10 decimal places
     * @param centsPerUnit what one unit of the meter is worth: 100 for a meter in euros, 1 for a meter in cents
     * @param eventCents for each event that is not free, from 0, at most 12 decimal places
     * @param freeEvents the first events that are free, from 0; null where only the units end the free part
     * @param freeQuantity the first units that are free, from 0; null where only the events end the free part
     * @param minimumCents for one event with its fee, from 0; null has no minimum
     * @param maximumCents for one event with its fee, from the minimum; null has no maximum
     */
    record Percentage(
            BigDecimal percent,
            long centsPerUnit,
            BigDecimal eventCents,
            @Nullable Long freeEvents,
            @Nullable BigDecimal freeQuantity,
            @Nullable BigDecimal minimumCents,
            @Nullable BigDecimal maximumCents)
            implements Pricing {

        public Percentage {
            percent = Exact.percent(percent);
            requireWorth(centsPerUnit);
            eventCents = Exact.price(eventCents, "an event's fee");
            if (freeEvents == null && freeQuantity == null) {
                throw new IllegalArgumentException("the free part ends with an event or a unit; none free is 0");
            }
            if (freeEvents != null) {
                Exact.amount(freeEvents, "a number of free events");
            }
            freeQuantity = freeQuantity == null ? null : Exact.price(freeQuantity, "a free quantity");
            minimumCents = minimumCents == null ? null : Exact.price(minimumCents, "an event's minimum");
            maximumCents = maximumCents == null ? null : Exact.price(maximumCents, "an event's maximum");
            if (minimumCents != null && maximumCents != null && minimumCents.compareTo(maximumCents) > 0) {
                throw new IllegalArgumentException("an event's minimum is not above its maximum");
            }
        }

        /** Nothing free and no bounds. */
        public Percentage(BigDecimal percent, long centsPerUnit, BigDecimal eventCents) {
            this(percent, centsPerUnit, eventCents, 0L, null, null, null);
        }

        public Percentage withFreeEvents(long events) {
            return new Percentage(percent, centsPerUnit, eventCents, events, null, minimumCents, maximumCents);
        }

        public Percentage withFreeQuantity(BigDecimal quantity) {
            return new Percentage(percent, centsPerUnit, eventCents, null, quantity, minimumCents, maximumCents);
        }

        /** @throws IllegalArgumentException where the usage does not say of its events what this price depends on */
        @Override
        public List<Step> steps(Usage usage) {
            Usage charged = usage.beyond(freeEvents, freeQuantity);
            List<Step> steps = new ArrayList<>(charged(charged.quantity(), unitCents(), null));
            if (eventCents.signum() > 0) {
                Long events = charged.events();
                if (events == null) {
                    throw new IllegalArgumentException("a fee for each event needs the number of events");
                }
                if (events > 0) {
                    steps.add(new Step(Step.Kind.EVENTS, 0, BigDecimal.valueOf(events), eventCents));
                }
            }
            if (minimumCents != null || maximumCents != null) {
                steps.addAll(bounds(charged));
            }
            return List.copyOf(steps);
        }

        private List<Step> bounds(Usage charged) {
            if (!charged.knowsEachEvent()) {
                throw new IllegalArgumentException("a bound for each event needs the quantity of each event");
            }
            BigDecimal raised = BigDecimal.ZERO;
            BigDecimal cut = BigDecimal.ZERO;
            for (BigDecimal quantity : charged.first()) {
                BigDecimal amount = quantity.multiply(unitCents()).add(eventCents);
                raised = minimumCents == null ? raised : raised.add(above(minimumCents, amount));
                cut = maximumCents == null ? cut : cut.add(above(amount, maximumCents));
            }
            List<Step> steps = new ArrayList<>();
            if (raised.signum() > 0) {
                steps.add(Step.bound(Step.Kind.MINIMUM, raised));
            }
            if (cut.signum() > 0) {
                steps.add(Step.bound(Step.Kind.MAXIMUM, cut.negate()));
            }
            return steps;
        }

        private BigDecimal unitCents() {
            return percentOfUnit(percent, centsPerUnit);
        }
    }

    /**
     * A share of an amount of money that changes from tier to tier; each tier's percentage holds for what lies in it.
     *
     * @param centsPerUnit what one unit of the meter is worth: 100 for a meter in euros, 1 for a meter in cents
     * @param tiers rising, the last without an end
     */
    record GraduatedPercentage(long centsPerUnit, List<PercentageTier> tiers) implements Pricing {

        /**
         * @param upTo the last amount that belongs to the tier, in the meter's unit, above 0; null has no end
         * @param percent of the amount, from 0, at most 10 decimal places
         * @param flatCents cents for entering the tier, from 0, at most 12 decimal places
         */
        public record PercentageTier(@Nullable BigDecimal upTo, BigDecimal percent, BigDecimal flatCents) {

            public PercentageTier {
                upTo = upTo == null ? null : Exact.size(upTo, "the end of a tier");
                percent = Exact.percent(percent);
                flatCents = Exact.price(flatCents, "a flat fee");
            }
        }

        public GraduatedPercentage {
            requireWorth(centsPerUnit);
            tiers = PriceTier.ladder(tiers, PercentageTier::upTo);
        }

        @Override
        public List<Step> steps(Usage usage) {
            List<PriceTier> priced = tiers.stream()
                    .map(tier ->
                            new PriceTier(tier.upTo(), percentOfUnit(tier.percent(), centsPerUnit), tier.flatCents()))
                    .toList();
            return new Graduated(priced, false).steps(usage);
        }
    }

    private static List<Step> charged(BigDecimal quantity, BigDecimal unitCents, @Nullable BigDecimal per) {
        return quantity.signum() == 0 ? List.of() : List.of(PriceTier.units(0, quantity, unitCents, per));
    }

    private static BigDecimal percentOfUnit(BigDecimal percent, long centsPerUnit) {
        return percent.multiply(BigDecimal.valueOf(centsPerUnit)).movePointLeft(2);
    }

    private static BigDecimal above(BigDecimal larger, BigDecimal smaller) {
        return larger.subtract(smaller).max(BigDecimal.ZERO);
    }

    private static void requireWorth(long centsPerUnit) {
        if (centsPerUnit <= 0) {
            throw new IllegalArgumentException("a unit of money is worth more than 0 cents: " + centsPerUnit);
        }
    }
}
