package com.cognitionos.kernel.portal;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;

/** Amounts as people read them: $1,234.50. */
@Named
@ApplicationScoped
public class Money {

    private static final int UNIT_PRICE_DECIMALS = 12;

    /** @param minor in the currency's minor unit */
    public String of(long minor, String currency) {
        return text(BigDecimal.valueOf(minor), currency, 0);
    }

    /** A price for one unit, with all the decimals that it has. */
    public String unitPrice(BigDecimal minor, String currency) {
        return text(minor, currency, UNIT_PRICE_DECIMALS);
    }

    private static String text(BigDecimal minor, String code, int moreDecimals) {
        Currency currency = Currency.getInstance(code);
        int digits = currency.getDefaultFractionDigits();
        NumberFormat format = NumberFormat.getNumberInstance(Locale.ROOT);
        format.setMinimumFractionDigits(digits);
        format.setMaximumFractionDigits(digits + moreDecimals);
        String sign = minor.signum() < 0 ? "\u2212" : "";
        return sign + currency.getSymbol(Locale.US) + format.format(minor.abs().movePointLeft(digits));
    }
}
