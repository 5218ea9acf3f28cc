package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A range of quantities with a price of its own.
 *
 * @param upTo the last quantity that belongs to the tier, in the meter's unit, above 0; null has no end
 * @param unitCents cents per unit, or per package where {@code per} is given; from 0, at most 12 decimal places
 * @param flatCents cents for entering the tier, whatever the quantity in it; from 0, at most 12 decimal places
 * @param per units in a package, of which a started one counts whole; null charges each unit and its fractions
 */
public record PriceTier(
        @Nullable BigDecimal upTo,
        BigDecimal unitCents,
        BigDecimal flatCents,
        @Nullable BigDecimal per) {

    public PriceTier {
        upTo = upTo == null ? null : Exact.size(upTo, "the end of a tier");
        unitCents = Exact.price(unitCents, "a unit price");
        flatCents = Exact.price(flatCents, "a flat fee");
        per = per == null ? null : Exact.size(per, "a package");
    }

    /** A tier without packages. */
    public PriceTier(@Nullable BigDecimal upTo, BigDecimal unitCents, BigDecimal flatCents) {
        this(upTo, unitCents, flatCents, null);
    }

    /** A tier of packages without a flat fee. */
    public static PriceTier ofPackages(@Nullable BigDecimal upTo, BigDecimal packageCents, BigDecimal per) {
        return new PriceTier(upTo, packageCents, BigDecimal.ZERO, per);
    }

    boolean reaches(BigDecimal quantity) {
        return upTo == null || quantity.compareTo(upTo) <= 0;
    }

    /** What a quantity in this tier costs. */
    List<Step> steps(int number, BigDecimal quantity) {
        List<Step> steps = new ArrayList<>();
        if (quantity.signum() > 0) {
            steps.add(units(number, quantity, unitCents, per));
        }
        if (flatCents.signum() > 0) {
            steps.add(Step.fee(number, flatCents));
        }
        return steps;
    }

    static Step units(int tier, BigDecimal quantity, BigDecimal unitCents, @Nullable BigDecimal per) {
        return per == null
                ? new Step(Step.Kind.UNITS, tier, quantity, unitCents)
                : new Step(Step.Kind.PACKAGES, tier, quantity.divide(per, 0, RoundingMode.CEILING), unitCents);
    }

    /**
     * The tiers as an unchangeable list.
     *
     * @throws IllegalArgumentException unless each ends above the one before, and the last alone has no end
     */
    static <T> List<T> ladder(List<T> tiers, Function<T, @Nullable BigDecimal> upTo) {
        BigDecimal before = BigDecimal.ZERO;
        for (int i = 0; i < tiers.size() - 1; i++) {
            BigDecimal end = upTo.apply(tiers.get(i));
            if (end == null || end.compareTo(before) <= 0) {
                throw new IllegalArgumentException("tier " + (i + 1) + " ends above " + before.toPlainString());
            }
            before = end;
        }
        if (tiers.isEmpty() || upTo.apply(tiers.get(tiers.size() - 1)) != null) {
            throw new IllegalArgumentException("the last tier has no end");
        }
        return List.copyOf(tiers);
    }
}
