package com.cognitionos.catalog.entity;

import com.cognitionos.rating.entity.PriceTier;
import com.cognitionos.rating.entity.Pricing;
import com.cognitionos.rating.entity.Pricing.GraduatedPercentage.PercentageTier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A meter's price as JSON: {@code currency}, {@code model}, the figures of that model, {@code minimum_cents},
 * {@code maximum_cents}. The models are those of SPEC section 1.
 */
public final class PriceDocument {

    private static final int PRICE_PLACES = 12;
    private static final int PERCENT_PLACES = 10;
    private static final int QUANTITY_PLACES = 6;

    private PriceDocument() {}

    /** Null where something is wrong with it, which {@code price} knows then. */
    static @Nullable MeterPrice read(Fields price) {
        String currency = price.currency("currency");
        String model = price.required("model", price.text("model", 40));
        Long minimum = price.whole("minimum_cents");
        Long maximum = price.whole("maximum_cents");
        BigDecimal per = BigDecimal.ONE;
        Pricing pricing = null;
        try {
            if ("per_unit".equals(model)) {
                BigDecimal cents = price.required("unit_cents", price.decimal("unit_cents", PRICE_PLACES));
                BigDecimal quoted = price.decimal("per", QUANTITY_PLACES);
                per = quoted == null ? per : quoted;
                pricing = cents == null ? null : Pricing.PerUnit.of(cents, per);
            } else if (model != null) {
                pricing = pricing(price, model);
            }
        } catch (IllegalArgumentException e) {
            price.fault("", "invalid_price", String.valueOf(e.getMessage()));
        }
        price.refuseOthers();
        if (minimum != null && maximum != null && minimum > maximum) {
            price.fault("maximum_cents", "out_of_range", "must not be below minimum_cents");
            return null;
        }
        return currency == null || pricing == null ? null : new MeterPrice(currency, pricing, per, minimum, maximum);
    }

    private static @Nullable Pricing pricing(Fields price, String model) {
        switch (model) {
            case "flat" -> {
                BigDecimal cents = price.required("flat_cents", price.decimal("flat_cents", PRICE_PLACES));
                return cents == null ? null : new Pricing.Flat(cents);
            }
            case "package" -> {
                BigDecimal size = price.required("package_size", price.decimal("package_size", QUANTITY_PLACES));
                BigDecimal cents = price.required("package_cents", price.decimal("package_cents", PRICE_PLACES));
                return size == null || cents == null ? null : new Pricing.Package(size, cents);
            }
            case "graduated", "volume" -> {
                List<PriceTier> tiers = tiers(price);
                boolean feeAtZero = Boolean.TRUE.equals(price.truth("fee_at_zero"));
                if (tiers == null) {
                    return null;
                }
                return model.equals("volume")
                        ? new Pricing.Volume(tiers, feeAtZero)
                        : new Pricing.Graduated(tiers, feeAtZero);
            }
            case "percentage" -> {
                BigDecimal percent = price.required("percent", price.decimal("percent", PERCENT_PLACES));
                Long worth = price.whole("cents_per_unit");
                return percent == null
                        ? null
                        : new Pricing.Percentage(percent, Objects.requireNonNullElse(worth, 1L), BigDecimal.ZERO);
            }
            case "graduated_percentage" -> {
                List<PercentageTier> tiers = percentageTiers(price);
                Long worth = price.whole("cents_per_unit");
                return tiers == null
                        ? null
                        : new Pricing.GraduatedPercentage(Objects.requireNonNullElse(worth, 1L), tiers);
            }
            default -> {
                price.fault(
                        "model",
                        "unknown_model",
                        "must be flat, per_unit, package, graduated, volume, percentage or graduated_percentage");
                return null;
            }
        }
    }

    private static @Nullable List<PriceTier> tiers(Fields price) {
        List<PriceTier> tiers = new ArrayList<>();
        List<Fields> given = price.list("tiers");
        for (Fields one : given) {
            BigDecimal unit = one.decimal("unit_cents", PRICE_PLACES);
            BigDecimal flat = one.decimal("flat_cents", PRICE_PLACES);
            BigDecimal upTo = one.decimal("up_to", QUANTITY_PLACES);
            BigDecimal per = one.decimal("per", QUANTITY_PLACES);
            one.refuseOthers();
            if (unit == null && flat == null) {
                one.required("unit_cents", null);
            }
            tiers.add(new PriceTier(
                    upTo,
                    Objects.requireNonNullElse(unit, BigDecimal.ZERO),
                    Objects.requireNonNullElse(flat, BigDecimal.ZERO),
                    per));
        }
        if (given.isEmpty()) {
            price.required("tiers", null);
        }
        return price.hasFaults() ? null : tiers;
    }

    private static @Nullable List<PercentageTier> percentageTiers(Fields price) {
        List<PercentageTier> tiers = new ArrayList<>();
        List<Fields> given = price.list("tiers");
        for (Fields one : given) {
            BigDecimal percent = one.required("percent", one.decimal("percent", PERCENT_PLACES));
            BigDecimal flat = one.decimal("flat_cents", PRICE_PLACES);
            BigDecimal upTo = one.decimal("up_to", QUANTITY_PLACES);
            one.refuseOthers();
            tiers.add(new PercentageTier(
                    upTo,
                    Objects.requireNonNullElse(percent, BigDecimal.ZERO),
                    Objects.requireNonNullElse(flat, BigDecimal.ZERO)));
        }
        if (given.isEmpty()) {
            price.required("tiers", null);
        }
        return price.hasFaults() ? null : tiers;
    }

    /** The document that reads as this price. */
    public static Map<String, @Nullable Object> write(MeterPrice price) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("currency", price.currency());
        Pricing pricing = price.pricing();
        if (pricing instanceof Pricing.PerUnit unit) {
            document.put("model", "per_unit");
            document.put("unit_cents", plain(unit.cents().multiply(price.per())));
            document.put("per", price.per());
        } else if (pricing instanceof Pricing.Flat flat) {
            document.put("model", "flat");
            document.put("flat_cents", flat.cents());
        } else if (pricing instanceof Pricing.Package packages) {
            document.put("model", "package");
            document.put("package_size", packages.size());
            document.put("package_cents", packages.cents());
        } else if (pricing instanceof Pricing.Graduated graduated) {
            tiers(document, "graduated", graduated.tiers(), graduated.feeAtZero());
        } else if (pricing instanceof Pricing.Volume volume) {
            tiers(document, "volume", volume.tiers(), volume.feeAtZero());
        } else if (pricing instanceof Pricing.Percentage percentage) {
            document.put("model", "percentage");
            document.put("percent", percentage.percent());
            document.put("cents_per_unit", percentage.centsPerUnit());
        } else if (pricing instanceof Pricing.GraduatedPercentage percentage) {
            document.put("model", "graduated_percentage");
            document.put("cents_per_unit", percentage.centsPerUnit());
            document.put(
                    "tiers",
                    percentage.tiers().stream()
                            .map(tier -> tier(tier.upTo(), "percent", tier.percent(), tier.flatCents()))
                            .toList());
        }
        document.put("minimum_cents", price.minimumCents());
        document.put("maximum_cents", price.maximumCents());
        return document;
    }

    private static void tiers(
            Map<String, @Nullable Object> document, String model, List<PriceTier> tiers, boolean feeAtZero) {
        document.put("model", model);
        document.put("fee_at_zero", feeAtZero);
        document.put(
                "tiers",
                tiers.stream()
                        .map(tier -> {
                            Map<String, @Nullable Object> one =
                                    tier(tier.upTo(), "unit_cents", tier.unitCents(), tier.flatCents());
                            one.put("per", tier.per());
                            return one;
                        })
                        .toList());
    }

    private static Map<String, @Nullable Object> tier(
            @Nullable BigDecimal upTo, String rateName, BigDecimal rate, BigDecimal flatCents) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("up_to", upTo);
        one.put(rateName, rate);
        one.put("flat_cents", flatCents);
        return one;
    }

    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
