package com.cognitionos.catalog.entity;

import com.cognitionos.catalog.entity.Plan.Feature;
import com.cognitionos.catalog.entity.Plan.MeteredAllowance;
import com.cognitionos.kernel.Problem;
import com.cognitionos.rating.entity.Commitment;
import com.cognitionos.rating.entity.Grain;
import com.cognitionos.rating.entity.Recurring.Timing;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a version of a plan says, as the JSON that the catalogue keeps and that finance sends: {@code name}, {@code custom},
 * {@code grain}, {@code prices}, {@code meters}, {@code commitments}, {@code features}.
 */
public final class PlanDocument {

    /** Quantities are counted with 6 places. */
    private static final int QUANTITY_PLACES = 6;

    /** What tenants' settings stand on: a plan without one would allow none of it. */
    private static final List<String> NUMBERS =
            List.of("seats", "agents", "workflows", "api_requests_per_minute", "api_keys");

    private static final List<String> SWITCHES =
            List.of("plugins", "custom_models", "priority_execution", "advanced_analytics", "sso");

    private PlanDocument() {}

    /**
     * @param document see {@link Fields}
     * @param known meters by code
     * @throws Problem INVALID with every fault and where it is
     */
    public static Plan read(
            Tier tier, int version, int position, Map<String, @Nullable Object> document, Map<String, Meter> known) {
        Fields fields = Fields.of(document);
        String name = fields.required("name", fields.text("name", 100));
        Boolean custom = fields.truth("custom");
        Grain grain = grain(fields);
        List<Plan.Price> prices =
                prices(fields, cycle -> cycle == BillingCycle.YEARLY ? Timing.IN_ADVANCE : Timing.AT_PERIOD_END);
        Set<String> currencies = prices.stream().map(Plan.Price::currency).collect(Collectors.toSet());
        List<MeteredAllowance> meters = meters(fields, known, currencies);
        Map<String, Commitment> commitments = commitments(fields, currencies);
        Map<String, Feature> features = features(fields);
        fields.check();
        return new Plan(
                tier,
                version,
                position,
                String.valueOf(name),
                Boolean.TRUE.equals(custom),
                grain,
                prices,
                meters,
                commitments,
                features);
    }

    private static Grain grain(Fields fields) {
        String code = fields.text("grain", 40);
        if (code == null) {
            return Grain.SECOND;
        }
        return Arrays.stream(Grain.values())
                .filter(grain -> grain.code().equals(code))
                .findFirst()
                .orElseGet(() -> {
                    fields.fault("grain", "unknown_grain", "must be second, day, day_inclusive or fixed30");
                    return Grain.SECOND;
                });
    }

    /** @param otherwise when a price falls due that does not say it */
    static List<Plan.Price> prices(Fields plan, Function<BillingCycle, Timing> otherwise) {
        List<Plan.Price> prices = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<Fields> all = plan.list("prices");
        for (Fields price : all) {
            BillingCycle cycle = cycle(price);
            String currency = price.currency("currency");
            Long cents = price.required("amount_cents", price.whole("amount_cents"));
            Timing timing = timing(price, cycle, otherwise);
            price.refuseOthers();
            if (cycle == null || currency == null || cents == null || timing == null) {
                continue;
            }
            if (!seen.add(cycle + currency)) {
                price.fault("", "duplicate", "there is a " + cycle.code() + " price in " + currency + " already");
            }
            prices.add(new Plan.Price(cycle, currency, cents, timing));
        }
        if (all.isEmpty() && !plan.isFaulty("prices")) {
            plan.fault("prices", "required", "name at least one price");
        }
        return List.copyOf(prices);
    }

    private static @Nullable BillingCycle cycle(Fields price) {
        String code = price.required("billing_cycle", price.text("billing_cycle", 40));
        for (BillingCycle cycle : BillingCycle.values()) {
            if (cycle.code().equals(code)) {
                return cycle;
            }
        }
        if (code != null) {
            price.fault("billing_cycle", "unknown_billing_cycle", "must be monthly or yearly");
        }
        return null;
    }

    private static @Nullable Timing timing(
            Fields price, @Nullable BillingCycle cycle, Function<BillingCycle, Timing> otherwise) {
        String code = price.text("timing", 40);
        if (code == null) {
            return cycle == null ? null : otherwise.apply(cycle);
        }
        for (Timing timing : Timing.values()) {
            if (code(timing).equals(code)) {
                return timing;
            }
        }
        price.fault("timing", "unknown_timing", "must be in_advance, at_period_end or in_arrears");
        return null;
    }

    private static List<MeteredAllowance> meters(Fields plan, Map<String, Meter> known, Set<String> currencies) {
        List<MeteredAllowance> meters = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Fields allowance : plan.list("meters")) {
            String code = allowance.required("meter", allowance.text("meter", 63));
            Meter meter = known.get(code);
            BigDecimal included = allowance.decimal("included", QUANTITY_PLACES);
            List<MeterPrice> prices = meterPrices(allowance, currencies);
            allowance.refuseOthers();
            if (code != null && meter == null) {
                allowance.fault("meter", "unknown_meter", "there is no such meter");
            }
            if (code != null && !seen.add(code)) {
                allowance.fault("meter", "duplicate", "the meter is in the plan already");
            }
            if (meter != null) {
                meters.add(new MeteredAllowance(meter, included, prices));
            }
        }
        return List.copyOf(meters);
    }

    private static List<MeterPrice> meterPrices(Fields allowance, Set<String> currencies) {
        Map<String, MeterPrice> prices = new TreeMap<>();
        List<Fields> all = allowance.list("prices");
        for (Fields one : all) {
            MeterPrice price = PriceDocument.read(one);
            if (price != null && prices.put(price.currency(), price) != null) {
                one.fault("currency", "duplicate", "the meter has a price in " + price.currency() + " already");
            }
        }
        if (!all.isEmpty() && !allowance.hasFaults()) {
            currencies.stream()
                    .filter(currency -> !prices.containsKey(currency))
                    .sorted()
                    .forEach(currency -> allowance.fault(
                            "prices",
                            "missing_currency",
                            "the plan is sold in " + currency + ", in which the meter has no price"));
        }
        return List.copyOf(prices.values());
    }

    private static Map<String, Commitment> commitments(Fields plan, Set<String> currencies) {
        Map<String, Commitment> commitments = new TreeMap<>();
        for (Fields one : plan.list("commitments")) {
            String currency = one.currency("currency");
            Long minimum = one.whole("minimum_cents");
            Long maximum = one.whole("maximum_cents");
            one.refuseOthers();
            long least = minimum == null ? 0 : minimum;
            if (maximum != null && maximum < least) {
                one.fault("maximum_cents", "out_of_range", "must not be below minimum_cents");
            } else if (currency != null) {
                if (!currencies.contains(currency)) {
                    one.fault("currency", "no_price_in_currency", "the plan has no price in " + currency);
                }
                if (commitments.put(currency, new Commitment(least, maximum)) != null) {
                    one.fault("currency", "duplicate", "there is a commitment in " + currency + " already");
                }
            }
        }
        return Collections.unmodifiableMap(commitments);
    }

    private static Map<String, Feature> features(Fields plan) {
        Map<String, Feature> features = new TreeMap<>();
        Fields given = plan.object("features").orElse(null);
        if (given == null) {
            plan.required("features", null);
            return features;
        }
        Set<String> faulty = new HashSet<>();
        for (String name : given.names()) {
            if (!Tier.isCode(name)) {
                given.fault(name, "malformed", "a feature's name has small letters, digits and underscores");
                continue;
            }
            Feature feature = feature(given, name);
            if (feature == null) {
                faulty.add(name);
            } else {
                features.put(name, feature);
            }
        }
        NUMBERS.forEach(name -> {
            Feature feature = features.get(name);
            if (feature == null && !faulty.contains(name)) {
                given.fault(name, "required", "is required; null is unlimited");
            } else if (feature != null && feature.enabled() != null) {
                given.fault(name, "wrong_type", "must be a number; null is unlimited");
            }
        });
        SWITCHES.forEach(name -> {
            Feature feature = features.get(name);
            if (feature != null && feature.enabled() == null) {
                given.fault(name, "wrong_type", "must be true or false");
            }
        });
        Feature rate = features.get("api_requests_per_minute");
        if (rate != null && rate.amount() != null && rate.amount() == 0) {
            given.fault("api_requests_per_minute", "out_of_range", "must be at least 1");
        }
        return Collections.unmodifiableMap(features);
    }

    private static @Nullable Feature feature(Fields given, String name) {
        if (!given.has(name)) {
            return new Feature(null, null);
        }
        if (given.isTruth(name)) {
            return new Feature(given.truth(name), null);
        }
        Long amount = given.whole(name);
        return amount == null ? null : new Feature(null, amount);
    }

    /** The document that reads as this plan. */
    public static Map<String, @Nullable Object> write(Plan plan) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", plan.name());
        document.put("custom", plan.custom());
        document.put("grain", plan.grain().code());
        document.put("prices", plan.prices().stream().map(PlanDocument::write).toList());
        document.put("meters", plan.meters().stream().map(PlanDocument::write).toList());
        List<Map<String, @Nullable Object>> commitments = new ArrayList<>();
        plan.commitments().forEach((currency, commitment) -> {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("currency", currency);
            one.put("minimum_cents", commitment.minimumCents());
            one.put("maximum_cents", commitment.maximumCents());
            commitments.add(one);
        });
        document.put("commitments", commitments);
        Map<String, @Nullable Object> features = new HashMap<>();
        plan.features()
                .forEach((name, feature) ->
                        features.put(name, feature.enabled() == null ? feature.amount() : feature.enabled()));
        document.put("features", new TreeMap<>(features));
        return document;
    }

    static Map<String, Object> write(Plan.Price price) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("billing_cycle", price.cycle().code());
        one.put("currency", price.currency());
        one.put("amount_cents", price.amountCents());
        one.put("timing", code(price.timing()));
        return one;
    }

    private static Map<String, @Nullable Object> write(MeteredAllowance allowance) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("meter", allowance.meter().code());
        one.put("included", allowance.included());
        one.put("prices", allowance.prices().stream().map(PriceDocument::write).toList());
        return one;
    }

    private static String code(Timing timing) {
        return timing.name().toLowerCase(Locale.ROOT);
    }
}
