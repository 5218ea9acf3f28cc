package com.cognitionos.catalog.entity;

import com.cognitionos.rating.entity.Price;
import com.cognitionos.rating.entity.Pricing;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a month's use of a meter costs in one currency, above what is included.
 *
 * @param per for how many units a price per unit is quoted, such as 1000; it changes the words and no amount
 * @param minimumCents due in each month, from 0; null has no minimum
 * @param maximumCents not exceeded, from the minimum; null has no maximum
 */
public record MeterPrice(
        String currency,
        Pricing pricing,
        BigDecimal per,
        @Nullable Long minimumCents,
        @Nullable Long maximumCents) {

    /** {@code cents} per {@code per} units, both exact decimals; 2 per 1000 for a token price of 0.002 cents. */
    public record Quote(BigDecimal cents, BigDecimal per) {}

    /** So many cents per so many units, charged in proportion. */
    public static MeterPrice perUnit(String currency, BigDecimal cents, BigDecimal per) {
        return new MeterPrice(currency, Pricing.PerUnit.of(cents, per), per, null, null);
    }

    /** As it is quoted, where it is nothing but a price per unit; else null. */
    public @Nullable Quote quote() {
        return pricing instanceof Pricing.PerUnit unit && minimumCents == null && maximumCents == null
                ? new Quote(plain(unit.cents().multiply(per)), per)
                : null;
    }

    /** @param included free of charge in the month; null is unlimited */
    public Price monthly(@Nullable BigDecimal included) {
        return new Price(pricing, included, minimumCents, maximumCents);
    }

    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
