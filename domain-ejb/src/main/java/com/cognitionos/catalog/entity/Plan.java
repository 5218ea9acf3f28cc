package com.cognitionos.catalog.entity;

import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Pricing;
import com.cognitionos.rating.entity.Recurring;
import com.cognitionos.rating.entity.Recurring.Timing;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One version of a plan, complete and unchangeable.
 *
 * @param custom whether the price is agreed by contract, so that none is shown
 * @param features by name
 */
public record Plan(
        Tier tier,
        int version,
        String name,
        boolean custom,
        List<Price> prices,
        List<MeteredAllowance> meters,
        Map<String, Feature> features) {

    /** @param amountCents per cycle, in the currency's minor unit, from 0 */
    public record Price(BillingCycle cycle, String currency, long amountCents, Timing timing) {}

    /**
     * @param included per month; null is unlimited
     * @param overage the price above it; null where the meter is refused there
     */
    public record MeteredAllowance(
            Meter meter,
            @Nullable BigDecimal included,
            @Nullable OveragePrice overage) {

        /** Whether usage above the included quantity is refused rather than charged. */
        public boolean hardLimited() {
            return included != null && overage == null;
        }

        private MeteredAllowance share(Period month, Period calendar) {
            return included == null
                    ? this
                    : new MeteredAllowance(
                            meter,
                            included.multiply(BigDecimal.valueOf(month.length().toNanos()))
                                    .divide(BigDecimal.valueOf(calendar.length().toNanos()), 0, RoundingMode.HALF_UP),
                            overage);
        }

        private MeteredAllowance pooling(List<Plan> others) {
            MeteredAllowance pool = this;
            for (Plan other : others) {
                MeteredAllowance one = other.allowance(meter.code()).orElse(this);
                boolean more =
                        one.included == null || pool.included != null && one.included.compareTo(pool.included) > 0;
                if (!hardLimited() && !one.hardLimited() && more) {
                    pool = new MeteredAllowance(meter, one.included, overage);
                }
            }
            return pool;
        }

        /** What a month's use of the meter costs; null where nothing is charged, since usage is refused instead. */
        public com.cognitionos.rating.entity.@Nullable Price monthly() {
            if (hardLimited()) {
                return null;
            }
            Pricing pricing = overage == null
                    ? new Pricing.PerUnit(BigDecimal.ZERO)
                    : Pricing.PerUnit.of(overage.cents(), overage.per());
            return com.cognitionos.rating.entity.Price.of(pricing).including(included);
        }

        /** The quantity above the included one that has a price; 0 where nothing is charged. */
        public BigDecimal excess(BigDecimal used) {
            return included == null || overage == null
                    ? BigDecimal.ZERO
                    : used.subtract(included).max(BigDecimal.ZERO);
        }

        /**
         * What an invoice charges for a month's use: {@code round_half_up(excess × cents / per)}, rounded this once
         * (SPEC section 1). Invoices and spending caps both ask here.
         */
        public long overageCents(BigDecimal used) {
            return overage == null ? 0 : overage.amountCents(excess(used));
        }
    }

    /** {@code cents} per {@code per} units, both exact decimals; 2 per 1000 for a token price of 0.002 cents. */
    public record OveragePrice(BigDecimal cents, BigDecimal per) {

        private long amountCents(BigDecimal quantity) {
            return quantity.multiply(cents).divide(per, 0, RoundingMode.HALF_UP).longValueExact();
        }
    }

    /** A yes or no, or a number; neither is an unlimited number. */
    public record Feature(
            @Nullable Boolean enabled, @Nullable Long amount) {

        public boolean isOn() {
            return Boolean.TRUE.equals(enabled);
        }
    }

    /** @throws IllegalStateException when the catalogue lacks a price for the cycle and currency */
    public Price price(BillingCycle cycle, String currency) {
        return prices.stream()
                .filter(price -> price.cycle() == cycle && price.currency().equals(currency))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + cycle.code() + " price in " + currency + " for "
                        + tier.code() + " version " + version));
    }

    /** The price of this plan as it falls due again each period. @throws IllegalStateException as {@link #price} */
    public Recurring recurring(BillingCycle cycle, String currency) {
        Price price = price(cycle, currency);
        return new Recurring(tier.code(), price.amountCents(), BigDecimal.ONE, cycle.cadence(), price.timing(), true);
    }

    /**
     * What it includes in a usage month of another length than its calendar's (SUB-8): in proportion, in whole units, half
     * up.
     */
    public Plan including(Period month, Period calendar) {
        if (month.length().equals(calendar.length())) {
            return this;
        }
        List<MeteredAllowance> shares =
                meters.stream().map(one -> one.share(month, calendar)).toList();
        return new Plan(tier, version, name, custom, prices, shares, features);
    }

    /**
     * What it includes in a month that other plans held in, too: where more is charged, one pool as large as the largest,
     * as the invoice of the month will have it. Where more is refused its own limit holds.
     */
    public Plan pooling(List<Plan> others) {
        List<MeteredAllowance> pools =
                meters.stream().map(one -> one.pooling(others)).toList();
        return pools.equals(meters) ? this : new Plan(tier, version, name, custom, prices, pools, features);
    }

    public Optional<MeteredAllowance> allowance(String meterCode) {
        return meters.stream().filter(m -> m.meter().code().equals(meterCode)).findFirst();
    }

    /** The number behind a feature such as {@code api_keys}; null is unlimited. */
    public @Nullable Long amount(String feature) {
        Feature found = features.get(feature);
        return found == null ? Long.valueOf(0) : found.amount();
    }

    public boolean has(String feature) {
        Feature found = features.get(feature);
        return found != null && found.isOn();
    }
}
