package com.cognitionos.integrity.entity;

/** What is true at every commit. The order is that in which they are asked and told. */
public enum Invariant {
    EVENTS("I1", "Each accepted usage event is recorded once, or taken back"),
    USAGE("I2", "Counters and rollups are the sums of the records; what is reserved is the sum of what is held"),
    AMOUNTS("I3", "Lines, discounts and taxes sum to their invoice or credit note, in one currency"),
    PERIODS("I4", "A subscription has at most one invoice for a period"),
    NUMBERS("I5", "Numbers are unique and without gaps in each seller's series and year"),
    OUTBOX("I6", "Each finalised invoice is in the log and in the ledger once, and told once to whoever wants to know"),
    PAYMENTS("I7", "An invoice is charged once, says what was paid, and no outcome is unknown for more than a day"),
    AUDIT("I8", "The audit chains are unbroken"),
    LEDGER("I9", "Debits equal credits, and the receivables are what is due on invoices"),
    TENANTS("I10", "No row belongs to nobody, or to another tenant than what it refers to"),
    RUNS("I11", "No run is under way that nobody works on"),
    TIME("I12", "Nothing was invoiced, counted or earned before its time");

    private final String code;
    private final String sentence;

    Invariant(String code, String sentence) {
        this.code = code;
        this.sentence = sentence;
    }

    public String code() {
        return code;
    }

    /** What holds, for people. */
    public String sentence() {
        return sentence;
    }

    public static Invariant of(String code) {
        for (Invariant one : values()) {
            if (one.code.equals(code)) {
                return one;
            }
        }
        throw new IllegalArgumentException("no invariant " + code);
    }
}
