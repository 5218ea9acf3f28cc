package com.cognitionos.rating.entity;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Decimals that stand for money or quantities, checked and written one way, so that equal values are equal objects. */
final class Exact {

    private static final int PRICE_PLACES = 12;

    private Exact() {}

    /** @throws IllegalArgumentException below 0 */
    static BigDecimal quantity(BigDecimal value, String name) {
        if (value.signum() < 0) {
            throw new IllegalArgumentException(name + " is never negative: " + value.toPlainString());
        }
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** @throws IllegalArgumentException at 0 or below */
    static BigDecimal size(BigDecimal value, String name) {
        if (value.signum() == 0) {
            throw new IllegalArgumentException(name + " is above 0");
        }
        return price(value, name);
    }

    /** @throws IllegalArgumentException below 0 or with more than 12 decimal places */
    static BigDecimal price(BigDecimal value, String name) {
        return places(value, name, PRICE_PLACES);
    }

    /** A percentage, of which the rate itself keeps to the 12 places of a price. */
    static BigDecimal percent(BigDecimal value) {
        return places(value, "a percentage", PRICE_PLACES - 2);
    }

    /** @throws IllegalArgumentException below 0 */
    static long amount(long cents, String name) {
        if (cents < 0) {
            throw new IllegalArgumentException(name + " is never negative: " + cents);
        }
        return cents;
    }

    /** The one rounding: half up, to the minor unit. */
    static long cents(BigDecimal exact) {
        return exact.setScale(0, RoundingMode.HALF_UP).longValueExact();
    }

    /**
     * {@code round_half_up(cents × part / whole)}.
     *
     * @throws IllegalArgumentException unless 0 ≤ part ≤ whole and whole is above 0
     */
    static long share(BigDecimal cents, long part, long whole) {
        if (part < 0 || part > whole || whole == 0) {
            throw new IllegalArgumentException("a share is a part of a whole: " + part + " of " + whole);
        }
        return cents.multiply(BigDecimal.valueOf(part))
                .divide(BigDecimal.valueOf(whole), 0, RoundingMode.HALF_UP)
                .longValueExact();
    }

    private static BigDecimal places(BigDecimal value, String name, int places) {
        BigDecimal normal = quantity(value, name);
        if (normal.scale() > places) {
            throw new IllegalArgumentException(
                    name + " has at most " + places + " decimal places: " + value.toPlainString());
        }
        return normal;
    }
}
