package com.cognitionos.catalog.entity;

import com.cognitionos.kernel.Problem;
import java.util.Currency;

/** The currencies that money can be in: those of ISO 4217 that have a minor unit. */
public final class Currencies {

    private Currencies() {}

    public static boolean isKnown(String code) {
        try {
            return Currency.getInstance(code).getDefaultFractionDigits() >= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** @throws Problem INVALID ({@code unknown_currency}) */
    public static void require(String field, String code) {
        if (!isKnown(code)) {
            throw Problem.invalid(
                    field, "unknown_currency", field + " must be the code of a currency by ISO 4217, such as EUR");
        }
    }
}
