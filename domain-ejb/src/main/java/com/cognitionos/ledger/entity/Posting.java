package com.cognitionos.ledger.entity;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A balanced ledger transaction about to be posted; amounts in minor units of {@code currency}.
 *
 * @param line the line of the reference that it is about, from 1; null where it is about the whole. Of a dispute, which is
 *     of one piece, the how manieth time it happens, from 2
 * @param description for people; empty where the kind says all
 * @param currency an ISO 4217 code
 */
public record Posting(
        Kind kind,
        UUID reference,
        @Nullable Integer line,
        String description,
        String currency,
        boolean testMode,
        Instant at,
        List<Entry> entries) {

    /** What happened; together with the reference it is posted once (LED-3), recognition once per line and cut. */
    public enum Kind {
        INVOICE_FINALIZED("invoice", "Invoice"),
        PAYMENT_SUCCEEDED("payment", "Payment"),
        REVENUE_RECOGNIZED("invoice", "Revenue earned"),
        CREDIT_NOTE_ISSUED("credit_note", "Credit note"),
        REFUND_SUCCEEDED("refund", "Refund"),
        /** It becomes credit on the balance. */
        REFUND_FAILED("refund", "Refused refund, credited to the balance"),
        /** Paid back at the provider although nothing was left to credit. */
        REFUND_WRITTEN_OFF("refund", "Refund of what could not be credited"),
        INVOICE_VOIDED("invoice", "Void invoice"),
        INVOICE_WRITTEN_OFF("invoice", "Invoice written off"),
        /** What was written off is paid after all. */
        WRITE_OFF_REVERSED("invoice", "Write-off taken back"),
        PREPAID_GRANTED("prepaid_credit", "Prepaid credit"),
        PREPAID_EXPIRED("prepaid_credit", "Prepaid credit expired"),
        PREPAID_VOIDED("prepaid_credit", "Prepaid credit paid back"),
        /** In the currency that the provider pays out in, which need not be the payment's. */
        PROVIDER_FEE("payment", "Fee of the payment provider"),
        DISPUTE_OPENED("dispute", "Dispute opened"),
        DISPUTE_FEE("dispute", "Fee of a dispute"),
        DISPUTE_WON("dispute", "Dispute won"),
        DISPUTE_LOST("dispute", "Dispute lost");

        private final String referenceKind;
        private final String words;

        Kind(String referenceKind, String words) {
            this.referenceKind = referenceKind;
            this.words = words;
        }

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Kind of(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }

        /** What the reference is the id of. */
        public String referenceKind() {
            return referenceKind;
        }

        /** For people, where a transaction has no description of its own. */
        public String words() {
            return words;
        }
    }

    /** One side of the transaction: one of the two amounts is 0, the other positive. */
    public record Entry(Account account, long debitCents, long creditCents) {}

    public Posting {
        entries = List.copyOf(entries);
        Currency.getInstance(currency);
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

    public Posting describedAs(String words) {
        return new Posting(kind, reference, line, words, currency, testMode, at, entries);
    }

    public Posting ofLine(int position) {
        return new Posting(kind, reference, position, description, currency, testMode, at, entries);
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
            return new Posting(kind, reference, null, "", currency, testMode, at, entries);
        }
    }
}
