package com.cognitionos.catalog.entity;

import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Commitment;
import com.cognitionos.rating.entity.Grain;
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
 * One version of a plan, complete; unchangeable once it is sold.
 *
 * @param position of the plan among all, the smallest first: going up is an upgrade
 * @param custom whether the price is agreed by contract, so that none is shown
 * @param grain how a part of a period is weighed
 * @param commitments what a month's charges come to at least and at most, by currency
 * @param features by name
 */
public record Plan(
        Tier tier,
        int version,
        int position,
        String name,
        boolean custom,
        Grain grain,
        List<Price> prices,
        List<MeteredAllowance> meters,
        Map<String, Commitment> commitments,
        Map<String, Feature> features) {

    /** @param amountCents per cycle, in the currency's minor unit, from 0 */
    public record Price(BillingCycle cycle, String currency, long amountCents, Timing timing) {}

    /**
     * @param included per month; null is unlimited
     * @param prices above it, one a currency; none where the meter is refused there
     */
    public record MeteredAllowance(Meter meter, @Nullable BigDecimal included, List<MeterPrice> prices) {

        public MeteredAllowance {
            prices = List.copyOf(prices);
        }

        /** Whether usage above the included quantity is refused rather than charged. */
        public boolean hardLimited() {
            return included != null && prices.isEmpty();
        }

        /** What more than the included quantity costs; null where it is refused or unlimited. */
        public @Nullable MeterPrice price(String currency) {
            return prices.stream()
                    .filter(price -> price.currency().equals(currency))
                    .findFirst()
                    .orElse(null);
        }

        /** @param quantity null is unlimited */
        public MeteredAllowance including(@Nullable BigDecimal quantity) {
            return new MeteredAllowance(meter, quantity, prices);
        }

        private MeteredAllowance share(Period month, Period calendar) {
            return included == null
                    ? this
                    : including(
                            included.multiply(BigDecimal.valueOf(month.length().toNanos()))
                                    .divide(BigDecimal.valueOf(calendar.length().toNanos()), 0, RoundingMode.HALF_UP));
        }

        /** What a month's use of the meter costs: nothing where it is unlimited, or refused above what is included. */
        public com.cognitionos.rating.entity.Price monthly(String currency) {
            MeterPrice price = price(currency);
            return price == null
                    ? com.cognitionos.rating.entity.Price.of(new Pricing.PerUnit(BigDecimal.ZERO))
                            .including(included)
                    : price.monthly(included);
        }

        /** The quantity above the included one that has a price; 0 where nothing is charged. */
        public BigDecimal excess(BigDecimal used) {
            return included == null || prices.isEmpty()
                    ? BigDecimal.ZERO
                    : used.subtract(included).max(BigDecimal.ZERO);
        }
    }

    /** A yes or no, or a number; neither is an unlimited number. */
    public record Feature(
            @Nullable Boolean enabled, @Nullable Long amount) {

        public boolean isOn() {
            return Boolean.TRUE.equals(enabled);
        }
    }

    /** Nothing in it costs anything, so that it can be had in any currency. */
    public boolean isFreeOfCharge() {
        return prices.stream().allMatch(price -> price.amountCents() == 0)
                && meters.stream().allMatch(meter -> meter.prices().isEmpty())
                && commitments.isEmpty();
    }

    private Optional<Price> find(BillingCycle cycle, String currency) {
        Optional<Price> found = prices.stream()
                .filter(price -> price.cycle() == cycle && price.currency().equals(currency))
                .findFirst();
        return found.isEmpty() && isFreeOfCharge()
                ? Optional.of(new Price(cycle, currency, 0, Timing.AT_PERIOD_END))
                : found;
    }

    /** Whether it can be had so. */
    public boolean isSoldIn(BillingCycle cycle, String currency) {
        return find(cycle, currency).isPresent();
    }

    /** @throws IllegalStateException when the catalogue lacks a price for the cycle and currency */
    public Price price(BillingCycle cycle, String currency) {
        return find(cycle, currency)
                .orElseThrow(() -> new IllegalStateException("no " + cycle.code() + " price in " + currency + " for "
                        + tier.code() + " version " + version));
    }

    /**
     * @param field that names the currency, or the plan where the currency is given
     * @throws Problem INVALID ({@code no_price_in_currency}, {@code no_price_for_cycle}) when it cannot be had so
     */
    public void requirePrice(BillingCycle cycle, String currency, String field) {
        if (isSoldIn(cycle, currency)) {
            return;
        }
        boolean other = prices.stream().anyMatch(price -> price.currency().equals(currency));
        if (other) {
            throw Problem.invalid(
                    "billing_cycle", "no_price_for_cycle", "the plan " + tier + " has no " + cycle.code() + " price");
        }
        throw Problem.invalid(field, "no_price_in_currency", "the plan " + tier + " has no price in " + currency);
    }

    /** The price of this plan as it falls due again each period. @throws IllegalStateException as {@link #price} */
    public Recurring recurring(BillingCycle cycle, String currency) {
        Price price = price(cycle, currency);
        return new Recurring(tier.code(), price.amountCents(), BigDecimal.ONE, cycle.cadence(), price.timing(), true);
    }

    /**
     * What it includes in a usage month of another length than its calendar's (SUB-10): in proportion, in whole units, half
     * up.
     */
    public Plan including(Period month, Period calendar) {
        if (month.length().equals(calendar.length())) {
            return this;
        }
        List<MeteredAllowance> shares =
                meters.stream().map(one -> one.share(month, calendar)).toList();
        return new Plan(tier, version, position, name, custom, grain, prices, shares, commitments, features);
    }

    /** @return null where it does not have the meter */
    public com.cognitionos.rating.entity.@Nullable Price monthly(String meterCode, String currency) {
        return allowance(meterCode).map(one -> one.monthly(currency)).orElse(null);
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
