package com.cognitionos.rating.entity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a credit note takes off a finalised invoice.
 *
 * <p>The discount and the tax of what is credited go with it. The note's discount is rounded once, and so is its tax, which
 * is that of the credited net at the invoice's rates; each is then spread over lines and taxes by {@link Allocation}. What
 * earlier notes were rounded up or down on a line is made good by the next note on it. No note takes more of a tax than is
 * left, and the one that credits the last of it takes all that is left, so that notes in any split sum exactly to the
 * invoice: its net, each of its taxes and its total.
 *
 * @param lines the credited lines, in the invoice's order
 * @param reducedDueCents what comes off the unpaid rest of the invoice
 * @param refundCents what is paid back
 * @param toBalanceCents what becomes credit on the customer's balance
 */
public record CreditNoteAmounts(List<CreditedLine> lines, long reducedDueCents, long refundCents, long toBalanceCents) {

    /**
     * What a note credits of one line; all amounts have the sign of the line.
     *
     * @param cents before discounts
     */
    public record CreditedLine(String lineId, long cents, long discountCents, List<InvoicedLine.TaxShare> taxes) {

        public CreditedLine {
            taxes = List.copyOf(taxes);
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

        private long discountedCents() {
            return Math.subtractExact(cents, discountCents);
        }

        private long cents(Tax tax) {
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

    /**
     * A finalised invoice as a new credit note finds it.
     *
     * @param earlier the notes that there are already, not counting voided ones
     * @param dueCents what is unpaid now, from 0
     * @param refundableCents what was paid in money and not yet refunded, from 0
     */
    public record Creditable(
            List<InvoicedLine> lines, List<CreditNoteAmounts> earlier, long dueCents, long refundableCents) {

        public Creditable {
            lines = List.copyOf(lines);
            earlier = List.copyOf(earlier);
            if (dueCents < 0 || refundableCents < 0) {
                throw new IllegalArgumentException(
                        "neither due nor refundable is below 0: " + dueCents + ", " + refundableCents);
            }
        }

        /** What may still be credited of a line, before discounts and with the sign of the line. */
        public long leftCents(String lineId) {
            return left(line(lineId));
        }

        /** What may still be credited of the invoice, with taxes, from 0. */
        public long leftCents() {
            return Math.max(0, Cents.sum(lines, InvoicedLine::grossCents))
                    - Cents.sum(earlier, CreditNoteAmounts::totalCents);
        }

        /**
         * Credits all that is left of every line.
         *
         * @throws ExceedsRest where nothing is left, or the invoice's credits had made it less than its charges
         */
        public CreditNoteAmounts creditInFull(Payout payout) {
            Map<String, Long> rest = new LinkedHashMap<>();
            lines.stream().filter(line -> left(line) != 0).forEach(line -> rest.put(line.id(), left(line)));
            if (rest.isEmpty()) {
                throw new ExceedsRest(null, 0, 0);
            }
            return credit(rest, payout);
        }

        /**
         * Credits parts of lines.
         *
         * @param wanted by line, before discounts and exclusive taxes, as the line shows it; a charge above 0, a credit below
         * @throws ExceedsRest where it is more than is left of a line or of the invoice
         */
        public CreditNoteAmounts credit(Map<String, Long> wanted, Payout payout) {
            wanted.forEach(this::check);
            if (wanted.isEmpty()) {
                throw new IllegalArgumentException("a credit note needs a line");
            }
            List<InvoicedLine> credited =
                    lines.stream().filter(line -> wanted.containsKey(line.id())).toList();
            List<Long> discounts = discounts(credited, wanted);
            List<CreditedLine> untaxed = new ArrayList<>();
            for (int i = 0; i < credited.size(); i++) {
                String id = credited.get(i).id();
                untaxed.add(new CreditedLine(id, wanted.getOrDefault(id, 0L), discounts.get(i), List.of()));
            }
            List<CreditedLine> noted = taxed(credited, untaxed);
            long total = Cents.sum(noted, CreditedLine::grossCents);
            if (total < 0) {
                throw new IllegalArgumentException("a credit note cannot charge " + -total + " cents");
            }
            if (total > leftCents()) {
                throw new ExceedsRest(null, total, leftCents());
            }
            long reducedDue = Math.min(total, dueCents);
            long paid = total - reducedDue;
            long refund = payout == Payout.REFUND ? Math.min(paid, refundableCents) : 0;
            return new CreditNoteAmounts(noted, reducedDue, refund, paid - refund);
        }

        private void check(String lineId, long cents) {
            long left = leftCents(lineId);
            if (Math.abs(cents) > Math.abs(left)) {
                throw new ExceedsRest(lineId, cents, left);
            }
            if (cents == 0 || Long.signum(cents) != Long.signum(left)) {
                throw new IllegalArgumentException("cannot credit " + cents + " cents of line " + lineId);
            }
        }

        private List<Long> discounts(List<InvoicedLine> credited, Map<String, Long> wanted) {
            List<Ratio> exact = new ArrayList<>();
            for (InvoicedLine line : credited) {
                long cents = wanted.getOrDefault(line.id(), 0L);
                long before = before(line, CreditedLine::cents);
                Ratio share = Ratio.of(line.discountCents())
                        .times(Ratio.of(before + cents, line.cents()))
                        .minus(Ratio.of(before(line, CreditedLine::discountCents)));
                // Never more than the credit itself: what rounding left behind waits for the next note.
                exact.add(share.within(Ratio.of(Math.min(0, cents)), Ratio.of(Math.max(0, cents))));
            }
            return Allocation.ofShares(rounded(exact), exact);
        }

        private List<CreditedLine> taxed(List<InvoicedLine> credited, List<CreditedLine> untaxed) {
            Set<Tax> taxes = new LinkedHashSet<>();
            credited.forEach(line -> line.taxes().forEach(share -> taxes.add(share.tax())));
            Map<Tax, List<Ratio>> exact = new LinkedHashMap<>();
            taxes.forEach(tax -> exact.put(tax, exactTaxes(tax, credited, untaxed)));
            Map<Tax, Long> amounts = new HashMap<>();
            amounts.putAll(amounts(exact, untaxed, true));
            amounts.putAll(amounts(exact, untaxed, false));
            List<List<InvoicedLine.TaxShare>> shares = new ArrayList<>();
            credited.forEach(line -> shares.add(new ArrayList<>()));
            exact.forEach((tax, ofLines) -> {
                List<Integer> bearing = new ArrayList<>();
                for (int i = 0; i < credited.size(); i++) {
                    if (taxesOf(credited.get(i)).contains(tax)) {
                        bearing.add(i);
                    }
                }
                List<Long> parts = Allocation.ofShares(
                        amounts.getOrDefault(tax, 0L),
                        bearing.stream().map(ofLines::get).toList());
                for (int n = 0; n < bearing.size(); n++) {
                    shares.get(bearing.get(n)).add(new InvoicedLine.TaxShare(tax, parts.get(n)));
                }
            });
            List<CreditedLine> taxed = new ArrayList<>();
            for (int i = 0; i < untaxed.size(); i++) {
                CreditedLine line = untaxed.get(i);
                taxed.add(new CreditedLine(line.lineId(), line.cents(), line.discountCents(), shares.get(i)));
            }
            return taxed;
        }

        /** What each line still owes of a tax once it is credited as far as this note does. */
        private List<Ratio> exactTaxes(Tax tax, List<InvoicedLine> credited, List<CreditedLine> untaxed) {
            List<Ratio> exact = new ArrayList<>();
            for (int i = 0; i < credited.size(); i++) {
                InvoicedLine line = credited.get(i);
                List<Tax> all = taxesOf(line);
                if (!all.contains(tax)) {
                    exact.add(Ratio.ZERO);
                    continue;
                }
                long discounted = before(line, CreditedLine::discountedCents)
                        + untaxed.get(i).discountedCents();
                Ratio share = InvoicedLine.exactTax(discounted, tax, all)
                        .minus(Ratio.of(before(line, noted -> noted.cents(tax))));
                boolean owesTheSameWay = share.signum() == Long.signum(line.cents());
                exact.add(owesTheSameWay ? share : Ratio.ZERO);
            }
            return exact;
        }

        /** The note's amount of each tax that is inclusive, or of each that is not: rounded in one, then split. */
        private Map<Tax, Long> amounts(Map<Tax, List<Ratio>> exact, List<CreditedLine> untaxed, boolean inclusive) {
            Map<Tax, Long> amounts = new HashMap<>();
            List<Tax> open = new ArrayList<>();
            for (Tax tax : exact.keySet()) {
                if (tax.inclusive() != inclusive) {
                    continue;
                }
                if (isLastOf(tax, untaxed)) {
                    amounts.put(tax, left(tax));
                } else {
                    open.add(tax);
                }
            }
            List<Ratio> sums = open.stream()
                    .map(tax -> exact.getOrDefault(tax, List.of()).stream().reduce(Ratio.ZERO, Ratio::plus))
                    .toList();
            List<Long> parts = Allocation.ofShares(rounded(sums), sums);
            for (int i = 0; i < open.size(); i++) {
                long left = left(open.get(i));
                amounts.put(open.get(i), Math.max(Math.min(0, left), Math.min(parts.get(i), Math.max(0, left))));
            }
            return amounts;
        }

        private boolean isLastOf(Tax tax, List<CreditedLine> untaxed) {
            Map<String, Long> noted = new HashMap<>();
            untaxed.forEach(line -> noted.put(line.lineId(), line.cents()));
            return lines.stream()
                    .filter(line -> taxesOf(line).contains(tax))
                    .allMatch(line -> left(line) == noted.getOrDefault(line.id(), 0L));
        }

        private long left(InvoicedLine line) {
            return line.cents() - before(line, CreditedLine::cents);
        }

        private long left(Tax tax) {
            return Cents.sum(
                    lines,
                    line -> Cents.sum(line.taxes(), share -> share.tax().equals(tax) ? share.cents() : 0)
                            - before(line, noted -> noted.cents(tax)));
        }

        private long before(InvoicedLine line, ToLongFunction<CreditedLine> cents) {
            return Cents.sum(
                    earlier.stream()
                            .flatMap(note -> note.lines().stream())
                            .filter(noted -> noted.lineId().equals(line.id()))
                            .toList(),
                    cents);
        }

        private InvoicedLine line(String id) {
            return lines.stream()
                    .filter(line -> line.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no such line on the invoice: " + id));
        }

        private static List<Tax> taxesOf(InvoicedLine line) {
            return line.taxes().stream().map(InvoicedLine.TaxShare::tax).toList();
        }

        private static long rounded(List<Ratio> exact) {
            return exact.stream().reduce(Ratio.ZERO, Ratio::plus).rounded();
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
