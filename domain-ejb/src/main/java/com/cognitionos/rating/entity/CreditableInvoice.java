package com.cognitionos.rating.entity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * A finalised invoice as a new credit note finds it.
 *
 * @param earlier what has already been credited of its lines, by notes that are not void and by credit lines, in
 *     any order; what is credited on the invoice itself is so of both its lines
 * @param dueCents what is unpaid now, from 0
 * @param refundableCents what was paid in money and not yet refunded, from 0
 */
public record CreditableInvoice(
        List<InvoicedLine> lines, List<CreditNoteAmounts.CreditedLine> earlier, long dueCents, long refundableCents) {

    public CreditableInvoice {
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
        long total = Cents.sum(lines, InvoicedLine::grossCents);
        return Math.max(0, total - Cents.sum(earlier, CreditNoteAmounts.CreditedLine::grossCents));
    }

    /**
     * Credits all that is left of every line.
     *
     * @throws CreditNoteAmounts.ExceedsRest where nothing is left, or the invoice's credits had made it less than its
     *     charges
     */
    public CreditNoteAmounts creditInFull(CreditNoteAmounts.Payout payout) {
        Map<String, Long> rest = new LinkedHashMap<>();
        lines.stream().filter(line -> left(line) != 0).forEach(line -> rest.put(line.id(), left(line)));
        if (rest.isEmpty()) {
            throw new CreditNoteAmounts.ExceedsRest(null, 0, 0);
        }
        return credit(rest, payout);
    }

    /**
     * Credits parts of lines.
     *
     * @param wanted by line, before discounts and exclusive taxes, as the line shows it; a charge above 0, a credit
     *     below
     * @throws CreditNoteAmounts.ExceedsRest where it is more than is left of a line or of the invoice
     */
    public CreditNoteAmounts credit(Map<String, Long> wanted, CreditNoteAmounts.Payout payout) {
        wanted.forEach(this::check);
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("a credit note needs a line");
        }
        List<InvoicedLine> credited =
                lines.stream().filter(line -> wanted.containsKey(line.id())).toList();
        List<Long> discounts = discounts(credited, wanted);
        List<CreditNoteAmounts.CreditedLine> untaxed = new ArrayList<>();
        for (int i = 0; i < credited.size(); i++) {
            String id = credited.get(i).id();
            untaxed.add(
                    new CreditNoteAmounts.CreditedLine(id, wanted.getOrDefault(id, 0L), discounts.get(i), List.of()));
        }
        List<CreditNoteAmounts.CreditedLine> noted = taxed(credited, untaxed);
        long total = Cents.sum(noted, CreditNoteAmounts.CreditedLine::grossCents);
        if (total < 0) {
            throw new IllegalArgumentException("a credit note cannot charge " + -total + " cents");
        }
        if (total > leftCents()) {
            throw new CreditNoteAmounts.ExceedsRest(null, total, leftCents());
        }
        long reducedDue = Math.min(total, dueCents);
        long paid = total - reducedDue;
        long refund = payout == CreditNoteAmounts.Payout.REFUND ? Math.min(paid, refundableCents) : 0;
        return new CreditNoteAmounts(noted, reducedDue, refund, paid - refund);
    }

    private void check(String lineId, long cents) {
        long left = leftCents(lineId);
        if (Math.abs(cents) > Math.abs(left)) {
            throw new CreditNoteAmounts.ExceedsRest(lineId, cents, left);
        }
        if (cents == 0 || Long.signum(cents) != Long.signum(left)) {
            throw new IllegalArgumentException("cannot credit " + cents + " cents of line " + lineId);
        }
    }

    private List<Long> discounts(List<InvoicedLine> credited, Map<String, Long> wanted) {
        List<Ratio> exact = new ArrayList<>();
        for (InvoicedLine line : credited) {
            exact.add(CreditNoteAmounts.CreditedLine.exactDiscount(
                    line, wanted.getOrDefault(line.id(), 0L), before(line)));
        }
        return Allocation.ofShares(rounded(exact), exact);
    }

    private List<CreditNoteAmounts.CreditedLine> taxed(
            List<InvoicedLine> credited, List<CreditNoteAmounts.CreditedLine> untaxed) {
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
        List<CreditNoteAmounts.CreditedLine> taxed = new ArrayList<>();
        for (int i = 0; i < untaxed.size(); i++) {
            CreditNoteAmounts.CreditedLine line = untaxed.get(i);
            taxed.add(new CreditNoteAmounts.CreditedLine(
                    line.lineId(), line.cents(), line.discountCents(), shares.get(i)));
        }
        return taxed;
    }

    /** What each line still owes of a tax once it is credited as far as this note does. */
    private List<Ratio> exactTaxes(Tax tax, List<InvoicedLine> credited, List<CreditNoteAmounts.CreditedLine> untaxed) {
        List<Ratio> exact = new ArrayList<>();
        for (int i = 0; i < credited.size(); i++) {
            InvoicedLine line = credited.get(i);
            List<Tax> all = taxesOf(line);
            if (!all.contains(tax)) {
                exact.add(Ratio.ZERO);
                continue;
            }
            long discounted = before(line, CreditNoteAmounts.CreditedLine::discountedCents)
                    + untaxed.get(i).discountedCents();
            Ratio share = InvoicedLine.exactTax(discounted, tax, all)
                    .minus(Ratio.of(before(line, noted -> noted.cents(tax))));
            boolean owesTheSameWay = share.signum() == Long.signum(line.cents());
            exact.add(owesTheSameWay ? share : Ratio.ZERO);
        }
        return exact;
    }

    /** The note's amount of each tax that is inclusive, or of each that is not: rounded in one, then split. */
    private Map<Tax, Long> amounts(
            Map<Tax, List<Ratio>> exact, List<CreditNoteAmounts.CreditedLine> untaxed, boolean inclusive) {
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

    private boolean isLastOf(Tax tax, List<CreditNoteAmounts.CreditedLine> untaxed) {
        Map<String, Long> noted = new HashMap<>();
        untaxed.forEach(line -> noted.put(line.lineId(), line.cents()));
        return lines.stream()
                .filter(line -> taxesOf(line).contains(tax))
                .allMatch(line -> left(line) == noted.getOrDefault(line.id(), 0L));
    }

    private long left(InvoicedLine line) {
        return line.cents() - before(line, CreditNoteAmounts.CreditedLine::cents);
    }

    private long left(Tax tax) {
        return Cents.sum(
                lines,
                line -> Cents.sum(line.taxes(), share -> share.tax().equals(tax) ? share.cents() : 0)
                        - before(line, noted -> noted.cents(tax)));
    }

    private long before(InvoicedLine line, ToLongFunction<CreditNoteAmounts.CreditedLine> cents) {
        return Cents.sum(before(line), cents);
    }

    private List<CreditNoteAmounts.CreditedLine> before(InvoicedLine line) {
        return earlier.stream()
                .filter(noted -> noted.lineId().equals(line.id()))
                .toList();
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
