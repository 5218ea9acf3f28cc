package com.cognitionos.invoicing.entity;

import com.cognitionos.rating.entity.Allocation;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.InvoicedLine.TaxShare;
import com.cognitionos.rating.entity.Period;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Which charge a credit line gives back: the last one before it, on another invoice, that covers it, or where a period is
 * charged at its end, the first one after it; where that is less than the credit, the next one too. The unused time of a
 * plan or an add-on lies in the period that is charged; an adjustment is for the usage month of its charges.
 */
public final class GivenBack {

    private GivenBack() {}

    /** Where a line stands. */
    public record Place(UUID invoice, int position) {}

    /** A line as it was invoiced. */
    public record Invoiced(Place place, InvoiceLine line, InvoicedLine amounts) {}

    /**
     * @param lines of one subscription, in the order in which they were invoiced
     * @return what credit lines took back, by the charge; of no charge more than there is
     */
    public static Map<Place, List<CreditedLine>> byCharge(List<Invoiced> lines) {
        Map<Place, List<CreditedLine>> taken = new HashMap<>();
        Map<Place, Long> left = new HashMap<>();
        lines.forEach(one -> left.put(one.place(), one.line().amountCents()));
        for (int i = 0; i < lines.size(); i++) {
            if (isCredit(lines.get(i).line())) {
                take(lines.get(i), chargesOf(lines, i), left, taken);
            }
        }
        return taken;
    }

    private static void take(
            Invoiced credit, List<Invoiced> charges, Map<Place, Long> left, Map<Place, List<CreditedLine>> taken) {
        CreditedLine whole = CreditedLine.byCreditLine("", credit.amounts());
        List<Long> parts = new ArrayList<>();
        long rest = whole.cents();
        for (Invoiced charge : charges) {
            long part = Math.min(rest, left.getOrDefault(charge.place(), 0L));
            parts.add(part);
            left.merge(charge.place(), -part, Math::addExact);
            rest -= part;
        }
        parts.add(rest);
        List<Long> discounts = Allocation.byWeight(whole.discountCents(), parts);
        List<List<Long>> taxes = whole.taxes().stream()
                .map(share -> Allocation.byWeight(share.cents(), parts))
                .toList();
        for (int n = 0; n < charges.size(); n++) {
            if (parts.get(n) != 0) {
                List<TaxShare> shares = new ArrayList<>();
                for (int t = 0; t < taxes.size(); t++) {
                    shares.add(new TaxShare(
                            whole.taxes().get(t).tax(), taxes.get(t).get(n)));
                }
                Place place = charges.get(n).place();
                taken.computeIfAbsent(place, key -> new ArrayList<>())
                        .add(new CreditedLine(charges.get(n).amounts().id(), parts.get(n), discounts.get(n), shares));
            }
        }
    }

    /** Those before it, the last one first, then those after it in their order. */
    private static List<Invoiced> chargesOf(List<Invoiced> lines, int credit) {
        Invoiced given = lines.get(credit);
        List<Invoiced> charges = new ArrayList<>();
        for (int i = credit - 1; i >= 0; i--) {
            charges.add(lines.get(i));
        }
        charges.addAll(lines.subList(credit + 1, lines.size()));
        return charges.stream()
                .filter(one ->
                        !one.place().invoice().equals(given.place().invoice()) && covers(one.line(), given.line()))
                .toList();
    }

    /** The last charge that covers a credit line, if one was invoiced. */
    public static Optional<Invoiced> chargeOf(InvoiceLine credit, List<Invoiced> before) {
        return before.stream().filter(one -> covers(one.line(), credit)).reduce((first, last) -> last);
    }

    public static boolean isCredit(InvoiceLine line) {
        return line.amountCents() < 0;
    }

    private static boolean covers(InvoiceLine charge, InvoiceLine credit) {
        if (charge.amountCents() <= 0) {
            return false;
        }
        return switch (credit.kind()) {
            case PLAN, ADD_ON ->
                charge.kind() == credit.kind()
                        && charge.plan().equals(credit.plan())
                        && contains(charge.period(), credit.period());
            case OVERAGE, ADJUSTMENT ->
                charge.meter() != null
                        && charge.meter().equals(credit.meter())
                        && contains(credit.period(), charge.period());
            default -> false;
        };
    }

    private static boolean contains(Period outer, Period inner) {
        return !inner.start().isBefore(outer.start()) && !inner.end().isAfter(outer.end());
    }
}
