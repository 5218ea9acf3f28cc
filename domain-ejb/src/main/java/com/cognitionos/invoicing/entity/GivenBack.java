package com.cognitionos.invoicing.entity;

import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.Period;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Which charge a credit line gives back: the last one before it, on another invoice, that covers it, or where a period is
 * charged at its end, the first one after it. The unused time of a plan lies in the period that is charged; an adjustment
 * is for the usage month of its charges.
 */
public final class GivenBack {

    private GivenBack() {}

    /** Where a line stands. */
    public record Place(UUID invoice, int position) {}

    /** A line as it was invoiced. */
    public record Invoiced(Place place, InvoiceLine line, InvoicedLine amounts) {}

    /**
     * @param lines of one subscription, in the order in which they were invoiced
     * @return what credit lines took back, by the charge
     */
    public static Map<Place, List<CreditedLine>> byCharge(List<Invoiced> lines) {
        Map<Place, List<CreditedLine>> taken = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            Invoiced credit = lines.get(i);
            if (isCredit(credit.line())) {
                chargeOf(credit, lines.subList(0, i), lines.subList(i + 1, lines.size()))
                        .ifPresent(charge -> taken.computeIfAbsent(charge.place(), place -> new ArrayList<>())
                                .add(CreditedLine.byCreditLine(charge.amounts().id(), credit.amounts())));
            }
        }
        return taken;
    }

    private static Optional<Invoiced> chargeOf(Invoiced credit, List<Invoiced> before, List<Invoiced> after) {
        UUID own = credit.place().invoice();
        List<Invoiced> earlier = before.stream()
                .filter(one -> !one.place().invoice().equals(own))
                .toList();
        return chargeOf(credit.line(), earlier)
                .or(() -> after.stream()
                        .filter(one -> !one.place().invoice().equals(own) && covers(one.line(), credit.line()))
                        .findFirst());
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
            case PLAN ->
                charge.kind() == InvoiceLine.Kind.PLAN
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
