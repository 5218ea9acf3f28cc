package com.cognitionos.ledger.entity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** A balanced ledger transaction about to be posted; amounts in minor units of {@code currency}. */
public record Posting(Kind kind, UUID reference, String currency, boolean testMode, Instant at, List<Entry> entries) {

    /** What happened; together with the reference it is posted once (LED-3). */
    public enum Kind {
        INVOICE_FINALIZED,
        PAYMENT_SUCCEEDED,
        CREDIT_NOTE_ISSUED,
        REFUND_SUCCEEDED,
        /** It becomes credit on the balance. */
        REFUND_FAILED,
        INVOICE_VOIDED,
        INVOICE_WRITTEN_OFF,
        /** What was written off is paid after all. */
        WRITE_OFF_REVERSED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One side of the transaction: one of the two amounts is 0, the other positive. */
    public record Entry(Account account, long debitCents, long creditCents) {}

    public Posting {
        entries = List.copyOf(entries);
        long balance = 0;
        for (Entry entry : entries) {
            if (entry.debitCents() < 0
                    || entry.creditCents() < 0
                    || (entry.debitCents() == 0) == (entry.creditCents() == 0)) {
                throw new IllegalArgumentException("an entry is a debit or a credit: " + entry);
            }
            balance = Math.addExact(balance, Math.subtractExact(entry.debitCents(), entry.creditCents()));
        }
        if (entries.size() < 2 || balance != 0) {
            throw new IllegalArgumentException("not balanced: " + entries);
        }
    }

    /** Collects entries; amounts of 0 leave none. */
    public static final class Draft {
        private final List<Entry> entries = new ArrayList<>();

        public Draft debit(Account account, long cents) {
            return add(account, cents);
        }

        public Draft credit(Account account, long cents) {
            return add(account, Math.negateExact(cents));
        }

        private Draft add(Account account, long debit) {
            if (debit != 0) {
                entries.add(new Entry(account, Math.max(debit, 0), Math.max(Math.negateExact(debit), 0)));
            }
            return this;
        }

        /** Whether nothing moves from one account to another. */
        public boolean isEmpty() {
            return entries.isEmpty();
        }

        public Posting as(Kind kind, UUID reference, String currency, boolean testMode, Instant at) {
            return new Posting(kind, reference, currency, testMode, at, entries);
        }
    }
}
