package com.cognitionos.coupon.entity;

import com.cognitionos.catalog.entity.Amounts;
import com.cognitionos.catalog.entity.Currencies;
import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Discount;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a coupon gives to each who redeems it: a percentage, or an amount in one currency.
 *
 * @param code in capital letters
 * @param percent above 0, up to 100, at most 4 places
 * @param amountCents from 1, for each of the periods
 * @param periods for how many billing periods, 1 for a single invoice; null for ever
 * @param plans the codes of the plans whose lines it reduces; none for all
 * @param kinds the kinds of lines that it reduces; none for all
 * @param priority of several coupons the lowest applies first
 * @param keepsRest whether what an amount has left over goes to the next invoice
 */
public record Coupon(
        String code,
        String name,
        @Nullable BigDecimal percent,
        @Nullable Long amountCents,
        @Nullable String currency,
        @Nullable Integer periods,
        Set<String> plans,
        Set<String> kinds,
        int priority,
        boolean keepsRest) {

    private static final int MAX_PRIORITY = 1000;

    private static final Pattern CODE = Pattern.compile("[A-Z0-9][A-Z0-9_-]{0,62}");

    public Coupon {
        code = code(code);
        plans = Set.copyOf(plans);
        kinds = Set.copyOf(kinds);
    }

    /** As people type it: in any case, with spaces around it. */
    public static String code(String typed) {
        return typed.strip().toUpperCase(Locale.ROOT);
    }

    /** @throws Problem INVALID */
    public Coupon checked() {
        if (!CODE.matcher(code).matches()) {
            throw Problem.invalid("code", "malformed", "code is " + CODE.pattern());
        }
        if ((percent == null) == (amountCents == null)) {
            throw Problem.invalid("percent", "one_of", "a coupon has either percent or amount_cents");
        }
        if (percent != null
                && (percent.signum() <= 0
                        || percent.compareTo(BigDecimal.valueOf(100)) > 0
                        || percent.stripTrailingZeros().scale() > 4)) {
            throw Problem.invalid("percent", "out_of_range", "percent must be above 0, up to 100, of at most 4 places");
        }
        if (amountCents != null) {
            Amounts.require("amount_cents", amountCents, 1);
        }
        if ((amountCents == null) != (currency == null)) {
            throw Problem.invalid("currency", "with_amount", "currency belongs to amount_cents");
        }
        if (currency != null) {
            Currencies.require("currency", currency);
        }
        if (periods != null && periods < 1) {
            throw Problem.invalid("periods", "out_of_range", "periods must be at least 1");
        }
        if (Math.abs((long) priority) > MAX_PRIORITY) {
            throw Problem.invalid(
                    "priority", "out_of_range", "priority must be from -" + MAX_PRIORITY + " to " + MAX_PRIORITY);
        }
        if (keepsRest && amountCents == null) {
            throw Problem.invalid("keeps_rest", "with_amount", "only an amount has a rest to keep");
        }
        return this;
    }

    /** @param id of the redemption */
    public Discount discount(String id, Discount.State state) {
        Discount.Effect effect = percent != null
                ? new Discount.Percent(percent)
                : new Discount.Amount(amountCents == null ? 0 : amountCents, String.valueOf(currency));
        Discount.Duration duration = periods == null ? Discount.Duration.FOREVER : Discount.Duration.repeating(periods);
        return new Discount(id, effect, duration, new Discount.Scope(plans, kinds), priority, keepsRest, state);
    }

    /** {@code once}, {@code repeating} or {@code forever}. */
    public String duration() {
        return periods == null ? "forever" : periods == 1 ? "once" : "repeating";
    }

    /** In alphabetical order. */
    public List<String> planCodes() {
        return plans.stream().sorted().toList();
    }

    /** In alphabetical order. */
    public List<String> kindCodes() {
        return kinds.stream().sorted().toList();
    }
}
