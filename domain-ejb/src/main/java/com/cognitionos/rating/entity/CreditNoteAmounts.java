package com.cognitionos.rating.entity;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a credit note takes off a finalised invoice.
 *
 * <p>The discount and the tax of what is credited go with it. The note's discount is rounded once, and so is its tax,
 * which is that of the credited net at the invoice's rates; each is then spread over lines and taxes by {@link
 * Allocation}. What earlier notes were rounded up or down on a line is made good by the next note on it. No note takes
 * more of a tax than is left, and the one that credits the last of it takes all that is left, so that notes in any
 * split sum exactly to the invoice: its net, each of its taxes and its total. Of a single line, the tax on its notes
 * may differ by cents from its share on the invoice.
 *
 * @param lines the credited lines, in the invoice's order
 * @param reducedDueCents what comes off the unpaid rest of the invoice
 * @param refundCents what is paid back
 * @param toBalanceCents what becomes credit on the customer's balance
 */
public record CreditNoteAmounts(List<CreditedLine> lines, long reducedDueCents, long refundCents, long toBalanceCents) {

    /**
     * What is credited of one line, most often by a note; all amounts have the sign of the line.
     *
     * @param cents before discounts
     * @param ahead whether a credit line gave it back before the charge was invoiced, or with it: no discount was granted
     *     on that part
     */
    public record CreditedLine(
            String lineId, long cents, long discountCents, List<InvoicedLine.TaxShare> taxes, boolean ahead) {

        public CreditedLine {
            taxes = List.copyOf(taxes);
        }

        public CreditedLine(String lineId, long cents, long discountCents, List<InvoicedLine.TaxShare> taxes) {
            this(lineId, cents, discountCents, taxes, false);
        }

        /** What a credit line of a later invoice has credited of a charge. */
        public static CreditedLine byCreditLine(String lineId, InvoicedLine credit) {
            return new CreditedLine(lineId, credit.cents(), credit.discountCents(), credit.taxes()).reversed(lineId);
        }

        /** The same of another line, with the other sign. */
        public CreditedLine reversed(String otherLineId) {
            return new CreditedLine(
                    otherLineId,
                    Math.negateExact(cents),
                    Math.negateExact(discountCents),
                    taxes.stream()
                            .map(share -> new InvoicedLine.TaxShare(share.tax(), Math.negateExact(share.cents())))
                            .toList(),
                    ahead);
        }

        /**
         * The exact discount on more of a line, with what rounding has left of that on what was credited of it before.
         *
         * @param cents more of it, with its sign
         * @param earlier of the line
         */
        static Ratio exactDiscount(InvoicedLine line, long cents, List<CreditedLine> earlier) {
            long before = Cents.sum(earlier, credited -> credited.ahead() ? 0 : credited.cents());
            long discounted = line.cents() - Cents.sum(earlier, credited -> credited.ahead() ? credited.cents() : 0);
            if (discounted == 0) {
                return Ratio.ZERO;
            }
            // Never more than the credit itself: what rounding left behind waits for the next one.
            return Ratio.of(line.discountCents())
                    .times(Ratio.of(before + cents, discounted))
                    .minus(Ratio.of(Cents.sum(earlier, CreditedLine::discountCents)))
                    .within(Ratio.of(Math.min(0, cents)), Ratio.of(Math.max(0, cents)));
        }

        /** Without any tax. */
        public long netCents() {
            return discountedCents() - Cents.sum(taxes, share -> share.tax().inclusive() ? share.cents() : 0);
        }

        public long taxCents() {
            return Cents.sum(taxes, InvoicedLine.TaxShare::cents);
        }

        /** With all taxes. */
        public long grossCents() {
            return Math.addExact(
                    discountedCents(), Cents.sum(taxes, share -> share.tax().inclusive() ? 0 : share.cents()));
        }

        long discountedCents() {
            return Math.subtractExact(cents, discountCents);
        }

        long cents(Tax tax) {
            return Cents.sum(taxes, share -> share.tax().equals(tax) ? share.cents() : 0);
        }
    }

    /** What becomes of the part of a credit that was already paid. */
    public enum Payout {
        /** Paid back as far as it was paid in money; the rest, paid by credit, goes to the balance. */
        REFUND,
        BALANCE
    }

    /** A note for more than is left. */
    public static final class ExceedsRest extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        private final @Nullable String lineId;
        private final long leftCents;

        ExceedsRest(@Nullable String lineId, long wanted, long leftCents) {
            super("cannot credit " + wanted + " cents: " + leftCents + " cents are left of "
                    + (lineId == null ? "the invoice" : "line " + lineId));
            this.lineId = lineId;
            this.leftCents = leftCents;
        }

        /** The line that has too little left; null where it is the invoice. */
        public @Nullable String lineId() {
            return lineId;
        }

        /** Of the line before discounts and exclusive taxes; of the invoice with them. */
        public long leftCents() {
            return leftCents;
        }
    }

    public CreditNoteAmounts {
        lines = List.copyOf(lines);
        if (reducedDueCents + refundCents + toBalanceCents != Cents.sum(lines, CreditedLine::grossCents)) {
            throw new IllegalArgumentException("what becomes of a credit note is not what it credits");
        }
    }

    /** Without any tax. */
    public long netCents() {
        return Cents.sum(lines, CreditedLine::netCents);
    }

    public long discountCents() {
        return Cents.sum(lines, CreditedLine::discountCents);
    }

    public long taxCents() {
        return Cents.sum(lines, CreditedLine::taxCents);
    }

    public long taxCents(Tax tax) {
        return Cents.sum(lines, line -> line.cents(tax));
    }

    /** With all taxes, from 0. */
    public long totalCents() {
        return Cents.sum(lines, CreditedLine::grossCents);
    }
}
