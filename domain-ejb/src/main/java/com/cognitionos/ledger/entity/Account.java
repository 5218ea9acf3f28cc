package com.cognitionos.ledger.entity;

import java.util.Locale;

/** The chart of accounts. */
public enum Account {
    RECEIVABLE,
    REVENUE,
    DEFERRED_REVENUE,
    TAX,
    CASH,
    CUSTOMER_CREDIT,
    /** Promised to be paid back, and not yet paid. */
    REFUNDS,
    /** Written off. */
    BAD_DEBT;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when there is none */
    public static Account of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
