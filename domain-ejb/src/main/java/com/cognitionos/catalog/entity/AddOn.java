package com.cognitionos.catalog.entity;

import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Recurring;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One version of something that is had on top of a plan, complete; unchangeable once it is sold.
 *
 * @param code the name on the wire and in the database, as a plan's
 * @param description for who may want it; null for none
 * @param tiers the plans that it can be added to, at least one
 * @param minimumQuantity from 1
 * @param maximumQuantity at most {@link #MOST}; null for as many. One whose quantity can only be 1 has a flat price
 * @param prices of one of the quantity, one a cycle and currency
 */
public record AddOn(
        String code,
        int version,
        String name,
        @Nullable String description,
        Set<Tier> tiers,
        int minimumQuantity,
        @Nullable Integer maximumQuantity,
        List<Plan.Price> prices) {

    /** So that no amount overflows. */
    public static final int MOST = 100_000;

    private static final String ITEM = "add_on:";

    public AddOn {
        tiers = Set.copyOf(tiers);
        prices = List.copyOf(prices);
    }

    private Optional<Plan.Price> find(BillingCycle cycle, String currency) {
        return prices.stream()
                .filter(price -> price.cycle() == cycle && price.currency().equals(currency))
                .findFirst();
    }

    public boolean isSoldIn(BillingCycle cycle, String currency) {
        return find(cycle, currency).isPresent();
    }

    public boolean isFor(Tier tier) {
        return tiers.contains(tier);
    }

    public boolean isFlat() {
        return most() == 1;
    }

    public int most() {
        return maximumQuantity == null ? MOST : maximumQuantity;
    }

    /** @throws Problem INVALID ({@code not_for_plan}) */
    public void requireFor(Tier tier, String field) {
        if (!isFor(tier)) {
            throw Problem.invalid(field, "not_for_plan", "the add-on " + code + " cannot be added to the plan " + tier);
        }
    }

    /**
     * @param field that names the add-on, or the billing cycle where it is chosen
     * @throws Problem INVALID ({@code no_price_in_currency}, {@code no_price_for_cycle}) when it cannot be had so
     */
    public void requirePrice(BillingCycle cycle, String currency, String field) {
        if (isSoldIn(cycle, currency)) {
            return;
        }
        boolean other = prices.stream().anyMatch(price -> price.currency().equals(currency));
        throw other
                ? Problem.invalid(
                        field, "no_price_for_cycle", "the add-on " + code + " has no " + cycle.code() + " price")
                : Problem.invalid(field, "no_price_in_currency", "the add-on " + code + " has no price in " + currency);
    }

    /** @throws Problem INVALID ({@code out_of_range}) */
    public void requireQuantity(int quantity) {
        if (quantity < minimumQuantity || quantity > most()) {
            throw Problem.invalid(
                    "quantity",
                    "out_of_range",
                    isFlat()
                            ? "the add-on " + code + " can be had once"
                            : "quantity must be from " + minimumQuantity + " to " + most());
        }
    }

    /** Of one of the quantity, in the currency's minor unit. @throws IllegalStateException when it is not sold so */
    public long unitCents(BillingCycle cycle, String currency) {
        return price(cycle, currency).amountCents();
    }

    private Plan.Price price(BillingCycle cycle, String currency) {
        return find(cycle, currency)
                .orElseThrow(() -> new IllegalStateException("no " + cycle.code() + " price in " + currency
                        + " for the add-on " + code + " version " + version));
    }

    /** That many as they fall due again each period. @throws IllegalStateException as {@link #unitCents} */
    public Recurring recurring(BillingCycle cycle, String currency, int quantity) {
        Plan.Price price = price(cycle, currency);
        return new Recurring(
                ITEM + code,
                Math.multiplyExact(price.amountCents(), quantity),
                BigDecimal.valueOf(quantity),
                cycle.cadence(),
                price.timing(),
                true);
    }

    /** The add-on that a recurring price is of; empty for a plan's. */
    public static Optional<String> codeOf(Recurring price) {
        return price.item().startsWith(ITEM) ? Optional.of(price.item().substring(ITEM.length())) : Optional.empty();
    }
}
