package com.cognitionos.rating.entity;

/**
 * A customer's running balance beside the invoices, in the invoices' currency.
 *
 * @param cents below 0 what we owe the customer (credit), above 0 what the customer owes (carried over from an invoice
 *     that was too small to collect)
 */
public record CustomerBalance(long cents) {

    public static final CustomerBalance ZERO = new CustomerBalance(0);

    /**
     * @param appliedCents what the balance paid of the amount due
     * @param dueCents what is left to pay, from 0
     */
    public record Settlement(long appliedCents, long dueCents, CustomerBalance balance) {}

    /** @param credit from 0 */
    public CustomerBalance credited(long credit) {
        return new CustomerBalance(Math.subtractExact(cents, credit));
    }

    /** @param debt from 0 */
    public CustomerBalance charged(long debt) {
        return new CustomerBalance(Math.addExact(cents, debt));
    }

    /**
     * Pays an open invoice from the credit that there is; what the invoice does not need stays.
     *
     * @param dueCents from 0
     */
    public Settlement pay(long dueCents) {
        long applied = Math.min(dueCents, Math.max(0, Math.negateExact(cents)));
        return new Settlement(applied, dueCents - applied, charged(applied));
    }
}
