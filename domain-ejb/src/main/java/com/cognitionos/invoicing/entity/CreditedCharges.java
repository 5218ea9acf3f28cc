package com.cognitionos.invoicing.entity;

import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoiceDraft;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which charge a credit line gives back, so that the discount of that charge goes with it (INV-15).
 *
 * <p>Unused time belongs to the charge of the same price around it, an adjustment to the usage of its meter and month,
 * what keeps a month to its maximum to all its usage; where there are several, to the last of them first. A charge that is
 * invoiced as its period ends may be given back before: then the credit is in full, and the charge is granted no discount
 * on that part when it comes. What no charge is found for is credited in full.
 */
public final class CreditedCharges {

    /** The lines of an invoice, in their order, with what discounts took off them. */
    public record Invoiced(List<InvoiceLine> lines, List<InvoicedLine> amounts) {

        public Invoiced {
            lines = List.copyOf(lines);
            amounts = List.copyOf(amounts);
        }
    }

    private static final class Charge {
        private final InvoiceLine line;
        private final InvoicedLine amounts;
        private final List<CreditedLine> credits = new ArrayList<>();
        private long leftCents;

        private Charge(InvoiceLine line, InvoicedLine amounts) {
            this.line = line;
            this.amounts = amounts;
            this.leftCents = line.amountCents();
        }

        private void credited(long cents, long discountCents) {
            credits.add(new CreditedLine(amounts.id(), cents, discountCents, List.of()));
            leftCents -= cents;
        }
    }

    /** What is left of a credit that no charge was found for. */
    private static final class Ahead {
        private final InvoiceLine line;
        private long leftCents;

        private Ahead(InvoiceLine line, long leftCents) {
            this.line = line;
            this.leftCents = leftCents;
        }
    }

    private final List<Charge> charges = new ArrayList<>();
    private final List<Ahead> ahead = new ArrayList<>();
    private final String taxCategory;

    private CreditedCharges(String taxCategory) {
        this.taxCategory = taxCategory;
    }

    /**
     * The lines of an invoice as its amounts are computed from them; a line's id is its position.
     *
     * @param earlier the subscription's invoices, oldest first, without void ones
     */
    public static List<InvoiceDraft.Line> draft(List<Invoiced> earlier, List<InvoiceLine> lines, String taxCategory) {
        CreditedCharges known = new CreditedCharges(taxCategory);
        earlier.forEach(invoice -> known.add(invoice.lines(), invoice.amounts()));
        return known.add(
                lines,
                lines.stream()
                        .map(line -> new InvoicedLine("", line.amountCents(), List.of(), List.of()))
                        .toList());
    }

    /** Credits first: an invoice may give a charge back before it charges the rest of it. */
    private List<InvoiceDraft.Line> add(List<InvoiceLine> lines, List<InvoicedLine> amounts) {
        InvoiceDraft.Line[] drafted = new InvoiceDraft.Line[lines.size()];
        for (int i = 0; i < drafted.length; i++) {
            InvoiceLine line = lines.get(i);
            if (line.amountCents() < 0) {
                drafted[i] = line(i, line, credit(line), 0);
            }
        }
        for (int i = 0; i < drafted.length; i++) {
            InvoiceLine line = lines.get(i);
            if (line.amountCents() >= 0) {
                drafted[i] = line(i, line, Map.of(), charge(line, amounts.get(i)));
            }
        }
        return List.copyOf(Arrays.asList(drafted));
    }

    private InvoiceDraft.Line line(int index, InvoiceLine line, Map<String, Long> takenBack, long aheadCents) {
        return new InvoiceDraft.Line(
                String.valueOf(index + 1),
                line.amountCents(),
                line.kind().code(),
                line.plan(),
                taxCategory,
                takenBack,
                aheadCents);
    }

    /** @return what it takes back, by discount */
    private Map<String, Long> credit(InvoiceLine credit) {
        Map<String, Long> takenBack = new HashMap<>();
        long open = Math.negateExact(credit.amountCents());
        for (int i = charges.size() - 1; i >= 0 && open > 0; i--) {
            Charge charge = charges.get(i);
            if (charge.leftCents > 0 && gives(credit, charge.line)) {
                InvoiceDraft.Line part = InvoiceDraft.Line.credit(
                        "", charge.amounts, open, charge.credits, "", credit.plan(), taxCategory);
                long cents = Math.negateExact(part.cents());
                charge.credited(
                        cents,
                        part.takenBack().values().stream()
                                .mapToLong(Long::longValue)
                                .sum());
                part.takenBack().forEach((discount, share) -> takenBack.merge(discount, share, Math::addExact));
                open -= cents;
            }
        }
        if (open > 0) {
            ahead.add(new Ahead(credit, open));
        }
        return takenBack;
    }

    /** @return what of it has been given back already */
    private long charge(InvoiceLine line, InvoicedLine amounts) {
        // Positions are those of one invoice only.
        Charge charge = new Charge(
                line,
                new InvoicedLine(
                        String.valueOf(charges.size()), amounts.cents(), amounts.discounts(), amounts.taxes()));
        long before = 0;
        for (Ahead credit : ahead) {
            long cents = Math.min(credit.leftCents, charge.leftCents);
            if (cents > 0 && gives(credit.line, line)) {
                credit.leftCents -= cents;
                charge.credited(cents, 0);
                before += cents;
            }
        }
        charges.add(charge);
        return before;
    }

    /** Whether it gives back that charge, or a part of it. */
    private static boolean gives(InvoiceLine credit, InvoiceLine charge) {
        if (credit.kind() == InvoiceLine.Kind.ADJUSTMENT || credit.kind() == InvoiceLine.Kind.COMMITMENT) {
            boolean usage = !charge.kind().isRecurring() && charge.kind() != InvoiceLine.Kind.CHARGE;
            boolean ofAll = credit.kind() == InvoiceLine.Kind.COMMITMENT;
            return usage
                    && (ofAll || Objects.equals(credit.meter(), charge.meter()))
                    && contains(credit.period(), charge.period());
        }
        return charge.kind() == credit.kind()
                && Objects.equals(charge.plan(), credit.plan())
                && charge.unitPrice().compareTo(credit.unitPrice()) == 0
                && charge.quantity().compareTo(credit.quantity()) == 0
                && contains(charge.period(), credit.period());
    }

    private static boolean contains(Period outer, Period inner) {
        return !inner.start().isBefore(outer.start()) && !inner.end().isAfter(outer.end());
    }
}
