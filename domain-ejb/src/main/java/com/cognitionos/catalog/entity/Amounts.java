package com.cognitionos.catalog.entity;

import com.cognitionos.kernel.Problem;

/** How much money one thing can be: millions of it add up without leaving what a number of cents can hold. */
public final class Amounts {

    /** In the currency's minor unit. */
    public static final long MOST = 1_000_000_000_000L;

    private Amounts() {}

    /** @throws Problem INVALID ({@code out_of_range}) */
    public static void require(String field, long cents, long least) {
        if (cents < least || cents > MOST) {
            throw Problem.invalid(field, "out_of_range", field + " must be from " + least + " to " + MOST);
        }
    }
}
