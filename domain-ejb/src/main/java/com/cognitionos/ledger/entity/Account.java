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
    BAD_DEBT,
    /** What the payment provider keeps of each payment. */
    PROVIDER_FEES,
    /** Taken back by a cardholder's bank, until it is decided who is right. */
    DISPUTES,
    /** Disputes that were lost. */
    DISPUTE_LOSSES;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when there is none */
    public static Account of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
