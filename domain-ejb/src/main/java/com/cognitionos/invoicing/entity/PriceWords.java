package com.cognitionos.invoicing.entity;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.MeterPrice;
import com.cognitionos.kernel.MinorUnit;
import com.cognitionos.rating.entity.Step;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prices of usage as an invoice line writes them, in the currency's minor unit. */
final class PriceWords {

    /** Each use has a copy: a format is not for several threads, and costs more to make than to copy. */
    private static final NumberFormat FIGURE = NumberFormat.getNumberInstance(Locale.ROOT);

    static {
        FIGURE.setMaximumFractionDigits(6);
    }

    private final String unit;

    PriceWords(String currency) {
        unit = switch (MinorUnit.decimals(currency)) {
            case 0 -> currency;
            case 2 -> "cents";
            default -> "minor units of " + currency;
        };
    }

    static String title(Meter meter) {
        return switch (meter.aggregation()) {
            case TIME_WEIGHTED -> meter.name() + ", " + meter.unit() + " on average";
            case MAX -> meter.name() + ", at most at a time";
            case UNIQUE_COUNT -> meter.name() + ", different ones";
            case LATEST -> meter.name() + ", at the end";
            case SUM, COUNT -> meter.name();
        };
    }

    /** {@code 2 cents per 1,000}. */
    String quote(MeterPrice.Quote quote) {
        String per = quote.per().compareTo(BigDecimal.ONE) == 0 ? "each" : "per " + figure(quote.per());
        return amount(quote.cents()) + " " + per;
    }

    /** {@code 1,000 at 10 cents, 500 at 8 cents}: where the amount comes from. */
    String steps(List<Step> steps) {
        return steps.stream().map(this::step).collect(Collectors.joining(", "));
    }

    private String step(Step step) {
        String quantity = figure(step.quantity());
        return switch (step.kind()) {
            case UNITS -> quantity + " at " + amount(step.unitCents());
            case PACKAGES ->
                quantity + (quantity.equals("1") ? " package at " : " packages at ") + amount(step.unitCents());
            case EVENTS -> quantity + " events at " + amount(step.unitCents());
            case FEE -> "a fee of " + amount(step.unitCents());
            case MINIMUM -> amount(step.amountCents()) + " up to the minimum";
            case MAXIMUM -> amount(step.amountCents().negate()) + " less by the maximum";
        };
    }

    String amount(BigDecimal minorUnits) {
        return figure(minorUnits) + " " + unit;
    }

    static String figure(@Nullable BigDecimal value) {
        if (value == null) {
            return "unlimited";
        }
        return ((NumberFormat) FIGURE.clone()).format(value);
    }
}
