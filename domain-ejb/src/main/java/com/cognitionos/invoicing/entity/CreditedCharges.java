package com.cognitionos.invoicing.entity;

import com.cognitionos.invoicing.entity.Invoiced.Given;
import com.cognitionos.invoicing.entity.Invoiced.Place;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoiceDraft;
import com.cognitionos.rating.entity.InvoicedLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which charges the credit lines of a subscription give back: the discount of a charge goes with them, by the taxes that it
 * bore (INV-15), and its notes can give back only the rest (INV-18). It is decided once, as an invoice is made, and written
 * down ({@link Given}): notes and withdrawals come later and change what is left, never what was decided.
 *
 * <p>Unused time belongs to the charge of the same price around it, an adjustment to the usage of its meter and month,
 * what keeps a month to its maximum to all its usage, and where that is less, to the plans, the month's own before a
 * year's; where there are several, to the last of them first. Usage that had been above the maximum is corrected by two
 * lines, the adjustment and what the maximum has taken off too much: the one gives back the other. A charge that is
 * invoiced as its period ends may be given back before: then the credit is in full, and the charge is granted no discount on
 * that part when it comes. What no charge is found for is credited in full.
 */
public final class CreditedCharges {

    /** Stands for an invoice that is not made yet. */
    public static final UUID DRAFT = new UUID(0, 0);

    private final List<Charge> charges = new ArrayList<>();
    private final List<CreditLine> credits = new ArrayList<>();

    /** @param lines in the order in which they were invoiced */
    private CreditedCharges(List<Invoiced> lines) {
        Map<Place, Charge> byPlace = new HashMap<>();
        for (Invoiced one : lines) {
            if (one.isVoid()) {
                continue;
            }
            if (one.line().amountCents() < 0) {
                credits.add(new CreditLine(one));
            } else {
                Charge charge = new Charge(one);
                charges.add(charge);
                byPlace.put(one.place(), charge);
            }
        }
        for (CreditLine credit : credits) {
            for (CreditLine.Part part : credit.standing()) {
                Charge charge = byPlace.get(part.given().charge());
                if (charge != null) {
                    charge.give(part);
                }
            }
        }
    }

    /**
     * An invoice's lines as its amounts are computed from them; a line's id is its position.
     *
     * @param given what is to be written down once it is made, with {@link #DRAFT} for its id
     */
    public record Draft(List<InvoiceDraft.Line> lines, List<Given> given) {
        public Draft {
            lines = List.copyOf(lines);
            given = List.copyOf(given);
        }
    }

    /** @param earlier the subscription's lines, in the order in which they were invoiced */
    public static Draft draft(List<Invoiced> earlier, List<InvoiceLine> lines, String taxCategory) {
        CreditedCharges known = new CreditedCharges(earlier);
        List<Invoiced> drafted = drafted(lines);
        known.add(drafted);
        Map<Place, CreditLine> credits = known.credits.stream()
                .collect(Collectors.toMap(one -> one.invoiced().place(), one -> one));
        Map<Place, Long> ahead = known.charges.stream()
                .collect(Collectors.toMap(one -> one.invoiced().place(), Charge::aheadCents));
        List<InvoiceDraft.Line> all = drafted.stream()
                .map(one -> {
                    CreditLine credit = credits.get(one.place());
                    return new InvoiceDraft.Line(
                            String.valueOf(one.place().position()),
                            one.line().amountCents(),
                            one.line().kind().code(),
                            one.line().plan(),
                            taxCategory,
                            credit == null ? Map.of() : credit.takenBack(),
                            ahead.getOrDefault(one.place(), 0L),
                            credit == null ? null : credit.taxes());
                })
                .toList();
        return new Draft(
                all, known.credits.stream().flatMap(CreditLine::written).toList());
    }

    private static List<Invoiced> drafted(List<InvoiceLine> lines) {
        List<Invoiced> drafted = new ArrayList<>();
        for (InvoiceLine line : lines) {
            Place place = new Place(DRAFT, drafted.size() + 1);
            drafted.add(new Invoiced(place, line, new InvoicedLine("", line.amountCents(), List.of(), List.of())));
        }
        return drafted;
    }

    /**
     * What credit lines give back of each charge; a charge that has none is absent. A credit line that gives a charge of its
     * own invoice back has that part given back too: to whoever writes a note, both are done with.
     *
     * @param lines of one subscription
     */
    public static Map<Place, List<CreditedLine>> givenBack(List<Invoiced> lines) {
        Map<Place, List<CreditedLine>> given = new HashMap<>();
        for (CreditLine credit : new CreditedCharges(lines).credits) {
            Place place = credit.invoiced().place();
            List<CreditedLine> credited = credit.credited();
            for (int n = 0; n < credited.size(); n++) {
                Given part = credit.standing().get(n).given();
                CreditedLine ofCharge = credited.get(n);
                if (ofCharge.cents() != 0) {
                    given.computeIfAbsent(part.charge(), any -> new ArrayList<>())
                            .add(ofCharge);
                    if (part.onOneInvoice()) {
                        given.computeIfAbsent(place, any -> new ArrayList<>())
                                .add(ofCharge.reversed(String.valueOf(place.position())));
                    }
                }
            }
        }
        return given;
    }

    /** Whether another invoice that still stands gives a part of it back. @param lines of one subscription */
    public static boolean isGivenBackElsewhere(UUID invoice, List<Invoiced> lines) {
        return new CreditedCharges(lines)
                .credits.stream()
                        .filter(credit -> !credit.invoiced().place().invoice().equals(invoice))
                        .flatMap(credit -> credit.standing().stream())
                        .anyMatch(part -> part.cents() > 0
                                && part.given().charge().invoice().equals(invoice));
    }

    /**
     * Unused time, corrected usage, and what is above the most that a month comes to, are given back as far as a note has not
     * given it back already, and not at all where the charge is void: nobody gets back more than was owed.
     *
     * @param earlier the subscription's lines, in the order in which they were invoiced
     * @param lines about to be invoiced
     */
    public static List<InvoiceLine> capped(List<Invoiced> earlier, List<InvoiceLine> lines) {
        Map<Place, Long> left = new HashMap<>();
        for (Charge charge : new CreditedCharges(earlier).charges) {
            if (!charge.invoiced().noted().isEmpty()) {
                left.put(charge.invoiced().place(), charge.leftCents());
            }
        }
        earlier.stream().filter(Invoiced::isVoid).forEach(one -> left.put(one.place(), 0L));
        List<InvoiceLine> capped = new ArrayList<>();
        for (InvoiceLine line : lines) {
            Place charge = ChargeMatching.isUnusedTime(line) ? chargeOf(line, earlier) : null;
            Long rest = charge == null ? null : left.get(charge);
            if (charge == null || rest == null) {
                capped.add(line);
                continue;
            }
            long cents = Math.max(line.amountCents(), Math.negateExact(rest));
            left.put(charge, Math.addExact(rest, cents));
            if (cents != 0) {
                capped.add(line.of(cents));
            }
        }
        return cappedOfMonth(earlier, capped);
    }

    private static List<InvoiceLine> cappedOfMonth(List<Invoiced> earlier, List<InvoiceLine> lines) {
        if (earlier.stream().allMatch(one -> !one.isVoid() && one.noted().isEmpty())) {
            return List.copyOf(lines);
        }
        CreditedCharges known = new CreditedCharges(earlier);
        known.add(drafted(lines));
        Map<Place, Long> more = known.credits.stream()
                .filter(one -> ChargeMatching.isUsage(one.invoiced().line())
                        && one.invoiced().place().invoice().equals(DRAFT))
                .collect(Collectors.toMap(
                        one -> one.invoiced().place(), one -> one.openCents() + one.beyondItsMonthCents()));
        return drafted(lines).stream()
                .map(one -> one.line().of(one.line().amountCents() + more.getOrDefault(one.place(), 0L)))
                .filter(line -> line.amountCents() != 0)
                .toList();
    }

    /** Only that can be more than what notes have left. */
    public static boolean isCapped(InvoiceLine line) {
        return ChargeMatching.isUnusedTime(line) || line.amountCents() < 0 && ChargeMatching.isUsage(line);
    }

    private static @Nullable Place chargeOf(InvoiceLine credit, List<Invoiced> earlier) {
        return earlier.stream()
                .filter(one -> one.line().amountCents() > 0 && ChargeMatching.gives(credit, one.line()))
                .map(Invoiced::place)
                .reduce((first, last) -> last)
                .orElse(null);
    }

    /** Credits first: an invoice may give a charge back before it charges the rest of it. */
    private void add(List<Invoiced> invoice) {
        List<CreditLine> before = List.copyOf(credits);
        List<CreditLine> ofThis = new ArrayList<>();
        for (Invoiced one : invoice) {
            if (one.line().amountCents() < 0) {
                CreditLine credit = new CreditLine(one);
                takeBack(credit);
                ofThis.add(credit);
            }
        }
        credits.addAll(ofThis);
        int invoiced = charges.size();
        for (Invoiced one : invoice) {
            if (one.line().amountCents() >= 0) {
                Charge charge = new Charge(one);
                credits.stream().filter(credit -> credit.isFor(charge)).forEach(credit -> credit.takeAhead(charge));
                before.stream().filter(credit -> credit.isOfMonth(charge)).forEach(credit -> credit.takeAhead(charge));
                charges.add(charge);
            }
        }
        ofThis.forEach(credit -> takeOfMonth(credit, invoiced));
    }

    private void takeBack(CreditLine credit) {
        for (int i = charges.size() - 1; i >= 0; i--) {
            if (credit.isFor(charges.get(i))) {
                credit.takeBack(charges.get(i));
            }
        }
    }

    /** What is for that month alone first: of a year each month takes its part. @param invoiced how many charges are */
    private void takeOfMonth(CreditLine credit, int invoiced) {
        takeOfMonth(
                credit,
                invoiced,
                charge -> ChargeMatching.contains(
                        credit.invoiced().line().period(),
                        charge.invoiced().line().period()));
        takeOfMonth(credit, invoiced, charge -> true);
    }

    private void takeOfMonth(CreditLine credit, int invoiced, Predicate<Charge> which) {
        for (int i = charges.size() - 1; i >= 0; i--) {
            Charge charge = charges.get(i);
            if (!credit.isOfMonth(charge) || !which.test(charge)) {
                continue;
            }
            // The discount of a charge on its own invoice is not known yet.
            if (i >= invoiced) {
                credit.takeAhead(charge);
            } else {
                credit.takeBack(charge);
            }
        }
    }
}
