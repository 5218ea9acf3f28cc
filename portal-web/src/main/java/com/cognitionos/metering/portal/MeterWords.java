package com.cognitionos.metering.portal;

import com.cognitionos.catalog.entity.Meter;
import com.cognitionos.catalog.entity.MeterPrice;
import com.cognitionos.kernel.portal.Figures;
import com.cognitionos.kernel.portal.Money;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.util.Locale;

/** A meter in words. */
@Named
@ApplicationScoped
public class MeterWords {

    private final Figures figures = new Figures();
    private final Money money = new Money();

    /** {@code Executions}, {@code API calls}, {@code Storage}. */
    public String title(String code, String unit) {
        if (code.startsWith("storage")) {
            return "Storage";
        }
        String many = figures.unit(unit, BigDecimal.TEN);
        return many.substring(0, 1).toUpperCase(Locale.ROOT) + many.substring(1);
    }

    /** A quantity with its unit: {@code 1,200 tokens}. */
    public String amount(BigDecimal quantity, String unit) {
        return figures.quantity(quantity) + " " + figures.unit(unit, quantity);
    }

    /** What usage is split by, as a word: {@code API key}, {@code Region}. */
    public String dimension(String code) {
        return code.equals("key")
                ? "API key"
                : code.substring(0, 1).toUpperCase(Locale.ROOT)
                        + code.substring(1).replace('_', ' ');
    }

    /** {@code $0.02 per 1,000 tokens}. */
    public String price(MeterPrice.Quote price, Meter meter, String currency) {
        boolean single = price.per().compareTo(BigDecimal.ONE) == 0;
        return money.unitPrice(price.cents(), currency) + " per "
                + (single ? meter.unit() : amount(price.per(), meter.unit()))
                + (meter.aggregation() == Meter.Aggregation.TIME_WEIGHTED ? " and month" : "");
    }
}
