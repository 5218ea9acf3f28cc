package com.cognitionos.kernel;

import java.math.BigDecimal;
import java.util.Currency;

/** The smallest unit of a currency by ISO 4217, in which every amount is counted: cents for USD, yen for JPY. */
public final class MinorUnit {

    private MinorUnit() {}

    /** How many decimals the major unit has, from 0. @throws IllegalArgumentException for what is no code of a currency */
    public static int decimals(String currency) {
        return Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
    }

    /** In the major unit, with all its decimals: {@code 12.50} for 1,250 cents. */
    public static String plain(long minor, String currency) {
        return BigDecimal.valueOf(minor, decimals(currency)).toPlainString();
    }
}
