package com.cognitionos.catalog.portal;

import com.cognitionos.catalog.entity.AddOn;
import com.cognitionos.catalog.entity.BillingCycle;
import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.MeterPrice;
import com.cognitionos.catalog.entity.Plan;
import com.cognitionos.catalog.entity.Plan.MeteredAllowance;
import com.cognitionos.kernel.portal.Figures;
import com.cognitionos.kernel.portal.Money;
import com.cognitionos.rating.entity.Commitment;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.PriceTier;
import com.cognitionos.rating.entity.Pricing;
import com.cognitionos.rating.entity.Recurring.Timing;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a version of a plan says, in words. */
@Named
@ApplicationScoped
public class TermsWords {

    private static final String UNLIMITED = "Unlimited";
    private static final String FEE_AT_ZERO = ", the first fee also where nothing is used";

    private final Money money = new Money();
    private final Figures figures = new Figures();

    /** One line of a price by tiers, such as {@code up to 1,000}, {@code $0.10}, and a fee or nothing. */
    public record TierWords(String range, String price, String fee) {}

    public String cycle(BillingCycle cycle) {
        return cycle == BillingCycle.YEARLY ? "Yearly" : "Monthly";
    }

    public String timing(Timing timing) {
        return switch (timing) {
            case IN_ADVANCE -> "Invoiced as the period begins";
            case AT_PERIOD_END -> "Owed as the period begins, invoiced as it ends";
            case IN_ARREARS -> "Owed and invoiced as the period ends";
        };
    }

    public String grain(Grain grain) {
        return switch (grain) {
            case SECOND -> "By the second";
            case DAY -> "By the day, the first one counts, the last one does not";
            case DAY_INCLUSIVE -> "By the day, the last one counts too";
            case FIXED30 -> "By the day, with 30 days to a month and 360 to a year";
        };
    }

    /** All prices on a line: {@code $49.00 a month · $490.00 a year}. */
    public String prices(Plan plan) {
        return plan.custom() ? "By contract" : prices(plan.prices());
    }

    /** As a plan's, of one of the quantity. */
    public String prices(AddOn addOn) {
        return prices(addOn.prices()) + (addOn.isFlat() ? "" : ", each");
    }

    private String prices(List<Plan.Price> prices) {
        return prices.stream()
                .map(price -> money.of(price.amountCents(), price.currency())
                        + (price.cycle() == BillingCycle.YEARLY ? " a year" : " a month"))
                .collect(Collectors.joining(" · "));
    }

    /** {@code 10,000 executions a month}. */
    public String included(MeteredAllowance allowance) {
        BigDecimal included = allowance.included();
        return included == null ? UNLIMITED : quantity(included, allowance.meter()) + " a month";
    }

    /** What happens above what is included, where there is no price. */
    public String beyond(MeteredAllowance allowance) {
        return allowance.hardLimited() ? "More is refused" : "Free of charge";
    }

    /** {@code $0.02 per 1,000 tokens, at least $5.00 a month}. */
    public String price(MeterPrice price, Meter meter) {
        StringBuilder words = new StringBuilder(model(price, meter));
        Long least = price.minimumCents();
        if (least != null) {
            words.append(", at least ")
                    .append(money.of(least, price.currency()))
                    .append(" a month");
        }
        Long most = price.maximumCents();
        if (most != null) {
            words.append(", at most ").append(money.of(most, price.currency())).append(" a month");
        }
        return words.toString();
    }

    private String model(MeterPrice price, Meter meter) {
        Pricing pricing = price.pricing();
        Function<BigDecimal, String> amount = cents -> money.unitPrice(cents, price.currency());
        if (pricing instanceof Pricing.PerUnit unit) {
            return amount.apply(unit.cents().multiply(price.per())) + " per " + each(price.per(), meter);
        }
        if (pricing instanceof Pricing.Package packages) {
            return amount.apply(packages.cents()) + " for each package of " + quantity(packages.size(), meter)
                    + ", a started one counts whole";
        }
        if (pricing instanceof Pricing.Flat flat) {
            return amount.apply(flat.cents()) + " a month, however much is used";
        }
        if (pricing instanceof Pricing.Graduated graduated) {
            return "By tiers, each unit at the price of its own tier" + (graduated.feeAtZero() ? FEE_AT_ZERO : "");
        }
        if (pricing instanceof Pricing.Volume volume) {
            return "By tiers, all units at the price of the tier that the quantity ends in"
                    + (volume.feeAtZero() ? FEE_AT_ZERO : "");
        }
        if (pricing instanceof Pricing.Percentage percentage) {
            return percent(percentage.percent()) + " of the amount" + worth(percentage.centsPerUnit(), price, meter);
        }
        Pricing.GraduatedPercentage shares = (Pricing.GraduatedPercentage) pricing;
        return "A share of the amount by tiers" + worth(shares.centsPerUnit(), price, meter);
    }

    private String worth(long cents, MeterPrice price, Meter meter) {
        return ", where one " + meter.unit() + " is worth "
                + money.unitPrice(BigDecimal.valueOf(cents), price.currency());
    }

    /** None where the price has no tiers. */
    public List<TierWords> tiers(MeterPrice price, Meter meter) {
        Pricing pricing = price.pricing();
        List<TierWords> words = new ArrayList<>();
        if (pricing instanceof Pricing.GraduatedPercentage shares) {
            BigDecimal below = null;
            for (Pricing.GraduatedPercentage.PercentageTier tier : shares.tiers()) {
                words.add(tier(below, tier.upTo(), percent(tier.percent()), tier.flatCents(), price));
                below = tier.upTo();
            }
            return words;
        }
        List<PriceTier> tiers = pricing instanceof Pricing.Graduated graduated
                ? graduated.tiers()
                : pricing instanceof Pricing.Volume volume ? volume.tiers() : List.of();
        BigDecimal below = null;
        for (PriceTier tier : tiers) {
            BigDecimal per = tier.per();
            String unit = money.unitPrice(tier.unitCents(), price.currency())
                    + (per == null ? " per " + meter.unit() : " for each package of " + quantity(per, meter));
            words.add(tier(below, tier.upTo(), unit, tier.flatCents(), price));
            below = tier.upTo();
        }
        return words;
    }

    private TierWords tier(
            @Nullable BigDecimal below, @Nullable BigDecimal upTo, String rate, BigDecimal feeCents, MeterPrice price) {
        String range = upTo != null ? "Up to " + figure(upTo) : below == null ? "All" : "Above " + figure(below);
        return new TierWords(range, rate, feeCents.signum() == 0 ? "" : money.unitPrice(feeCents, price.currency()));
    }

    public String commitment(String currency, Commitment commitment) {
        Long most = commitment.maximumCents();
        String least =
                commitment.minimumCents() == 0 ? "" : "at least " + money.of(commitment.minimumCents(), currency);
        String end = most == null ? "" : "at most " + money.of(most, currency);
        String both = least + (least.isEmpty() || end.isEmpty() ? "" : ", ") + end;
        return both.isEmpty() ? "None" : both.substring(0, 1).toUpperCase(Locale.ROOT) + both.substring(1) + " a month";
    }

    public String feature(Plan.Feature feature) {
        if (feature.enabled() != null) {
            return feature.isOn() ? "Yes" : "No";
        }
        return feature.amount() == null ? UNLIMITED : figures.whole(feature.amount());
    }

    /** {@code api_keys} becomes {@code API keys}. */
    public String name(String code) {
        String words = code.replace('_', ' ');
        if (words.startsWith("api ")) {
            return "API" + words.substring(3);
        }
        return words.equals("sso")
                ? "Single sign-on"
                : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    public String aggregation(Meter meter) {
        return switch (meter.aggregation()) {
            case SUM -> "Sum over the month";
            case COUNT -> "Number of events in the month";
            case MAX -> "Largest of the month";
            case UNIQUE_COUNT -> "Number of different values of " + meter.uniqueBy() + " in the month";
            case LATEST -> "Last of the month";
            case TIME_WEIGHTED -> "Mean level over the month";
        };
    }

    /** Everything that a version says, each under its name. */
    public Map<String, String> all(Plan plan) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Name", plan.name());
        all.put("Price by contract", plan.custom() ? "Yes" : "No");
        all.put("Part of a period", grain(plan.grain()));
        plan.prices().forEach(price -> {
            String name = cycle(price.cycle()) + " price in " + price.currency();
            all.put(name, money.of(price.amountCents(), price.currency()));
            all.put(name + ", when", timing(price.timing()));
        });
        plan.meters().forEach(allowance -> {
            Meter meter = allowance.meter();
            all.put(meter.name() + ", included", included(allowance));
            if (allowance.prices().isEmpty()) {
                all.put(meter.name() + ", above it", beyond(allowance));
            }
            allowance
                    .prices()
                    .forEach(price -> all.put(meter.name() + ", price in " + price.currency(), whole(price, meter)));
        });
        plan.commitments()
                .forEach((currency, commitment) ->
                        all.put("Commitment in " + currency, commitment(currency, commitment)));
        plan.features().forEach((code, feature) -> all.put(name(code), feature(feature)));
        return all;
    }

    private String whole(MeterPrice price, Meter meter) {
        List<TierWords> tiers = tiers(price, meter);
        return price(price, meter)
                + (tiers.isEmpty()
                        ? ""
                        : ": "
                                + tiers.stream()
                                        .map(tier -> tier.range() + " " + tier.price()
                                                + (tier.fee().isEmpty() ? "" : " and a fee of " + tier.fee()))
                                        .collect(Collectors.joining("; ")));
    }

    private String each(BigDecimal per, Meter meter) {
        String unit = per.compareTo(BigDecimal.ONE) == 0 ? meter.unit() : quantity(per, meter);
        return unit + (meter.aggregation() == Meter.Aggregation.TIME_WEIGHTED ? " and month" : "");
    }

    private String quantity(BigDecimal quantity, Meter meter) {
        return figure(quantity) + " " + figures.unit(meter.unit(), quantity);
    }

    private static String percent(BigDecimal percent) {
        return figure(percent) + "\u00a0%";
    }

    /** With all the decimals that it has. */
    private static String figure(BigDecimal value) {
        NumberFormat format = NumberFormat.getNumberInstance(Locale.ROOT);
        format.setMaximumFractionDigits(12);
        return format.format(value);
    }
}
