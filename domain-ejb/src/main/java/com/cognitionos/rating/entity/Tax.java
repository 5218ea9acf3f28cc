package com.cognitionos.rating.entity;

import java.math.BigDecimal;

/**
 * One tax at one rate, as it stands on an invoice.
 *
 * @param code names the tax, for example {@code vat} or {@code us-ny-sales}
 * @param percent from 0 to 100, at most 6 places
 * @param inclusive whether prices contain it; otherwise it is added to them
 */
public record Tax(String code, BigDecimal percent, boolean inclusive) {

    public Tax {
        if (code.isBlank()) {
            throw new IllegalArgumentException("a tax needs a code");
        }
        if (percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new IllegalArgumentException("a tax is from 0 to 100 per cent: " + percent);
        }
        percent = percent.setScale(Math.max(0, percent.stripTrailingZeros().scale()));
        if (percent.scale() > 6) {
            throw new IllegalArgumentException("a tax rate has at most 6 places: " + percent);
        }
    }

    Ratio fraction() {
        return Ratio.ofPercent(percent);
    }
}
