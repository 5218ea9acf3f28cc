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
    REFUNDS;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when there is none */
    public static Account of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
