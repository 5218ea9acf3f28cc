package com.cognitionos.invoicing.entity;

import com.cognitionos.rating.entity.Allocation;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoiceDraft;
import com.cognitionos.rating.entity.InvoicedLine;
import com.cognitionos.rating.entity.InvoicedLine.TaxShare;
import com.cognitionos.rating.entity.Period;
import com.cognitionos.rating.entity.Tax;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which charges the credit lines of a subscription give back: the discount of a charge goes with them, by the taxes that it
 * bore (INV-15), and its notes can give back only the rest (INV-18).
 *
 * <p>Unused time belongs to the charge of the same price around it, an adjustment to the usage of its meter and month,
 * what keeps a month to its maximum to all its usage, and where that is less, to the plans, the month's own before a
 * year's; where there are several, to the last of them first. Usage that had been above the maximum is corrected by two
 * lines, the adjustment and what the maximum has taken off too much: the one gives back the other. A charge that is invoiced as its period ends may be given back before: then the credit is in full,
 * and the charge is granted no discount on that part when it comes. What no charge is found for is credited in full.
 */
public final class CreditedCharges {

    /** Of an invoice that is not made yet. */
    private static final UUID DRAFT = new UUID(0, 0);

    /** Where a line stands. @param position from 1 */
    public record Place(UUID invoice, int position) {}

    /**
     * A line as it was invoiced.
     *
     * @param amounts with what discounts took off it
     * @param isVoid whether it was never owed
     * @param noted what notes have taken off it since, with the sign of the line
     */
    public record Invoiced(
            Place place, InvoiceLine line, InvoicedLine amounts, boolean isVoid, List<CreditedLine> noted) {

        public Invoiced {
            noted = List.copyOf(noted);
        }

        /** Nothing has happened to it since. */
        public Invoiced(Place place, InvoiceLine line, InvoicedLine amounts) {
            this(place, line, amounts, false, List.of());
        }

        private long notedCents() {
            return noted.stream().mapToLong(CreditedLine::cents).sum();
        }

        private long leftCents() {
            return Math.subtractExact(line.amountCents(), notedCents());
        }
    }

    private static final class Charge {
        private final Invoiced invoiced;
        private final List<Part> given = new ArrayList<>();
        private long leftCents;
        private long aheadCents;

        private Charge(Invoiced invoiced) {
            this.invoiced = invoiced;
            this.leftCents = invoiced.leftCents();
        }

        private Part give(long cents, long discountCents) {
            Part part = new Part(this, cents, discountCents);
            given.add(part);
            leftCents -= cents;
            return part;
        }

        private List<CreditedLine> credits() {
            return Stream.concat(
                            invoiced.noted().stream(),
                            given.stream()
                                    .map(part -> new CreditedLine(
                                            invoiced.amounts().id(), part.cents, part.discountCents, List.of())))
                    .toList();
        }
    }

    /** What a credit line gives back of one charge. */
    private static final class Part {
        private final Charge charge;
        private final long cents;
        private long discountCents;

        private Part(Charge charge, long cents, long discountCents) {
            this.charge = charge;
            this.cents = cents;
            this.discountCents = discountCents;
        }
    }

    private static final class Credit {
        private final Invoiced invoiced;
        private final List<Part> parts = new ArrayList<>();
        private final Map<String, Long> takenBack = new HashMap<>();
        private long openCents;

        private Credit(Invoiced invoiced) {
            this.invoiced = invoiced;
            // What a note has undone gives nothing back any more.
            this.openCents = Math.negateExact(invoiced.leftCents());
        }

        private boolean isFor(Charge charge) {
            return isOpen(charge) && gives(invoiced.line(), charge.invoiced.line());
        }

        private boolean isOfMonth(Charge charge) {
            return isOpen(charge) && CreditedCharges.isOfMonth(invoiced.line(), charge.invoiced.line());
        }

        private boolean isOpen(Charge charge) {
            return openCents > 0 && charge.leftCents > 0;
        }

        /** The discount of a charge on its own invoice is not known yet. */
        private void take(Charge charge) {
            if (charge.invoiced.place().invoice().equals(invoiced.place().invoice())) {
                takeAhead(charge);
            } else {
                takeBack(charge);
            }
        }

        private void takeBack(Charge charge) {
            InvoiceDraft.Line part =
                    InvoiceDraft.Line.credit("", charge.invoiced.amounts(), openCents, charge.credits(), "", null, "");
            part.takenBack().forEach((discount, share) -> takenBack.merge(discount, share, Math::addExact));
            take(
                    charge,
                    Math.negateExact(part.cents()),
                    part.takenBack().values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }

        private void takeAhead(Charge charge) {
            long cents = Math.min(openCents, charge.leftCents);
            charge.aheadCents += cents;
            take(charge, cents, 0);
        }

        private void take(Charge charge, long cents, long discountCents) {
            parts.add(charge.give(cents, discountCents));
            openCents -= cents;
        }

        /**
         * What the parts had of the line's discount as it was invoiced: notes since may have moved them by cents, which the
         * next credit of a charge makes good.
         */
        private void settle() {
            List<Long> discounts = discounts();
            for (int n = 0; n < parts.size(); n++) {
                parts.get(n).discountCents = discounts.get(n);
            }
        }

        /** What a note has undone takes its discount along; what no charge is found for has none. */
        private List<Long> discounts() {
            long cents = Math.negateExact(invoiced.amounts().discountCents())
                    + invoiced.noted().stream()
                            .mapToLong(CreditedLine::discountCents)
                            .sum();
            if (parts.isEmpty() || cents == 0) {
                return parts.stream().map(part -> 0L).toList();
            }
            List<Long> weights = parts.stream().map(part -> part.discountCents).toList();
            return within(Allocation.byWeight(
                    cents,
                    sum(weights) == 0 ? parts.stream().map(part -> part.cents).toList() : weights));
        }

        /** What is more than a part, as notes have moved the parts, is of the next that has room. */
        private List<Long> within(List<Long> discounts) {
            List<Long> within = new ArrayList<>(discounts);
            long over = 0;
            for (int n = 0; n < parts.size(); n++) {
                over += Math.max(0, within.get(n) - parts.get(n).cents);
                within.set(n, Math.min(within.get(n), parts.get(n).cents));
            }
            for (int n = 0; n < parts.size() && over > 0; n++) {
                long room = Math.min(over, parts.get(n).cents - within.get(n));
                within.set(n, within.get(n) + room);
                over -= room;
            }
            return within;
        }

        private static long sum(List<Long> cents) {
            return cents.stream().mapToLong(Long::longValue).sum();
        }

        /** Of the charge that most of it gives back; null where none is invoiced yet. */
        private @Nullable List<Tax> taxes() {
            return parts.stream()
                    .filter(part -> !part.charge.invoiced.place().invoice().equals(DRAFT))
                    .max(Comparator.comparingLong(part -> part.cents))
                    .map(part -> part.charge.invoiced.amounts().taxes().stream()
                            .map(TaxShare::tax)
                            .toList())
                    .orElse(null);
        }

        /** @return what it credits of each part, with the discounts and taxes that it was invoiced with */
        private List<CreditedLine> credited() {
            CreditedLine whole = CreditedLine.byCreditLine("", invoiced.amounts());
            List<Long> discounts = discounts();
            List<Long> net = new ArrayList<>();
            for (int n = 0; n < parts.size(); n++) {
                net.add(parts.get(n).cents - discounts.get(n));
            }
            net.add(whole.cents() - whole.discountCents() - sum(net));
            List<List<Long>> taxes = whole.taxes().stream()
                    .map(share -> Allocation.byWeight(share.cents(), net))
                    .toList();
            List<CreditedLine> credited = new ArrayList<>();
            for (int n = 0; n < parts.size(); n++) {
                List<TaxShare> shares = new ArrayList<>();
                for (int t = 0; t < taxes.size(); t++) {
                    shares.add(new TaxShare(
                            whole.taxes().get(t).tax(), taxes.get(t).get(n)));
                }
                String line = parts.get(n).charge.invoiced.amounts().id();
                credited.add(new CreditedLine(line, parts.get(n).cents, discounts.get(n), shares));
            }
            return credited;
        }
    }

    private final List<Charge> charges = new ArrayList<>();
    private final List<Credit> credits = new ArrayList<>();
    /** Credits of the invoice that is being added. */
    private int ofInvoice;

    /** @param lines in the order in which they were invoiced */
    private CreditedCharges(List<Invoiced> lines) {
        lines.stream()
                .filter(one -> !one.isVoid())
                .collect(Collectors.groupingBy(one -> one.place().invoice(), LinkedHashMap::new, Collectors.toList()))
                .values()
                .forEach(this::add);
    }

    /**
     * The lines of an invoice as its amounts are computed from them; a line's id is its position.
     *
     * @param earlier the subscription's lines, in the order in which they were invoiced
     */
    public static List<InvoiceDraft.Line> draft(List<Invoiced> earlier, List<InvoiceLine> lines, String taxCategory) {
        CreditedCharges known = new CreditedCharges(earlier);
        List<Invoiced> drafted = drafted(lines);
        known.add(drafted);
        Map<Place, Credit> credits =
                known.credits.stream().collect(Collectors.toMap(one -> one.invoiced.place(), one -> one));
        Map<Place, Long> ahead =
                known.charges.stream().collect(Collectors.toMap(one -> one.invoiced.place(), one -> one.aheadCents));
        return drafted.stream()
                .map(one -> {
                    Credit credit = credits.get(one.place());
                    return new InvoiceDraft.Line(
                            String.valueOf(one.place().position()),
                            one.line().amountCents(),
                            one.line().kind().code(),
                            one.line().plan(),
                            taxCategory,
                            credit == null ? Map.of() : credit.takenBack,
                            ahead.getOrDefault(one.place(), 0L),
                            credit == null ? null : credit.taxes());
                })
                .toList();
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
     * What credit lines of other invoices give back of each charge, at most what it is; a charge that has none is absent.
     *
     * @param lines of one subscription, in the order in which they were invoiced
     */
    public static Map<Place, List<CreditedLine>> byCharge(List<Invoiced> lines) {
        Map<Place, List<CreditedLine>> byCharge = new HashMap<>();
        for (Credit credit : new CreditedCharges(lines).credits) {
            List<CreditedLine> credited = credit.credited();
            for (int n = 0; n < credited.size(); n++) {
                Place charge = credit.parts.get(n).charge.invoiced.place();
                if (!charge.invoice().equals(credit.invoiced.place().invoice())) {
                    byCharge.computeIfAbsent(charge, place -> new ArrayList<>()).add(credited.get(n));
                }
            }
        }
        return byCharge;
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
            if (!charge.invoiced.noted().isEmpty()) {
                left.put(charge.invoiced.place(), Math.max(0, charge.leftCents));
            }
        }
        earlier.stream().filter(Invoiced::isVoid).forEach(one -> left.put(one.place(), 0L));
        List<InvoiceLine> capped = new ArrayList<>();
        for (InvoiceLine line : lines) {
            Place charge = isUnusedTime(line) ? chargeOf(line, earlier) : null;
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
                .filter(one -> isUsage(one.invoiced.line())
                        && one.invoiced.place().invoice().equals(DRAFT))
                .collect(Collectors.toMap(one -> one.invoiced.place(), one -> one.openCents));
        return drafted(lines).stream()
                .map(one -> one.line().of(one.line().amountCents() + more.getOrDefault(one.place(), 0L)))
                .filter(line -> line.amountCents() != 0)
                .toList();
    }

    /** Only that can be more than what notes have left. */
    public static boolean isCapped(InvoiceLine line) {
        return isUnusedTime(line) || line.amountCents() < 0 && isUsage(line);
    }

    private static boolean isUnusedTime(InvoiceLine line) {
        return line.kind().isRecurring() && line.amountCents() < 0;
    }

    private static @Nullable Place chargeOf(InvoiceLine credit, List<Invoiced> earlier) {
        return earlier.stream()
                .filter(one -> one.line().amountCents() > 0 && gives(credit, one.line()))
                .map(Invoiced::place)
                .reduce((first, last) -> last)
                .orElse(null);
    }

    /** Credits first: an invoice may give a charge back before it charges the rest of it. */
    private void add(List<Invoiced> invoice) {
        ofInvoice = 0;
        for (Invoiced one : invoice) {
            if (one.line().amountCents() < 0) {
                add(new Credit(one));
                ofInvoice++;
            }
        }
        for (Invoiced one : invoice) {
            if (one.line().amountCents() >= 0) {
                add(new Charge(one));
            }
        }
        List<Credit> ofThis = credits.subList(credits.size() - ofInvoice, credits.size());
        ofThis.forEach(this::takeOfMonth);
        ofThis.stream()
                .filter(credit -> !credit.invoiced.place().invoice().equals(DRAFT))
                .forEach(Credit::settle);
    }

    /** What is for that month alone first: of a year each month takes its part. */
    private void takeOfMonth(Credit credit) {
        takeOfMonth(
                credit,
                charge -> contains(
                        credit.invoiced.line().period(), charge.invoiced.line().period()));
        takeOfMonth(credit, charge -> true);
    }

    private void takeOfMonth(Credit credit, Predicate<Charge> which) {
        for (int i = charges.size() - 1; i >= 0; i--) {
            Charge charge = charges.get(i);
            if (credit.isOfMonth(charge) && which.test(charge)) {
                credit.take(charge);
            }
        }
    }

    private void add(Credit credit) {
        for (int i = charges.size() - 1; i >= 0; i--) {
            if (credit.isFor(charges.get(i))) {
                credit.takeBack(charges.get(i));
            }
        }
        credits.add(credit);
    }

    private void add(Charge charge) {
        List<Credit> before = credits.subList(0, credits.size() - ofInvoice);
        credits.stream().filter(credit -> credit.isFor(charge)).forEach(credit -> credit.takeAhead(charge));
        before.stream().filter(credit -> credit.isOfMonth(charge)).forEach(credit -> credit.takeAhead(charge));
        charges.add(charge);
    }

    /** Whether it gives back that charge, or a part of it. */
    private static boolean gives(InvoiceLine credit, InvoiceLine charge) {
        return switch (credit.kind()) {
            case ADJUSTMENT ->
                isUsage(charge)
                        && Objects.equals(credit.meter(), charge.meter())
                        && contains(credit.period(), charge.period());
            case COMMITMENT -> isUsage(charge) && contains(credit.period(), charge.period());
            default ->
                charge.kind() == credit.kind()
                        && Objects.equals(charge.plan(), credit.plan())
                        && charge.unitPrice().compareTo(credit.unitPrice()) == 0
                        && charge.quantity().compareTo(credit.quantity()) == 0
                        && contains(charge.period(), credit.period());
        };
    }

    /**
     * Whether both are of one month, of which the credit is for all that was charged, or the charge gives back what was taken
     * off it all: usage that had been above the maximum is corrected.
     */
    private static boolean isOfMonth(InvoiceLine credit, InvoiceLine charge) {
        if (credit.kind() == InvoiceLine.Kind.ADJUSTMENT && credit.meter() != null) {
            return charge.kind() == InvoiceLine.Kind.ADJUSTMENT
                    && isOfAll(charge)
                    && contains(credit.period(), charge.period());
        }
        boolean ofPlan = charge.kind().isRecurring()
                && charge.period().start().isBefore(credit.period().end())
                && charge.period().end().isAfter(credit.period().start());
        return isOfAll(credit) && (ofPlan || isUsage(charge) && contains(credit.period(), charge.period()));
    }

    /** Whether a line is for a month as a whole. */
    private static boolean isOfAll(InvoiceLine line) {
        return line.kind() == InvoiceLine.Kind.COMMITMENT
                || line.kind() == InvoiceLine.Kind.ADJUSTMENT && line.meter() == null;
    }

    private static boolean isUsage(InvoiceLine line) {
        return switch (line.kind()) {
            case OVERAGE, ADJUSTMENT, COMMITMENT -> true;
            case PLAN, ADD_ON, CHARGE, BALANCE -> false;
        };
    }

    private static boolean contains(Period outer, Period inner) {
        return !inner.start().isBefore(outer.start()) && !inner.end().isAfter(outer.end());
    }
}
