package com.cognitionos.invoicing.entity;

import com.cognitionos.invoicing.entity.Invoiced.Given;
import com.cognitionos.rating.entity.Allocation;
import com.cognitionos.rating.entity.CreditNoteAmounts.CreditedLine;
import com.cognitionos.rating.entity.InvoiceDraft;
import com.cognitionos.rating.entity.InvoicedLine.TaxShare;
import com.cognitionos.rating.entity.Tax;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A credit line as it stands: what it gives back of which charges, and how much of it no charge was found for yet. A note
 * that undoes a part of it undoes first what waits, then what it gave last; what it gives back of its own invoice no note
 * can undo.
 */
final class CreditLine {

    /** With what notes have left of it. */
    record Part(Given given, long cents, long discountCents) {}

    private record Taken(Charge charge, Given given) {}

    private final Invoiced invoiced;
    private final List<Part> standing;
    private final List<Taken> taken = new ArrayList<>();
    private final Map<String, Long> takenBack = new HashMap<>();
    private long openCents;

    CreditLine(Invoiced invoiced) {
        this.invoiced = invoiced;
        long waiting = Math.negateExact(invoiced.line().amountCents())
                - sum(invoiced.gives().stream().map(Given::cents).toList());
        long undone = Math.negateExact(invoiced.notedCents());
        this.openCents = Math.max(0, waiting - undone);
        this.standing = standing(Math.max(0, undone - waiting));
    }

    Invoiced invoiced() {
        return invoiced;
    }

    long openCents() {
        return openCents;
    }

    List<Part> standing() {
        return standing;
    }

    /** What it has been made to give back since it was read, to be written down. */
    Stream<Given> written() {
        return taken.stream().map(Taken::given);
    }

    /** What it has been made to give back of years above the part that its month has of them, once notes have the rest. */
    long beyondItsMonthCents() {
        return taken.stream()
                .mapToLong(one -> Math.max(
                        0,
                        one.given().cents()
                                - ChargeMatching.inMonthCents(
                                        invoiced.line(), one.charge().invoiced().line())))
                .sum();
    }

    /** By discount, what had been granted on what it has been made to give back. */
    Map<String, Long> takenBack() {
        return takenBack;
    }

    boolean isFor(Charge charge) {
        return isOpen(charge)
                && ChargeMatching.gives(invoiced.line(), charge.invoiced().line());
    }

    boolean isOfMonth(Charge charge) {
        return isOpen(charge)
                && ChargeMatching.isOfMonth(invoiced.line(), charge.invoiced().line());
    }

    private boolean isOpen(Charge charge) {
        return openCents > 0 && charge.leftCents() > 0;
    }

    /** Gives back of an invoiced charge, with the discount that it had been granted. */
    void takeBack(Charge charge) {
        InvoiceDraft.Line part =
                InvoiceDraft.Line.credit("", charge.invoiced().amounts(), openCents, charge.credited(), "", null, "");
        part.takenBack().forEach((discount, share) -> takenBack.merge(discount, share, Math::addExact));
        take(
                charge,
                Math.negateExact(part.cents()),
                sum(List.copyOf(part.takenBack().values())),
                false);
    }

    /** Gives back of a charge that is being invoiced. */
    void takeAhead(Charge charge) {
        take(charge, Math.min(openCents, charge.leftCents()), 0, true);
    }

    private void take(Charge charge, long cents, long discountCents, boolean ahead) {
        Given given = new Given(
                invoiced.place(),
                invoiced.gives().size() + taken.size() + 1,
                charge.invoiced().place(),
                cents,
                discountCents,
                ahead);
        taken.add(new Taken(charge, given));
        charge.give(new Part(given, cents, discountCents));
        openCents -= cents;
    }

    /** Of the charge that most of it gives back; null where none of them was invoiced before. */
    @Nullable
    List<Tax> taxes() {
        return taken.stream()
                .filter(one -> !one.given().onOneInvoice())
                .max(Comparator.comparingLong(one -> one.given().cents()))
                .map(one -> one.charge().invoiced().amounts().taxes().stream()
                        .map(TaxShare::tax)
                        .toList())
                .orElse(null);
    }

    /** What it credits of the charge of each standing part, with the taxes that it was invoiced with. */
    List<CreditedLine> credited() {
        CreditedLine whole = CreditedLine.byCreditLine("", invoiced.amounts());
        List<Long> net = new ArrayList<>();
        standing.forEach(part -> net.add(part.cents() - part.discountCents()));
        net.add(whole.cents() - whole.discountCents() - sum(net));
        List<List<Long>> taxes = whole.taxes().stream()
                .map(share -> Allocation.byWeight(share.cents(), net))
                .toList();
        List<CreditedLine> credited = new ArrayList<>();
        for (int n = 0; n < standing.size(); n++) {
            List<TaxShare> shares = new ArrayList<>();
            for (int t = 0; t < taxes.size(); t++) {
                shares.add(new TaxShare(whole.taxes().get(t).tax(), taxes.get(t).get(n)));
            }
            Part part = standing.get(n);
            credited.add(new CreditedLine(
                    String.valueOf(part.given().charge().position()),
                    part.cents(),
                    part.discountCents(),
                    shares,
                    part.given().ahead()));
        }
        return credited;
    }

    private List<Part> standing(long undoneCents) {
        List<Given> gives = invoiced.gives();
        List<Long> cents = new ArrayList<>(gives.stream().map(Given::cents).toList());
        long undone = undoneCents;
        for (int n = gives.size() - 1; n >= 0 && undone > 0; n--) {
            if (!gives.get(n).onOneInvoice()) {
                long part = Math.min(undone, cents.get(n));
                cents.set(n, cents.get(n) - part);
                undone -= part;
            }
        }
        List<Long> discounts = discounts(cents);
        List<Part> parts = new ArrayList<>();
        for (int n = 0; n < gives.size(); n++) {
            parts.add(new Part(gives.get(n), cents.get(n), discounts.get(n)));
        }
        return parts;
    }

    /** What a note has undone takes its discount along, in the sum exactly. */
    private List<Long> discounts(List<Long> cents) {
        List<Long> given = invoiced.gives().stream().map(Given::discountCents).toList();
        long left = sum(given) + invoiced.notedDiscountCents();
        if (invoiced.noted().isEmpty() || left <= 0) {
            return invoiced.noted().isEmpty()
                    ? given
                    : cents.stream().map(any -> 0L).toList();
        }
        List<Long> weights = new ArrayList<>();
        for (int n = 0; n < cents.size(); n++) {
            weights.add(cents.get(n) == 0 ? 0 : given.get(n));
        }
        return within(cents, Allocation.byWeight(left, sum(weights) == 0 ? cents : weights));
    }

    /** No part has more than it is: the rest is of the next one that has room. */
    private List<Long> within(List<Long> cents, List<Long> discounts) {
        List<Long> within = new ArrayList<>();
        long over = 0;
        for (int n = 0; n < cents.size(); n++) {
            within.add(Math.min(discounts.get(n), cents.get(n)));
            over += discounts.get(n) - within.get(n);
        }
        for (int n = 0; n < cents.size() && over > 0; n++) {
            long room = invoiced.gives().get(n).ahead() ? 0 : Math.min(over, cents.get(n) - within.get(n));
            within.set(n, within.get(n) + room);
            over -= room;
        }
        return within;
    }

    private static long sum(List<Long> cents) {
        return cents.stream().mapToLong(Long::longValue).reduce(0, Math::addExact);
    }
}
